"""The ladders: complete, in a sensible order, and walked rung by rung."""

from __future__ import annotations

import pytest

from tiktok.routes import LADDERS, RECORDS, SHOP, SHOP_LISTS, Operation, Route, next_route

PLAIN = {Route.EMBED, Route.PAGE, Route.LIST, Route.API}


@pytest.mark.parametrize("operation", Operation)
def test_every_operation_has_a_ladder_without_doubles(operation: Operation) -> None:
    ladder = LADDERS[operation]

    assert ladder
    assert len(set(ladder)) == len(ladder)


@pytest.mark.parametrize("operation", Operation)
def test_every_operation_can_be_asked_without_a_browser(operation: Operation) -> None:
    assert next_route(operation, None, PLAIN)


@pytest.mark.parametrize("operation", [each for each in Operation if each.is_list])
def test_an_embed_page_is_the_last_resort_for_a_list(operation: Operation) -> None:
    ladder = LADDERS[operation]

    assert Route.EMBED not in ladder[:-1]


def test_records_are_no_lists() -> None:
    assert {each for each in Operation if not each.is_list} == RECORDS


def test_a_ladder_is_walked_rung_by_rung_to_its_end() -> None:
    walked = []
    route = next_route(Operation.PROFILE_VIDEOS, None, set(Route))
    while route:
        walked.append(route)
        route = next_route(Operation.PROFILE_VIDEOS, route, set(Route))

    assert walked == ["list", "api", "session", "browser", "embed"]


def test_routes_that_are_not_there_are_skipped() -> None:
    assert next_route(Operation.PROFILE_VIDEOS, Route.LIST, {Route.EMBED, Route.LIST}) is Route.EMBED
    assert next_route(Operation.COMMENTS, Route.API, PLAIN) is None
    assert next_route(Operation.VIDEO, None, {Route.BROWSER}) is Route.BROWSER
    assert next_route(Operation.VIDEO, None, set()) is None


def test_the_shop_samples_serve_lists_of_the_shop_only_and_come_last() -> None:
    served = {operation for operation, ladder in LADDERS.items() if Route.CURATED in ladder}

    assert served < SHOP_LISTS
    assert all(LADDERS[operation][-1] is Route.CURATED for operation in served)


def test_a_list_of_the_shop_begins_with_its_page() -> None:
    assert {LADDERS[operation][0] for operation in SHOP} == {Route.PAGE}
