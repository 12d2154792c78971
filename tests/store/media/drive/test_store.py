"""Files find their place in Drive, once, whatever was there before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.store.media.drive.conftest import CHUNK, FILM, Workshop
from tiktok.media.wishes import Role


@pytest.mark.parametrize("size", [0, 1, 999, 262_144, CHUNK, 2 * CHUNK, 2 * CHUNK + 12_345])
def test_a_file_lies_in_its_folders_with_its_checksum(workshop: Workshop, size: int) -> None:
    store, piece = workshop.store(), workshop.piece(size)

    before = store.find(piece)
    placed = store.put(piece)

    (film,) = workshop.films()
    assert before is None
    assert (film["id"], film["webViewLink"]) == (placed.id, placed.link)
    assert (film["name"], film["size"], film["md5Checksum"]) == ("khaby.lame_7123.mp4", str(size), piece.md5)
    assert film["appProperties"] == {"video_id": "7123", "role": "video"}
    assert workshop.folders() == ["TikTok", "profile", "khaby.lame", "2025", "01"]
    assert store.find(piece) == placed


def test_putting_again_changes_nothing(workshop: Workshop) -> None:
    piece = workshop.piece(2 * CHUNK)

    first = workshop.store().put(piece)
    sent = workshop.sent_bytes()
    second = workshop.store().put(piece)

    assert first == second
    assert workshop.sent_bytes() == sent
    assert len(workshop.films()) == 1


def test_new_content_takes_the_place_of_old(workshop: Workshop) -> None:
    store = workshop.store()

    first = store.put(workshop.piece(2 * CHUNK))
    newer = workshop.piece(2 * CHUNK, seed=1)
    second = store.put(newer)

    assert first.id == second.id
    assert [film["md5Checksum"] for film in workshop.films()] == [newer.md5]
    assert store.find(newer) == second


def test_drive_copies_what_it_has(workshop: Workshop) -> None:
    store, piece = workshop.store(), workshop.piece(2 * CHUNK)
    first = store.put(piece)
    sent = workshop.sent_bytes()

    again = workshop.piece(2 * CHUNK, path="TikTok/hashtag/funny/other.mp4")
    second = store.put_again(again, first)
    third = store.put_again(again, first)

    assert second == third
    assert second.id != first.id
    assert workshop.sent_bytes() == sent
    assert sorted(film["name"] for film in workshop.films()) == ["khaby.lame_7123.mp4", "other.mp4"]


@pytest.mark.parametrize(
    "name", ["O'Brien.mp4", "back\\slash.mp4", "🌙 نور.mp4", "a" * 180, "rock and roll.mp4"]
)
def test_any_name_is_kept_and_found_again_without_our_database(workshop: Workshop, name: str) -> None:
    piece = workshop.piece(2_000, path=f"TikTok/{name}/{name}")
    first = workshop.store().put(piece)
    with workshop.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM drive_items")

    second = workshop.store().put(piece)

    assert first == second
    assert [film["name"] for film in workshop.films()] == [name]
    assert workshop.folders() == ["TikTok", name]


def test_of_twin_folders_the_oldest_is_taken(workshop: Workshop) -> None:
    store = workshop.store()
    twins = [
        store.client.call(
            lambda service: service.files().create(
                body={"name": "TikTok", "mimeType": "application/vnd.google-apps.folder", "parents": ["root"]}
            ),
            50,  # type: ignore[arg-type]
        )["id"]
        for _ in range(2)
    ]
    workshop.drive.change(page_limit=1, empty_pages=True)

    store.put(workshop.piece(10))

    oldest = min(twins, key=lambda one: next(
        (entry["createdTime"], one) for entry in workshop.drive.entries() if entry["id"] == one
    ))  # fmt: skip
    profile = next(entry for entry in workshop.drive.entries() if entry["name"] == "profile")
    assert profile["parents"] == [oldest]


def test_what_people_delete_is_made_anew(workshop: Workshop) -> None:
    store, piece = workshop.store(), workshop.piece(2_000)
    first = store.put(piece)
    files = store.client

    files.call(lambda service: service.files().update(fileId=first.id, body={"trashed": True}), 50)  # type: ignore[arg-type]
    trashed = store.find(piece)
    second = store.put(piece)
    folder = next(entry["id"] for entry in workshop.drive.entries() if entry["name"] == "khaby.lame")
    files.call(lambda service: service.files().delete(fileId=folder), 50)  # type: ignore[arg-type]
    third = store.put(workshop.piece(2_000, path=FILM.replace("7123", "7124"), seed=1, role=Role.IMAGE))

    assert trashed is None
    assert len({first.id, second.id, third.id}) == 3
    assert workshop.folders().count("khaby.lame") == 1
    assert [film["name"] for film in workshop.films()] == ["khaby.lame_7124.mp4"]


def test_room_is_known_where_there_is_a_limit(workshop: Workshop) -> None:
    endless = workshop.store().free_bytes()
    workshop.drive.change(quota_bytes=100_000)
    store = workshop.store()
    store.put(workshop.piece(999))

    assert endless is None
    assert store.free_bytes() == 99_001
    assert workshop.store(folder_id=workshop.drive.add_shared_drive()).free_bytes() is None


def test_a_shared_drive_takes_files_of_a_service_account(workshop: Workshop) -> None:
    shared = workshop.drive.add_shared_drive()
    store = workshop.store("service-account", folder_id=shared)

    placed = store.put(workshop.piece(2 * CHUNK))
    with workshop.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM drive_items")
    again = workshop.store("service-account", folder_id=shared).put(workshop.piece(2 * CHUNK))

    (film,) = workshop.films()
    assert film["driveId"] == shared
    assert placed == again


def test_a_thread_may_begin_with_a_new_file(workshop: Workshop) -> None:
    store = workshop.store()
    store.client._ids.clear()

    with ThreadPoolExecutor(1) as fresh:
        made = fresh.submit(store.client.new_id).result(timeout=60)

    assert made
