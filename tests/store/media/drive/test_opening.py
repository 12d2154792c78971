"""What Google would refuse later is refused at the start, with the way out."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from store.config import load_config
from store.errors import ConfigError
from store.media.drive.credentials import load_credentials
from store.media.drive.store import DriveStore
from store.media.errors import StoreRefused, StoreTrouble
from store.media.opening import open_store
from store.secrets import KEY_FILE
from tests.store.media.drive.conftest import CHUNK, FILM, Workshop


def test_a_service_account_stores_nothing_outside_shared_drives(workshop: Workshop) -> None:
    with pytest.raises(
        StoreRefused, match=r"owns no storage.*shared drive.*DRIVE_SUBJECT.*scrapy drive login"
    ):
        workshop.store("service-account")


def test_a_service_account_may_act_for_a_person(workshop: Workshop) -> None:
    store = workshop.store("service-account", variables={"DRIVE_SUBJECT": "me@example.com"})

    assert store.put(workshop.piece(10)).id


def test_the_settings_lead_to_a_store(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_STORE", "")
    config = workshop.config(
        MEDIA_STORE="drive://root", DRIVE_BASE_URL=workshop.drive.url, DRIVE_CHUNK_MB="16"
    )

    store = open_store(config, workshop.engine)

    assert isinstance(store, DriveStore)
    assert store.chunk_bytes == 16 << 20
    assert store.put(workshop.piece(10)).link
    store.close()


@pytest.mark.parametrize("value", ["drive://", "drive://a/b", "drive:a", "ftp://x"])
def test_a_store_without_a_folder_is_no_store(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_STORE", value)

    with pytest.raises(ConfigError, match="drive://FOLDER_ID"):
        load_config(Path("no-such.env"))


def test_a_folder_that_is_none_is_refused(workshop: Workshop) -> None:
    file = workshop.store().put(workshop.piece(10)).id or ""

    with pytest.raises(StoreRefused, match="is no folder"):
        workshop.store(folder_id=file)
    with pytest.raises(StoreRefused, match="sees no folder 1nowhere"):
        workshop.store(folder_id="1nowhere")


def test_the_archive_is_shared_once_with_those_named(workshop: Workshop) -> None:
    shared = workshop.drive.add_shared_drive()
    readers = ("anyone", "reader@example.com", "example.org")

    for _ in range(2):
        workshop.store(folder_id=shared, share_with=readers)
    given = workshop.drive.log("POST", "/permissions")

    assert len(given) == 3
    assert {one["status"] for one in given} == {200}


def test_sharing_that_is_forbidden_is_refused_and_that_must_wait_waits(
    workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    workshop.drive.plan("refuse", method="POST", path="*/permissions", count=12,
                        options={"reason": "sharingRateLimitExceeded", "status": 403})  # fmt: skip
    store = workshop.store(share_with=("anyone",))
    stored = store.put(workshop.piece(10))
    workshop.drive.change(links_forbidden=True)

    with pytest.raises(StoreRefused, match="DRIVE_SHARE: can't be shared with anyone"):
        workshop.store(share_with=("anyone",))
    assert stored.id
    assert "can't read the archive yet" in caplog.text


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "can't be read"),
        ("[]", "is no key"),
        ('{"type": "authorized_user", "client_id": "x"}', "lacks refresh_token"),
        ('{"type": "service_account"}', "is damaged"),
    ],
)
def test_a_key_that_is_none_is_named(workshop: Workshop, key: str, words: str) -> None:
    config = workshop.config()
    (workshop.folder / "user.json").write_text(key)

    with pytest.raises(StoreRefused, match=words):
        load_credentials(config)


def test_a_person_acts_for_nobody_else(workshop: Workshop) -> None:
    with pytest.raises(StoreRefused, match="DRIVE_SUBJECT"):
        load_credentials(workshop.config(DRIVE_SUBJECT="other@example.com"))


def test_the_address_of_an_upload_is_kept_encrypted(workshop: Workshop) -> None:
    store, piece = workshop.store(), workshop.piece(3 * CHUNK)
    workshop.drive.plan("refuse", method="PUT", content_range=f"bytes {CHUNK}-*", count=99)

    with pytest.raises(StoreTrouble, match="503"):
        store.put(piece)
    with workshop.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT sealed FROM drive_items WHERE sealed IS NOT NULL").all()
    folder = store.tree.folder(PurePosixPath(FILM).parts[:-1])
    item = store.catalogue.find(folder.id, PurePosixPath(FILM).name)

    assert len(rows) == 1
    assert b"upload_id" not in rows[0][0]
    assert item
    assert "upload_id" in (item.session or "")
    assert item.session_md5 == piece.md5


def test_without_its_key_an_upload_begins_anew(workshop: Workshop) -> None:
    piece = workshop.piece(3 * CHUNK)
    workshop.drive.plan("refuse", method="PUT", content_range=f"bytes {CHUNK}-*", count=8)
    with pytest.raises(StoreTrouble):
        workshop.store().put(piece)
    (workshop.folder / KEY_FILE).unlink()

    workshop.store().put(piece)

    assert [film["md5Checksum"] for film in workshop.films()] == [piece.md5]
    assert len(workshop.drive.log("POST", "/upload/")) == 2
