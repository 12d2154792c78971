"""A process that takes identities and gives them back: `lease_holder.py URL KEYFILE NAME ROUNDS`.

Prints per identity when it was taken and given back; with no rounds it holds what it gets until it is killed.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from store.engine import open_engine
from store.identities import IdentityBook
from store.secrets import Keyring

url, key_file, name, rounds = sys.argv[1:]
book = IdentityBook(open_engine(url), Keyring(file=Path(key_file)))

if rounds == "0":
    held = book.lease(name, datetime.now(UTC), most=9)
    sys.stdout.write(f"holding {len(held)}\n")
    sys.stdout.flush()
    time.sleep(60)

for _ in range(int(rounds)):
    held = book.lease(name, datetime.now(UTC), most=3)
    taken = time.monotonic()
    time.sleep(0.002)
    given_back = time.monotonic()
    book.release(name, [identity.id for identity in held], datetime.now(UTC))
    for identity in held:
        sys.stdout.write(f"{identity.id} {taken} {given_back}\n")
