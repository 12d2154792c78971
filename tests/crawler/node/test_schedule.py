from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crawler.node.running import Node, running_node
from tests.fixtures.waiting import wait_until

CONF = """
[scrapyd]
runner = tests.crawler.node.runner
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with running_node(tmp_path_factory.mktemp("node"), conf=CONF) as node:
        yield node


@pytest.mark.parametrize(
    ("job", "arguments", "named"),
    [
        ("../x", {}, "jobid"),
        ("a/b", {}, "jobid"),
        (".hidden", {}, "jobid"),
        ("x" * 101, {}, "jobid"),
        ("a\nb", {}, "jobid"),
        ("fine", {"url": "7" * 70_000}, "url"),
        ("fine", {f"url{number}": "7" * 60_000 for number in range(5)}, "all arguments"),
        ("fine", {"url": "a\0b"}, "url"),
        ("fine", {"name": "x"}, "name"),
        ("fine", {"settings": "x"}, "settings"),
        ("fine", {"_job": "x"}, "_job"),
    ],
)
def test_what_cant_be_started_is_refused_with_the_reason(
    node: Node, job: str, arguments: dict[str, str], named: str
) -> None:
    answer = node.schedule(job, **arguments)

    assert answer["status"] == "error"
    assert answer["message"].startswith(named)
    assert "\n" not in answer["message"]
    assert node.jobs("pending") == node.jobs("running") == []


def test_ids_and_settings_pass(node: Node) -> None:
    answer = node.schedule("shard-17.2", shard="17", attempt="2", setting="LOG_LEVEL=INFO", priority="3")

    assert answer["status"] == "ok"
    wait_until(lambda: "shard-17.2" in node.jobs("finished"), "the job")
