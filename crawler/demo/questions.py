"""What the demo asks of the services: profiles with a callback, and one question that waits for its answer."""

from __future__ import annotations

import time
from typing import Any

import httpx
from sqlalchemy import Engine

from crawler.demo.receiver import Receiver
from crawler.demo.results import Result, count_users
from crawler.demo.services import Services
from tiktok.lookups import Lookup

CALLBACK_SECONDS = 60.0
LOOKUP_SECONDS = 20.0
ANSWER_SECONDS = 30.0


def ask_for_profiles(services: Services, receiver: Receiver, engine: Engine, usernames: list[str]) -> Result:
    """Ask the API for a list of profiles, and wait for the callback that tells of its end."""
    title = f"{len(usernames)} profiles by callback"
    started = time.monotonic()
    process = {"type": "callback", "callback": {"url": f"http://{receiver.host}/profiles"}}
    wish = {"request": {"process": process}, "usernames": usernames}
    reply = _post(f"{services.api}/api/tiktok/profiles", wish, {"X-API-Key": services.api_key})
    if not reply.is_success:
        return _refused(title, started, reply)
    told = receiver.wait(CALLBACK_SECONDS)
    seconds = time.monotonic() - started
    services.require_alive()
    if told is None:
        return Result(
            title=title,
            outcome=None,
            seconds=seconds,
            missing=(f"no callback within {CALLBACK_SECONDS:g} s",),
        )
    data: dict[str, Any] = told.get("data") or {}
    stored = count_users(engine, usernames)
    is_whole = stored == data.get("total_success") == len(usernames)
    return Result(
        title=title,
        outcome="ok" if is_whole else data.get("state"),
        listing="complete" if data.get("process_status") == "done" else data.get("process_status"),
        stored=stored,
        declared=data.get("total_username"),
        seconds=seconds,
        missing=() if is_whole else (f"{stored:,} of {len(usernames):,} are stored; {data.get('reason')}",),
    )


def look_up_posts(services: Services, target: str, count: int) -> Result:
    """Ask the live service for the newest posts of an account, and wait for its answer."""
    title = f"@{target}, asked live"
    started = time.monotonic()
    question = {
        "lookup": Lookup.USER_VIDEOS,
        "target": target,
        "count": count,
        "deadline_seconds": LOOKUP_SECONDS,
    }
    secret = {"Authorization": f"Bearer {services.live_secret}"}
    reply = _post(f"{services.live}/lookups", question, secret)
    if not reply.is_success:
        return _refused(title, started, reply)
    answer = reply.json()
    items, rows = answer["items"], answer["list"] or {}
    is_there = answer["outcome"] == "ok" and len(items) >= count
    return Result(
        title=title,
        outcome=answer["outcome"],
        listing="complete" if rows.get("complete") else "truncated",
        stored=len(items),
        declared=rows.get("declared"),
        route=answer["route"],
        seconds=time.monotonic() - started,
        missing=() if is_there else (f"{len(items)} rows came; {answer['outcome']}: {answer['reason']}",),
    )


def _post(url: str, document: dict[str, Any], headers: dict[str, str]) -> httpx.Response:
    return httpx.post(url, json=document, headers=headers, timeout=ANSWER_SECONDS, trust_env=False)


def _refused(title: str, started: float, reply: httpx.Response) -> Result:
    problem = f"{reply.url.path} answered {reply.status_code}: {reply.text[:200]}"
    return Result(title=title, outcome=None, seconds=time.monotonic() - started, missing=(problem,))
