"""The alert rules are sound, fire when they should, and name metrics that there are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.paths import ROOT

RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if found:
        return found
    reason = "no promtool: apt-get install prometheus"
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prometheus_takes_the_rules(promtool: str) -> None:
    assert "SUCCESS" in run(promtool, "check", "rules", RULES)


def test_prometheus_takes_its_settings(promtool: str, tmp_path: Path) -> None:
    shutil.copytree(RULES.parent, tmp_path, dirs_exist_ok=True)
    (tmp_path / "api_key").write_text("tk_")

    assert "SUCCESS" in run(promtool, "check", "config", tmp_path / "prometheus.yml")


def test_alerts_are_told_when_they_should_be(promtool: str, tmp_path: Path) -> None:
    tests = (ROOT / "tests" / "house" / "alerts.yml").read_text().replace("ALERTS", str(RULES))
    (tmp_path / "tests.yml").write_text(tests)

    run(promtool, "test", "rules", tmp_path / "tests.yml")


def test_every_metric_that_a_rule_names_is_documented() -> None:
    documented = set(re.findall(r"`(tiktok_\w+)", (ROOT / "docs" / "metrics.md").read_text()))

    named = set(re.findall(r"\btiktok_(?!scraper)\w+", RULES.read_text()))

    assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in named} <= documented
