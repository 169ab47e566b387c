"""The emulated account, and how a theme says what an audit must find in it."""

import re
from typing import Any, Iterator

import boto3
from botocore.config import Config

# Where most of it is, and the second region, in which S3 has no location constraint.
HOME = "eu-west-1"
ABROAD = "us-east-1"

Verdict = dict[str, str]
States = Iterator[list[Verdict]]


def without_account(request: Any, **_: Any) -> None:
    """S3 Control puts the account before the host's name, where nobody answers to it."""
    request.url = re.sub(r"//\d{12}\.", "//", request.url)


class Account:
    """Clients for one endpoint, whose credentials nobody checks."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.id = self.client("sts").get_caller_identity()["Account"]

    def client(self, service: str, region: str = HOME) -> Any:
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id="seed",
            aws_secret_access_key="seed",
            config=Config(retries={"total_max_attempts": 1}),
        )
        client.meta.events.register("before-send.s3-control", without_account)
        return client


def verdict(rule: str, region: str, resource: str, trap: str, outcome: str) -> Verdict:
    return {"rule": rule, "region": region, "id": resource, "trap": trap, "outcome": outcome}
