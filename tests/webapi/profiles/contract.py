"""The document of this family as tables: the three answers with their fields, what is refused and with which code."""

from __future__ import annotations

from typing import Any

from tests.webapi.checks import (
    Check,
    boolean,
    each,
    exactly,
    having,
    integer,
    mapping,
    matching,
    nothing,
    nullable,
    text,
)

PATH = "/api/tiktok/profiles"
UUID = matching(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = matching(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")

RESULT: dict[str, Check] = {
    "username": text,
    "status": exactly("success", "error"),
    "data": nullable(having(user=mapping, stats=mapping)),
    "_from_cache": boolean,
}
INSTANT: dict[str, Check] = {
    "status": exactly("success"),
    "message": exactly("TikTok Profiles processed"),
    "data": each(having(**RESULT)),
}
NUMBERS: dict[str, Check] = {
    "request_id": UUID,
    "total_username": integer,
    "total_process": integer,
    "total_error": integer,
    "total_success": integer,
    "process_status": exactly("pending", "processing", "done", "cancelled"),
}
QUEUED: dict[str, Check] = {
    "status": exactly("success"),
    "message": exactly("TikTok Profiles processing queued"),
    "data": having(**NUMBERS | {"process_status": exactly("pending")}),
}
STATUS: dict[str, Check] = {
    "status": exactly("success"),
    "message": exactly("TikTok Request status retrieved"),
    "data": having(
        **NUMBERS, process_percentage=integer, created_at=MOMENT, result=nullable(each(having(**RESULT)))
    ),
}
UNDER_WAY: dict[str, Check] = STATUS | {"data": having(result=nothing)}
CANCELLED: dict[str, Check] = {
    "status": exactly("success"),
    "message": exactly("TikTok Request cancellation processed"),
}
ERROR: dict[str, Check] = {"status": exactly("error"), "code": text, "message": text}


def instant(*usernames: Any) -> dict[str, Any]:
    return {"request": {"process": {"type": "instant"}}, "usernames": list(usernames)}


def callback(*usernames: Any, url: Any = "https://93.184.215.14/hook") -> dict[str, Any]:
    process = {"type": "callback", "callback": {"url": url}}
    return {"request": {"process": process}, "usernames": list(usernames)}


GOOD_NAMES = ("@maya", "maya", "@MAYA", "ab", "a" * 24, "a.b_c.9", "_._", "..a", "12")
BAD_NAMES = (
    "", "@", "a", "@a", "a" * 25, "@" + "a" * 25, "maya.", "@@maya", "may a", " maya", "maya\n", "may-a", "máya",
    "may@a", "😀😀", "a\x00b", "https://www.tiktok.com/@maya",
)  # fmt: skip

BAD_REQUESTS: dict[str, tuple[Any, str]] = {
    "no body": ({}, "request"),
    "no object": ([], "Invalid input"),
    "no process": ({"request": {}, "usernames": ["maya"]}, "request.process"),
    "no type": ({"request": {"process": {}}, "usernames": ["maya"]}, "request.process.type"),
    "unknown type": (
        {"request": {"process": {"type": "later"}}, "usernames": ["maya"]},
        "request.process.type",
    ),
    "type is no text": ({"request": {"process": {"type": 1}}, "usernames": ["maya"]}, "request.process.type"),
    "no usernames": ({"request": {"process": {"type": "instant"}}}, "usernames"),
    "usernames are a text": (instant() | {"usernames": "maya"}, "usernames"),
    "usernames are null": (instant() | {"usernames": None}, "usernames"),
    "instant with none": (instant(), "usernames"),
    "instant with two": (instant("maya", "tom"), "usernames"),
    "instant with a number": (instant(7), "usernames.0"),
    "instant with a callback": (
        callback("maya")
        | {"request": {"process": {"type": "instant", "callback": {"url": "https://example.org"}}}},
        "request.process.callback",
    ),
    "callback with none": (callback(), "usernames"),
    "callback with null among good ones": (callback("maya", None), "usernames.1"),
    "callback without a url": (
        callback("maya") | {"request": {"process": {"type": "callback", "callback": {}}}},
        "request.process.callback.url",
    ),
    "callback without a callback": (
        callback("maya") | {"request": {"process": {"type": "callback"}}},
        "request.process.callback",
    ),
    "callback with nothing but bad names": (callback("a", "b b", "😀"), "usernames"),
    "unknown field": (instant("maya") | {"client_id": "cl_other"}, "client_id"),
    "unknown field within": (
        instant("maya") | {"request": {"process": {"type": "instant", "LOG_FILE": "/etc/passwd"}}},
        "request.process.LOG_FILE",
    ),
    **{f"instant with {name!r}": (instant(name), "usernames") for name in BAD_NAMES},
    **{
        f"callback to {url!r}": (callback("maya", url=url), "request.process.callback.url")
        for url in (
            "", 1, None, "example.org", "ftp://example.org/", "http://example.org/", "https://localhost/",
            "https://127.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/",
            "https://2130706433/", "https://user:secret@example.org/", "https://example.org:22/",
            "https://example.org/" + "a" * 2100,
        )
    },
}  # fmt: skip
"""What is wrong → the body, and the field that the answer names."""

NO_REQUESTS = ("x", "1", "00000000-0000-4000-8000-000000000000", "%00", "%F0%9F%98%80", "a" * 500)
