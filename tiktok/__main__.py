"""`python -m tiktok FILE…`: read saved pages and JSON answers offline and print what they hold.

One JSON line per file. The tool to look into drift: the same judging and parsing as a crawl, without a crawl.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from tiktok.items import Item, json_value
from tiktok.parsing import ListPage
from tiktok.replies import Reply
from tiktok.verdicts import judge

STDIN = "-"

EPILOG = """\
each line: {"file", "verdict", "rule", "shape", "items": [{"type", ...}], "page": {...}, "defects": [...]}
Fields the payload did not tell are left out; times are UTC. `page` is there for lists, `defects` when
required fields are missing.

exit status: 0 all files were read, 2 a file was missing or unreadable (the others are still printed)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line per file; return the exit status."""
    status = 0
    for name in _argument_parser().parse_args(arguments).files:
        try:
            body = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
        except OSError as error:
            print(f"tiktok: cannot read {name}: {error.strerror or error}", file=sys.stderr)
            status = 2
        else:
            sys.stdout.buffer.write(describe(name, body) + b"\n")
    sys.stdout.flush()
    return status


def describe(name: str, body: bytes) -> bytes:
    """One line of JSON about one saved answer."""
    # Nothing tells where a file came from: it is judged as a good answer to a request for the front page.
    reply = Reply(url="https://www.tiktok.com/", status=200, body=body)
    judgement = judge(reply)
    parsed = reply.parsed
    line: dict[str, Any] = {
        "file": name,
        "verdict": judgement.verdict,
        "rule": judgement.rule,
        "shape": parsed.shape,
        "items": [_item_record(item) for item in parsed.items],
    }
    if parsed.page is not None:
        line["page"] = _page_record(parsed.page)
    if parsed.defects:
        line["defects"] = parsed.defects
    return orjson.dumps(line, default=json_value, option=orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z)


def _item_record(item: Item) -> dict[str, Any]:
    return {"type": item.type, **asdict(item, dict_factory=_told)}


def _page_record(page: ListPage) -> dict[str, Any]:
    return asdict(page, dict_factory=_told)


def _told(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in pairs if value is not None}


def _argument_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tiktok",
        description="Read saved TikTok pages or JSON answers, print what they hold: one JSON line per file.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a saved answer; - reads standard input")
    return parser


def _run() -> int:
    try:
        return main()
    except BrokenPipeError:
        # Who reads us (`| head`) has enough. Standard output is put aside, or Python complains when it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    raise SystemExit(_run())
