"""Security groups that let the internet in by every way there is of writing it, and some that do not."""

from typing import Any

from account import ABROAD, HOME, Account, States, Verdict, verdict

SSH = "sg-no-public-ssh"
RISKY = "sg-no-public-high-risk-ports"
EVERYTHING = "sg-no-public-all-traffic"

ANYWHERE = "0.0.0.0/0"
OFFICE = "198.51.100.0/24"


def admit(protocol: str, ports: tuple[int, int] | None, *sources: str) -> dict[str, Any]:
    """A permission from blocks of addresses, be they of IPv4 or IPv6."""
    between = {} if ports is None else {"FromPort": ports[0], "ToPort": ports[1]}
    return {
        "IpProtocol": protocol,
        **between,
        "IpRanges": [{"CidrIp": source} for source in sources if ":" not in source],
        "Ipv6Ranges": [{"CidrIpv6": source} for source in sources if ":" in source],
    }


# What is open on every port.
OPEN = {"all-protocols", "all-ports", "all-udp", "port-halves"}

# Name, what is special about it, its permissions, and what two rules must say: SSH first, then the risky ports.
GROUPS: list[tuple[str, str, list[dict[str, Any]], str, str]] = [
    ("all-protocols", "protocol -1 from anywhere", [admit("-1", None, ANYWHERE)], "fail", "fail"),
    ("by-number", "protocol 6 by its number", [admit("6", (22, 22), ANYWHERE)], "fail", "pass"),
    ("all-ports", "all ports of TCP", [admit("tcp", (0, 65535), ANYWHERE)], "fail", "fail"),
    ("all-udp", "all ports of UDP", [admit("udp", (0, 65535), ANYWHERE)], "pass", "pass"),
    (
        "port-halves",
        "all ports in two permissions",
        [admit("tcp", (0, 30000), ANYWHERE), admit("tcp", (30001, 65535), ANYWHERE)],
        "fail",
        "fail",
    ),
    ("by-range", "a range that holds port 22", [admit("tcp", (22, 24), ANYWHERE)], "fail", "fail"),
    ("below", "a range that ends below port 22", [admit("tcp", (1, 21), ANYWHERE)], "pass", "fail"),
    ("database", "the port of a database", [admit("tcp", (5432, 5432), ANYWHERE)], "pass", "fail"),
    ("ipv6", "IPv6 alone", [admit("tcp", (22, 22), "::/0")], "fail", "pass"),
    ("ipv6-database", "a database over IPv6 alone", [admit("tcp", (3306, 3306), "::/0")], "pass", "fail"),
    ("ipv6-part", "a wide block of IPv6", [admit("tcp", (22, 22), "2000::/3")], "fail", "pass"),
    ("halves", "the internet in two halves", [admit("tcp", (22, 22), "0.0.0.0/1", "128.0.0.0/1")], "fail", "pass"),
    ("half", "one half of the internet", [admit("tcp", (22, 22), "128.0.0.0/1")], "fail", "pass"),
    (
        "two-blocks",
        "two /8 in two permissions",
        [admit("tcp", (22, 22), "52.0.0.0/8"), admit("tcp", (20, 30), "54.0.0.0/8")],
        "fail",
        "pass",
    ),
    ("one-block", "one /8", [admit("tcp", (22, 22), "52.0.0.0/8")], "pass", "pass"),
    (
        "apart",
        "two /8 that share no port",
        [admit("tcp", (22, 22), "52.0.0.0/8"), admit("tcp", (3306, 3306), "54.0.0.0/8")],
        "pass",
        "pass",
    ),
    ("second-source", "anywhere beside the office", [admit("tcp", (22, 22), OFFICE, ANYWHERE)], "fail", "pass"),
    (
        "office",
        "the office alone",
        [admit("tcp", (22, 22), OFFICE), admit("tcp", (5432, 5432), OFFICE)],
        "pass",
        "pass",
    ),
    (
        "private",
        "all private addresses",
        [admit("-1", None, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")],
        "pass",
        "pass",
    ),
    (
        "web",
        "web ports from anywhere",
        [admit("tcp", (80, 80), ANYWHERE, "::/0"), admit("tcp", (443, 443), ANYWHERE)],
        "pass",
        "pass",
    ),
    ("udp", "port 22 of UDP", [admit("udp", (22, 22), ANYWHERE)], "pass", "pass"),
    ("ping", "ICMP from anywhere", [admit("icmp", (-1, -1), ANYWHERE)], "pass", "pass"),
    ("closed", "no permission at all", [], "pass", "pass"),
]


def states(account: Account) -> States:
    ec2 = account.client("ec2")
    abroad = account.client("ec2", ABROAD)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def group(name: str, permissions: list[dict[str, Any]]) -> str:
        made = ec2.create_security_group(GroupName=f"acme-{name}", Description=name, VpcId=vpc)["GroupId"]
        if permissions:
            ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=permissions)
        return made

    def prefix_list(name: str, *blocks: str) -> str:
        entries = [{"Cidr": block} for block in blocks]
        made = ec2.create_managed_prefix_list(
            PrefixListName=f"acme-{name}", MaxEntries=5, AddressFamily="IPv4", Entries=entries
        )
        return made["PrefixList"]["PrefixListId"]

    def admit_list(identifier: str) -> dict[str, Any]:
        return {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": identifier}]}

    groups = {name: group(name, permissions) for name, _, permissions, _, _ in GROUPS}
    wide = prefix_list("wide", ANYWHERE)
    in_two = prefix_list("halves", "0.0.0.0/1", "128.0.0.0/1")
    offices = prefix_list("offices", OFFICE)
    lists = {
        name: group(f"list-{name}", [admit_list(each)])
        for name, each in (("wide", wide), ("halves", in_two), ("offices", offices))
    }
    peers = group("peers", [])
    pair = {"UserIdGroupPairs": [{"GroupId": groups["office"]}]}
    ec2.authorize_security_group_ingress(GroupId=peers, IpPermissions=[{"IpProtocol": "-1", **pair}])
    vpc_abroad = abroad.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    far = abroad.create_security_group(GroupName="acme-far", Description="far", VpcId=vpc_abroad)["GroupId"]
    abroad.authorize_security_group_ingress(GroupId=far, IpPermissions=[admit("tcp", (22, 23), ANYWHERE)])

    def all_of(rows: list[tuple[str, str, str, str, str]], still_open: set[str]) -> list[Verdict]:
        def outcomes(identifier: str, ssh: str, risky: str) -> tuple[tuple[str, str], ...]:
            return ((SSH, ssh), (RISKY, risky), (EVERYTHING, "fail" if identifier in still_open else "pass"))

        return [
            verdict(rule, region, identifier, trap, outcome)
            for region, identifier, trap, ssh, risky in rows
            for rule, outcome in outcomes(identifier, ssh, risky)
        ]

    yield all_of(
        [(HOME, groups[name], trap, ssh, risky) for name, trap, _, ssh, risky in GROUPS]
        + [
            (HOME, lists["wide"], "a prefix list that holds everything", "fail", "pass"),
            (HOME, lists["halves"], "a prefix list that holds two halves", "fail", "pass"),
            (HOME, lists["offices"], "a prefix list of the office", "pass", "pass"),
            (HOME, peers, "another group", "pass", "pass"),
            (ABROAD, far, "a range, in the second region", "fail", "fail"),
        ],
        {groups[name] for name in OPEN},
    )

    for name, _, permissions, ssh, risky in GROUPS:
        if "fail" in (ssh, risky) or name in OPEN:
            ec2.revoke_security_group_ingress(GroupId=groups[name], IpPermissions=permissions)
            ec2.authorize_security_group_ingress(GroupId=groups[name], IpPermissions=[admit("tcp", (22, 22), OFFICE)])
    for each, blocks in ((wide, [ANYWHERE]), (in_two, ["0.0.0.0/1", "128.0.0.0/1"])):
        ec2.modify_managed_prefix_list(
            PrefixListId=each,
            CurrentVersion=1,
            AddEntries=[{"Cidr": OFFICE}],
            RemoveEntries=[{"Cidr": block} for block in blocks],
        )
    abroad.revoke_security_group_ingress(GroupId=far, IpPermissions=[admit("tcp", (22, 23), ANYWHERE)])
    yield all_of(
        [(HOME, groups[name], f"{trap}, before it was mended", "pass", "pass") for name, trap, _, _, _ in GROUPS]
        + [
            (HOME, lists["wide"], "a prefix list that held everything", "pass", "pass"),
            (HOME, lists["halves"], "a prefix list that held two halves", "pass", "pass"),
            (HOME, lists["offices"], "a prefix list of the office", "pass", "pass"),
            (HOME, peers, "another group", "pass", "pass"),
            (ABROAD, far, "emptied, in the second region", "pass", "pass"),
        ],
        set(),
    )
