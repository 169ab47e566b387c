"""Adds a user who may do what a policy document on standard input allows and nothing else, and prints the keys.

python permitted.py http://127.0.0.1:5000 auditor-1 < policy.json
"""

import json
import sys

from account import Account


def main() -> None:
    url, name = sys.argv[1:]
    iam = Account(url).client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="audit", PolicyDocument=sys.stdin.read())
    keys = iam.create_access_key(UserName=name)["AccessKey"]
    print(json.dumps({"accessKeyId": keys["AccessKeyId"], "secretAccessKey": keys["SecretAccessKey"]}))


main()
