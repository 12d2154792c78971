"""`/api/users`: profiles that were collected."""

from __future__ import annotations

from typing import Any

from store.queries.users import list_users, user_by_name, users_by_id
from webapi import current
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.extensions.ids import read_id
from webapi.limits.groups import BY_ADDRESS
from webapi.scraper.documents import user_document
from webapi.scraper.examples import USER, page_of
from webapi.scraper.paging import page_document, window_of
from webapi.scraper.schemas import UsersArgsSchema, UserSchema, UsersSchema
from webapi.services.errors import Missing

USERS = FamilyBlueprint("users", __name__, url_prefix="/api/users", limits=BY_ADDRESS, description="Profiles")


@USERS.route("")
@USERS.arguments(UsersArgsSchema, location="query")
@USERS.sends(UsersSchema, page_of("users", USER))
@USERS.errors(401, 500)
def list_all(given: dict[str, Any]) -> dict[str, Any]:
    """List users"""
    page = list_users(
        current.engine(),
        given.get("min_followers"),
        given["sort"],
        window_of(given),
        descending=given["order"] == "desc",
    )
    return page_document("users", list(map(user_document, page.rows)), page, given)


@USERS.route("/<user_id>", parameters=[{"name": "user_id", "in": "path", "example": "khaby.lame"}])
@USERS.sends(UserSchema, USER)
@USERS.errors(401, 404, 500)
def show(user_id: str) -> dict[str, Any]:
    """Get a user

    By id or by username, with or without @.
    """
    engine, known = current.engine(), read_id(user_id)
    row = users_by_id(engine, [known]).get(known) if known else None
    row = row or user_by_name(engine, user_id.removeprefix("@").lower())
    if row is None:
        raise Missing(f"There is no user {user_id}")
    return user_document(row)
