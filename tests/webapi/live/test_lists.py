"""Lists of the family's document: read to their end, cut, empty, or refused, and told apart."""

from __future__ import annotations

from tests.fixtures.standin import RunningStandin
from tests.webapi.checks import each, wrong_fields
from tests.webapi.live import contract
from tests.webapi.serving import Api


def test_a_list_is_given_with_all_its_fields_cold_and_warm(
    api: Api, names: dict[str, str], standin: RunningStandin
) -> None:
    standin.change(open=["signed", "login"])
    for path, row in contract.LISTS.items():
        whole = path.format(**names) + ("&" if "?" in path else "?") + "count=3"
        cold, warm = api.get(f"{whole}&fresh=1"), api.get(whole)

        for answer, is_cached in ((cold, False), (warm, True)):
            assert answer.status == 200, (path, answer.body)
            assert wrong_fields(answer.document, contract.LISTED | {"data": each(row)}) == [], path
            assert len(answer.document["data"]) == answer.document["count"] == 3, path
            assert answer.document["cached"] == is_cached
        assert warm.document["data"] == cold.document["data"]


def test_a_list_goes_on_behind_its_cursor_and_comes_to_its_end(api: Api) -> None:
    path = "/api/v1/user/khaby.lame/videos"
    ids: list[str] = []
    answer = api.get(path, {"count": 50}).document
    while answer["cursor"]:
        ids += [video["id"] for video in answer["data"]]
        assert not answer["complete"]
        answer = api.get(path, {"count": 50, "cursor": answer["cursor"]}).document
    ids += [video["id"] for video in answer["data"]]

    assert (len(ids), len(set(ids)), answer["complete"], answer["declared"]) == (120, 120, True, 120)


def test_thirty_rows_are_the_default(api: Api) -> None:
    assert api.get("/api/v1/user/two.hundred/videos").document["count"] == 30


def test_a_list_that_is_cut_says_so_and_is_never_called_complete(api: Api) -> None:
    answer = api.get("/api/v1/hashtag/funny/videos")

    document = answer.document
    assert (answer.status, document["complete"], document["count"], document["declared"]) == (
        200,
        False,
        10,
        600,
    )
    assert document["truncated"]
    assert document["source"] == "embed"


def test_an_account_without_posts_is_complete_and_not_refused(api: Api) -> None:
    answer = api.get("/api/v1/user/empty.room/videos")

    assert (answer.status, answer.document["data"], answer.document["complete"]) == (200, [], True)


def test_a_blocked_list_is_never_an_empty_one(api: Api) -> None:
    """Without a browser and a login, searches are refused."""
    answer = api.get("/api/v1/search/videos", {"q": "iphone case"})

    assert (answer.status, answer.document["status_code"]) == (424, 424)
    assert answer.document["outcome"] == "gated"
    assert int(answer.headers["Retry-After"]) > 0


def test_a_cursor_that_was_not_given_is_a_bad_request(api: Api) -> None:
    answer = api.get("/api/v1/user/khaby.lame/videos", {"cursor": "made up"})

    assert (answer.status, answer.document["detail"].partition(":")[0]) == (400, "cursor")
