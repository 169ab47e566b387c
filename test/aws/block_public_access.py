"""Turns on an emulated account's block of public access to S3, all of it.

python block_public_access.py http://127.0.0.1:5000
"""

import sys

from account import Account
from storage import block

block(Account(sys.argv[1]))
