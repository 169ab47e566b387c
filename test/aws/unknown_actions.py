"""Prints those of the given IAM actions that AWS does not have, by the list that cfn-lint carries.

python unknown_actions.py http://127.0.0.1:5000 s3:GetBucketPolicy s3:ListBuckets
"""

import json
import sys
from importlib.resources import files


def main() -> None:
    services = json.loads((files("cfnlint") / "data/AdditionalSpecs/Policies.json").read_text())

    def exists(action: str) -> bool:
        service, name = action.split(":")
        known = services.get(service, {}).get("Actions", {})
        return name.lower() in {each.lower() for each in known}

    print(json.dumps([action for action in sys.argv[2:] if not exists(action)]))


main()
