"""Brings an emulated account into a broken state, waits for a line on standard input, and then mends it.

    python seed.py http://127.0.0.1:5000

After each of the two it prints one line: a JSON list of what an audit must now say of which resource, each with the
rule, the resource's id and region, the outcome, and the trap that is set there.
"""

import json
import sys

import backup
import bastion
import default_groups
import identity
import load_balancing
import network
import safeguards
import storage
import whole_account
from account import Account

THEMES = (identity, network, bastion, load_balancing, backup, storage, default_groups, safeguards, whole_account)


def main() -> None:
    account = Account(sys.argv[1])
    # Each theme breaks its part up to its first yield and mends it up to the second: what it made stays in its locals.
    parts = [theme.states(account) for theme in THEMES]
    for state in ("broken", "mended"):
        if state == "mended" and sys.stdin.readline() == "":
            return
        expected = [verdict for part in parts for verdict in next(part)]
        print(json.dumps(expected), flush=True)


main()
