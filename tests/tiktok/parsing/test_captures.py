"""Every capture gives what is expected of it, and every shape has a capture.

An expectation is a file, written by hand from the payload: `expectations/{folder}/{name}.json` for the
capture `{folder}/{name}.*`, be it handmade (`captures/`, always there) or real (`CAPTURES_DIR`). In it:

- `verdict` and `shape`; `items`: how many of each type;
- `page`: fields of the `ListPage`; `fields`: per item its `type`, its key, and fields to compare;
- `visitor`: fields of the `Visitor`, where the page tells one; `defects`: all of them, none when left out.

Times are ISO 8601, amounts their digits, `exact_counters` a sorted list. A number in the place of a list asks for
its length.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from tiktok.items import Item
from tiktok.parsing import ListPage, Visitor
from tiktok.parsing.shapes import SHAPES
from tiktok.replies import Reply
from tiktok.verdicts import judge

TESTS = Path(__file__).parents[1]
HANDMADE = TESTS / "captures"
EXPECTATIONS = TESTS / "expectations"
REAL = Path(os.environ.get("CAPTURES_DIR") or Path(__file__).parents[4] / "shared" / "captures")


def captures_in(directory: Path) -> list[Path]:
    """Captures of the folders 01 to 13, and of the shop."""
    paths = (path for folder in ("[01]*", "shop") for path in directory.glob(f"{folder}/*"))
    return sorted(path for path in paths if path.suffix in {".html", ".json"})


def expectation_of(capture: Path) -> Path:
    return EXPECTATIONS / capture.parent.name / f"{capture.stem}.json"


def read_expectation(capture: Path) -> dict[str, Any]:
    expectation: dict[str, Any] = orjson.loads(expectation_of(capture).read_bytes())
    return expectation


def reply_of(capture: Path) -> Reply:
    return Reply(url="https://www.tiktok.com/", status=200, body=capture.read_bytes())


def plain(value: Any, expected: Any) -> Any:
    """A field's value as an expectation writes it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | frozenset) and isinstance(expected, int):
        return len(value)
    return sorted(value) if isinstance(value, frozenset) else value


def differences(actual: Item | ListPage | Visitor, expected: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields that differ: `{name: (actual, expected)}`."""
    names = {each.name for each in fields(actual)}
    assert expected.keys() <= names, f"no such fields: {expected.keys() - names}"
    found = {name: (plain(getattr(actual, name), value), value) for name, value in expected.items()}
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def by_name(capture: Path) -> str:
    return f"{capture.parent.name}/{capture.name}"


captures = pytest.mark.parametrize("capture", [*captures_in(HANDMADE), *captures_in(REAL)], ids=by_name)


@captures
def test_capture_has_an_expectation(capture: Path) -> None:
    assert expectation_of(capture).is_file(), f"write {expectation_of(capture)} by hand from the payload"


@captures
def test_capture_gives_the_expected_items(capture: Path) -> None:
    expected = read_expectation(capture)

    parsed = reply_of(capture).parsed

    assert parsed.shape == expected["shape"]
    assert Counter(item.type for item in parsed.items) == expected["items"]
    items = {(item.type, item.key): item for item in parsed.items}
    for each in expected.get("fields", []):
        key = each["name" if each["type"] == "hashtag" else "id"]
        wanted = {name: value for name, value in each.items() if name != "type"}
        assert differences(items[each["type"], key], wanted) == {}


@captures
def test_capture_gives_the_expected_page(capture: Path) -> None:
    expected = read_expectation(capture)

    page = reply_of(capture).parsed.page

    if "page" in expected:
        assert page is not None
        assert differences(page, expected["page"]) == {}
    else:
        assert page is None, "the expectation must say what the list tells"


@captures
def test_capture_gives_the_expected_visitor(capture: Path) -> None:
    expected = read_expectation(capture)

    visitor = reply_of(capture).parsed.visitor

    if "visitor" in expected:
        assert visitor is not None
        assert differences(visitor, expected["visitor"]) == {}
    else:
        assert visitor is None, "the expectation must say who the page takes us for"


@captures
def test_capture_shows_the_expected_defects(capture: Path) -> None:
    expected = read_expectation(capture)

    defects = reply_of(capture).parsed.defects

    assert defects == expected.get("defects", [])


@captures
def test_capture_gets_the_expected_verdict(capture: Path) -> None:
    expected = read_expectation(capture)

    judgement = judge(reply_of(capture))

    assert judgement.verdict == expected["verdict"]


def test_every_shape_has_a_handmade_capture() -> None:
    proven = {read_expectation(capture)["shape"] for capture in captures_in(HANDMADE)}

    assert {shape.name for shape in SHAPES} - proven == set()


def test_no_two_captures_share_an_expectation() -> None:
    owners = Counter(expectation_of(path) for path in [*captures_in(HANDMADE), *captures_in(REAL)])

    assert [path for path, count in owners.items() if count > 1] == []


def test_no_expectation_is_orphaned() -> None:
    if not REAL.is_dir():
        pytest.skip(f"the real captures are not there: {REAL}")

    owned = {expectation_of(path) for path in [*captures_in(HANDMADE), *captures_in(REAL)]}

    assert set(EXPECTATIONS.glob("*/*.json")) - owned == set()


def test_real_captures_are_there() -> None:
    if not REAL.is_dir() and os.environ.get("REQUIRE_SERVICES") != "1":
        pytest.skip(f"the real captures are not there: {REAL}")

    assert captures_in(REAL), f"set CAPTURES_DIR: {REAL} holds no captures"
