"""The requests: where each operation asks, with which parameters, and what it must know first."""

from __future__ import annotations

from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok.devices import CHROME_ON_WINDOWS, DEVICE_IDS, Device
from tiktok.endpoints import ENDPOINTS, VISITED, Ask, Known, build_ask, oembed_url, short_link_ask
from tiktok.errors import MissingKnowledge, NoRequest
from tiktok.routes import LADDERS, SHOP, Operation, Route
from tiktok.urls import SITE, Target, TargetKind, read_target

VIDEO = "7106594312292453675"
SEC_UID = "MS4wLjABAAAA" + "a" * 64
DEVICE = Device(device_id="7300000000000000001", region="DE", language="de", timezone="Europe/Berlin")
TARGETS = {
    TargetKind.USER: read_target("@khaby.lame"),
    TargetKind.VIDEO: read_target(f"{SITE}/@a.b/photo/{VIDEO}"),
    TargetKind.HASHTAG: read_target("#смех"),
    TargetKind.SOUND: read_target("original-sound-7016547803243022337"),
    TargetKind.SEARCH: read_target("iphone case & co", TargetKind.SEARCH),
    TargetKind.TRENDING: read_target("", TargetKind.TRENDING),
}
WEB = sorted(set(Operation) - SHOP)
"""Operations of the site; the shop's requests have tests of their own."""
KIND_OF = {
    Operation.PROFILE: TargetKind.USER,
    Operation.PROFILE_VIDEOS: TargetKind.USER,
    Operation.FOLLOWERS: TargetKind.USER,
    Operation.FOLLOWING: TargetKind.USER,
    Operation.VIDEO: TargetKind.VIDEO,
    Operation.COMMENTS: TargetKind.VIDEO,
    Operation.REPLIES: TargetKind.VIDEO,
    Operation.HASHTAG: TargetKind.HASHTAG,
    Operation.HASHTAG_VIDEOS: TargetKind.HASHTAG,
    Operation.SOUND: TargetKind.SOUND,
    Operation.SOUND_VIDEOS: TargetKind.SOUND,
    Operation.SEARCH_VIDEOS: TargetKind.SEARCH,
    Operation.SEARCH_USERS: TargetKind.SEARCH,
    Operation.TRENDING: TargetKind.TRENDING,
}
ALL_KNOWN = Known(
    sec_uid=SEC_UID, challenge_id="42", comment_id="77", search_id="20261120", ms_token="to+k/en=="
)

COMMON = {
    *(
        "WebIdLastTime",
        "aid",
        "app_language",
        "app_name",
        "browser_language",
        "browser_name",
        "browser_online",
    ),
    *("browser_platform", "browser_version", "channel", "cookie_enabled", "data_collection_enabled"),
    *("device_id", "device_platform", "focus_state", "from_page", "history_len", "is_fullscreen"),
    *("is_page_visible", "language", "odinId", "os", "priority_region", "referer", "region", "root_referer"),
    *("screen_height", "screen_width", "tz_name", "user_is_login", "verifyFp", "webcast_language", "msToken"),
}

SPECIFIC = [
    ("profile", "api", "user/detail", {"uniqueId": "khaby.lame", "secUid": SEC_UID}),
    (
        "profile_videos",
        "list",
        "creator/item_list",
        {"secUid": SEC_UID, "type": "1", "count": "15", "cursor": "1"},
    ),
    (
        "profile_videos",
        "api",
        "post/item_list",
        {
            "secUid": SEC_UID,
            "count": "16",
            "cursor": "1",
            "coverFormat": "2",
            "locate_item_id": "",
            "needPinnedItemIds": "true",
            "post_item_list_request_type": "0",
        },
    ),
    ("video", "api", "item/detail", {"itemId": VIDEO}),
    ("hashtag", "api", "challenge/detail", {"challengeName": "смех"}),
    ("hashtag_videos", "api", "challenge/item_list", {"challengeID": "42", "count": "30", "cursor": "1"}),
    ("sound", "api", "music/detail", {"musicId": "7016547803243022337"}),
    (
        "sound_videos",
        "api",
        "music/item_list",
        {"musicID": "7016547803243022337", "count": "30", "cursor": "1"},
    ),
    (
        "comments",
        "api",
        "comment/list",
        {
            "aweme_id": VIDEO,
            "count": "20",
            "cursor": "1",
            "current_region": "DE",
            "enter_from": "tiktok_web",
            "fromWeb": "1",
        },
    ),
    (
        "replies",
        "api",
        "comment/list/reply",
        {
            "item_id": VIDEO,
            "comment_id": "77",
            "count": "20",
            "cursor": "1",
            "current_region": "DE",
            "fromWeb": "1",
        },
    ),
    (
        "search_videos",
        "api",
        "search/general/full",
        {"keyword": "iphone case & co", "count": "12", "cursor": "1", "offset": "1", "search_id": "20261120"},
    ),
    (
        "search_users",
        "api",
        "search/user/full",
        {"keyword": "iphone case & co", "count": "20", "cursor": "1", "offset": "1", "search_id": "20261120"},
    ),
    ("trending", "api", "recommend/item_list", {"count": "30"}),
    (
        "followers",
        "api",
        "user/list",
        {"secUid": SEC_UID, "scene": "67", "count": "30", "minCursor": "1", "maxCursor": "0"},
    ),
    (
        "following",
        "api",
        "user/list",
        {"secUid": SEC_UID, "scene": "21", "count": "30", "minCursor": "1", "maxCursor": "0"},
    ),
]


