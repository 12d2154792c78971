"""Files and folders, the two small languages of lists, and shared drives."""

from __future__ import annotations

from hashlib import md5

import pytest

from tests.fixtures.drive import RunningDrive
from tests.standin.drive.conftest import FILES, FOLDER, UPLOAD, Owner


def reason(reply: object) -> str:
    error = reply.json()["error"]  # type: ignore[attr-defined]
    assert isinstance(error["message"], str)
    text: str = error["errors"][0]["reason"]
    return text


def test_an_unknown_token_is_refused(drive: RunningDrive, owner: Owner) -> None:
    drive.expire_tokens()

    reply = owner.http.get(FILES)

    assert (reply.status_code, reason(reply)) == (401, "authError")


def test_two_folders_of_one_name_may_lie_side_by_side(owner: Owner) -> None:
    first, second = owner.create("twin", mimeType=FOLDER), owner.create("twin", mimeType=FOLDER)

    assert first["id"] != second["id"]
    assert "size" not in first
    assert owner.found("name = 'twin'") == ["twin", "twin"]


def test_a_reserved_id_is_used_once(owner: Owner) -> None:
    mine, *_ = owner.ids(3)

    created = owner.create(id=mine)
    again = owner.http.post(FILES, json={"id": mine})
    foreign = owner.http.post(FILES, json={"id": "1notgenerated"})

    assert created["id"] == mine
    assert (again.status_code, reason(again)) == (409, "fileIdInUse")
    assert foreign.status_code == 400


def test_an_unknown_parent_is_not_found(owner: Owner) -> None:
    reply = owner.http.post(FILES, json={"name": "x", "parents": ["nowhere"]})

    assert (reply.status_code, reason(reply)) == (404, "notFound")


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_multipart_upload_keeps_every_byte(owner: Owner, end: bytes) -> None:
    content = bytes(range(256)) * 2_000 + b"\r\n--half\n\n\r"
    lines = [b"--b", b"Content-Type: application/json", b"", b'{"name": "m"}', b"--b",
             b"Content-Type: video/mp4", b"", content, b"--b--", b""]  # fmt: skip

    reply = owner.http.post(
        UPLOAD, params={"uploadType": "multipart", "fields": "*"}, content=end.join(lines),
        headers={"Content-Type": "multipart/related; boundary=b"},
    )  # fmt: skip
    created = reply.json()
    back = owner.http.get(f"{FILES}/{created['id']}", params={"alt": "media"})

    assert (created["name"], created["mimeType"], created["size"]) == ("m", "video/mp4", str(len(content)))
    assert created["md5Checksum"] == md5(content, usedforsecurity=False).hexdigest()
    assert back.content == content
    assert owner.http.get(f"{FILES}/{created['id']}", params={"alt": "media"}, headers={"Range": "bytes=5-9"}
                          ).content == content[5:10]  # fmt: skip


def test_nothing_is_a_file_too(owner: Owner) -> None:
    reply = owner.http.post(UPLOAD, params={"uploadType": "media"}, content=b"")
    part = owner.http.get(
        f"{FILES}/{reply.json()['id']}", params={"alt": "media"}, headers={"Range": "bytes=0-"}
    )

    assert reply.json()["name"] == "Untitled"
    assert (part.status_code, part.headers["Content-Range"]) == (416, "bytes */0")


def test_only_wanted_fields_are_sent(owner: Owner) -> None:
    made = owner.create(appProperties={"post": "1"})["id"]

    assert set(owner.http.get(f"{FILES}/{made}").json()) == {"kind", "id", "name", "mimeType"}
    assert owner.http.get(f"{FILES}/{made}", params={"fields": "id,appProperties/post"}).json() == {
        "id": made, "appProperties": {"post": "1"},
    }  # fmt: skip
    assert owner.http.get(FILES, params={"fields": "files(id)"}).json() == {"files": [{"id": made}]}
    assert owner.http.get(f"{FILES}/{made}", params={"fields": "id,likes"}).status_code == 400
    assert owner.http.get(f"{FILES}/{made}", params={"fields": "id,(name"}).status_code == 400


def test_queries_are_understood(owner: Owner) -> None:
    folder = owner.create("a folder", mimeType=FOLDER)["id"]
    owner.create("O'Brien", folder)
    owner.create("back\\slash", folder, appProperties={"post": "77"})
    owner.create("rock and roll")

    assert owner.found(r"name = 'O\'Brien'") == ["O'Brien"]
    assert owner.found(r"name='back\\slash'") == ["back\\slash"]
    assert owner.found("name = 'rock and roll' and trashed = false") == ["rock and roll"]
    assert owner.found(f"'{folder}' in parents and not name contains 'back'") == ["O'Brien"]
    assert owner.found("appProperties has { key='post' and value='77' }") == ["back\\slash"]
    assert owner.found(f"mimeType = '{FOLDER}' or (name contains 'rock' and 'root' in parents)") == [
        "a folder", "rock and roll",
    ]  # fmt: skip
    assert owner.found("modifiedTime > '2099-01-01T00:00:00'") == []


