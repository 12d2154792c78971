"""What is served is what the OpenAPI document says, field by field, and nothing else."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from sqlalchemy import Engine

from store.upserts import write
from tests.store.factories import make_sound, make_user, make_video
from tests.webapi.conftest import Tenant

SERVED = {
    "/api/videos": ["", "?limit=1"],
    "/api/videos/{video_id}": ["7400000000000000001", "7400000000000000002", "7400000000000000003"],
    "/api/users": [""],
    "/api/users/{user_id}": ["maya", "7"],
    "/api/jobs": [""],
    "/api/jobs/{job_id}": [],
    "/api/analytics/overview": ["", "?end_date=2020-01-01"],
    "/api/analytics/trends": [""],
    "/api/v1/auth/me": [""],
}
"""Path as the document has it → what to ask for; of jobs those that were made."""


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Things of which everything is known, and things of which hardly anything is."""
    unknown = dict.fromkeys(
        ("url", "description", "created_at", "user_id", "username", "display_name", "sound_id", "sound_title",
         "hashtags", "views", "likes", "shares", "comments_count", "saves", "duration")
    )  # fmt: skip
    bare = dict.fromkeys(
        ("username", "display_name", "bio", "avatar_url", "followers", "following", "total_likes",
         "total_videos", "verified", "created_at")
    )  # fmt: skip
    write(
        engine,
        [
            make_video(),
            make_sound(),
            make_user(),
            make_user(id="7", **bare),
            make_video(id="7400000000000000002", user_id="99", sound_id="98"),
            make_video(id="7400000000000000003", **unknown),
        ],
    )
    return engine


@pytest.mark.usefixtures("filled")
def test_every_answer_is_what_the_document_says(app: Flask, tenant: Tenant) -> None:
    http = app.test_client()
    jobs = []
    for options in ({}, {"max_videos": 5}):
        body = {"url": "https://www.tiktok.com/@maya", "options": options}
        jobs.append(str(http.post("/api/jobs", json=body, headers=tenant.key).get_json()["job_id"]))
    document = http.get("/openapi.json").get_json()

    for path, asked in SERVED.items():
        check = validator(document, path)
        for words in asked or jobs:
            place = path.partition("{")[0] + words
            answer = http.get(place, headers=tenant.key)
            assert answer.status_code == 200, place
            assert [error.message for error in check.iter_errors(answer.get_json())] == [], place


def validator(document: dict[str, Any], path: str) -> Any:
    """What an answer has to be: a field too many is as wrong as one too few."""
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    whole = closed({**schema, "components": document["components"]})
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)


def closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: closed(part) for name, part in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        parts.setdefault("additionalProperties", False)
    return parts
