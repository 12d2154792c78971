"""The whole test script of the family's document, as it stands there but for host and token."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.webapi.shop.conftest import MakeApi

CONTRACTS = Path(os.environ.get("CONTRACTS_DIR") or Path(__file__).parents[4] / "shared" / "contracts")
DOCUMENT = CONTRACTS / "shop-api.md"
HOST = "https://api.tiktrendfinder.com"


def script() -> str:
    section = DOCUMENT.read_text(encoding="utf-8").partition("### Script de Teste Completo")[2]
    found = re.search(r"```python\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.skipif(not DOCUMENT.is_file(), reason=f"{DOCUMENT} is missing; set CONTRACTS_DIR")
def test_the_script_of_the_document_runs(make_api: MakeApi) -> None:
    made = make_api()
    text = script()
    assert HOST in text

    for warm in (False, True):
        code = f"TOKEN = {made.token!r}\n" + text.replace(HOST, f"http://127.0.0.1:{made.api.port}")
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [
            "Health: healthy",
            "Found 5 products",
            "Trending: 10 products",
            f"Cache hit rate: {50.0 if warm else 0.0}%",
        ]
