"""The default security group of every network in every region: as AWS makes it, and emptied.

It must come last, since every network that another theme makes has one as well.
"""

from typing import Any, Iterator

from account import HOME, Account, States, verdict

RULE = "sg-default-restricts-all"


def defaults(account: Account) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    for region in account.client("ec2").describe_regions()["Regions"]:
        # The emulator lists regions of other partitions as well.
        if region["OptInStatus"] == "not-opted-in" or region["RegionName"].startswith(("cn-", "us-gov-")):
            continue
        ec2 = account.client("ec2", region["RegionName"])
        named = [{"Name": "group-name", "Values": ["default"]}]
        for group in ec2.describe_security_groups(Filters=named)["SecurityGroups"]:
            yield region["RegionName"], ec2, group


def states(account: Account) -> States:
    found = list(defaults(account))
    # Of one, only the way in is open; of the next, only the way out.
    ways_in = [(region, ec2, group) for region, ec2, group in found if region == HOME]
    (_, ec2, inward), (_, _, outward) = ways_in[0], ways_in[1]
    ec2.revoke_security_group_egress(GroupId=inward["GroupId"], IpPermissions=inward["IpPermissionsEgress"])
    if outward["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=outward["GroupId"], IpPermissions=outward["IpPermissions"])
    if not inward["IpPermissions"]:
        pair = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": inward["GroupId"]}]}
        ec2.authorize_security_group_ingress(GroupId=inward["GroupId"], IpPermissions=[pair])
    other = ec2.create_security_group(GroupName="default-web", Description="by name alike", VpcId=inward["VpcId"])
    alike = verdict(RULE, HOME, other["GroupId"], "a name that begins alike", "not-applicable")

    def trap(identifier: str) -> str:
        if identifier == inward["GroupId"]:
            return "open to its own wearers"
        return "open to the outside" if identifier == outward["GroupId"] else "as it is made"

    yield [alike, *(verdict(RULE, region, g["GroupId"], trap(g["GroupId"]), "fail") for region, _, g in found)]

    for _, client, group in defaults(account):
        for permissions, revoke in (
            (group["IpPermissions"], client.revoke_security_group_ingress),
            (group["IpPermissionsEgress"], client.revoke_security_group_egress),
        ):
            if permissions:
                revoke(GroupId=group["GroupId"], IpPermissions=permissions)
    yield [alike, *(verdict(RULE, region, g["GroupId"], "emptied", "pass") for region, _, g in found)]
