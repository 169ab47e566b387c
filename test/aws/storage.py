"""Buckets whose policies deny requests without TLS, or only seem to, and the account's block of public access."""

import json
from typing import Any

from account import ABROAD, HOME, Account, States, verdict

TLS_ONLY = "s3-bucket-tls-only"
BLOCK = "s3-account-public-access-block"

PLAIN = {"Bool": {"aws:SecureTransport": "false"}}


def deny(bucket: str, **changes: Any) -> dict[str, Any]:
    """The statement that denies requests without TLS as it should be, but for some changes."""
    both = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    return {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": both, "Condition": PLAIN, **changes}


def variants(name: str) -> dict[str, tuple[str, list[dict[str, Any]] | None, str]]:
    """What is special about a bucket, its statements, and what must be said of it, by the end of its name."""
    bucket, objects = f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"
    read = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": objects}
    narrowed = {**PLAIN, "NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}
    versions = {"NumericLessThan": {"s3:TlsVersion": "1.2"}}
    return {
        "none": ("no policy", None, "fail"),
        "whole": ("the bucket and its objects", [deny(name)], "pass"),
        "objects": ("its objects alone", [deny(name, Resource=objects)], "fail"),
        "itself": ("the bucket alone", [deny(name, Resource=bucket)], "fail"),
        "two": ("two statements, one for each", [deny(name, Resource=bucket), deny(name, Resource=[objects])], "pass"),
        "everything": ("all buckets and objects", [deny(name, Resource="*")], "pass"),
        "another": ("another bucket", [deny("acme-other")], "fail"),
        "principal": ("everyone as an AWS principal", [deny(name, Principal={"AWS": "*"})], "pass"),
        "somebody": (
            "one role alone",
            [deny(name, Principal={"AWS": "arn:aws:iam::111122223333:role/acme-server"})],
            "fail",
        ),
        "reading": ("reading alone", [deny(name, Action="s3:GetObject")], "fail"),
        "all-actions": ("all actions of all services", [deny(name, Action="*")], "pass"),
        "elsewhere": ("a further condition", [deny(name, Condition=narrowed)], "fail"),
        "secure": (
            "those with TLS, by mistake",
            [deny(name, Condition={"Bool": {"aws:SecureTransport": "true"}})],
            "fail",
        ),
        "allowing": (
            "an Allow for those with TLS",
            [{**read, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}],
            "fail",
        ),
        "beside": ("a Deny beside an Allow", [read, deny(name)], "pass"),
        "version": ("versions of TLS, of which plain requests have none", [deny(name, Condition=versions)], "unknown"),
    }


def block(account: Account, **off: bool) -> None:
    """Turns on the account's block of public access, but for some of its settings."""
    settings = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    account.client("s3control").put_public_access_block(
        AccountId=account.id, PublicAccessBlockConfiguration={**dict.fromkeys(settings, True), **off}
    )


def states(account: Account) -> States:
    clients = {region: account.client("s3", region) for region in (HOME, ABROAD)}

    def put(region: str, name: str, statements: list[dict[str, Any]]) -> None:
        document = {"Version": "2012-10-17", "Statement": statements}
        clients[region].put_bucket_policy(Bucket=name, Policy=json.dumps(document))

    buckets: list[tuple[str, str, str, str]] = []
    for region, place in ((HOME, "eu"), (ABROAD, "us")):
        for kind in variants(""):
            name = f"acme-{place}-{kind}"
            trap, statements, outcome = variants(name)[kind]
            where = {} if region == ABROAD else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            clients[region].create_bucket(Bucket=name, **where)
            if statements is not None:
                put(region, name, statements)
            buckets.append((region, name, trap, outcome))
    block(account, RestrictPublicBuckets=False)
    yield [
        *(verdict(TLS_ONLY, region, name, trap, outcome) for region, name, trap, outcome in buckets),
        verdict(BLOCK, "global", account.id, "one setting of four is off", "fail"),
    ]

    for region, name, _, outcome in buckets:
        if outcome != "pass":
            put(region, name, [deny(name)])
    block(account)
    yield [
        *(
            verdict(TLS_ONLY, region, name, f"{trap}, before it was mended", "pass")
            for region, name, trap, _ in buckets
        ),
        verdict(BLOCK, "global", account.id, "all four settings are on", "pass"),
    ]
