"""What TikTok's codes about 9,483 accounts of 2026-02 mean for a profile without content."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import orjson
import pytest

from tiktok.replies import Reply
from tiktok.routes import Operation
from tiktok.verdicts import PERMANENT, Verdict, judge

REAL = Path(os.environ.get("CAPTURES_DIR") or Path(__file__).parents[4] / "shared" / "captures")
STATUS_CODES = REAL / "11_blocked_errors" / "norm-user-detail-status-codes.json"

MEANINGS: Mapping[int, Verdict] = {
    0: Verdict.WITHHELD,
    10202: Verdict.NOT_FOUND,
    10221: Verdict.BANNED,
    10222: Verdict.PRIVATE,
    10223: Verdict.UNAVAILABLE,
}


def judge_profile(code: int, message: str) -> Verdict:
    body = orjson.dumps({"statusCode": code, "statusMsg": message, "userInfo": {"user": {}, "stats": {}}})
    reply = Reply(url="https://www.tiktok.com/api/user/detail/", status=200, body=body)
    return judge(reply, Operation.PROFILE).verdict


@pytest.mark.parametrize("code", MEANINGS)
def test_every_code_has_its_verdict(code: int) -> None:
    verdict = judge_profile(code, "")

    assert verdict == MEANINGS[code]
    assert (verdict in PERMANENT) == (code != 0)


def test_codes_seen_on_real_accounts_are_all_known() -> None:
    if not STATUS_CODES.is_file() and os.environ.get("REQUIRE_SERVICES") != "1":
        pytest.skip(f"the real captures are not there: {REAL}")

    rows = orjson.loads(STATUS_CODES.read_bytes())

    assert {row["statusCode"] for row in rows} == MEANINGS.keys()
    for row in rows:
        assert judge_profile(row["statusCode"], row["statusMsg"]) == MEANINGS[row["statusCode"]]
