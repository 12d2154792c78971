from __future__ import annotations

import pytest

from crawler.endings import Ending
from tests.crawler.crawling import Site
from tiktok.items import User
from tiktok.outcomes import ListState
from tiktok.verdicts import Verdict


@pytest.mark.parametrize("kind", ["followers", "following"])
async def test_who_follows_whom_is_listed_behind_the_profile(site: Site, kind: str) -> None:
    crawl = await site.crawl("follows", user="khaby.lame", kind=kind, limit="70")

    profile, *others = crawl.of_type(User)
    assert profile.username == "khaby.lame"
    assert len({user.id for user in others}) == 70
    assert crawl.listing.operation == kind
    assert (crawl.listing.state, crawl.ending) == (ListState.COMPLETE, Ending.DONE)


async def test_a_hidden_list_is_withheld_and_not_empty(site: Site) -> None:
    crawl = await site.crawl("follows", user="hidden.follows", kind="following")

    assert (crawl.outcome.outcome, crawl.listing.state) == (Verdict.WITHHELD, ListState.FAILED)
    assert crawl.ending is Ending.INCOMPLETE


async def test_a_private_account_shows_nobody(site: Site) -> None:
    crawl = await site.crawl("follows", user="private.garden")

    assert crawl.outcome.outcome is Verdict.PRIVATE
    assert crawl.listings == {}
