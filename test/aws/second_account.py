"""Adds a security group that is open to the internet to another account than the emulator's own.

python second_account.py http://127.0.0.1:5000 arn:aws:iam::444455556666:role/ProvisoAuditor
"""

import json
import sys

import boto3
from account import HOME, Account


def main() -> None:
    url, role = sys.argv[1:]
    sts = Account(url).client("sts")
    given = sts.assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
    ec2 = boto3.client(
        "ec2",
        region_name=HOME,
        endpoint_url=url,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    group = ec2.create_security_group(GroupName="open", Description="open", VpcId=ec2.describe_vpcs()["Vpcs"][0]["VpcId"])
    ports = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[ports])
    print(json.dumps(group["GroupId"]))


main()
