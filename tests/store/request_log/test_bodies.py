from __future__ import annotations

import gzip
from pathlib import Path

from store.request_log import KeptBodies, without_secrets
from store.request_log.bodies import LONGEST_BYTES, MOST, SAMPLES


def read(folder: Path, name: str | None) -> bytes:
    assert name
    return gzip.decompress((folder / name).read_bytes())


def test_a_body_can_be_read_again(tmp_path: Path) -> None:
    name = KeptBodies(tmp_path).keep(b"<html>news</html>", "video:page")

    assert read(tmp_path, name) == b"<html>news</html>"


def test_the_same_body_is_kept_once(tmp_path: Path) -> None:
    names = [KeptBodies(tmp_path).keep(b"the same", "video:page") for _ in range(2)]

    assert names[0] == names[1]
    assert len(list(tmp_path.iterdir())) == 1


def test_of_one_kind_a_few_are_enough(tmp_path: Path) -> None:
    bodies = KeptBodies(tmp_path)

    names = [bodies.keep(b"%d" % number, "video:page") for number in range(10)]

    assert sum(name is not None for name in names) == SAMPLES
    assert bodies.keep(b"other", "profile:page") is not None


def test_the_folder_stays_small(tmp_path: Path) -> None:
    bodies = KeptBodies(tmp_path)

    for number in range(MOST + 20):
        bodies.keep(b"%d" % number, f"kind {number}")

    assert len(list(tmp_path.iterdir())) == MOST


def test_a_body_without_end_is_cut(tmp_path: Path) -> None:
    name = KeptBodies(tmp_path).keep(b"x" * (LONGEST_BYTES + 1), "video:page")

    assert len(read(tmp_path, name)) == LONGEST_BYTES


def test_secrets_are_taken_out_however_they_are_quoted() -> None:
    body = b'{"wid":"1|abcdefgh","again":"1%7Cabcdefgh","region":"us"}'

    assert without_secrets(body, ["1%7Cabcdefgh", "us", ""]) == b'{"wid":"***","again":"***","region":"us"}'