@pytest.mark.parametrize(
    "query",
    ["name", "name = 'x", "name = x", "likes = '1'", "name = 'a' and", "(name = 'a'", "name = 'a' name = 'b'",
     "appProperties has { key='a' }", "trashed = maybe", "fullText contains 'x'", "name = 'x\\y'"],
)  # fmt: skip
def test_a_query_that_is_not_understood_matches_nothing(owner: Owner, query: str) -> None:
    owner.create("x")

    reply = owner.http.get(FILES, params={"q": query})

    assert (reply.status_code, reason(reply)) == (400, "invalid")
    assert reply.json()["error"]["errors"][0]["location"] == "q"


def test_pages_may_be_short_or_empty_and_still_have_a_next(drive: RunningDrive, owner: Owner) -> None:
    for number in range(5):
        owner.create(f"{number}")
    drive.change(page_limit=2, empty_pages=True)

    first = owner.http.get(FILES).json()

    assert first["files"] == []
    assert first["nextPageToken"]
    assert owner.found("trashed = false") == ["0", "1", "2", "3", "4"]


def test_lists_may_lag_behind(drive: RunningDrive, owner: Owner) -> None:
    drive.change(list_lag=60.0)
    made = owner.create("new")["id"]

    assert owner.found("name = 'new'") == []
    assert owner.http.get(f"{FILES}/{made}").status_code == 200
    drive.change(clock_offset=61.0)
    assert owner.found("name = 'new'") == ["new"]


def test_things_move_change_and_go(owner: Owner) -> None:
    here, there = owner.create("here", mimeType=FOLDER)["id"], owner.create("there", mimeType=FOLDER)["id"]
    made = owner.create("x", here, appProperties={"a": "1", "b": "2"})["id"]

    owner.http.patch(f"{FILES}/{made}", json={"appProperties": {"a": None}, "trashed": True},
                     params={"addParents": there, "removeParents": here})  # fmt: skip

    assert owner.found(f"'{there}' in parents and trashed = true") == ["x"]
    assert owner.found("appProperties has { key='a' and value='1' }") == []
    assert owner.http.delete(f"{FILES}/{there}").status_code == 204
    assert owner.http.get(f"{FILES}/{made}").status_code == 404


def test_shared_drives_show_themselves_to_who_knows_them(drive: RunningDrive, owner: Owner) -> None:
    shared = drive.add_shared_drive()
    know = {"supportsAllDrives": "true"}

    hidden = owner.http.post(FILES, json={"name": "x", "parents": [shared]})
    made = owner.http.post(
        FILES, json={"name": "x", "parents": [shared]}, params=know | {"fields": "*"}
    ).json()

    assert hidden.status_code == 404
    assert made["driveId"] == shared
    assert owner.http.get(f"{FILES}/{made['id']}").status_code == 404
    assert owner.http.get(f"{FILES}/{made['id']}", params=know).status_code == 200
    assert owner.http.get(FILES, params=know).json()["files"] == []
    everywhere = know | {"includeItemsFromAllDrives": "true", "corpora": "drive", "driveId": shared}
    assert [one["name"] for one in owner.http.get(FILES, params=everywhere).json()["files"]] == ["x"]
    assert owner.http.get(FILES, params=know | {"corpora": "drive"}).status_code == 400


def test_links_can_be_given_and_forbidden(drive: RunningDrive, owner: Owner) -> None:
    address = f"{FILES}/{owner.create()['id']}/permissions"
    anyone = {"type": "anyone", "role": "reader"}

    given = owner.http.post(address, json=anyone).json()
    listed = owner.http.get(address).json()["permissions"]
    drive.change(links_forbidden=True)
    forbidden = owner.http.post(address, json=anyone)

    assert given["id"] == "anyoneWithLink"
    assert [one["id"] for one in listed] == ["owner", "anyoneWithLink"]
    assert forbidden.status_code == 403


def test_about_wants_fields_and_tells_the_room(drive: RunningDrive, owner: Owner) -> None:
    drive.change(quota_bytes=10)
    owner.http.post(UPLOAD, params={"uploadType": "media"}, content=b"12345678")

    about = owner.http.get("/drive/v3/about", params={"fields": "storageQuota,user/emailAddress"}).json()
    full = owner.http.post(UPLOAD, params={"uploadType": "media"}, content=b"123")

    assert owner.http.get("/drive/v3/about").status_code == 400
    assert about["user"] == {"emailAddress": "archivist@example.com"}
    assert (about["storageQuota"]["usage"], about["storageQuota"]["limit"]) == ("8", "10")
    assert (full.status_code, reason(full)) == (403, "storageQuotaExceeded")


def test_requests_are_counted_by_the_minute(drive: RunningDrive, owner: Owner) -> None:
    drive.change(requests_per_minute=2)

    replies = [owner.http.get(FILES) for _ in range(3)]
    drive.change(clock_offset=61.0)
    later = owner.http.get(FILES)

    assert [reply.status_code for reply in replies] == [200, 200, 403]
    assert reason(replies[-1]) == "userRateLimitExceeded"
    assert later.status_code == 200
