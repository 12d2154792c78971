"""Scheduled jobs: made, changed, switched, run, deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine

from store.schedules.making import make_job
from store.schedules.runs import run_due_schedules
from tests.webapi.archive import world
from tests.webapi.archive.contract import BAD_SCHEDULES, GOOD_SCHEDULE, SCHEDULE
from tests.webapi.checks import having
from tests.webapi.serving import Api

PATH = "/api/v1/scheduled-jobs"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_schedule_is_made_as_the_document_says(api: Api) -> None:
    answer = api.post(PATH, GOOD_SCHEDULE)

    assert answer.status == 201
    assert having(**SCHEDULE)(answer.document)
    assert answer.document.items() >= (GOOD_SCHEDULE | {"total_runs": 0, "last_run_at": None}).items()
    due = moment(answer.document["next_run_at"]) - moment(answer.document["created_at"])
    assert due == timedelta(minutes=1440)


def test_what_is_missing_has_its_default(api: Api) -> None:
    wish = {name: GOOD_SCHEDULE[name] for name in ("name", "mode", "value")} | {"interval_minutes": 5}

    assert (
        api.post(PATH, wish).document.items() >= {"limit": 50, "no_watermark": True, "enabled": True}.items()
    )


@pytest.mark.parametrize("wrong", list(BAD_SCHEDULES))
def test_a_schedule_that_makes_no_sense_is_refused_and_the_field_is_named(wrong: str, api: Api) -> None:
    differs, named = BAD_SCHEDULES[wrong]
    made = api.post(PATH, GOOD_SCHEDULE).document

    new = api.post(PATH, GOOD_SCHEDULE | differs)
    changed = api.ask(
        "PATCH", f"{PATH}/{made['id']}", *_json(differs if named != "value" else GOOD_SCHEDULE | differs)
    )

    for answer in (new, changed):
        assert answer.status == 422
        assert [each["loc"] for each in answer.document["detail"]] == [["body", named]]
    assert api.get(PATH).document == [made]


@pytest.mark.parametrize("missing", ["name", "mode", "value", "interval_minutes"])
def test_what_is_required_is_required(missing: str, api: Api) -> None:
    wish = {name: value for name, value in GOOD_SCHEDULE.items() if name != missing}

    detail = api.post(PATH, wish).document["detail"]

    assert detail == [{"loc": ["body", missing], "msg": "field required", "type": "value_error.missing"}]


def test_a_change_leaves_what_it_does_not_name(api: Api) -> None:
    made = api.post(PATH, GOOD_SCHEDULE | {"limit": 7, "no_watermark": False}).document

    renamed = api.ask("PATCH", f"{PATH}/{made['id']}", *_json({"name": "Other"}))
    faster = api.ask("PATCH", f"{PATH}/{made['id']}", *_json({"interval_minutes": 60, "value": "tom"}))

    assert (renamed.status, renamed.document) == (200, made | {"name": "Other"})
    due = faster.document["next_run_at"]
    wanted = {"name": "Other", "interval_minutes": 60, "value": "tom", "next_run_at": due}
    assert faster.document == made | wanted
    assert moment(due) - moment(made["created_at"]) == timedelta(hours=1)
    nothing = api.ask("PATCH", f"{PATH}/{made['id']}", *_json({"value": "no name!"}))
    assert (nothing.status, list(nothing.document)) == (400, ["detail"])


def test_a_schedule_is_switched_off_and_on(api: Api) -> None:
    made = api.post(PATH, GOOD_SCHEDULE).document

    off, on = (api.post(f"{PATH}/{made['id']}/toggle", None) for _ in range(2))

    assert (off.status, off.document["enabled"], off.document["next_run_at"]) == (200, False, None)
    assert (on.document["enabled"], on.document["next_run_at"]) == (True, made["next_run_at"])
    api.post(PATH, GOOD_SCHEDULE | {"enabled": False})
    assert [each["enabled"] for each in api.get(PATH, {"enabled": "false"}).document] == [False]
    assert [each["id"] for each in api.get(PATH, {"enabled": "true"}).document] == [made["id"]]
    first = api.get(PATH, {"limit": 1})
    assert ([each["id"] for each in first.document], first.headers["X-Total-Count"]) == ([made["id"]], "2")


def test_runs_are_counted_by_how_their_jobs_ended(api: Api, engine: Engine) -> None:
    made = api.post(PATH, GOOD_SCHEDULE | {"interval_minutes": 5, "limit": 7}).document
    begun = moment(made["created_at"]) + timedelta(seconds=1)

    for number, outcome in enumerate(("ok", "captcha", None, None), start=1):
        at = begun + timedelta(minutes=5 * number)
        run_due_schedules(engine, make_job, at)
        if outcome:
            world.end(engine, world.begin(engine, at=at), outcome)

    schedule = api.get(f"{PATH}/{made['id']}").document
    counts = {name: schedule[f"{name}_runs"] for name in ("total", "successful", "failed", "skipped")}
    assert counts == {"total": 3, "successful": 1, "failed": 1, "skipped": 1}
    assert schedule["last_run_at"]
    jobs = api.get("/api/v1/jobs").document
    assert [(job["value"], job["limit"], job["status"]) for job in jobs] == [
        ("khaby.lame", 7, "pending"), ("khaby.lame", 7, "failed"), ("khaby.lame", 7, "completed"),
    ]  # fmt: skip


def test_a_deleted_schedule_is_gone_and_its_jobs_stay(api: Api, engine: Engine) -> None:
    made = api.post(PATH, GOOD_SCHEDULE | {"interval_minutes": 5}).document
    run_due_schedules(engine, make_job, moment(made["created_at"]) + timedelta(minutes=6))

    assert api.ask("DELETE", f"{PATH}/{made['id']}").status == 204

    assert api.ask("DELETE", f"{PATH}/{made['id']}").status == 404
    assert api.get(PATH).document == []
    assert len(api.get("/api/v1/jobs").document) == 1


def test_a_key_that_was_used_for_another_schedule_is_refused(api: Api) -> None:
    key = {"Idempotency-Key": "the same"}
    made = api.post(PATH, GOOD_SCHEDULE, **key).document

    another = api.post(PATH, GOOD_SCHEDULE | {"value": "tom"}, **key)

    assert (another.status, list(another.document)) == (409, ["detail"])
    assert api.post(PATH, GOOD_SCHEDULE, **key).document == made


def _json(body: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    return orjson.dumps(body), {"Content-Type": "application/json"}
