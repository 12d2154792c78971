from __future__ import annotations

from pathlib import Path

import pytest

from crawler.feeds import check_feeds
from store.jobs.arguments import InvalidArgument


def test_a_file_that_can_be_written_passes_and_its_directory_is_made(tmp_path: Path) -> None:
    there = tmp_path / "there.csv"
    there.touch()

    check_feeds([there, str(tmp_path / "new" / "out.jsonl"), (tmp_path / "x.json").as_uri()])

    assert (tmp_path / "new").is_dir()
    assert not (tmp_path / "new" / "out.jsonl").exists()


@pytest.mark.parametrize("uri", ["stdout:", "s3://bucket/out.csv", "/nowhere/%(name)s-%(time)s.csv", "-"])
def test_places_that_are_no_plain_files_are_left_to_scrapy(
    uri: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    check_feeds([uri])


@pytest.mark.parametrize(
    ("name", "problem"), [("file/out.csv", "File exists: {}/file"), ("folder", "Is a directory")]
)
def test_a_file_that_can_not_be_written_is_refused(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()

    with pytest.raises(InvalidArgument) as caught:
        check_feeds([tmp_path / name])

    line = (
        f"output: can't write to {tmp_path / name} ({problem.format(tmp_path)}); name a file in a directory "
    )
    assert str(caught.value).startswith(line)
