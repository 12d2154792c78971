"""Chaos: every kind of trouble by chance, the same for every target whatever else is going on."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import httpx
import pytest

from standin.faults.chaos import (
    NAMELESS,
    ON_ENDPOINTS,
    ON_FILES,
    ON_LISTS,
    ON_PAGES,
    ON_SHOP_LISTS,
    ON_SHOP_PAGES,
    kinds_on,
)
from standin.faults.rules import KINDS
from tests.fixtures.standin import RunningStandin
from tests.standin.conftest import DEVICE, NOW, WALK, Visitor

QUIET = {"drip": {"bytes": 1_000_000, "seconds": 0}, "delay": {"seconds": 0}}
"""Options under which nothing takes time."""


def targets(visitor: Visitor, number: int) -> list[str]:
    """Addresses of profiles, of two endpoints each."""
    names = list(visitor.world.ordinary_usernames(number))
    device = DEVICE["device_id"]
    return [f"/@{name}" for name in names] + [
        f"/api/user/detail/?uniqueId={name}&device_id={device}" for name in names
    ]


async def troubles(
    standin: RunningStandin, addresses: list[str], at_once: int, asks: int = 3
) -> dict[tuple[str, str], list[str]]:
    """Ask for each address a few times, so many at once, and return the trouble each met, in its own order."""
    gate = asyncio.Semaphore(at_once)

    async def ask(client: httpx.AsyncClient, address: str) -> None:
        for _ in range(asks):
            async with gate:
                try:
                    await client.get(address)
                except httpx.TransportError:
                    continue

    async with httpx.AsyncClient(base_url=standin.url, timeout=20) as client:
        await asyncio.gather(*(ask(client, address) for address in addresses))
    met: dict[tuple[str, str], list[str]] = {}
    for seen in standin.log()["requests"]:
        met.setdefault((seen["path"], str(seen["query"])), []).append(str(seen["fault"]))
    return met


async def test_the_same_seed_brings_the_same_troubles_at_any_concurrency(
    visitor: Visitor, standin: RunningStandin
) -> None:
    addresses = targets(visitor, 60)
    runs = []
    for at_once, order in ((1, 1), (12, -1)):
        standin.reset()
        standin.change(chaos={"probability": 0.3, "seed": 4, "options": QUIET})
        runs.append(await troubles(standin, addresses[::order], at_once))
    standin.reset()
    standin.change(chaos={"probability": 0.3, "seed": 5, "options": QUIET})
    other = await troubles(standin, addresses, 4)

    assert runs[0] == runs[1] != other
    met = Counter(kind for kinds in runs[0].values() for kind in kinds)
    assert sum(met.values()) == 360
    assert 72 <= 360 - met["None"] <= 144
    assert len(met) > 12


def test_a_walk_starts_at_the_same_place_whatever_the_clock(
    visitor: Visitor, standin: RunningStandin
) -> None:
    runs = []
    for start in (NOW, NOW + 777):
        standin.reset()
        standin.change(chaos={"probability": 0.5, "kinds": ["empty"]})
        for _ in range(20):
            visitor.page_of_history("two.hundred", start)
        runs.append([seen["fault"] for seen in standin.log()["requests"]])

    assert runs[0] == runs[1]
    assert set(runs[0]) == {"empty", None}


def test_who_asks_changes_nothing(visitor: Visitor, standin: RunningStandin) -> None:
    runs = []
    for device in ("7512345678901234567", "7999999999999999999"):
        standin.reset()
        visitor.http.cookies.set("ttwid", f"visitor-{device}")
        standin.change(chaos={"probability": 0.5, "kinds": ["empty"]})
        runs.append(
            [
                len(visitor.get("/api/user/detail/", uniqueId="khaby.lame", device_id=device).content) > 0
                for _ in range(20)
            ]
        )

    assert runs[0] == runs[1]
    assert set(runs[0]) == {True, False}


async def test_lists_of_the_shop_have_troubles_of_their_own_in_any_order(standin: RunningStandin) -> None:
    places = [{"category_id": "601739", "exclude_product_ids": [str(number)]} for number in range(30)]

    async def met(order: list[dict[str, Any]]) -> dict[str, bool]:
        standin.reset()
        standin.change(chaos={"probability": 0.5, "kinds": ["empty"]})
        async with httpx.AsyncClient(base_url=standin.url) as client:
            replies = await asyncio.gather(
                *(client.post("/api/shop/home/product_list", json=place) for place in order)
            )
        return {
            place["exclude_product_ids"][0]: len(reply.content) > 0
            for place, reply in zip(order, replies, strict=True)
        }

    first = await met(places)

    assert await met(places[::-1]) == first
    assert set(first.values()) == {True, False}


def test_every_kind_can_be_met_somewhere() -> None:
    only_browsers_meet = {"unsigned", "hang"}

    met = {*ON_PAGES, *ON_ENDPOINTS, *ON_LISTS, *ON_FILES, *ON_SHOP_PAGES, *ON_SHOP_LISTS}
    assert met == set(KINDS) - only_browsers_meet


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/@khaby.lame", ON_PAGES),
        ("/embed/@khaby.lame", ON_PAGES),
        ("/video/tos/useast5/tos-useast5-ve-0068c003-tx/0123abcdnormal_540_0/", ON_FILES),
        ("/0123456789abcdef0123456789abcdef/6a58cc91/video/tos/", ON_FILES),
        ("/tos-useast5-p-0068-tx/0123abcd~tplv-tiktokx-origin.jpeg", ON_FILES),
        ("/api/user/detail/", ON_ENDPOINTS),
        ("/api/creator/item_list/", ON_LISTS),
        ("/api/comment/list/reply/", ON_LISTS),
        ("/api/search/general/full/", ON_LISTS),
        ("/us/s", ON_SHOP_PAGES),
        ("/view/product/1730487560098326875", ON_SHOP_PAGES),
        ("/api/shop/brandy_desktop/s/product_list", ON_SHOP_LISTS),
    ],
)
def test_an_address_meets_what_can_happen_there(path: str, kinds: tuple[str, ...]) -> None:
    assert kinds_on(path) == kinds


def test_pages_that_name_no_target_are_spared_and_so_are_paths_of_choice(
    visitor: Visitor, standin: RunningStandin
) -> None:
    standin.change(chaos={"probability": 1, "kinds": ["empty"], "spare": ["/oembed"]})

    spared = [visitor.get(path.rstrip("*")).content for path in NAMELESS if not path.endswith("*")]
    chosen = visitor.get("/oembed")
    hit = visitor.get("/@khaby.lame")

    assert all(spared)
    assert chosen.content
    assert hit.content == b""
    assert standin.log()["requests"][-1]["origin"] == "chaos"


def test_a_repeated_page_repeats_within_its_own_list(visitor: Visitor, standin: RunningStandin) -> None:
    standin.change(chaos={"probability": 1, "kinds": ["repeated_page"]})

    first, later, other = (
        visitor.page_of_history(name, cursor).content
        for name, cursor in (("two.hundred", NOW), ("two.hundred", 1_780_000_000_000), ("khaby.lame", NOW))
    )

    assert first == later
    assert other != first


@pytest.mark.parametrize(
    ("wish", "named"),
    [({"kinds": ["earthquake"]}, "earthquake"), ({"probability": 2}, "probability"), ({"sede": 1}, "sede")],
)
def test_chaos_that_makes_no_sense_is_refused_by_name(
    visitor: Visitor, wish: dict[str, Any], named: str
) -> None:
    reply = visitor.http.post("/__standin__/settings", json={"chaos": wish})

    assert (reply.status_code, named in reply.text) == (400, True)


def test_a_calm_site_keeps_no_count(visitor: Visitor, standin: RunningStandin) -> None:
    assert visitor.get("/api/creator/item_list/", **WALK).status_code == 400
    assert standin.log()["requests"][0]["fault"] is None
