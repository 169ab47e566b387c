"""Bastions, known by their tag, and the security groups that their interfaces wear."""

from typing import Any

from account import ABROAD, HOME, Account, States, verdict
from network import OFFICE, admit

INGRESS = "bastion-ingress-restricted"
PASSWORDS = "bastion-ssh-password-login-disabled"
UNIQUE = "bastion-present-and-unique"
OFF = "bastion-disabled-by-default"
EGRESS = "sg-egress-restricted"

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

    def starter(self, account: Account, name: str, most: int) -> None:
        """A group that starts bastions on demand, and none now."""
        scaling = account.client("autoscaling", self.ec2.meta.region_name)
        scaling.create_launch_configuration(
            LaunchConfigurationName=name, ImageId="ami-12345678", InstanceType="t3.micro"
        )
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchConfigurationName=name,
            MinSize=0,
            MaxSize=most,
            DesiredCapacity=0,
            VPCZoneIdentifier=self.subnet,
            Tags=[{"Key": "Role", "Value": "bastion", "PropagateAtLaunch": True}],
        )

    def lets_out(self, group: str, *permissions: dict[str, Any]) -> None:
        """Replaces what AWS lets out of every new group."""
        known = self.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]
        if known:
            self.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=known)
        if permissions:
            self.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=list(permissions))


def states(account: Account) -> States:
    home = Place(account, HOME, "10.20")
    beside = Place(account, HOME, "10.22")
    abroad = Place(account, ABROAD, "10.21")
    ssh = admit("tcp", (22, 22), OFFICE)

    first = home.group("bastion-first", ssh)
    second = home.group("bastion-second", admit("tcp", (22, 22), ELSEWHERE))
    door = home.server("bastion", [first], [second])
    spare = home.server("bastion", [first])
    home.ec2.stop_instances(InstanceIds=[spare])
    wide = beside.group("bastion-wide", ssh, admit("tcp", (443, 443), OFFICE))
    pair = beside.group("bastion-pair", ssh)
    referring = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": pair}]}
    peers = beside.group("bastion-peers", referring)
    stopped = beside.server("bastion", [wide, pair, peers])
    home.ec2.stop_instances(InstanceIds=[stopped])
    worn_by_web = home.group("web", admit("-1", None, ELSEWHERE))
    web = home.server("web", [worn_by_web])
    worn_before = home.group("bastion-before", admit("-1", None, ELSEWHERE))
    gone = home.server("bastion", [worn_before])
    home.ec2.terminate_instances(InstanceIds=[gone])
    far = abroad.group("bastion-far", admit("-1", None, OFFICE))
    far_door = abroad.server("bastion", [far])

    abroad.starter(account, "acme-bastion", 2)
    https = admit("tcp", (443, 443), "0.0.0.0/0")
    # What two of the groups let out: HTTPS to everywhere and everything within the network; HTTPS over UDP as well.
    home.lets_out(first, https, admit("-1", None, "10.0.0.0/8"))
    home.lets_out(second, https, admit("udp", (443, 443), "0.0.0.0/0"))
    everywhere = [(HOME, home, worn_by_web), (HOME, beside, wide), (HOME, beside, pair), (HOME, beside, peers)]
    everywhere.append((ABROAD, abroad, far))

    never = [
        verdict(EGRESS, HOME, first, "HTTPS, and everything within the network", "pass"),
        verdict(EGRESS, HOME, worn_before, "as it is made, worn by a bastion that is terminated", "not-applicable"),
        verdict(OFF, HOME, door, "started a moment ago", "pass"),
        verdict(OFF, HOME, stopped, "stopped", "pass"),
        verdict(OFF, HOME, web, "no bastion", "not-applicable"),
        verdict(OFF, HOME, gone, "terminated", "not-applicable"),
        verdict(OFF, ABROAD, far_door, "started a moment ago, in the second region", "pass"),
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
        verdict(EGRESS, HOME, second, "HTTPS over UDP", "fail"),
        *(verdict(EGRESS, region, group, "as it is made", "fail") for region, _, group in everywhere),
        verdict(UNIQUE, "global", "*", "a second one, stopped, and a group that may start two", "fail"),
        verdict(OFF, HOME, spare, "a stopped spare", "pass"),
        *never,
    ]

    home.ec2.revoke_security_group_ingress(GroupId=second, IpPermissions=[admit("tcp", (22, 22), ELSEWHERE)])
    beside.ec2.revoke_security_group_ingress(GroupId=wide, IpPermissions=[admit("tcp", (443, 443), OFFICE)])
    beside.ec2.revoke_security_group_ingress(GroupId=peers, IpPermissions=[referring])
    abroad.ec2.revoke_security_group_ingress(GroupId=far, IpPermissions=[admit("-1", None, OFFICE)])
    abroad.ec2.authorize_security_group_ingress(GroupId=far, IpPermissions=[ssh])
    home.lets_out(second, https)
    for _, place, group in everywhere:
        place.lets_out(group)
    home.ec2.terminate_instances(InstanceIds=[spare])
    account.client("autoscaling", ABROAD).update_auto_scaling_group(AutoScalingGroupName="acme-bastion", MaxSize=1)
    yield [
        verdict(EGRESS, HOME, second, "HTTPS alone", "pass"),
        *(verdict(EGRESS, region, group, "nothing goes out", "pass") for region, _, group in everywhere),
        verdict(UNIQUE, "global", "*", "the second one is terminated, and the group starts one", "pass"),
        verdict(OFF, HOME, spare, "a terminated spare", "not-applicable"),
        verdict(INGRESS, HOME, second, "emptied, on the second interface", "pass"),
        verdict(INGRESS, HOME, wide, "the other port is closed", "pass"),
        verdict(INGRESS, HOME, peers, "the other group is gone", "pass"),
        verdict(INGRESS, ABROAD, far, "SSH from the office, in the second region", "pass"),
        *never,
    ]