def ask(
    operation: Operation,
    route: Route,
    *,
    known: Known = ALL_KNOWN,
    cursor: str | None = "1",
    count: int | None = None,
    site: str = SITE,
    target: Target | None = None,
) -> Ask:
    return build_ask(
        operation,
        route,
        target or TARGETS[KIND_OF[operation]],
        site=site,
        device=DEVICE,
        cursor=cursor,
        count=count,
        known=known,
    )


def parameters(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True, strict_parsing=True))


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # device ids are drawn, not kept secret


@pytest.mark.parametrize(("operation", "route", "path", "expected"), SPECIFIC)
def test_each_endpoint_is_asked_with_its_own_parameters(
    operation: str, route: str, path: str, expected: dict[str, str]
) -> None:
    asked = ask(Operation(operation), Route(route))

    found = parameters(asked.url)
    assert urlsplit(asked.url).path == f"/api/{path}/"
    assert {name: value for name, value in found.items() if name not in COMMON} == expected


def test_every_endpoint_is_in_the_table_above() -> None:
    assert {(Operation(row[0]), Route(row[1])) for row in SPECIFIC} == set(ENDPOINTS)


@pytest.mark.parametrize(("operation", "route"), sorted(ENDPOINTS))
def test_every_endpoint_gets_the_full_common_set(operation: Operation, route: Route) -> None:
    device = Device(device_id="1" * 19, odin_id="2" * 19, web_id_created_at="1790000000")

    url = build_ask(
        operation, route, TARGETS[KIND_OF[operation]], device=device, cursor="1", known=ALL_KNOWN
    ).url

    assert parameters(url).keys() >= COMMON


def test_values_are_encoded_once() -> None:
    url = ask(Operation.SEARCH_VIDEOS, Route.API).url

    assert "keyword=iphone%20case%20%26%20co&" in url
    assert "msToken=to%2Bk%2Fen%3D%3D" in url
    assert "+" not in url
    assert parameters(url)["root_referer"] == f"{SITE}/search?q=iphone%20case%20%26%20co"


def test_unknown_values_are_left_out_rather_than_invented() -> None:
    found = parameters(ask(Operation.SEARCH_VIDEOS, Route.API, known=Known()).url)

    assert not found.keys() & {"msToken", "search_id", "odinId", "WebIdLastTime"}
    assert found["device_id"] == DEVICE.device_id


@pytest.mark.parametrize(("operation", "route"), sorted(key for key in ENDPOINTS if key[1] is not Route.LIST))
def test_a_first_page_starts_at_zero(operation: Operation, route: Route) -> None:
    found = parameters(ask(operation, route, cursor=None).url)

    assert {found.get(name, "0") for name in ("cursor", "minCursor", "offset")} == {"0"}


@pytest.mark.parametrize(
    ("operation", "route", "most"),
    [
        (Operation.PROFILE_VIDEOS, Route.LIST, "15"),
        (Operation.PROFILE_VIDEOS, Route.API, "35"),
        (Operation.COMMENTS, Route.API, "50"),
        (Operation.REPLIES, Route.API, "20"),
        (Operation.HASHTAG_VIDEOS, Route.API, "35"),
        (Operation.SEARCH_VIDEOS, Route.API, "12"),
        (Operation.SEARCH_USERS, Route.API, "20"),
    ],
)
def test_no_page_is_asked_larger_than_the_endpoint_allows(
    operation: Operation, route: Route, most: str
) -> None:
    assert parameters(ask(operation, route, count=1000).url)["count"] == most
    assert parameters(ask(operation, route, count=3).url)["count"] == "3"


