"""A process that asks for callback jobs of one client from many threads: `creator.py URL THREADS [KEY]`."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from store.engine import open_engine
from store.jobs.creation import JobRequest, create_job
from store.jobs.errors import JobConflict
from tests.store.factories import NOON
from tests.store.jobs.samples import names

url, threads, *keys = sys.argv[1:]
engine = open_engine(url)
request = JobRequest(
    kind="bulk_profiles",
    client_id="acme",
    is_exclusive=True,
    callback_url="https://acme.example/hook",
    idempotency_key=keys[0] if keys else None,
)


def ask(_number: int) -> str:
    try:
        job = create_job(engine, request, names(20), NOON)
    except JobConflict:
        return "conflict"
    return job.uuid if keys else "accepted"


with ThreadPoolExecutor(int(threads)) as pool:
    sys.stdout.writelines(f"{answer}\n" for answer in pool.map(ask, range(int(threads))))
