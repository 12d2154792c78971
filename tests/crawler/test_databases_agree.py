"""The same crawl into SQLite and into MySQL or MariaDB: the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, select

from standin.world.landmarks import landmarks
from standin.world.population import World, history, now_on
from standin.world.texts import UNUSUAL
from store.engine import open_engine
from store.models import Base, UserRow, VideoRow
from store.schema import migrate
from tests.crawler.crawling import Site
from tests.fixtures.standin import RunningStandin

OF_THE_VISIT = {
    "scraped_at", "first_seen_at", "changed_at", "recorded_at", "started_at", "updated_at", "found_at", "finished_at",
    "at",
}  # fmt: skip
"""Columns that tell when somebody looked."""
OF_WHO_ASKS = {"identities", "exits", "pace_buckets", "pace_peers", "pace_records", "jobs", "shards"}
"""Tables of random visitors and of processes, and those of the pace, which beside SQLite has a file of its own."""
CURSORS = {"cursor"}
"""The first cursor of a history is the time of asking."""


def rows_of(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, without what differs from visit to visit."""
    found = {}
    with engine.connect() as connection:
        for name, table in Base.metadata.tables.items():
            if name in OF_WHO_ASKS:
                continue
            kept = [column for column in table.columns if column.name not in OF_THE_VISIT | CURSORS]
            rows = connection.execute(select(*kept).order_by(*table.primary_key)).mappings()
            found[name] = [{key: _lasting(value) for key, value in row.items()} for row in rows]
    return found


def _lasting(value: Any) -> Any:
    """A reason tells an answer's length, and pages greet every visitor with other numbers."""
    return re.sub(r"\d+ bytes", "… bytes", value) if isinstance(value, str) else value


async def test_both_databases_hold_the_same_rows(
    site: Site, standin: RunningStandin, fresh_mysql_url: URL, world: World
) -> None:
    server_url = fresh_mysql_url.render_as_string(hide_password=False)
    server = open_engine(fresh_mysql_url)
    migrate(server)
    standin.change(open=["signed", "login"])
    crawls: list[tuple[str, dict[str, str]]] = [
        ("profile", {"user": "texts.of.all,big.counts,deleted.account,blocked.third"}),
        ("hashtag", {"tag": "funny", "limit": "40"}),
        ("search", {"q": "iphone case", "kind": "users"}),
        ("shop", {"q": "iphone case", "limit": "60"}),
        ("shop", {"product": ",".join(addresses_of_products(world))}),
    ]

    for spider, arguments in crawls:
        await site.crawl(spider, settings=None, **arguments)
        await Site(site.url, server_url, site.data_dir).crawl(spider, settings=None, **arguments)

    file = site.engine()
    ours, theirs = rows_of(file), rows_of(server)
    file.dispose()
    server.dispose()
    assert {name: len(rows) for name, rows in ours.items()} == {
        name: len(rows) for name, rows in theirs.items()
    }
    for name, rows in ours.items():
        assert rows == theirs[name], name
    assert len(ours["videos"]) == 40 + 20 + 90 + 40
    assert len(ours["products"]) > 60
    assert ours["product_readings"]
    assert ours["sellers"]
    assert ours["outcomes"]
    assert ours["listings"]


async def test_every_text_and_every_count_survives_in_both(
    standin: RunningStandin, database_url: str, fresh_mysql_url: URL, world: World, tmp_path: Path
) -> None:
    server = open_engine(fresh_mysql_url)
    migrate(server)
    server.dispose()
    for url in (database_url, fresh_mysql_url.render_as_string(hide_password=False)):
        site = Site(standin.url, url, tmp_path)
        await site.crawl("profile", user="texts.of.all,big.counts")

        videos = {video.id: video for video in site.rows(VideoRow)}
        users = {user.username: user for user in site.rows(UserRow)}
        texts, counts = (posts_of(world, name) for name in ("texts.of.all", "big.counts"))
        assert {videos[post.id].description for post in texts} == {storable(text) for text in UNUSUAL}
        assert all(videos[post.id].description == storable(post.caption) for post in texts)
        assert users["texts.of.all"].display_name == "نور 🌙 \u202eabc"
        assert users["big.counts"].followers == 4_512_345_678
        assert max(videos[post.id].views or 0 for post in counts) > 2**31


def addresses_of_products(world: World) -> Iterator[str]:
    """All named products, each in its own country."""
    for product in landmarks(world)["products"].values():
        is_indonesian = product["front"] == "id"
        host = "shop-id.tokopedia.com" if is_indonesian else f"shop.tiktok.com/{product['front']}"
        yield f"https://{host}/pdp/{product['id']}"


def posts_of(world: World, username: str) -> list[Any]:
    account = world.account_called(username)
    assert account
    return history(account, now_on(0), account.role.posts, now_on(0))


def storable(text: str) -> str:
    """A half of a character has no place in UTF-8; the sign for what can't be shown stands in for it."""
    return "".join("\ufffd" if "\ud800" <= sign <= "\udfff" else sign for sign in text)