PATHS = [
    ("profile", "page", "/@khaby.lame"),
    ("profile", "embed", "/embed/@khaby.lame"),
    ("profile_videos", "embed", "/embed/@khaby.lame"),
    ("video", "page", f"/@a.b/video/{VIDEO}"),
    ("video", "embed", f"/embed/v2/{VIDEO}"),
    ("hashtag", "page", "/tag/%D1%81%D0%BC%D0%B5%D1%85"),
    ("hashtag", "embed", "/embed/tag/%D1%81%D0%BC%D0%B5%D1%85"),
    ("hashtag_videos", "embed", "/embed/tag/%D1%81%D0%BC%D0%B5%D1%85"),
    ("sound", "page", "/music/x-7016547803243022337"),
    ("sound", "embed", "/embed/music/7016547803243022337"),
    ("sound_videos", "embed", "/embed/music/7016547803243022337"),
]


@pytest.mark.parametrize("site", [SITE, "http://127.0.0.1:8123"])
@pytest.mark.parametrize(("operation", "route", "path"), PATHS)
def test_pages_are_asked_at_their_address(operation: str, route: str, path: str, site: str) -> None:
    asked = ask(Operation(operation), Route(route), site=site)

    assert asked.url == site + path
    assert asked.headers["Accept"].startswith("text/html")
    assert asked.headers["Referer"] == f"{site}/"


@pytest.mark.parametrize(("operation", "route", "path"), [row[:3] for row in SPECIFIC])
def test_endpoints_are_asked_where_the_site_lives_and_from_its_page(
    operation: str, route: str, path: str
) -> None:
    site = "http://127.0.0.1:8123"

    asked = ask(Operation(operation), Route(route), site=site)

    assert asked.url.startswith(f"{site}/api/{path}/?")
    assert asked.headers["Referer"].startswith(f"{site}/")
    assert parameters(asked.url)["root_referer"] == asked.headers["Referer"]
    assert asked.headers["Accept"].startswith("application/json")
    assert asked.headers["Accept-Language"] == "de-DE,de;q=0.9"


def test_every_plain_rung_of_every_ladder_has_its_request() -> None:
    plain = {Route.EMBED, Route.PAGE, Route.LIST, Route.API}

    for operation in WEB:
        for route in plain.intersection(LADDERS[operation]):
            assert ask(operation, route).url


@pytest.mark.parametrize("operation", sorted(VISITED))
def test_a_browser_opens_the_page_that_shows_what_is_asked(operation: Operation) -> None:
    asked = ask(operation, Route.BROWSER)

    assert urlsplit(asked.url).path.startswith(("/@", "/tag/", "/music/", "/search/", "/foryou"))
    assert "/api/" not in asked.url


def test_a_browser_searches_on_the_tab_of_what_is_asked() -> None:
    videos, users = ask(Operation.SEARCH_VIDEOS, Route.BROWSER), ask(Operation.SEARCH_USERS, Route.BROWSER)

    assert urlsplit(videos.url).path == "/search/video"
    assert urlsplit(users.url).path == "/search/user"


@pytest.mark.parametrize("operation", sorted(set(WEB) - VISITED))
def test_what_no_page_shows_by_itself_is_not_asked_of_a_browser(operation: Operation) -> None:
    with pytest.raises(NoRequest):
        ask(operation, Route.BROWSER)


@pytest.mark.parametrize("operation", WEB)
def test_what_a_single_get_does_not_ask_is_said_so(operation: Operation) -> None:
    with pytest.raises(NoRequest, match=f"{operation} over {Route.CURATED}"):
        ask(operation, Route.CURATED)


SIGNED = [operation for operation in Operation if Route.SESSION in LADDERS[operation]]


@pytest.mark.parametrize("operation", SIGNED)
def test_a_session_asks_the_same_of_the_same_endpoint(operation: Operation) -> None:
    assert ask(operation, Route.SESSION).url == ask(operation, Route.API).url


@pytest.mark.parametrize("operation", sorted(set(WEB) - set(SIGNED)))
def test_a_session_is_not_asked_for_what_is_not_on_its_ladder(operation: Operation) -> None:
    with pytest.raises(NoRequest, match=f"{operation} over {Route.SESSION}"):
        ask(operation, Route.SESSION)


def test_a_page_that_lists_nothing_is_not_asked_for_a_list() -> None:
    with pytest.raises(NoRequest):
        ask(Operation.PROFILE_VIDEOS, Route.PAGE)


