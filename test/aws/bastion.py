"""Bastions, known by their tag, and the security groups that their interfaces wear."""

from typing import Any

from account import ABROAD, HOME, Account, States, verdict
from network import OFFICE, admit

INGRESS = "bastion-ingress-restricted"
PASSWORDS = "bastion-ssh-password-login-disabled"

ELSEWHERE = "203.0.113.7/32"


class Place:
    """A network in one region, in which servers wear groups."""

    def __init__(self, account: Account, region: str, block: str) -> None:
        self.ec2 = account.client("ec2", region)
        self.vpc = self.ec2.create_vpc(CidrBlock=f"{block}.0.0/16")["Vpc"]["VpcId"]
        self.subnet = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"{block}.1.0/24")["Subnet"]["SubnetId"]

    def group(self, name: str, *permissions: dict[str, Any]) -> str:
        made = self.ec2.create_security_group(GroupName=f"acme-{name}", Description=name, VpcId=self.vpc)["GroupId"]
        if permissions:
            self.ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=list(permissions))
        return made

    def server(self, role: str, *interfaces: list[str]) -> str:
        """Starts a server with one interface for each list of groups."""
        reservation = self.ec2.run_instances(
            ImageId="ami-12345678",
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[
                {"DeviceIndex": index, "SubnetId": self.subnet, "Groups": groups}
                for index, groups in enumerate(interfaces)
            ],
            TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Role", "Value": role}]}],
        )
        return reservation["Instances"][0]["InstanceId"]


def states(account: Account) -> States:
    home = Place(account, HOME, "10.20")
    abroad = Place(account, ABROAD, "10.21")
    ssh = admit("tcp", (22, 22), OFFICE)

    first = home.group("bastion-first", ssh)
    second = home.group("bastion-second", admit("tcp", (22, 22), ELSEWHERE))
    door = home.server("bastion", [first], [second])
    wide = home.group("bastion-wide", ssh, admit("tcp", (443, 443), OFFICE))
    pair = home.group("bastion-pair", ssh)
    referring = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": pair}]}
    peers = home.group("bastion-peers", referring)
    stopped = home.server("bastion", [wide, pair, peers])
    home.ec2.stop_instances(InstanceIds=[stopped])
    worn_by_web = home.group("web", admit("-1", None, ELSEWHERE))
    web = home.server("web", [worn_by_web])
    worn_before = home.group("bastion-before", admit("-1", None, ELSEWHERE))
    gone = home.server("bastion", [worn_before])
    home.ec2.terminate_instances(InstanceIds=[gone])
    far = abroad.group("bastion-far", admit("-1", None, OFFICE))
    far_door = abroad.server("bastion", [far])

    never = [
        verdict(INGRESS, HOME, first, "the office alone, on the first interface", "pass"),
        verdict(INGRESS, HOME, pair, "the office alone, on a stopped bastion", "pass"),
        verdict(INGRESS, HOME, worn_by_web, "open, but no bastion wears it", "not-applicable"),
        verdict(INGRESS, HOME, worn_before, "worn by a bastion that is terminated", "not-applicable"),
        verdict(PASSWORDS, HOME, web, "no bastion", "not-applicable"),
        # Systems Manager does not answer here, so that nothing proves the setting.
        *(verdict(PASSWORDS, HOME, each, "no evidence of its setting", "unknown") for each in (door, stopped)),
        verdict(PASSWORDS, ABROAD, far_door, "no evidence of its setting, in the second region", "unknown"),
    ]
    yield [
        verdict(INGRESS, HOME, second, "another address, on the second interface", "fail"),
        verdict(INGRESS, HOME, wide, "another port, on a stopped bastion", "fail"),
        verdict(INGRESS, HOME, peers, "another group, on a stopped bastion", "fail"),
        verdict(INGRESS, ABROAD, far, "all protocols from the office, in the second region", "fail"),
        *never,
    ]

    home.ec2.revoke_security_group_ingress(GroupId=second, IpPermissions=[admit("tcp", (22, 22), ELSEWHERE)])
    home.ec2.revoke_security_group_ingress(GroupId=wide, IpPermissions=[admit("tcp", (443, 443), OFFICE)])
    home.ec2.revoke_security_group_ingress(GroupId=peers, IpPermissions=[referring])
    abroad.ec2.revoke_security_group_ingress(GroupId=far, IpPermissions=[admit("-1", None, OFFICE)])
    abroad.ec2.authorize_security_group_ingress(GroupId=far, IpPermissions=[ssh])
    yield [
        verdict(INGRESS, HOME, second, "emptied, on the second interface", "pass"),
        verdict(INGRESS, HOME, wide, "the other port is closed", "pass"),
        verdict(INGRESS, HOME, peers, "the other group is gone", "pass"),
        verdict(INGRESS, ABROAD, far, "SSH from the office, in the second region", "pass"),
        *never,
    ]
