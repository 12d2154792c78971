"""A fifth of all answers goes wrong in any way it can: every target still ends once, and truly.

What is true is asked of the stand-in's population. The request log tells what each answer cost.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.endings import Ending
from standin.world.population import World, posts_on
from store.models import OutcomeRow, VideoRow
from tests.crawler.crawling import Crawl, Site
from tests.fixtures.standin import RunningStandin
from tiktok.outcomes import ListState
from tiktok.verdicts import PERMANENT, REFUSALS, Verdict

DEAD: Mapping[str, Verdict] = {
    "private.garden": Verdict.PRIVATE,
    "banned.account": Verdict.BANNED,
    "deleted.account": Verdict.NOT_FOUND,
    "old.handle": Verdict.BANNED,
    **{f"nobody.at.all.{number}": Verdict.BANNED for number in range(20)},
}


@dataclass(frozen=True, slots=True)
class Trial:
    """A crawl through chaos, and what every answer was."""

    crawl: Crawl
    outcomes: Counter[str]
    """Rows of outcomes, by target."""
    answers: list[dict[str, Any]]
    """Lines of the request log."""
    stored: Counter[str]
    """Posts in the database, by author."""

    @property
    def results(self) -> dict[str, tuple[str, str | None, int]]:
        """How each target ended, without the moment."""
        lists = self.crawl.listings
        return {
            target: (
                str(outcome.outcome),
                str(lists[target].state) if target in lists else None,
                lists[target].found if target in lists else 0,
            )
            for target, outcome in self.crawl.outcomes.items()
        }


Run = Callable[[list[str], str], Awaitable[Trial]]


@pytest.fixture
def run(standin: RunningStandin, empty_database: Path, tmp_path: Path) -> Run:
    """Crawl profiles into a database of this run's own, while the site does its worst."""

    async def run(names: list[str], label: str) -> Trial:
        folder = tmp_path / label
        folder.mkdir()
        shutil.copy(empty_database, folder / "tiktok.db")
        site = Site(standin.url, f"sqlite:///{folder}/tiktok.db", folder)
        standin.reset()
        standin.change(chaos={"probability": 0.2, "seed": 5})
        crawl = await site.crawl("profile", user=",".join(names))
        files = (folder / "requests").glob("*.jsonl")
        return Trial(
            crawl=crawl,
            outcomes=Counter(row.target for row in site.rows(OutcomeRow)),
            answers=[json.loads(line) for file in files for line in file.read_text().splitlines()],
            stored=Counter(str(row.username) for row in site.rows(VideoRow)),
        )

    return run


async def test_each_target_ends_once_and_truly_however_much_goes_wrong(
    run: Run, world: World, standin: RunningStandin
) -> None:
    """Mostly small accounts: what matters is how many there are, and some have long lists."""
    by_size = sorted(world.ordinary_usernames(1_000), key=lambda name: posts_of(world, name))
    names = [*by_size[:115], *by_size[-10:], "empty.room", *DEAD]

    trial = await run(names, "once")

    assert_true(trial, names, world)
    troubled = sum(request["fault"] is not None for request in standin.log()["requests"])
    assert sum(answer["cost"] != "none" for answer in trial.answers) < troubled
    assert (await run(names, "again")).results == trial.results


@pytest.mark.skipif(os.environ.get("LONG_TESTS") != "1", reason="takes minutes; LONG_TESTS=1 runs it")
@pytest.mark.timeout(1_800)
async def test_a_thousand_targets_end_once_and_truly(run: Run, world: World) -> None:
    names = [*world.ordinary_usernames(999 - len(DEAD)), "empty.room", *DEAD]

    trial = await run(names, "once")

    assert len(names) == 1_000
    assert_true(trial, names, world)
    assert (await run(names, "again")).results == trial.results


def assert_true(trial: Trial, names: list[str], world: World) -> None:
    assert trial.outcomes == Counter(names)
    assert trial.crawl.ending is Ending.INCOMPLETE
    for name, (outcome, state, found) in trial.results.items():
        is_told = outcome not in REFUSALS - {Verdict.EMPTY}
        if name in DEAD:
            assert not is_told or outcome == DEAD[name], (name, outcome)
            continue
        posts = posts_of(world, name)
        assert outcome not in PERMANENT, (name, outcome)
        assert trial.stored[name] == found <= posts, (name, found, posts)
        # A list of which nine tenths came and an empty page agrees counts as complete.
        assert not is_told or (state == ListState.COMPLETE and found >= 0.9 * posts), (
            name,
            state,
            found,
            posts,
        )
        assert is_told or state != ListState.COMPLETE, (name, outcome)
    told = [outcome for outcome, _, _ in trial.results.values() if outcome not in REFUSALS]
    assert len(told) > 0.8 * len(names)
    answered = [answer for answer in trial.answers if answer["verdict"] in PERMANENT | {Verdict.OK}]
    assert {answer["cost"] for answer in answered} == {"none"}
    assert {answer["target"] for answer in answered if answer["verdict"] in PERMANENT} <= set(DEAD)


def posts_of(world: World, name: str) -> int:
    account = world.account_called(name)
    assert account
    return posts_on(account, 0)
