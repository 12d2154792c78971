"""A crowd that asks the same of several processes, while nothing is known yet: the site sees one of them."""

from __future__ import annotations

import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.fixtures.live import SECRET, RunningLive
from tests.fixtures.standin import RunningStandin
from tests.webapi.processes import running_api
from tests.webapi.serving import Api

CALLS = 1_000 if os.environ.get("LONG_TESTS") == "1" else 200
KEY = "a-key-of-the-operator-for-tests"


@pytest.mark.timeout(400)
def test_equal_calls_at_once_on_a_cold_cache_are_one_fetch(
    tmp_path: Path, engine: Engine, cache_url: str, live: RunningLive, standin: RunningStandin
) -> None:
    standin.add_fault("delay", "/@khaby.lame", options={"seconds": 1})  # all of them come meanwhile
    together = threading.Barrier(CALLS)

    def ask(api: Api) -> tuple[int, bool]:
        together.wait(60)
        answer = api.get("/api/v1/user/khaby.lame/info")
        return answer.status, answer.document["cached"]

    with running_api(
        tmp_path,
        api_workers=3,
        api_keys=KEY,
        live_port=live.port,
        live_secret=SECRET,
        database_url=engine.url.render_as_string(hide_password=False),
        redis_url=cache_url,
        rate_limits="false",
    ) as api:
        known = Api(api.port, {"X-API-Key": KEY})
        with ThreadPoolExecutor(CALLS) as crowd:
            answers = Counter(crowd.map(ask, [known] * CALLS))

    assert answers == {(200, False): 1, (200, True): CALLS - 1}
    assert [request["path"] for request in standin.log()["requests"]].count("/@khaby.lame") == 1
