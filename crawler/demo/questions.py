"""What the demo asks of the services: profiles with a callback, and one question that waits for its answer."""

from __future__ import annotations

import time
from typing import Any

import httpx
from sqlalchemy import Engine

from crawler.demo.receiver import Receiver
from crawler.demo.results import Result, count_users
from crawler.demo.services import Services

CALLBACK_SECONDS = 120.0
ANSWER_SECONDS = 30.0


def ask_for_profiles(services: Services, receiver: Receiver, engine: Engine, usernames: list[str]) -> Result:
    """Ask the API for a list of profiles, and wait for the callback that tells of its end."""
    title = f"{len(usernames)} profiles by callback"
    started = time.monotonic()
    process = {"type": "callback", "callback": {"url": f"http://{receiver.host}/profiles"}}
    wish = {"request": {"process": process}, "usernames": usernames}
    reply = httpx.post(
        f"{services.api}/api/tiktok/profiles",
        json=wish,
        headers=services.credentials,
        timeout=ANSWER_SECONDS,
        trust_env=False,
    )
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


def look_up_posts(services: Services, username: str, count: int) -> Result:
    """Ask the API for the newest posts of an account, and wait for them."""
    title = f"@{username}, asked live"
    started = time.monotonic()
    reply = httpx.get(
        f"{services.api}/api/v1/user/{username}/videos",
        params={"count": count},
        headers=services.credentials,
        timeout=ANSWER_SECONDS,
        trust_env=False,
    )
    if not reply.is_success:
        return _refused(title, started, reply)
    answer = reply.json()
    found = len(answer["data"])
    return Result(
        title=title,
        outcome=answer["outcome"],
        listing="complete" if answer["complete"] else "truncated",
        stored=found,
        declared=answer["declared"],
        route=answer["source"],
        seconds=time.monotonic() - started,
        missing=() if found >= count else (f"{found} posts came; {answer['truncated']}",),
    )


def _refused(title: str, started: float, reply: httpx.Response) -> Result:
    problem = f"{reply.url.path} answered {reply.status_code}: {reply.text[:200]}"
    return Result(title=title, outcome=None, seconds=time.monotonic() - started, missing=(problem,))
