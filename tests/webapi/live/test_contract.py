"""Every endpoint, parameter, field and code of the family's document, through real HTTP, cold and warm."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from standin.pages.small import short_code
from standin.world.population import World, now_on
from store.clients.client import Role
from tests.fixtures.standin import RunningStandin
from tests.webapi.checks import wrong_fields
from tests.webapi.live import contract
from tests.webapi.live.conftest import Serve
from tests.webapi.serving import Api


def test_a_record_is_given_with_all_its_fields_cold_and_warm(
    api: Api, names: dict[str, str], standin: RunningStandin
) -> None:
    standin.change(open=["signed"])
    for path, record in contract.RECORDS.items():
        cold = api.get(path.format(**names) + "?fresh=1")
        warm = api.get(path.format(**names))

        for answer, is_cached in ((cold, False), (warm, True)):
            assert answer.status == 200, (path, answer.body)
            assert answer.headers["Content-Type"] == "application/json"
            assert wrong_fields(answer.document, contract.FOUND | {"data": record}) == [], path
            assert (answer.document["cached"], answer.document["stale"]) == (is_cached, False), path
            assert (answer.document["cached_at"] is not None) == is_cached
        assert warm.document["data"] == cold.document["data"]


def test_parameters_take_what_is_within_their_bounds_and_name_what_is_not(api: Api) -> None:
    path = "/api/v1/user/empty.room/videos"
    for query in contract.GOOD_QUERIES:
        assert api.get(f"{path}?{query}").status == 200, query
    for query, field in contract.BAD_QUERIES.items():
        answer = api.get(f"{path}?{query}")
        assert answer.status == answer.document["status_code"] == 422, query
        assert wrong_fields(answer.document, contract.ERROR) == []
        assert field in answer.document["detail"], query
    for query in ("count=3", "cursor=x"):
        assert api.get(f"/api/v1/user/empty.room/info?{query}").status == 422
    missing = api.get("/api/v1/search/users")
    assert (missing.status, missing.document["detail"]) == (422, "q: Missing data for required field.")


def test_what_names_nothing_is_a_bad_request_that_names_the_field(api: Api) -> None:
    for path, field in contract.BAD_TARGETS.items():
        answer = api.get(path)
        assert answer.status == answer.document["status_code"] == 400, path
        assert wrong_fields(answer.document, contract.ERROR) == []
        assert answer.document["detail"].startswith(f"{field}: "), path


def test_what_is_gone_private_or_shut_has_a_status_of_its_own(api: Api, known: dict[str, Any]) -> None:
    posts = known["marked_posts"]
    paths = {contract.VIDEO_PATH.format(post=posts[name]): status for name, status in contract.MARKED.items()}
    for path, status in (paths | contract.ACCOUNTS).items():
        cold, warm = api.get(path), api.get(path)
        assert cold.status == warm.status == status, (path, cold.body)
        assert wrong_fields(cold.document, contract.ERROR) == []
        assert cold.document["status_code"] == status


def test_what_is_told_of_a_private_account_all_the_same_comes_with_the_error(api: Api) -> None:
    for answer in (api.get("/api/v1/user/private.garden/info") for _ in range(2)):
        assert (answer.status, answer.document["outcome"]) == (403, "private")
        assert contract.USER(answer.document["data"])
        assert answer.document["data"]["is_private"]


def test_a_url_is_parsed_to_its_id_and_a_short_link_is_followed(
    api: Api, names: dict[str, str], standin: RunningStandin, world: World
) -> None:
    post = world.post(names["video"], now_on(0))
    assert post
    page = f"https://www.tiktok.com/@khaby.lame/video/{names['video']}"
    short = f"https://vm.tiktok.com/{short_code(post)}/"

    for url in (page, f"{page}?is_from_webapp=1", short, f"{standin.url}/t/{short_code(post)}"):
        answer = api.post("/api/v1/video/parse-url", {"url": url, "resolve_redirects": True})
        assert answer.status == 200, answer.body
        assert wrong_fields(answer.document, contract.PARSED) == []
        assert (answer.document["video_id"], answer.document["original_url"]) == (names["video"], url)
    assert api.get(f"/api/v1/video/{quote(short, safe='')}").document["data"]["id"] == names["video"]


def test_a_url_that_leads_to_no_post_of_tiktok_is_not_followed(api: Api) -> None:
    for wrong, (body, status) in contract.BAD_URLS.items():
        answer = api.post("/api/v1/video/parse-url", body)
        assert answer.status == answer.document["status_code"] == status, (wrong, answer.body)
        assert "url" in answer.document["detail"] or status == 422


def test_proxies_and_tokens_are_counted_and_none_is_shown(serve: Serve) -> None:
    secrets = ("a-secret-token-of-mine", "b-secret-token-of-mine")
    client, admin = (serve(*roles, ms_tokens=secrets) for roles in ((), (Role.ADMIN,)))

    for path, data in contract.COUNTED.items():
        for api in (client, admin):
            answer = api.get(path)
            assert answer.status == 200, path
            assert data(answer.document["data"]), path
            assert b"secret" not in answer.body
    assert client.get("/api/v1/proxy/status").document["data"]["proxies"] is None
    assert admin.get("/api/v1/proxy/status").document["data"]["proxies"] == []
    assert client.get("/token-stats").document["data"]["unused_tokens"] == 2


def test_a_missing_key_is_401_and_a_wrong_one_403(serve: Serve) -> None:
    api = serve()
    paths = [
        path.format(video=1, sound=1) for path in (*contract.RECORDS, *contract.LISTS, *contract.COUNTED)
    ]
    for path in paths:
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer x"}, 401),
            ({"X-API-Key": "tk_abcdefgh_0"}, 403),
        ):
            answer = Api(api.port, headers).get(path)
            assert answer.status == answer.document["status_code"] == status, path
            assert wrong_fields(answer.document, contract.ERROR) == []


def test_methods_that_nobody_documented_are_refused_in_the_envelope(serve: Serve) -> None:
    api = serve()
    for path in ("/api/v1/user/maya/info", "/api/v1/trending/videos", "/token-stats"):
        for method in ("POST", "PUT", "DELETE"):
            answer = api.ask(method, path)
            assert answer.status == answer.document["status_code"] == 405, path
    assert api.ask("PUT", "/api/v1/video/parse-url").status == 405
