"""What users can meet is documented, and what is documented exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.settings import Settings

from store.config import Config
from store.jobs.kinds import KINDS
from store.jobs.media_arguments import MEDIA_ARGUMENTS
from store.jobs.states import Ending, JobState, ShardState, TargetState
from store.models import Base
from tests.house.commands import problems_of, spiders
from tests.house.paths import ROOT
from tiktok.outcomes import ListState
from tiktok.routes import LADDERS, Operation, Route
from tiktok.verdicts import Verdict

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
MEDIA = [argument.name for argument in MEDIA_ARGUMENTS]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text()


def missing_in(name: str, words: Iterator[str] | list[str]) -> list[str]:
    """Say which words a document does not name in `code`."""
    text = text_of(name)
    return [word for word in words if f"`{word}`" not in text]


def shell_lines(document: Path) -> Iterator[str]:
    for block in SHELL_BLOCK.findall(document.read_text()):
        yield from (line for line in block.replace("\\\n", " ").splitlines() if line.strip())


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_document
def test_every_command_in_a_document_exists(document: Path) -> None:
    problems = {line: list(problems_of(line)) for line in shell_lines(document)}

    assert {line: found for line, found in problems.items() if found} == {}


@each_document
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    broken = []

    for link in LINK.findall(document.read_text()):
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            broken.append(link)

    assert broken == []


@each_document
def test_a_document_is_reached_from_the_readme(document: Path) -> None:
    readme = ROOT / "README.md"
    linked = {(readme.parent / link).resolve() for link in LINK.findall(readme.read_text())}

    assert document == readme or document in linked


def test_the_settings_file_lists_every_setting_once_and_explains_it() -> None:
    lines = text_of(".env.example").splitlines()

    listed = [line.partition("=")[0] for line in lines if re.match(r"[A-Z]", line)]
    unexplained = [
        line
        for before, line in pairwise(lines)
        if re.match(r"[A-Z]", line) and not before.startswith("#") and not re.match(r"[A-Z]", before)
    ]

    assert sorted(listed) == sorted(field.name.upper() for field in fields(Config))
    assert unexplained == []


@pytest.mark.parametrize("name", sorted(spiders()))
def test_the_readme_names_a_spider_with_all_its_arguments(name: str) -> None:
    (row,) = re.findall(rf"^\| `{name}` \|.*\| (.*) \|$", text_of("README.md"), re.MULTILINE)

    declared = [argument.name for argument in spiders()[name].declared_arguments()]
    # `media` stands for its siblings, too, which have a table of their own.
    assert re.findall(r"`(\w+)`", row) == [word for word in declared if word not in MEDIA[1:]]


def test_every_argument_about_media_is_documented() -> None:
    assert (
        re.findall(r"^\| `(\w+)` \|.*\|.*\|$", text_of("docs/media.md"), re.MULTILINE)[: len(MEDIA)] == MEDIA
    )


def test_the_readme_names_every_script() -> None:
    documents = text_of("README.md") + text_of("CONTRIBUTING.md")

    assert [path.name for path in (ROOT / "bin").iterdir() if f"bin/{path.name}" not in documents] == []


def test_every_room_is_in_the_architecture() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}

    assert missing_in("docs/architecture.md", [f"{room}/" for room in sorted(rooms)]) == []


def test_every_station_is_documented_with_its_number() -> None:
    settings = Settings()
    settings.setmodule("crawler.settings")
    stations = {
        (str(number), path.split(".")[1]) for path, number in settings.getdict("ITEM_PIPELINES").items()
    }
    text = text_of("docs/stations.md")

    assert set(re.findall(r"^\| (\d+) \| `(\w+)` \|", text, re.MULTILINE)) == stations
    assert set(re.findall(r"^## (\d+) · (\w+)$", text, re.MULTILINE)) == stations


def test_every_route_verdict_and_operation_is_documented() -> None:
    assert set(LADDERS) == set(Operation)
    for words in (Route, Verdict, Operation):
        assert missing_in("docs/routes-and-verdicts.md", [str(word) for word in words]) == []


def test_every_state_of_a_list_is_documented() -> None:
    assert missing_in("docs/architecture.md", [str(state) for state in ListState]) == []


def test_every_state_and_kind_of_job_is_documented() -> None:
    words = (*JobState, *ShardState, *TargetState, *Ending)

    assert missing_in("docs/jobs.md", [str(word) for word in words] + list(KINDS)) == []


def test_every_table_is_documented() -> None:
    assert missing_in("docs/database.md", sorted(Base.metadata.tables)) == []


def test_the_changelog_is_kept_in_the_usual_form() -> None:
    headings = re.findall(r"^### (.*)$", text_of("CHANGELOG.md"), re.MULTILINE)

    assert "## [Unreleased]" in text_of("CHANGELOG.md")
    assert set(headings) <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_decisions_are_numbered_and_dated() -> None:
    numbers = re.findall(r"^(\d+)\. \*\*\d{4}-\d{2}-\d{2}\. ", text_of("docs/decisions.md"), re.MULTILINE)
    all_numbers = re.findall(r"^(\d+)\. ", text_of("docs/decisions.md"), re.MULTILINE)

    assert [int(number) for number in numbers] == list(range(1, len(all_numbers) + 1))
