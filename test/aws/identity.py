"""Console users with and without a second factor, and customer managed policies that grant everything or less."""

import json
from typing import Any

from account import Account, States, verdict

MFA = "iam-console-user-mfa"
ADMIN = "iam-policy-no-full-admin"

EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
REPORTS = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-reports/*"}


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


# Name, what is special about it, its statements, and whether they make an administrator.
POLICIES: list[tuple[str, str, list[dict[str, Any]], bool]] = [
    ("star", "all actions on all resources", [EVERYTHING], True),
    (
        "colon",
        "'*:*' among other actions",
        [{**EVERYTHING, "Action": ["s3:GetObject", "*:*"], "Resource": ["*"]}],
        True,
    ),
    (
        "all-but-support",
        "NotAction that spares one service",
        [{"Effect": "Allow", "NotAction": "support:*", "Resource": "*"}],
        True,
    ),
    (
        "all-but-everything",
        "NotAction that spares everything",
        [{"Effect": "Allow", "NotAction": "*", "Resource": "*"}],
        False,
    ),
    (
        "all-but-secrets",
        "NotResource that spares one bucket",
        [{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::acme-secrets/*"}],
        True,
    ),
    ("second-statement", "all actions in the second statement", [REPORTS, EVERYTHING], True),
    (
        "partly-denied",
        "a Deny that takes little back",
        [EVERYTHING, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}],
        True,
    ),
    ("wholly-denied", "a Deny that takes everything back", [EVERYTHING, {**EVERYTHING, "Effect": "Deny"}], False),
    ("one-bucket", "all actions on one bucket", [{**EVERYTHING, "Resource": "arn:aws:s3:::acme-reports/*"}], False),
    ("one-service", "all actions of one service", [{**EVERYTHING, "Action": "s3:*"}], False),
    (
        "office-only",
        "all actions from the office alone",
        [{**EVERYTHING, "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}],
        False,
    ),
]


def states(account: Account) -> States:
    users = console_users(account)
    policies = customer_policies(account)
    for _ in ("broken", "mended"):
        yield next(users) + next(policies)


def console_users(account: Account) -> States:
    iam = account.client("iam")

    def add(name: str, password: bool = True) -> None:
        iam.create_user(UserName=name)
        if password:
            iam.create_login_profile(UserName=name, Password="correct-horse-7-Battery")

    def device(name: str) -> str:
        return iam.create_virtual_mfa_device(VirtualMFADeviceName=name)["VirtualMFADevice"]["SerialNumber"]

    def enable(name: str, serial: str) -> None:
        iam.enable_mfa_device(
            UserName=name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321"
        )

    for name in ("anna", "bert", "carla", "dora", "erik", "fay"):
        add(name)
    add("robot", password=False)
    iam.create_access_key(UserName="robot")
    enable("bert", device("bert"))
    unused = device("carla")
    lost = device("dora")
    enable("dora", lost)
    iam.deactivate_mfa_device(UserName="dora", SerialNumber=lost)
    enable("fay", "GAHT12345678")
    iam.delete_login_profile(UserName="fay")
    yield [
        verdict(MFA, "global", "anna", "a password and no device", "fail"),
        verdict(MFA, "global", "bert", "a password and a virtual device", "pass"),
        verdict(MFA, "global", "carla", "a device that is not enabled", "fail"),
        verdict(MFA, "global", "dora", "a device that was deactivated", "fail"),
        verdict(MFA, "global", "erik", "a password that is never used", "fail"),
        verdict(MFA, "global", "fay", "a device and no password", "not-applicable"),
        verdict(MFA, "global", "robot", "access keys alone", "not-applicable"),
    ]

    enable("anna", device("anna"))
    enable("carla", unused)
    enable("dora", lost)
    iam.delete_login_profile(UserName="erik")
    iam.create_login_profile(UserName="fay", Password="correct-horse-7-Battery")
    yield [
        *(verdict(MFA, "global", name, "its device is enabled", "pass") for name in ("anna", "bert", "carla", "dora")),
        verdict(MFA, "global", "erik", "its password is deleted", "not-applicable"),
        verdict(MFA, "global", "fay", "it has a password beside its device", "pass"),
        verdict(MFA, "global", "robot", "access keys alone", "not-applicable"),
    ]


def customer_policies(account: Account) -> States:
    iam = account.client("iam")

    def create(name: str, *statements: dict[str, Any]) -> str:
        return iam.create_policy(PolicyName=f"acme-{name}", PolicyDocument=document(*statements))["Policy"]["Arn"]

    def add_version(arn: str, statement: dict[str, Any], default: bool) -> None:
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(statement), SetAsDefault=default)

    arns = {name: create(name, *statements) for name, _, statements, _ in POLICIES}
    newer = create("newer-version", REPORTS)
    add_version(newer, EVERYTHING, default=True)
    older = create("older-version", EVERYTHING)
    add_version(older, REPORTS, default=True)
    draft = create("draft", REPORTS)
    add_version(draft, EVERYTHING, default=False)
    unattached = create("unattached", EVERYTHING)
    boundary = create("boundary", EVERYTHING)
    trust = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})
    iam.create_role(RoleName="acme-bounded", AssumeRolePolicyDocument=trust, PermissionsBoundary=boundary)
    iam.create_role(RoleName="acme-server", AssumeRolePolicyDocument=trust)
    iam.create_group(GroupName="acme-staff")
    iam.create_user(UserName="acme-deploy")
    for arn in (newer, older, draft):
        iam.attach_group_policy(GroupName="acme-staff", PolicyArn=arn)
    for index, arn in enumerate(arns.values()):
        if index % 3 == 0:
            iam.attach_user_policy(UserName="acme-deploy", PolicyArn=arn)
        elif index % 3 == 1:
            iam.attach_role_policy(RoleName="acme-server", PolicyArn=arn)
        else:
            iam.attach_group_policy(GroupName="acme-staff", PolicyArn=arn)

    never = [
        verdict(ADMIN, "global", unattached, "attached to nothing", "not-applicable"),
        verdict(ADMIN, "global", boundary, "used as a boundary alone", "not-applicable"),
        verdict(ADMIN, "global", older, "everything in an old version alone", "pass"),
        verdict(ADMIN, "global", draft, "everything in a version that is not the default", "pass"),
    ]
    yield [
        *(verdict(ADMIN, "global", arns[name], trap, "fail" if admin else "pass") for name, trap, _, admin in POLICIES),
        verdict(ADMIN, "global", newer, "everything in the newest version", "fail"),
        *never,
    ]

    iam.set_default_policy_version(PolicyArn=newer, VersionId="v1")
    for name, _, _, admin in POLICIES:
        if admin:
            add_version(arns[name], REPORTS, default=True)
    yield [
        *(
            verdict(ADMIN, "global", arns[name], f"{trap}, before it was narrowed", "pass")
            for name, trap, _, _ in POLICIES
        ),
        verdict(ADMIN, "global", newer, "back to its first version", "pass"),
        *never,
    ]
