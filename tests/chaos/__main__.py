"""The long form: `python -m tests.chaos --seed 1`. Prints what it does and what came out; exit 0 if all is well."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.mariadb import missing_programs
from tests.chaos.run import Plan, run
from tests.fixtures.receivers import running_receiver


def main() -> int:
    """Run it as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="decides who is killed when")
    parser.add_argument("--targets", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=120, help="processes to end with kill -9")
    parser.add_argument("--pause", type=float, default=3.0, metavar="SECONDS", help="between two of them")
    parser.add_argument("--limit", type=float, default=3600.0, metavar="SECONDS")
    wanted = parser.parse_args()
    if missing := missing_programs():
        parser.error(f"needs {' and '.join(missing)} on the PATH")
    plan = Plan(
        seed=wanted.seed,
        targets=wanted.targets,
        kills=wanted.kills,
        pause_seconds=wanted.pause,
        shard_size=500,
        limit_seconds=wanted.limit,
    )
    begun = time.monotonic()

    def say(text: str) -> None:
        sys.stdout.write(f"{time.monotonic() - begun:7.1f} s  {text}\n")
        sys.stdout.flush()

    with tempfile.TemporaryDirectory(prefix="chaos-") as directory, running_receiver() as receiver:
        ending = run(plan, Path(directory), receiver, say)
    say(f"killed or stopped: {dict(ending.counts)}")
    say(f"outcomes: {ending.outcomes}")
    say(f"callbacks received: {ending.callbacks}")
    for problem in ending.problems:
        say(f"WRONG: {problem}")
    say("nothing was lost, doubled or told twice" if not ending.problems else "FAILED")
    return int(bool(ending.problems))


if __name__ == "__main__":
    sys.exit(main())
