"""A page of the shop to products, against the least that any parser must do: byte search, then orjson.

    python -m benchmarks.shop_pages [--captures DIR] [--rounds 300]

Pages are those of a search, a category, a store and the front page of the stand-in, with thirty products each, and the
captured page of a product where it is at hand. Both ways are run on every page in turns; a page's ratio is the median
over its rounds. Prints one JSON line; `ratio` is that of the search.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from urllib.request import Request, urlopen

import orjson

from benchmarks.parse import CAPTURES
from benchmarks.site import run_standin
from tiktok.devices import CHROME_ON_WINDOWS
from tiktok.items import Product
from tiktok.parsing import parse
from tiktok.parsing.documents import ROUTER, read_document

GOAL = 1.6
WARM_UP_ROUNDS = 20
TAG = f'id="{ROUTER}"'.encode()
PAGES = {
    "search": "/us/s?q=iphone%20case",
    "category": "/us/c/phones-electronics/601739",
    "store": "/us/store/case-harbour/7505495158102523463",
    "front page": "/shop/us",
}
CAPTURED = "shop/pdp_us_2025-07_full_page.html"


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--captures", type=Path, default=CAPTURES, help=f"captures (default {CAPTURES})")
    arguments.add_argument("--rounds", type=int, default=300, help="rounds on every page (default 300)")
    given = arguments.parse_args()
    with run_standin() as url:
        bodies = {name: _get(url + path) for name, path in PAGES.items()}
    captured = given.captures / CAPTURED
    if captured.is_file():
        bodies["captured product"] = captured.read_bytes()
    pages = {name: _measure(body, given.rounds) for name, body in bodies.items()}
    report = {
        "benchmark": "shop_pages",
        "unit": "times byte search and orjson.loads",
        "ratio": pages["search"]["ratio"],
        "worst": max(page["ratio"] for page in pages.values()),
        "goal": GOAL,
        "pages": pages,
    }
    print(json.dumps(report))


def _get(url: str) -> bytes:
    request = Request(url, headers={"User-Agent": CHROME_ON_WINDOWS})  # noqa: S310  # our own server
    with urlopen(request, timeout=30) as reply:  # noqa: S310  # as above
        body: bytes = reply.read()
    return body


def _measure(body: bytes, rounds: int) -> dict[str, Any]:
    bare: list[float] = []
    full: list[float] = []
    for _ in range(rounds + WARM_UP_ROUNDS):
        bare.append(_milliseconds(_bare, body))
        full.append(_milliseconds(_products, body))
    pairs = list(zip(bare, full, strict=True))[WARM_UP_ROUNDS:]
    return {
        "kB": len(body) // 1000,
        "products": _products(body),
        "bare_ms": round(median(bare[WARM_UP_ROUNDS:]), 3),
        "full_ms": round(median(full[WARM_UP_ROUNDS:]), 3),
        "ratio": round(median(ours / theirs for theirs, ours in pairs), 3),
    }


def _milliseconds(run: Any, body: bytes) -> float:
    started = perf_counter()
    run(body)
    return (perf_counter() - started) * 1000


def _bare(body: bytes) -> object:
    start = body.find(b">", body.find(TAG)) + 1
    return orjson.loads(body[start : body.find(b"</script>", start)])


def _products(body: bytes) -> int:
    return sum(isinstance(item, Product) for item in parse(read_document(body)).items)


if __name__ == "__main__":
    main()
