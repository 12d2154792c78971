"""What cached answers are measured against: FastAPI, PyJWT and redis-py, as their tutorials put them together.

    REDIS_URL=… BASELINE_SECRET=… uvicorn benchmarks.answers_baseline:app --workers 2

It has the duties of ours: it checks a signed token, counts the request in a window of a minute, and serves what the
cache has. The bodies are put there by whoever measures.
"""

from __future__ import annotations

import os
import time
from typing import Annotated

import jwt
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from redis.asyncio import Redis

ALGORITHM = "HS256"
MINUTE = 60
MOST_PER_MINUTE = 10_000_000
"""Nobody is refused here; counting costs the same."""

app = FastAPI()
bearer = HTTPBearer()
redis = Redis.from_url(os.environ["REDIS_URL"])


async def client(shown: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    try:
        claims = jwt.decode(shown.credentials, os.environ["BASELINE_SECRET"], algorithms=[ALGORITHM])
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    return str(claims["sub"])


async def limited(name: Annotated[str, Depends(client)]) -> None:
    key = f"baseline:limit:{name}:{int(time.time()) // MINUTE}"
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.incr(key)
        pipeline.expire(key, MINUTE)
        count, _ = await pipeline.execute()
    if count > MOST_PER_MINUTE:
        raise HTTPException(429)


async def cached(key: str) -> Response:
    body = await redis.get(key)
    if body is None:
        raise HTTPException(404)
    return Response(body, media_type="application/json")


@app.get("/api/v1/user/{username}/info", dependencies=[Depends(limited)])
async def info(username: str) -> Response:
    return await cached(f"baseline:user:{username}")


@app.get("/api/v1/tiktok/api/search", dependencies=[Depends(limited)])
async def search(q: str, max_results: int = 20) -> Response:
    return await cached(f"baseline:search:{q}:{max_results}")
