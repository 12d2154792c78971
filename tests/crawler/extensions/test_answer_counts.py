"""What routes answered is told to the database, over all crawls."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import Engine

from crawler.extensions.answer_counts import AnswerCounts
from store.answers import add_answers, read_answers
from store.errors import StoreError
from tests.crawler.crawling import Site


def answers_in(site: Site) -> dict[tuple[str, str], int]:
    engine = site.engine()
    with engine.connect() as connection:
        found = read_answers(connection)
    engine.dispose()
    return found


async def test_crawls_add_up_what_each_route_answered(site: Site) -> None:
    first = await site.crawl("profile", user="khaby.lame", limit="5")
    once = answers_in(site)
    await site.crawl("profile", user="khaby.lame", limit="5", fresh="1")
    twice = answers_in(site)

    assert sum(once.values()) == first.stats["answers"] > 0
    assert all(first.stats[f"route/{route}/{verdict}"] == count for (route, verdict), count in once.items())
    assert sum(twice.values()) > sum(once.values())
    assert AnswerCounts._untold == Counter()


async def test_what_the_database_does_not_take_is_told_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise StoreError("away")

    monkeypatch.setattr("crawler.extensions.answer_counts.add_answers", refuse)
    await site.crawl("profile", user="khaby.lame", limit="5")
    kept = Counter(AnswerCounts._untold)
    monkeypatch.undo()
    await site.crawl("profile", user="khaby.lame", limit="5", fresh="1")

    assert kept
    assert sum(answers_in(site).values()) > sum(kept.values())


def test_counts_of_several_are_added(engine: Engine) -> None:
    add_answers(engine, {("page", "ok"): 3, ("list", "captcha"): 1})
    add_answers(engine, {("page", "ok"): 4})
    add_answers(engine, {})

    with engine.connect() as connection:
        assert read_answers(connection) == {("page", "ok"): 7, ("list", "captcha"): 1}
