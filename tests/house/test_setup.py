"""`bin/setup` in a place of its own, with pins that need no download."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.paths import ROOT

NO_PINS = "# nothing to install\n"


def fresh_checkout(root: Path) -> Path:
    (root / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "setup", root / "bin")
    (root / "requirements.txt").write_text(NO_PINS)
    (root / "requirements-dev.txt").write_text(NO_PINS)
    return root


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a space in its path, holding `bin/setup` and empty pins."""
    return fresh_checkout(tmp_path / "a checkout")


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, str]:
    root = fresh_checkout(tmp_path_factory.mktemp("set-up") / "a checkout")
    return root, *setup(root)


@pytest.fixture
def ready(first_run: tuple[Path, int, str]) -> Path:
    """A checkout in which everything is in place; shared, since making an environment takes seconds."""
    root, code, output = first_run
    assert code == 0, output
    return root


def start_setup(checkout: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [checkout / "bin" / "setup", *arguments],
        cwd="/",
        env={**os.environ, "PYTHON": sys.executable, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def setup(checkout: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    process = start_setup(checkout, *arguments, **environment)
    output, _ = process.communicate(timeout=120)
    return process.returncode, output


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_set_up_makes_an_environment_that_works(first_run: tuple[Path, int, str]) -> None:
    root, code, output = first_run

    assert code == 0, output
    assert "Making .venv" in output
    assert f"Everything is in place: {root}/.venv\n" in output
    assert subprocess.check_output([root / ".venv/bin/pip", "--version"])


def test_set_up_does_nothing_when_all_is_in_place(ready: Path) -> None:
    setup(ready)

    code, output = setup(ready)

    assert (code, output) == (0, f"Everything is in place: {ready}/.venv\n")


def test_changed_pins_are_installed_into_the_same_environment(ready: Path) -> None:
    (ready / "requirements.txt").write_text("# still nothing\n")
    code, output = setup(ready)

    assert code == 0
    assert "Installing" in output
    assert "Making" not in output


def test_development_pins_are_looked_at_when_asked_for(ready: Path) -> None:
    (ready / "requirements-dev.txt").write_text("# other tools\n")

    assert "Installing" not in setup(ready)[1]
    assert "Installing" in setup(ready, "--dev")[1]
    assert setup(ready, "--dev", "--quiet") == (0, "")


def test_a_failed_installation_is_taken_up_again(ready: Path) -> None:
    (ready / "requirements.txt").write_text("./no-such-directory\n")
    failed = setup(ready)

    (ready / "requirements.txt").write_text("# mended\n")
    mended = setup(ready)

    assert failed[0] == 1
    assert "bin/setup: the installation failed" in failed[1]
    assert mended[0] == 0
    assert "Installing" in mended[1]


def test_of_two_at_once_one_works_and_the_other_waits(checkout: Path) -> None:
    both = [start_setup(checkout), start_setup(checkout)]

    outputs = [process.communicate(timeout=120)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0], outputs
    assert sum("Making .venv" in output for output in outputs) == 1


def test_a_moved_checkout_gets_a_new_environment(ready: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved here"
    shutil.copytree(ready, moved, symlinks=True)

    code, output = setup(moved)

    assert code == 0
    assert "Making .venv" in output
    assert subprocess.check_output([moved / ".venv/bin/pip", "--version"])


def test_an_old_python_is_refused_with_the_way_out(checkout: Path, tmp_path: Path) -> None:
    old = script(tmp_path / "python3.9", "exit 1")

    code, output = setup(checkout, PYTHON=old)

    assert code == 1
    assert output.startswith(f"bin/setup: Python 3.11 or newer is needed; {old} is not that.")
    assert "apt install python3" in output


def test_a_python_without_ensurepip_is_told_what_to_install(checkout: Path, tmp_path: Path) -> None:
    cut = script(
        tmp_path / "python3",
        'case "$*" in *ensurepip*) exit 1 ;; *sys.executable*) echo "$0" && exit ;; esac\n'
        f'exec "{sys.executable}" "$@"',
    )

    code, output = setup(checkout, PYTHON=cut, PATH="/usr/bin:/bin")

    assert code == 1
    assert "apt install python3-venv" in output
    assert not (checkout / ".venv").exists()


def test_an_unknown_option_is_named(checkout: Path) -> None:
    code, output = setup(checkout, "--devel")

    assert code == 1
    assert output == "bin/setup: unknown option --devel; there are --dev, --quiet and --help\n"
