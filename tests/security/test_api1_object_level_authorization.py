"""API1: what belongs to another client can be neither seen, changed, removed nor told from what is not there."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.security.belongings import BODIES, Belongings
from tests.webapi.conftest import Tenant
from tests.webapi.endpoints import endpoints

PUBLIC = (
    "/api/videos/", "/api/users/", "/api/v1/user/", "/api/v1/video/", "/api/v1/hashtag/", "/api/v1/sound/",
    "/api/v1/tiktok/api/products/",
)  # fmt: skip
"""What TikTok shows everybody is no client's: they all read the same records."""
ELSEWHERE = {
    # Of a client are only posts that its own jobs found: tests/webapi/archive/test_isolation.py.
    "/api/v1/videos/<video_id>",
    "/api/v1/videos/<video_id>/retry",
}
REFUSED = {403, 404}


def steps_on(app: Flask, address: str) -> list[tuple[str, str, str]]:
    """Method, path and rule of every endpoint that leads to a thing or to what is below it."""
    found = []
    given = address.split("/")
    for one in endpoints(app):
        wanted = one.rule.split("/")
        fits = all(want == part or "<" in want for want, part in zip(wanted, given, strict=False))
        more = wanted[len(given) :]
        if "<" in one.rule and not one.is_open and fits and not any("<" in part for part in more):
            found.append((one.method, "/".join([*given[: len(wanted)], *more]), one.rule))
    return found


@pytest.mark.parametrize("where", list(BODIES))
def test_nobody_else_gets_at_it_by_any_method(
    where: str, app: Flask, http: FlaskClient, victim: Belongings, attacker: Tenant
) -> None:
    address = victim.addresses[where]
    steps = steps_on(app, address)
    before = http.get(where, headers=victim.owner.key).get_json()

    statuses = {
        (method, path): http.open(path, method=method, headers=attacker.key, json={}).status_code
        for method, path, _ in steps
    }

    assert steps, "there is at least one way to it"
    bodies_first = {status for (method, _), status in statuses.items() if method in ("PATCH", "PUT")}
    assert set(statuses.values()) - bodies_first <= REFUSED, statuses
    assert bodies_first <= REFUSED | {400, 422}, statuses
    assert http.get(where, headers=victim.owner.key).get_json() == before


@pytest.mark.parametrize("where", list(BODIES))
def test_lists_and_their_totals_hold_nothing_of_others(
    where: str, http: FlaskClient, victim: Belongings, attacker: Tenant
) -> None:
    things = re.findall(r"[0-9a-f-]{36}|\b\d+\b", victim.addresses[where].rpartition("tiktok")[2])

    answer = http.get(where, headers=attacker.key)

    if answer.status_code == 405:
        pytest.skip("has no list")
    assert answer.status_code == 200
    assert re.search(r'"total":[1-9]', answer.text) is None
    assert not any(f'"{thing}"' in answer.text or f'"id":{thing},' in answer.text for thing in things)


@pytest.mark.parametrize("where", ["/api/jobs", "/api/v1/jobs", "/api/v1/scheduled-jobs"])
def test_what_is_another_s_looks_like_what_is_not_there(
    where: str, http: FlaskClient, victim: Belongings, attacker: Tenant
) -> None:
    address = victim.addresses[where]
    thing = address.rpartition("/")[2]
    nothing = str(int(thing) + 999) if thing.isdigit() else "00000000-0000-4000-8000-000000000000"

    foreign = http.get(address, headers=attacker.key)
    absent = http.get(f"{where}/{nothing}", headers=attacker.key)

    assert foreign.status_code == absent.status_code == 404
    assert foreign.text.replace(thing, "") == absent.text.replace(nothing, "")


def test_an_owner_named_in_query_header_or_cookie_is_not_believed(
    http: FlaskClient, victim: Belongings, attacker: Tenant
) -> None:
    address, owner = victim.addresses["/api/v1/jobs"], victim.owner.id
    http.set_cookie("client_id", owner)

    for headers in ({"X-Client-ID": owner}, {"X-User-ID": owner}, {"X-Forwarded-User": owner}):
        assert http.get(address, headers=attacker.key | headers).status_code == 404
    assert http.get(f"{address}?client_id={owner}", headers=attacker.key).status_code in (400, 404, 422)


def test_numbers_that_can_be_guessed_lead_nowhere(
    http: FlaskClient, victim: Belongings, attacker: Tenant
) -> None:
    """Jobs are numbered one after the other: that tells how many there are, and no more."""
    own = http.post("/api/jobs", json=BODIES["/api/jobs"], headers=attacker.key).get_json()["job_id"]

    statuses = {http.get(f"/api/jobs/{number}", headers=attacker.key).status_code for number in range(own)}

    assert int(victim.addresses["/api/jobs"].rpartition("/")[2]) in range(own)
    assert statuses == {404}


def test_every_address_with_a_parameter_is_attacked_here_or_public(app: Flask, victim: Belongings) -> None:
    attacked = {rule for address in victim.addresses.values() for _, _, rule in steps_on(app, address)}
    with_parameter = {one.rule for one in endpoints(app) if "<" in one.rule and not one.is_open}
    public = {rule for rule in with_parameter if rule.startswith(PUBLIC)}

    assert public
    assert with_parameter - attacked - public == ELSEWHERE
