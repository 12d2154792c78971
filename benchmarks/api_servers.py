"""Which server carries the API: gunicorn's threads, which we use, beside granian's WSGI, with the same application.

    pip install granian
    python -m benchmarks.api_servers --database sqlite:///big.db [--rounds 5] [--seconds 5]

The database is one that `benchmarks.api` has filled. Both run two processes of eight threads and are asked in turns.
Prints one JSON line; `ratio` is granian's requests per second divided by gunicorn's, the median of all rounds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.api import FILTERED, WORKERS, Server, free_port, prepare, run
from benchmarks.api_load import Load

THREADS = 8


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    given = parser.parse_args()
    with TemporaryDirectory() as data:
        _, key = prepare(given.database, 0)
        found = measure(given.database, key, data, given.rounds, given.seconds)
    print(json.dumps({"benchmark": "api_servers", **summarize(found)}))


def measure(url: str, key: str, data: str, rounds: int, seconds: float) -> dict[str, list[Load]]:
    """Ask both in turns, each first as often as the other."""
    gunicorn, granian = free_port(), free_port()
    counts = Path(data) / "counts"
    counts.mkdir()
    settings = {
        "DATABASE_URL": url, "DATA_DIR": data, "PORT": str(gunicorn), "API_BIND_ADDRESS": "127.0.0.1",
        "API_WORKERS": str(WORKERS), "API_THREADS": str(THREADS), "LOG_LEVEL": "WARNING", "RATE_LIMITS": "false",
    }  # fmt: skip
    other = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1"]
    other += ["--port", str(granian), "--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    other += ["--log-level", "warning", "webapi:create_app"]
    shared = settings | {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
    headers = {"X-API-Key": key}
    with (
        run([sys.executable, "-m", "webapi"], gunicorn, **settings),
        run(other, granian, **shared),
    ):
        job = f"/api/jobs/{Server(gunicorn, headers).ask('GET', '/api/jobs?limit=1')[1]['jobs'][0]['id']}"
        sides = {
            f"{name} {what}": (Server(port, headers), path)
            for what, path in (("page", FILTERED), ("job", job), ("health", "/health"))
            for name, port in (("gunicorn", gunicorn), ("granian", granian))
        }
        found: dict[str, list[Load]] = {name: [] for name in sides}
        for server, path in sides.values():
            server.load(path, 1)
        for number in range(rounds):
            for name in sides if number % 2 else reversed(sides):
                server, path = sides[name]
                found[name].append(server.load(path, seconds))
    return found


def summarize(found: dict[str, list[Load]]) -> dict[str, object]:
    """The figures of the printed line."""

    def ratio(what: str) -> float:
        pairs = zip(found[f"granian {what}"], found[f"gunicorn {what}"], strict=True)
        return round(statistics.median(a.per_second / b.per_second for a, b in pairs), 2)

    def middle(field: str) -> dict[str, float]:
        return {
            name: round(statistics.median(getattr(load, field) for load in loads), 1)
            for name, loads in found.items()
        }

    return {
        "ratio": ratio("page"),
        "job_ratio": ratio("job"),
        "health_ratio": ratio("health"),
        "per_second": middle("per_second"),
        "p99_ms": middle("p99_ms"),
    }


if __name__ == "__main__":
    main()
