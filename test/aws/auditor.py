"""Adds a user who may do everything but some actions, and prints the keys with which it signs.

python auditor.py http://127.0.0.1:5000 auditor-1 s3:GetBucketPolicy
"""

import json
import sys

from account import Account


def main() -> None:
    url, name, *denied = sys.argv[1:]
    iam = Account(url).client("iam")
    iam.create_user(UserName=name)
    statements = [
        {"Effect": "Allow", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": denied, "Resource": "*"},
    ]
    document = {"Version": "2012-10-17", "Statement": statements}
    iam.put_user_policy(UserName=name, PolicyName="audit", PolicyDocument=json.dumps(document))
    keys = iam.create_access_key(UserName=name)["AccessKey"]
    print(json.dumps({"accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"]}))


main()
