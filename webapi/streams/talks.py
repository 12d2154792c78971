"""What is said on a stream: as a WebSocket, and as server-sent events."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import orjson
from aiohttp import WSCloseCode, web

from webapi.streams.hub import End
from webapi.streams.loop import MOST_BYTES, Stream

HEARTBEAT_SECONDS = 20.0
"""Proxies close what is silent for a minute; a peer that is gone without a word is noticed within half of it more."""
PATIENCE_SECONDS = 30.0
"""A client that takes nothing for so long is gone."""
RETRY_MILLISECONDS = 2000
"""How soon a browser connects again."""
SUBPROTOCOL = "bearer"
CLOSE_CODES = {
    End.FINISHED: WSCloseCode.OK,
    End.DELETED: WSCloseCode.OK,
    End.REVOKED: WSCloseCode.POLICY_VIOLATION,
    End.CLOSING: WSCloseCode.GOING_AWAY,
}


async def speak_websocket(request: web.BaseRequest, stream: Stream) -> web.StreamResponse:
    """Send a text per state, and close when there is no more."""
    socket = web.WebSocketResponse(
        heartbeat=HEARTBEAT_SECONDS, protocols=(SUBPROTOCOL,), compress=False, max_msg_size=MOST_BYTES
    )
    socket.headers.update(stream.headers)
    await socket.prepare(request)
    listening = asyncio.create_task(_listen(socket, stream))
    try:
        async for state in stream.subscription.states(HEARTBEAT_SECONDS):
            if state is not None:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await socket.send_str(state.text)
        end = stream.subscription.end or End.FINISHED
        # Whoever reads what the client sends would take its farewell, for which closing waits.
        listening.cancel()
        await socket.close(code=CLOSE_CODES[end], message=end.encode())
    except (ConnectionError, TimeoutError):
        pass  # the client is gone
    finally:
        listening.cancel()
    return socket


async def speak_events(request: web.BaseRequest, stream: Stream) -> web.StreamResponse:
    """Send an event per state, its id telling which, and a last one named `end`."""
    headers = {
        **stream.headers,
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",  # nginx would collect events before it passes them on
        "Connection": "close",
    }
    response = web.StreamResponse(headers=headers)
    with suppress(ConnectionError, TimeoutError):
        await response.prepare(request)
        await _write(response, f"retry: {RETRY_MILLISECONDS}\n\n")
        async for state in stream.subscription.states(HEARTBEAT_SECONDS):
            text = f"id: {state.digest}\ndata: {state.text}\n\n" if state else ": still there\n\n"
            await _write(response, text)
        end = stream.subscription.end or End.FINISHED
        await _write(response, f"event: end\ndata: {orjson.dumps({'reason': end}).decode()}\n\n")
        await response.write_eof()
    return response


async def _write(response: web.StreamResponse, text: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        await response.write(text.encode())


async def _listen(socket: web.WebSocketResponse, stream: Stream) -> None:
    """Take what the client sends, which is nothing to us but its farewell."""
    async for _ in socket:
        pass
    stream.subscription.stop(End.FINISHED)
