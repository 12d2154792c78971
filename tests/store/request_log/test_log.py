from __future__ import annotations

import json
from pathlib import Path

from store.request_log import RequestLog
from store.request_log.log import MEGABYTE


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for path in sorted(folder.iterdir()) for line in path.read_text().splitlines()]


def test_each_entry_is_a_line_of_json(tmp_path: Path) -> None:
    log = RequestLog(tmp_path / "requests", megabytes=1)

    log.write({"verdict": "ok"})
    log.write({"verdict": "captcha"})
    log.close()

    assert lines(tmp_path / "requests") == [{"verdict": "ok"}, {"verdict": "captcha"}]


def test_nothing_is_made_without_a_line(tmp_path: Path) -> None:
    RequestLog(tmp_path / "requests", megabytes=1).close()

    assert not (tmp_path / "requests").exists()


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    log = RequestLog(tmp_path, megabytes=1)
    log.write({"verdict": "ok"})
    log.close()

    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_oldest_lines_make_room_for_new_ones(tmp_path: Path) -> None:
    log = RequestLog(tmp_path, megabytes=1)

    for number in range(3_000):
        log.write({"number": number, "filler": "x" * 1_000})
    log.close()

    numbers = [line["number"] for line in lines(tmp_path)]
    assert numbers[-1] == 2_999
    assert numbers == list(range(numbers[0], 3_000))  # type: ignore[call-overload]  # numbers are numbers
    assert 0.7 * MEGABYTE < sum(path.stat().st_size for path in tmp_path.iterdir()) <= MEGABYTE


def test_two_processes_write_into_files_of_their_own(tmp_path: Path) -> None:
    one, other = RequestLog(tmp_path, megabytes=1), RequestLog(tmp_path, megabytes=1)

    one.write({"by": "one"})
    other.write({"by": "other"})
    one.close()
    other.close()

    assert len(list(tmp_path.iterdir())) == 2
