"""What follows each verdict, and the two laws above the table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok.aftermath import (
    AFTERMATHS,
    TELLING,
    Accept,
    Change,
    Cost,
    Fall,
    GiveUp,
    Retry,
    Then,
    aftermath_of,
    most_telling,
    next_step,
)
from tiktok.routes import LADDERS, Operation, Route
from tiktok.verdicts import PERMANENT, REFUSALS, Judgement, Verdict

PLAIN = {Route.EMBED, Route.PAGE, Route.LIST, Route.API}

ROWS = [
    # verdict, rule, changes before retries, seconds, then, cost
    ("ok", "record", [], 0, "done", "none"),
    ("network", "no_answer", ["identity"] * 3, 2, "next_route", "none"),
    ("network", "gateway_failed", ["identity"] * 3, 2, "next_route", "none"),
    ("network", "proxy_refused", ["exit"], 0, "next_route", "none"),
    ("rate_limited", "too_many_requests", ["nothing"] * 2, 60, "next_route", "cool"),
    ("blocked", "refusing_status", ["request_shape", "exit"], 0, "next_route", "cool"),
    ("blocked", "refusal_page", ["request_shape", "exit"], 0, "next_route", "cool"),
    ("blocked", "server_error_not_500", ["identity"] * 2, 2, "next_route", "small"),
    ("waf_challenge", "waf_page", ["request_shape"], 0, "next_route", "none"),
    ("captcha", "captcha_answer", ["identity"], 0, "next_route", "cool"),
    ("captcha", "verify_code", ["identity"], 0, "next_route", "cool"),
    ("gated", "orcas_header", ["device_id"], 0, "next_route", "none"),
    ("gated", "invalid_entity", [], 0, "next_route", "none"),
    ("empty", "zero_bytes", ["identity"], 0, "next_route", "streak"),
    ("withheld", "hollow_record", ["identity"], 0, "next_route", "streak"),
    ("login_required", "login_redirect", ["login"], 0, "next_route", "none"),
    ("no_data", "no_record", ["nothing"], 0, "next_route", "none"),
    ("no_data", "bad_request", [], 0, "next_route", "none"),
    ("schema_changed", "required_missing", [], 0, "next_route", "none"),
    ("schema_changed", "client_page_error", ["nothing"], 0, "next_route", "none"),
    ("not_found", "video_not_exist", [], 0, "confirm", "none"),
    ("not_found", "user_not_exist", [], 0, "give_up", "none"),
    ("not_found", "user_not_found", [], 0, "give_up", "none"),
    ("not_found", "hashtag_not_exist", [], 0, "give_up", "none"),
    ("not_found", "hollow_hashtag", [], 0, "confirm", "none"),
    ("not_found", "http_gone", [], 0, "confirm", "none"),
    ("private", "video_private_by_user", [], 0, "give_up", "none"),
    ("private", "embed_private", [], 0, "confirm", "none"),
    ("banned", "user_ban", [], 0, "give_up", "none"),
    ("age_gated", "age_gated_post", ["login"], 0, "give_up", "none"),
    ("region_blocked", "video_geofence_block", ["exit", "exit"], 0, "give_up", "none"),
    ("taken_down", "taken_down_post", [], 0, "give_up", "none"),
    ("unavailable", "music_unshelve", [], 0, "give_up", "none"),
    ("unavailable", "video_risk", [], 0, "give_up", "none"),
]


def judgement(verdict: str, rule: str = "any", **more: float) -> Judgement:
    return Judgement(Verdict(verdict), rule, **more)  # type: ignore[arg-type]  # only the seconds are passed


@pytest.mark.parametrize(("verdict", "rule", "changes", "seconds", "then", "cost"), ROWS)
def test_each_verdict_has_its_row(
    *, verdict: str, rule: str, changes: list[str], seconds: float, then: str, cost: str
) -> None:
    row = aftermath_of(judgement(verdict, rule))

    assert (list(row.retries), row.wait_seconds, row.then, row.cost) == (changes, seconds, then, cost)


@pytest.mark.parametrize("verdict", Verdict)
def test_no_verdict_is_without_a_row(verdict: Verdict) -> None:
    assert (verdict, None) in AFTERMATHS


def test_a_dead_target_never_costs_an_identity_anything() -> None:
    assert {row.cost for (verdict, _), row in AFTERMATHS.items() if verdict in PERMANENT} == {Cost.NONE}


def test_a_refusal_never_marks_a_target_dead() -> None:
    refusals = [row for (verdict, _), row in AFTERMATHS.items() if verdict in REFUSALS]

    assert not any(row.permanent for row in refusals)
    assert {row.then for row in refusals} == {Then.NEXT_ROUTE}


def test_all_refusals_are_ranked_by_how_much_they_tell() -> None:
    assert set(TELLING) == REFUSALS
    assert len(TELLING) == len(REFUSALS)


def test_a_good_answer_is_accepted() -> None:
    assert next_step(judgement("ok"), Operation.VIDEO, Route.PAGE, 0, PLAIN) == Accept()


def test_retries_come_first_and_each_names_its_change() -> None:
    blocked = judgement("blocked", "refusing_status")

    steps = [next_step(blocked, Operation.VIDEO, Route.PAGE, attempt, PLAIN) for attempt in range(3)]

    assert steps == [Retry(0, Change.REQUEST_SHAPE), Retry(0, Change.EXIT), Fall(Route.EMBED)]


@pytest.mark.parametrize(("asked", "waited"), [(None, 60), (7.0, 7.0), (0.0, 0.0), (600.0, 600.0)])
def test_a_rate_limit_waits_as_long_as_the_site_asks(asked: float | None, waited: float) -> None:
    limited = Judgement(Verdict.RATE_LIMITED, "too_many_requests", retry_after_seconds=asked)

    assert next_step(limited, Operation.PROFILE, Route.PAGE, 0, PLAIN) == Retry(waited, Change.NOTHING)


def test_one_voice_for_not_found_asks_the_next_route() -> None:
    missing = judgement("not_found", "video_not_exist")

    assert next_step(missing, Operation.VIDEO, Route.PAGE, 0, PLAIN) == Fall(Route.EMBED)


def test_two_routes_that_agree_on_not_found_are_final() -> None:
    missing = judgement("not_found", "video_not_exist")

    step = next_step(missing, Operation.VIDEO, Route.EMBED, 0, PLAIN, confirmed_by=[Route.PAGE])

    assert step == GiveUp(Verdict.NOT_FOUND, permanent=True)


def test_a_route_does_not_confirm_itself() -> None:
    missing = judgement("not_found", "video_not_exist")

    step = next_step(missing, Operation.VIDEO, Route.PAGE, 0, PLAIN, confirmed_by=[Route.PAGE])

    assert step == Fall(Route.EMBED)


def test_a_not_found_that_nobody_could_confirm_is_not_permanent() -> None:
    missing = judgement("not_found", "video_not_exist")

    assert next_step(missing, Operation.COMMENTS, Route.API, 0, PLAIN) == GiveUp(
        Verdict.NOT_FOUND, permanent=False
    )


def test_a_not_found_among_refusals_is_told_as_the_refusal() -> None:
    missing = judgement("not_found", "video_not_exist")

    step = next_step(missing, Operation.VIDEO, Route.API, 0, PLAIN, seen=[Verdict.WAF_CHALLENGE])

    assert step == GiveUp(Verdict.WAF_CHALLENGE, permanent=False)


def test_an_embed_page_that_calls_an_account_private_gives_way_to_refusals() -> None:
    private = judgement("private", "embed_private")

    alone = next_step(private, Operation.PROFILE, Route.EMBED, 0, PLAIN)
    refused = next_step(private, Operation.PROFILE, Route.EMBED, 0, PLAIN, seen=[Verdict.CAPTCHA])

    assert alone == GiveUp(Verdict.PRIVATE, permanent=False)
    assert refused == GiveUp(Verdict.CAPTCHA, permanent=False)


def test_the_end_of_a_ladder_tells_the_most_telling_refusal() -> None:
    gated = judgement("gated", "invalid_entity")

    step = next_step(
        gated, Operation.VIDEO, Route.API, 0, PLAIN, seen=[Verdict.NETWORK, Verdict.CAPTCHA, Verdict.BLOCKED]
    )

    assert step == GiveUp(Verdict.CAPTCHA, permanent=False)


def test_zero_bytes_are_told_as_blocked_and_never_as_empty() -> None:
    step = next_step(judgement("empty", "zero_bytes"), Operation.COMMENTS, Route.API, 1, PLAIN)

    assert step == GiveUp(Verdict.BLOCKED, permanent=False)


@pytest.mark.parametrize("verdict", sorted(PERMANENT - {Verdict.AGE_GATED, Verdict.REGION_BLOCKED}))
def test_what_is_so_for_good_is_asked_no_further(verdict: Verdict) -> None:
    step = next_step(judgement(verdict), Operation.VIDEO, Route.PAGE, 0, PLAIN, seen=[Verdict.CAPTCHA])

    assert step == GiveUp(verdict, permanent=True)


def test_an_age_gate_is_tried_once_more_with_a_login() -> None:
    steps = [
        next_step(judgement("age_gated"), Operation.VIDEO, Route.PAGE, attempt, PLAIN) for attempt in range(2)
    ]

    assert steps == [Retry(0, Change.LOGIN), GiveUp(Verdict.AGE_GATED, permanent=True)]


def test_what_is_under_review_is_given_up_but_not_for_good() -> None:
    step = next_step(judgement("unavailable", "video_risk"), Operation.VIDEO, Route.PAGE, 0, PLAIN)

    assert step == GiveUp(Verdict.UNAVAILABLE, permanent=False)


def test_a_region_lock_is_tried_from_two_more_countries() -> None:
    locked = judgement("region_blocked", "video_geofence_block")

    steps = [next_step(locked, Operation.VIDEO, Route.PAGE, attempt, PLAIN) for attempt in range(3)]

    assert steps == [
        Retry(0, Change.EXIT),
        Retry(0, Change.EXIT),
        GiveUp(Verdict.REGION_BLOCKED, permanent=True),
    ]


@given(st.sampled_from(Operation), st.data())
def test_every_errand_ends_and_never_calls_a_refused_target_dead(
    operation: Operation, data: st.DataObject
) -> None:
    available = data.draw(st.sets(st.sampled_from(Route)))
    route: Route = data.draw(st.sampled_from(LADDERS[operation]))
    attempt = 0
    seen: list[Verdict] = []
    missing_by: list[Route] = []
    for _ in range(100):
        verdict = data.draw(st.sampled_from(Verdict))
        rules = ["any", *(rule for known, rule in AFTERMATHS if known is verdict and rule)]
        answer = Judgement(verdict, data.draw(st.sampled_from(rules)))
        step = next_step(answer, operation, route, attempt, available, confirmed_by=missing_by, seen=seen)
        if isinstance(step, Accept | GiveUp):
            break
        seen.append(verdict)
        if isinstance(step, Retry):
            attempt += 1
        else:
            missing_by += [route] if verdict is Verdict.NOT_FOUND else []
            route, attempt = step.route, 0

    assert isinstance(step, Accept | GiveUp)
    if isinstance(step, GiveUp):
        assert step.verdict not in (Verdict.OK, Verdict.EMPTY)
        assert not step.permanent or (answer.verdict is step.verdict and step.verdict in PERMANENT)


def test_the_outcome_of_one_voice_is_that_voice() -> None:
    assert most_telling([Verdict.NOT_FOUND]) is Verdict.NOT_FOUND