@pytest.mark.parametrize(
    ("operation", "route", "field"),
    [
        (Operation.PROFILE_VIDEOS, Route.LIST, "sec_uid"),
        (Operation.PROFILE_VIDEOS, Route.API, "sec_uid"),
        (Operation.FOLLOWERS, Route.API, "sec_uid"),
        (Operation.FOLLOWING, Route.API, "sec_uid"),
        (Operation.HASHTAG_VIDEOS, Route.API, "challenge_id"),
        (Operation.REPLIES, Route.API, "comment_id"),
    ],
)
def test_what_must_be_known_first_is_named(operation: Operation, route: Route, field: str) -> None:
    with pytest.raises(MissingKnowledge) as caught:
        ask(operation, route, known=Known())

    assert caught.value.field == field
    assert str(caught.value) == f"{field} is not known yet"


def test_the_history_walk_needs_a_cursor() -> None:
    with pytest.raises(MissingKnowledge) as caught:
        ask(Operation.PROFILE_VIDEOS, Route.LIST, cursor=None)

    assert caught.value.field == "cursor"


def test_a_sec_uid_in_the_target_is_knowledge_too() -> None:
    target = read_target(f"@{SEC_UID}")

    asked = ask(Operation.PROFILE_VIDEOS, Route.LIST, known=Known(), target=target)
    detail = ask(Operation.PROFILE, Route.API, known=Known(), target=target)

    assert parameters(asked.url)["secUid"] == SEC_UID
    assert (parameters(detail.url)["uniqueId"], parameters(detail.url)["secUid"]) == ("", SEC_UID)
    assert ask(Operation.PROFILE, Route.PAGE, known=Known(), target=target).url == f"{SITE}/@{SEC_UID}"


def test_an_account_known_by_number_only_has_a_page_and_no_embed_page() -> None:
    target = read_target("6800000000000000001", TargetKind.USER)

    assert ask(Operation.PROFILE, Route.PAGE, known=Known(), target=target).url.endswith(
        "/@6800000000000000001"
    )
    for route in (Route.EMBED, Route.API):
        with pytest.raises(MissingKnowledge, match="username"):
            ask(Operation.PROFILE, route, known=Known(), target=target)
    known = Known(username="khaby.lame")
    assert ask(Operation.PROFILE, Route.EMBED, known=known, target=target).url.endswith("/embed/@khaby.lame")


def test_a_post_of_an_unknown_author_is_asked_under_any_name() -> None:
    assert ask(Operation.VIDEO, Route.PAGE, target=read_target(VIDEO)).url == f"{SITE}/@_/video/{VIDEO}"


def test_oembed_is_asked_with_the_canonical_address() -> None:
    target = read_target(f"{SITE}/@a.b/video/{VIDEO}?_r=1")

    assert oembed_url(target, site="http://127.0.0.1:8123") == (
        f"http://127.0.0.1:8123/oembed?url=https%3A%2F%2Fwww.tiktok.com%2F%40a.b%2Fvideo%2F{VIDEO}"
    )


def test_a_short_link_is_asked_as_a_link_preview_would() -> None:
    target = read_target("https://vt.tiktok.com/ZSabc/")

    assert short_link_ask(target).url == "https://vt.tiktok.com/ZSabc/"
    assert short_link_ask(target, site="http://127.0.0.1:8123").url == "http://127.0.0.1:8123/t/ZSabc/"
    assert short_link_ask(target).headers["User-Agent"] == "facebookexternalhit/1.1"


@pytest.mark.parametrize(
    ("user_agent", "platform", "system"),
    [
        (CHROME_ON_WINDOWS, "Win32", "windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36", "MacIntel", "mac"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "Linux x86_64", "linux"),
    ],
)
def test_what_a_device_says_agrees_with_its_user_agent(user_agent: str, platform: str, system: str) -> None:
    said = Device(device_id="1" * 19, user_agent=user_agent).parameters()

    assert (said["browser_platform"], said["os"]) == (platform, system)
    assert f"{said['browser_name']}/{said['browser_version']}" == user_agent


@given(st.integers())
def test_a_random_device_has_a_19_digit_id_of_the_known_range(seed: int) -> None:
    device = Device.random(seeded(seed), region="BR")

    assert DEVICE_IDS[0] <= int(device.device_id) <= DEVICE_IDS[1]
    assert len(device.device_id) == 19
    assert device.verify_fp.startswith("verify_")
    assert device.browser_language == "en-BR"


def test_the_same_seed_gives_the_same_device() -> None:
    assert Device.random(seeded(7)) == Device.random(seeded(7)) != Device.random(seeded(8))
