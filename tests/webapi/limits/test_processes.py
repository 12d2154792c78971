"""Four processes of gunicorn: together they let through exactly what is allowed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.webapi.processes import running_api
from tests.webapi.serving import Api


def storm(api: Api, path: str, times: int) -> Counter[int]:
    """Ask from many threads at once."""
    with ThreadPoolExecutor(16) as threads:
        answers: Sequence[int] = list(threads.map(lambda _: api.get(path).status, range(times)))
    return Counter(answers)


@pytest.mark.parametrize("home", ["sqlite", "redis"])
def test_four_processes_let_through_exactly_what_is_allowed(
    home: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("empty_redis").url if home == "redis" else ""
    with running_api(
        tmp_path, api_workers=4, api_threads=4, redis_url=url, rate_limit_address="1000/day,137/hour"
    ) as api:
        (key,) = set(re.findall(r"api_key +(tk_\w+)", (tmp_path / "output").read_text()))

        found = storm(Api(api.port, {"X-API-Key": key}), "/api/v1/auth/me", 40)
        found += storm(Api(api.port, {"X-API-Key": key}), "/api/users", 400)

    assert found == {200: 40 + 137, 429: 400 - 137}
