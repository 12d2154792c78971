"""Who is at work on which post's media. A claim runs out by itself, and that of a dead process is free at once."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, update

from store.models.media import CLAIMS

HOLD = timedelta(seconds=60)
RENEW_AFTER = timedelta(seconds=20)
_PROCESS = secrets.token_hex(4)
"""Tells this process from an earlier one of the same number: a container's first is always 1."""


def new_holder() -> str:
    """Name somebody in this process, so that others on this machine can tell whether the process lives."""
    return f"{socket.gethostname()}:{os.getpid()}:{_PROCESS}:{secrets.token_hex(4)}"


def claim_posts(connection: Connection, holder: str, video_ids: Collection[str], now: datetime) -> set[str]:
    """Take those posts that nobody is at work on; two that ask at once meet in the key, and one is told to wait."""
    held = select(CLAIMS).where(CLAIMS.c.video_id.in_(video_ids)).with_for_update()
    stale, busy = [], set()
    for row in connection.execute(held):
        if row.holder == holder or row.held_until <= now or is_dead(row.holder):
            stale.append(row.video_id)
        else:
            busy.add(row.video_id)
    release_posts(connection, stale)
    taken = set(video_ids) - busy
    if taken:
        until = now + HOLD
        rows = [{"video_id": each, "holder": holder, "held_until": until} for each in sorted(taken, key=int)]
        connection.execute(insert(CLAIMS), rows)
    return taken


def release_posts(connection: Connection, video_ids: Collection[str], holder: str | None = None) -> None:
    """Let go of these posts, as far as the holder has them."""
    if video_ids:
        gone = delete(CLAIMS).where(CLAIMS.c.video_id.in_(video_ids))
        connection.execute(gone.where(CLAIMS.c.holder == holder) if holder else gone)


def held_posts(engine: Engine, now: datetime) -> set[str]:
    """List the posts that somebody is at work on."""
    held = select(CLAIMS.c.video_id, CLAIMS.c.holder).where(CLAIMS.c.held_until > now)
    with engine.connect() as connection:
        return {row.video_id for row in connection.execute(held) if not is_dead(row.holder)}


def renew_claims(connection: Connection, holder: str, now: datetime) -> None:
    """Keep all that this holder has."""
    connection.execute(update(CLAIMS).where(CLAIMS.c.holder == holder).values(held_until=now + HOLD))


def is_dead(holder: str) -> bool:
    """Say whether the process is known to be gone; of those on other machines nobody knows."""
    host, pid, process, _ = holder.rsplit(":", 3)
    if host != socket.gethostname():
        return False
    if int(pid) == os.getpid():
        return process != _PROCESS
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:  # somebody else's, and alive
        return False
    return False
