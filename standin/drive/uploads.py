"""`/upload/drive/v3/files`: content at once, with its metadata, or chunk by chunk."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from standin.drive.bodies import checksummed, json_body, pieces_of, split_parts, whole_body
from standin.drive.doorway import caller_of
from standin.drive.errors import DriveError
from standin.drive.fields import file_answer
from standin.drive.files import all_drives_of, apply_wish
from standin.drive.sessions import WEEK_SECONDS, Session, session_id
from standin.drive.state import Drive, Entry, drive_of

routes = web.RouteTableDef()

_UPLOAD = "/upload/drive/v3/files"


@routes.post(_UPLOAD)
@routes.post(_UPLOAD + "/{id}")
@routes.patch(_UPLOAD + "/{id}")
async def upload(request: web.Request) -> web.Response:
    """Take a file whole, or begin a session; with an id, replace the content of what has it."""
    if "upload_id" in request.query:
        return await _continued(request)
    match request.query.get("uploadType"):
        case "resumable":
            return await _begin(request)
        case "multipart":
            body = await whole_body(request)
            wish, content, mime_type = split_parts(body, request.headers.get("Content-Type", ""))
        case "media":
            wish, content, mime_type = {}, await whole_body(request), request.content_type
        case _:
            raise DriveError("badRequest", "uploadType is media, multipart or resumable")
    drive = drive_of(request)
    session = _session(request, {"mimeType": mime_type} | wish)
    session.path.write_bytes(content)
    return web.json_response(file_answer((await _finish(drive, session)).shown(), session.fields))


async def _begin(request: web.Request) -> web.Response:
    kind = request.headers.get("X-Upload-Content-Type")
    wish = ({"mimeType": kind} if kind else {}) | await json_body(request)
    session = _session(request, wish)
    length = request.headers.get("X-Upload-Content-Length", "")
    session.total = int(length) if length.isdigit() else None
    _entry(drive_of(request), session)
    name = session_id()
    drive_of(request).sessions[name] = session
    location = request.url.with_query(dict(request.query) | {"upload_id": name})
    if request.host.endswith(".googleapis.com"):
        location = location.with_scheme("https")  # a proxy that took Google's name took TLS off, too
    return web.Response(headers={"Location": str(location), "X-GUploader-UploadID": name})


@routes.put(_UPLOAD)
@routes.put(_UPLOAD + "/{id}")
async def continue_upload(request: web.Request) -> web.Response:
    """Take a chunk, or tell how much arrived. The address itself is the permission."""
    return await _continued(request)


async def _continued(request: web.Request) -> web.Response:
    drive, name = drive_of(request), request.query.get("upload_id", "")
    session = drive.sessions.get(name)
    if session is None or drive.now - session.began > WEEK_SECONDS:
        raise DriveError("notFound", "Upload session not found.", status=404)
    if not session.finished:
        await session.take(
            request.headers.get("Content-Range"), pieces_of(request), request.get("keep_bytes")
        )
        if not session.is_whole:
            headers = {"Range": f"bytes=0-{session.stored - 1}"} if session.stored else {}
            return web.Response(status=308, reason="Resume Incomplete", headers=headers)
        session.finished = (await _finish(drive, session)).id
    entry = drive.find(session.finished, all_drives=True)
    return web.json_response(file_answer(entry.shown(), session.fields))


def _session(request: web.Request, wish: dict[str, Any]) -> Session:
    drive = drive_of(request)
    path = drive.folder / session_id()
    path.touch()
    return Session(
        path=path,
        wish=wish,
        fields=request.query.get("fields", ""),
        began=drive.now,
        caller=caller_of(request),
        target=request.match_info.get("id", ""),
        all_drives=all_drives_of(request),
    )


def _entry(drive: Drive, session: Session) -> Entry:
    """Return the file as it will be; refuse what Drive refuses."""
    if session.target:
        return drive.find(session.target, all_drives=session.all_drives)
    return drive.make(session.wish, session.caller, all_drives=session.all_drives)


async def _finish(drive: Drive, session: Session) -> Entry:
    """Turn an upload into a file, which is there from now on."""
    entry = _entry(drive, session)
    content = await asyncio.to_thread(checksummed, session.path)
    if (
        drive.settings.quota_bytes
        and not entry.drive_id
        and drive.usage() + content.size > drive.settings.quota_bytes
    ):
        raise DriveError("storageQuotaExceeded", "The user's Drive storage quota has been exceeded.")
    if session.target:
        apply_wish(drive, entry, session.wish)
    else:
        drive.check_id(session.wish.get("id"))
        drive.reserved.discard(entry.id)
    entry.content = content
    return drive.add(entry)
