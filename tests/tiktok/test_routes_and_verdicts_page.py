"""`docs/routes-and-verdicts.md` says what the code does: it names everything, and its tables are the code's."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tiktok.verdicts
from tiktok.aftermath import AFTERMATHS, TELLING, Aftermath, Change, Cost, Then
from tiktok.routes import LADDERS, Operation, Route
from tiktok.status_codes import StatusCode
from tiktok.verdicts import CODES, Verdict

PAGE = (Path(__file__).parents[2] / "docs" / "routes-and-verdicts.md").read_text("utf-8")


def rules() -> set[str]:
    """Names of all rules: those of codes, and the words that the judging functions pass."""
    source = Path(tiktok.verdicts.__file__).read_text("utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in ("_judgement", "Judgement")
        for argument in call.args[1:3]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }
    return {code.rule for code in StatusCode} | named


def row_of(verdict: Verdict, rule: str | None, row: Aftermath) -> str:
    retries = ", ".join(f"`{change}`" for change in row.retries) or "–"
    said = f"`{rule}`" if rule else "any"
    permanent = "yes" if row.permanent else "no"
    return (
        f"| `{verdict}` | {said} | {retries} | {row.wait_seconds:g} s "
        f"| `{row.then}` | `{row.cost}` | {permanent} |"
    )


@pytest.mark.parametrize(
    "words", [Route, Operation, Verdict, Change, Cost, Then], ids=lambda words: words.__name__
)
def test_every_word_is_named(words: type[Route]) -> None:
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_every_rule_is_named() -> None:
    known = rules()

    assert len(known) > len(StatusCode) + 30
    assert sorted(rule for rule in known if f"| `{rule}` |" not in PAGE) == []


def test_what_follows_is_only_told_of_rules_that_exist() -> None:
    assert {rule for _, rule in AFTERMATHS if rule} <= rules()


@pytest.mark.parametrize("operation", Operation)
def test_the_ladders_are_those_of_the_code(operation: Operation) -> None:
    ladder = " → ".join(f"`{route}`" for route in LADDERS[operation])

    assert f"| `{operation}` | {ladder} |\n" in PAGE


@pytest.mark.parametrize("code", StatusCode)
def test_the_codes_are_those_of_the_code(code: StatusCode) -> None:
    assert f"| {int(code)} | `{code.rule}` | `{CODES[code]}` |\n" in PAGE


@pytest.mark.parametrize("key", AFTERMATHS, ids=str)
def test_what_follows_is_what_the_code_does(key: tuple[Verdict, str | None]) -> None:
    assert row_of(*key, AFTERMATHS[key]) + "\n" in PAGE


def test_refusals_are_told_in_the_order_of_the_code() -> None:
    places = [PAGE.index(f"`{verdict}`", PAGE.index("When no route is left")) for verdict in TELLING]

    assert places == sorted(places)
