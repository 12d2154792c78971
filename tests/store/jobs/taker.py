"""A worker that takes shards until none is left and prints them: `taker.py URL NAME`."""

from __future__ import annotations

import sys

from store.engine import open_engine
from store.jobs.dispatch import shards_to_schedule
from tests.store.factories import NOON

url, name = sys.argv[1:]
engine = open_engine(url)

while shards := shards_to_schedule(engine, name, NOON, 7):
    sys.stdout.writelines(f"{shard.id} {shard.attempt}\n" for shard in shards)
