"""The `q` parameter: a small language, read strictly. What it doesn't know is refused, never matched."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from standin.drive.errors import invalid
from standin.drive.state import ROOT, Entry, timestamp

Test = Callable[[Entry], bool]

_TOKEN = re.compile(r"""\s*(?:(?P<text>'(?:[^'\\]|\\['\\])*')|(?P<word>\w+)|(?P<sign><=|>=|!=|[=<>(){}]))""")
_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda value, wanted: value == wanted,
    "!=": lambda value, wanted: value != wanted,
    "<": lambda value, wanted: value < wanted,
    "<=": lambda value, wanted: value <= wanted,
    ">": lambda value, wanted: value > wanted,
    ">=": lambda value, wanted: value >= wanted,
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")


def parse_query(text: str) -> Test:
    """Return a test of entries."""
    parser = _Parser(_tokens(text))
    test = parser.any_of()
    if parser.tokens:
        _refuse()
    return test


def _refuse() -> NoReturn:
    raise invalid("q")


def _tokens(text: str) -> list[str]:
    tokens, place = [], 0
    while text[place:].strip():
        found = _TOKEN.match(text, place)
        if not found:
            _refuse()
        tokens.append(found[0].strip())
        place = found.end()
    return tokens


@dataclass(slots=True)
class _Parser:
    """Reads from the front; what is left over is an error."""

    tokens: list[str]

    def any_of(self) -> Test:
        tests = [self.all_of()]
        while self._follows("or"):
            tests.append(self.all_of())
        return lambda entry: any(test(entry) for test in tests)

    def all_of(self) -> Test:
        tests = [self.one()]
        while self._follows("and"):
            tests.append(self.one())
        return lambda entry: all(test(entry) for test in tests)

    def one(self) -> Test:
        if self._follows("not"):
            test = self.one()
            return lambda entry: not test(entry)
        if self._follows("("):
            test = self.any_of()
            self._expect(")")
            return test
        return self._term()

    def _term(self) -> Test:
        first = self._next()
        if first.startswith("'"):
            self._expect("in")
            self._expect("parents")
            wanted = ROOT if (parent := _unquoted(first)) == "root" else parent
            return lambda entry: wanted in entry.parents
        if first in {"name", "mimeType"}:
            return self._text_term(first)
        if first == "trashed":
            return self._flag_term()
        if first in {"modifiedTime", "createdTime"}:
            return self._time_term(first)
        if first in {"appProperties", "properties"}:
            return self._property_term(first)
        _refuse()

    def _text_term(self, name: str) -> Test:
        sign, wanted = self._next(), _unquoted(self._next())

        def value(entry: Entry) -> str:
            return entry.name if name == "name" else entry.mime_type

        match sign:
            case "=":
                return lambda entry: value(entry) == wanted
            case "!=":
                return lambda entry: value(entry) != wanted
            case "contains" if name == "name":
                return lambda entry: any(
                    word.startswith(wanted.lower())
                    for word in (entry.name.lower(), *entry.name.lower().split())
                )
            case "contains":
                return lambda entry: entry.mime_type.startswith(wanted)
        _refuse()

    def _flag_term(self) -> Test:
        sign, word = self._next(), self._next()
        if sign not in {"=", "!="} or word not in {"true", "false"}:
            _refuse()
        wanted = (word == "true") == (sign == "=")
        return lambda entry: entry.trashed == wanted

    def _time_term(self, name: str) -> Test:
        sign, wanted = self._next(), _unquoted(self._next())
        compare = _COMPARISONS.get(sign)
        if compare is None or not _TIME.fullmatch(wanted):
            _refuse()
        return lambda entry: compare(
            (entry.modified if name == "modifiedTime" else timestamp(entry.created))[:19], wanted[:19]
        )

    def _property_term(self, name: str) -> Test:
        for word in ("has", "{", "key", "="):
            self._expect(word)
        key = _unquoted(self._next())
        for word in ("and", "value", "="):
            self._expect(word)
        value = _unquoted(self._next())
        self._expect("}")
        return lambda entry: (
            (entry.app_properties if name == "appProperties" else entry.properties).get(key) == value
        )

    def _follows(self, word: str) -> bool:
        if self.tokens[:1] != [word]:
            return False
        self.tokens.pop(0)
        return True

    def _expect(self, word: str) -> None:
        if not self._follows(word):
            _refuse()

    def _next(self) -> str:
        if not self.tokens:
            _refuse()
        return self.tokens.pop(0)


def _unquoted(token: str) -> str:
    if not token.startswith("'"):
        _refuse()
    return re.sub(r"\\(.)", r"\1", token[1:-1])
