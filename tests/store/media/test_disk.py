from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from store.media.disk import DiskArchive
from store.media.errors import PieceRefused, StoreRefused
from store.media.folder import FolderStore
from store.media.stores import Piece
from tiktok.media.wishes import Role


@pytest.fixture
def disk(tmp_path: Path) -> DiskArchive:
    archive = DiskArchive(tmp_path / "media")
    archive.open()
    return archive


def piece(source: Path, path: str = "TikTok/profile/maya/x_71.mp4") -> Piece:
    content = source.read_bytes()
    return Piece(
        source=source,
        path=path,
        video_id="71",
        role=Role.VIDEO,
        variant="",
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        mime_type="video/mp4",
    )


def test_a_part_becomes_a_file_in_a_folder_that_was_not_there(disk: DiskArchive) -> None:
    part = disk.parts / "71.part"
    part.write_bytes(b"film")

    disk.adopt(part, "TikTok/a/71.mp4")

    assert (disk.root / "TikTok/a/71.mp4").read_bytes() == b"film"
    assert not part.exists()
    assert disk.holds("TikTok/a/71.mp4", 4)
    assert not disk.holds("TikTok/a/71.mp4", 5)
    assert not disk.holds("TikTok/a/72.mp4", 4)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "", "a\\..\\x", "a\0b"])
def test_no_path_leaves_the_root(disk: DiskArchive, path: str) -> None:
    with pytest.raises(PieceRefused):
        disk.write(path, b"x")


def test_twins_share_their_space_and_stay_two_paths(disk: DiskArchive) -> None:
    disk.write("a/71.m4a", b"sound")
    disk.write("b/72.m4a", b"sound")

    assert disk.share("b/72.m4a", "a/71.m4a")
    assert disk.share("b/72.m4a", "a/71.m4a"), "a second time changes nothing"

    assert (disk.root / "a/71.m4a").samefile(disk.root / "b/72.m4a")
    assert list(disk.parts.iterdir()) == []


def test_a_twin_that_is_gone_leaves_the_file_as_it_is(disk: DiskArchive) -> None:
    disk.write("b/72.m4a", b"sound")

    assert not disk.share("b/72.m4a", "a/71.m4a")
    assert (disk.root / "b/72.m4a").read_bytes() == b"sound"


def test_a_folder_keeps_a_copy_and_knows_it_again(tmp_path: Path) -> None:
    source = tmp_path / "film.mp4"
    source.write_bytes(b"film" * 1000)
    store = FolderStore(tmp_path / "far away")
    store.open()

    before = store.find(piece(source))
    placed = store.put(piece(source))
    store.put(piece(source))

    target = tmp_path / "far away/TikTok/profile/maya/x_71.mp4"
    assert before is None
    assert store.find(piece(source)) == placed
    assert placed.link == target.as_uri()
    assert target.read_bytes() == source.read_bytes()
    assert source.exists()
    target.write_bytes(b"FILM" * 1000)
    assert store.find(piece(source)) is None, "somebody changed it"


def test_a_folder_that_can_not_be_made_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreRefused, match=r"^MEDIA_STORE: can't write to .*; mount it"):
        FolderStore(tmp_path / "file" / "x").open()
