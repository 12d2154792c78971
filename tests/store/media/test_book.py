"""Who asked, who is at work, what is there: on both databases."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import StatementError

from store.media.book import Claim, Order, Settlement, ask, claim, settle
from store.media.desk import Desk
from store.media.holders import HOLD, is_dead, new_holder, renew_claims
from store.media.statuses import (
    ArchivedFile,
    Status,
    archived_bytes,
    archived_files,
    links_of,
    post_statuses,
    status_counts,
)
from store.models.media import CLAIMS
from store.transactions import in_transaction
from tiktok.media.wishes import MediaWish

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
WISH = MediaWish(media=True)


def order(video_id: str = "71", *jobs: int, wish: MediaWish = WISH) -> Order:
    return Order(job_ids=jobs or (1,), video_id=video_id, wish=wish, mode="profile", value="maya")


def file(video_id: str = "71", **fields: Any) -> ArchivedFile:
    full: dict[str, Any] = {
        "video_id": video_id,
        "role": "video",
        "variant": "",
        "path": f"TikTok/profile/maya/2026/03/maya_{video_id}.mp4",
        "bytes": 5_000_000_000,
        "sha256": video_id.zfill(64),
        "md5": video_id.zfill(32),
        "mime_type": "video/mp4",
        "has_watermark": False,
        "quality": "normal_540_0",
        "stored_at": NOON,
    }
    return ArchivedFile(**full | fields)


def ask_for(engine: Engine, *orders: Order) -> None:
    in_transaction(engine, lambda connection: ask(connection, orders, NOON))


def begin(engine: Engine, holder: str, *orders: Order, at: datetime = NOON) -> dict[str, Claim]:
    return in_transaction(engine, lambda connection: claim(connection, holder, orders, at))


def end(engine: Engine, holder: str, *settlements: Settlement) -> dict[Any, ArchivedFile]:
    return in_transaction(engine, lambda connection: settle(connection, holder, settlements, NOON))


def status_of(engine: Engine, job_id: int, video_id: str = "71") -> Status:
    (status,) = post_statuses(engine, job_id, [video_id])
    return status.status


def test_a_post_goes_from_asked_for_to_downloaded(engine: Engine) -> None:
    holder = new_holder()

    ask_for(engine, order(), order())
    asked = status_of(engine, 1)
    claims = begin(engine, holder, order())
    begun = post_statuses(engine, 1)[0]
    end(engine, holder, Settlement(order(), Status.DOWNLOADED, None, [file()]))

    assert asked is Status.PENDING
    assert claims == {"71": Claim(is_ours=True, files=[], mode="profile", value="maya")}
    assert (begun.status, begun.attempts) == (Status.DOWNLOADING, 1)
    assert status_of(engine, 1) is Status.DOWNLOADED
    assert archived_files(engine, ["71", "72"]) == {"71": [file()], "72": []}
    assert archived_bytes(engine) == 5_000_000_000


def test_asking_again_undoes_nothing(engine: Engine) -> None:
    holder = new_holder()
    begin(engine, holder, order())
    end(engine, holder, Settlement(order(), Status.FAILED, "gone"))

    ask_for(engine, order())

    assert status_of(engine, 1) is Status.FAILED


def test_what_one_job_archived_another_finds(engine: Engine) -> None:
    holder = new_holder()
    begin(engine, holder, order("71", 1))
    end(engine, holder, Settlement(order("71", 1), Status.DOWNLOADED, None, [file()]))

    claims = begin(engine, holder, order("71", 2))

    assert claims["71"].files == [file()]


def test_two_never_work_on_the_same_post(engine: Engine) -> None:
    first, second = new_holder(), new_holder()
    begin(engine, first, order())

    other = begin(engine, second, order("71", 2), order("72", 2))

    assert {video_id: each.is_ours for video_id, each in other.items()} == {"71": False, "72": True}
    assert [status.video_id for status in post_statuses(engine, 2)] == ["72"]


def test_a_claim_runs_out_unless_it_is_renewed(engine: Engine) -> None:
    first, second = new_holder(), new_holder()
    begin(engine, first, order("71"), order("72"))
    in_transaction(engine, lambda connection: renew_claims(connection, first, NOON + HOLD / 2))
    early = begin(engine, second, order("71"), at=NOON + HOLD)
    late = begin(engine, second, order("71"), at=NOON + HOLD * 2)

    assert (early["71"].is_ours, late["71"].is_ours) == (False, True)


def test_a_dead_process_on_this_machine_holds_nothing(engine: Engine) -> None:
    code = "from store.media.holders import new_holder; print(new_holder())"
    dead = subprocess.check_output([sys.executable, "-c", code], text=True).strip()
    in_transaction(engine, lambda connection: _hold(connection, dead))

    assert is_dead(dead)
    assert begin(engine, new_holder(), order())["71"].is_ours


@pytest.mark.parametrize(
    ("holder", "dead"),
    [
        (new_holder(), False),
        (f"another-machine:{os.getpid()}:00:00", False),
        (f"{new_holder().split(':')[0]}:{os.getpid()}:earlier:00", True),
        (f"{new_holder().split(':')[0]}:1:earlier:00", False),
    ],
    ids=["this process", "another machine", "this number, another process", "somebody else's process"],
)
def test_whether_a_holder_lives_is_told_as_far_as_it_can_be_known(holder: str, dead: bool) -> None:
    assert is_dead(holder) is dead


def test_success_counts_for_every_job_that_wants_the_same_and_failure_only_for_its_own(
    engine: Engine,
) -> None:
    holder, more = new_holder(), MediaWish(media=True, covers=True)
    ask_for(engine, order("71", 1), order("71", 2), order("71", 3, wish=more))
    begin(engine, holder, order("71", 1))
    end(engine, holder, Settlement(order("71", 1), Status.FAILED, "not offered"))
    failed = [status_of(engine, job) for job in (1, 2, 3)]
    begin(engine, holder, order("71", 2))
    end(engine, holder, Settlement(order("71", 2), Status.DOWNLOADED, None, [file()]))

    assert failed == [Status.FAILED, Status.PENDING, Status.PENDING]
    assert [status_of(engine, job) for job in (1, 2, 3)] == [
        Status.DOWNLOADED,
        Status.DOWNLOADED,
        Status.PENDING,
    ]


def test_the_same_content_under_another_post_is_told(engine: Engine) -> None:
    holder = new_holder()
    sound = file("71", role="sound", sha256="ab" * 32, path="a/71_sound.m4a")
    again = replace(sound, video_id="72", path="a/72_sound.m4a")
    third = replace(sound, video_id="73", path="a/73_sound.m4a")
    begin(engine, holder, order("71"), order("72"), order("73"))
    end(engine, holder, Settlement(order("71"), Status.DOWNLOADED, None, [sound]))

    twins = end(
        engine,
        holder,
        Settlement(order("72"), Status.DOWNLOADED, None, [again]),
        Settlement(order("73"), Status.DOWNLOADED, None, [third]),
    )

    assert twins == {again.key: sound, third.key: sound}


def test_a_replaced_file_is_no_twin_of_its_own(engine: Engine) -> None:
    holder = new_holder()
    begin(engine, holder, order())
    end(engine, holder, Settlement(order(), Status.DOWNLOADED, None, [file()]))

    twins = end(engine, holder, Settlement(order(), Status.DOWNLOADED, None, [file(bytes=7)]))

    assert twins == {}
    assert archived_files(engine, ["71"])["71"][0].bytes == 7


def test_statuses_are_counted_per_job_and_in_all(engine: Engine) -> None:
    holder = new_holder()
    ask_for(engine, *(order(str(number), 1) for number in range(10, 40)), order("10", 2))
    begin(engine, holder, *(order(str(number)) for number in range(10, 13)))
    end(engine, holder, *(Settlement(order(str(n)), Status.FAILED, "x" * 9_000) for n in range(10, 13)))

    counts = status_counts(engine, 1)

    assert (counts[Status.PENDING], counts[Status.FAILED], counts[Status.UPLOADED]) == (27, 3, 0)
    assert sum(status_counts(engine).values()) == 31
    assert len(post_statuses(engine, 1, n=5)) == 5
    assert post_statuses(engine, 1, after="37")[0].video_id == "38"


def test_links_are_those_of_the_post_and_its_sidecar() -> None:
    files = [
        file(role="image", variant="01", remote_id="1abc", remote_link="https://drive/1abc"),
        file(role="image", variant="02", remote_link="https://drive/2"),
        file(role="sidecar", remote_link="https://drive/1def"),
    ]

    links = links_of(files)

    assert (links.video_link, links.metadata_link) == ("https://drive/1abc", "https://drive/1def")
    assert (links.folder_path, links.remote_id) == ("TikTok/profile/maya/2026/03", "1abc")
    assert links_of([]).folder_path is None


async def test_a_desk_serves_many_at_once_in_few_transactions(engine: Engine) -> None:
    desk = Desk(engine)
    numbers = [str(number) for number in range(1000, 1100)]

    claims = await asyncio.gather(*(desk.claim(order(number)) for number in numbers))
    twins = await asyncio.gather(
        *(desk.settle(Settlement(order(n), Status.DOWNLOADED, None, [file(n)])) for n in numbers)
    )

    assert all(each.is_ours for each in claims)
    assert twins == [{}] * 100
    assert status_counts(engine, 1)[Status.DOWNLOADED] == 100
    with engine.connect() as connection:
        assert connection.execute(CLAIMS.select()).all() == []


async def test_two_desks_share_the_posts_out(engine: Engine) -> None:
    desks = [Desk(engine), Desk(engine)]
    numbers = [str(number) for number in range(100, 150)]

    claims = await asyncio.gather(*(desk.claim(order(n)) for n in numbers for desk in desks))

    pairs = list(zip(claims[::2], claims[1::2], strict=True))
    assert all(one.is_ours != other.is_ours for one, other in pairs)


async def test_a_desk_says_what_went_wrong_to_whoever_asked(sqlite_engine: Engine) -> None:
    desk = Desk(sqlite_engine)

    with pytest.raises(StatementError, match="invalid literal"):
        await desk.claim(order("no number"))
    assert (await desk.claim(order())).is_ours


def _hold(connection: Connection, holder: str) -> None:
    until = NOON + timedelta(days=1)
    connection.execute(insert(CLAIMS), [{"video_id": "71", "holder": holder, "held_until": until}])
