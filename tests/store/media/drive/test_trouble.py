"""Every row of the table in docs/drive.md: what Google says, and how it ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store.media.errors import MediaStoreError, PieceRefused, StorePaused, StoreRefused, StoreTrouble
from tests.store.media.drive.conftest import CHUNK, Workshop

BLOCK = 262_144
SIZE = 4 * CHUNK + 77


@pytest.mark.parametrize(
    ("reason", "status", "ending"),
    [
        ("userRateLimitExceeded", 403, StorePaused),
        ("rateLimitExceeded", 403, StorePaused),
        ("rateLimitExceeded", 429, StorePaused),
        ("dailyLimitExceeded", 403, StorePaused),
        ("quotaExceeded", 403, StorePaused),
        ("storageQuotaExceeded", 403, StorePaused),
        ("teamDriveFileLimitExceeded", 403, StoreRefused),
        ("activeItemCreationLimitExceeded", 403, StoreRefused),
        ("insufficientFilePermissions", 403, StoreRefused),
        ("appNotAuthorizedToFile", 403, StoreRefused),
        ("domainPolicy", 403, StoreRefused),
        ("authError", 401, StoreRefused),
        ("numChildrenInNonRootLimitExceeded", 403, PieceRefused),
        ("myDriveHierarchyDepthLimitExceeded", 403, PieceRefused),
        ("badRequest", 400, PieceRefused),
        ("backendError", 503, StoreTrouble),
        ("backendError", 500, StoreTrouble),
        ("timeout", 408, StoreTrouble),
    ],
)
@pytest.mark.parametrize("size", [10, SIZE])
def test_what_lasts_ends_as_it_should(
    workshop: Workshop, reason: str, status: int, ending: type[MediaStoreError], size: int
) -> None:
    store = workshop.store()
    options = {"reason": reason, "status": status}
    workshop.drive.plan("refuse", method="POST", path="/upload/*", count=99, options=options)

    with pytest.raises(ending) as caught:
        store.put(workshop.piece(size))

    assert type(caught.value) is ending
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert workshop.films() == []
    assert sum(workshop.pauses) < 600


def test_a_pause_says_until_when(workshop: Workshop) -> None:
    store = workshop.store()
    workshop.drive.plan(
        "refuse", method="POST", path="/upload/*", options={"reason": "dailyLimitExceeded", "status": 403}
    )

    with pytest.raises(StorePaused) as caught:
        store.put(workshop.piece(10))

    assert timedelta(hours=2) < caught.value.until - datetime.now(UTC) <= timedelta(hours=3)
    assert store.put(workshop.piece(10)).id


PASSING: list[dict[str, Any]] = [
    {"trouble": "refuse", "options": {"reason": "userRateLimitExceeded"}, "count": 3},
    {"trouble": "refuse", "options": {"status": 429, "reason": "rateLimitExceeded", "retry_after": 2}},
    {"trouble": "refuse", "count": 3},
    {"trouble": "done_then_refuse"},
    {"trouble": "done_then_refuse", "options": {"reason": "userRateLimitExceeded"}},
    {"trouble": "done_then_fin"},
    {"trouble": "done_then_rst"},
    {"trouble": "fin"},
    {"trouble": "rst"},
    {"trouble": "read_then_rst", "options": {"bytes": 300_000}},
    {"trouble": "stall", "options": {"seconds": 0.2}},
]
WHERE: list[dict[str, Any]] = [
    {"method": "POST", "path": "/upload/*"},  # the start of an upload, or a small file as a whole
    {"method": "PUT", "content_range": "bytes 0-*"},
    {"method": "PUT", "content_range": f"bytes {2 * CHUNK}-*"},
    {"method": "PUT", "content_range": f"bytes {4 * CHUNK}-*"},  # the last one
    {"method": "POST", "path": "/drive/v3/files"},  # a folder
    {"method": "GET", "path": "/drive/v3/files/generateIds"},
]


@pytest.mark.parametrize("where", WHERE, ids=str)
@pytest.mark.parametrize("trouble", PASSING, ids=str)
def test_what_passes_leaves_one_whole_file(
    workshop: Workshop, trouble: dict[str, Any], where: dict[str, Any]
) -> None:
    store, piece = workshop.store(), workshop.piece(SIZE)
    workshop.drive.plan(**trouble, **where)

    placed = store.put(piece)

    (film,) = workshop.films()
    assert (film["id"], film["md5Checksum"]) == (placed.id, piece.md5)
    assert workshop.folders() == ["TikTok", "profile", "khaby.lame", "2025", "01"]
    assert workshop.drive.fired() >= 1
    assert workshop.sent_bytes() <= SIZE + CHUNK * trouble.get("count", 1)


@pytest.mark.parametrize("trouble", ["done_then_fin", "done_then_rst", "done_then_refuse", "fin", "rst"])
def test_a_small_file_is_there_once_too(workshop: Workshop, trouble: str) -> None:
    store, piece = workshop.store(), workshop.piece(500)
    workshop.drive.plan(trouble, method="POST", path="/upload/*")

    placed = store.put(piece)

    assert [(film["id"], film["md5Checksum"]) for film in workshop.films()] == [(placed.id, piece.md5)]


def test_an_upload_that_drive_forgot_begins_anew(workshop: Workshop) -> None:
    store, piece = workshop.store(), workshop.piece(SIZE)
    workshop.drive.plan("drop_session", method="PUT", content_range=f"bytes {2 * CHUNK}-*")

    store.put(piece)

    (film,) = workshop.films()
    assert film["md5Checksum"] == piece.md5
    assert len(workshop.drive.log("POST", "/upload/")) == 2


def test_uploads_that_drive_forgets_always_end(workshop: Workshop) -> None:
    store = workshop.store()
    workshop.drive.plan("drop_session", method="PUT", count=99)

    with pytest.raises(StoreTrouble, match="forgot"):
        store.put(workshop.piece(SIZE))


@pytest.mark.parametrize("kept", [0, 1, BLOCK, 2 * BLOCK + 5])
def test_what_drive_did_not_keep_is_sent_again(workshop: Workshop, kept: int) -> None:
    store, piece = workshop.store(), workshop.piece(SIZE)
    workshop.drive.plan(
        "fewer_bytes", method="PUT", content_range=f"bytes {CHUNK}-*", options={"bytes": kept}
    )

    store.put(piece)

    (film,) = workshop.films()
    assert film["md5Checksum"] == piece.md5
    assert workshop.sent_bytes() <= SIZE + CHUNK


def test_tokens_end_in_the_middle(workshop: Workshop) -> None:
    store, piece = workshop.store(), workshop.piece(SIZE)
    store.put(workshop.piece(10, path="TikTok/first.mp4"))
    workshop.drive.expire_tokens()

    store.put(piece)

    assert piece.md5 in [film["md5Checksum"] for film in workshop.films()]


def test_consent_taken_back_stops_everything(workshop: Workshop) -> None:
    store = workshop.store()
    workshop.drive.change(revoked=True)
    workshop.drive.expire_tokens()

    with pytest.raises(StoreRefused, match="scrapy drive login"):
        store.put(workshop.piece(10))


def test_a_full_drive_pauses(workshop: Workshop) -> None:
    store = workshop.store()
    workshop.drive.change(quota_bytes=1_000)

    with pytest.raises(StorePaused, match="make room"):
        store.put(workshop.piece(SIZE))
    workshop.drive.change(quota_bytes=0)
    store.put(workshop.piece(SIZE))

    assert len(workshop.films()) == 1


def test_a_limit_per_minute_is_waited_out(workshop: Workshop) -> None:
    store = workshop.store()
    for _ in range(2):
        workshop.drive.plan("refuse", count=4, options={"reason": "userRateLimitExceeded"})

    store.put(workshop.piece(SIZE))

    assert len(workshop.films()) == 1
    assert sum(workshop.pauses) > 0


def test_damage_on_the_way_is_noticed(workshop: Workshop) -> None:
    store, piece = workshop.store(), workshop.piece(SIZE)
    piece.source.write_bytes(b"?" * SIZE)

    with pytest.raises(StoreTrouble, match="differs"):
        store.put(piece)
