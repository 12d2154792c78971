"""What a browser says about itself: all of it what the identity's User-Agent says."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.settings import Settings
from w3lib.http import basic_auth_header

from crawler.browser.cookie_headers import read_cookies, write_cookies
from crawler.browser.guises import appearance, context_options, proxy_options
from tiktok.devices import CHROME_ON_WINDOWS

MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/151.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.mark.parametrize(
    ("user_agent", "version", "platform", "javascript_name"),
    [(CHROME_ON_WINDOWS, "146", "Windows", "Win32"), (MAC, "151", "macOS", "MacIntel")],
)
def test_brands_and_platform_agree_with_the_user_agent(
    user_agent: str, version: str, platform: str, javascript_name: str
) -> None:
    look = appearance(user_agent)

    assert look
    metadata = look["userAgentMetadata"]
    assert (look["platform"], metadata["platform"]) == (javascript_name, platform)
    assert {"brand": "Google Chrome", "version": version} in metadata["brands"]
    assert {"brand": "Google Chrome", "version": f"{version}.0.0.0"} in metadata["fullVersionList"]


def test_chromium_does_not_pose_as_another_browser() -> None:
    assert appearance(FIREFOX) is None


def test_the_request_says_who_the_context_is() -> None:
    request = Request(
        "https://www.tiktok.com/",
        headers={"User-Agent": MAC, "Accept-Language": "de-DE,de;q=0.9"},
        meta={"proxy": "http://exit.example:8000"},
    )

    options = context_options(request, Settings({"DOWNLOAD_VERIFY_CERTIFICATES": True}))

    assert (options["user_agent"], options["locale"], options["ignore_https_errors"]) == (MAC, "de-DE", False)
    assert options["proxy"]["server"] == "http://exit.example:8000"


@pytest.mark.parametrize(
    ("url", "server", "credentials"),
    [
        ("http://exit.example:8000", "http://exit.example:8000", (None, None)),
        ("http://me:p%40ss@exit.example:8000", "http://exit.example:8000", ("me", "p@ss")),
        ("socks5h://exit.example:1080", "socks5://exit.example:1080", (None, None)),
        ("exit.example:3128", "http://exit.example:3128", (None, None)),
    ],
)
def test_a_proxys_address_is_taken_apart(
    url: str, server: str, credentials: tuple[str | None, str | None]
) -> None:
    options = proxy_options(url)

    assert options["server"] == server
    assert (options.get("username"), options.get("password")) == credentials


def test_a_proxys_password_may_stand_in_a_header() -> None:
    request = Request(
        "https://www.tiktok.com/",
        headers={"Proxy-Authorization": basic_auth_header("me", "p@ss:word")},
        meta={"proxy": "http://exit.example:8000"},
    )

    proxy = context_options(request, Settings())["proxy"]

    assert (proxy["username"], proxy["password"]) == ("me", "p@ss:word")


def test_cookies_of_tiktok_are_good_for_all_its_hosts() -> None:
    (cookie,) = read_cookies("https://www.tiktok.com/@x", "ttwid=1%7Cabc")

    assert (cookie["name"], cookie["value"]) == ("ttwid", "1%7Cabc")
    assert (cookie["domain"], cookie["secure"]) == (".tiktok.com", True)


def test_cookies_of_a_stand_in_stay_with_it() -> None:
    cookies = read_cookies("http://127.0.0.1:8090/", "a=1; b=2==; ; broken")

    assert [(one["name"], one["value"]) for one in cookies] == [("a", "1"), ("b", "2==")]
    assert {one["domain"] for one in cookies} == {"127.0.0.1"}


def test_what_a_context_holds_comes_out_as_headers() -> None:
    headers = write_cookies(
        [
            {
                "name": "ttwid",
                "value": "x",
                "domain": ".tiktok.com",
                "path": "/",
                "expires": 1_800_000_000,
                "httpOnly": True,
                "secure": True,
                "sameSite": "Lax",
            },
            {"name": "s", "value": "y", "domain": "127.0.0.1", "path": "/", "expires": -1},
        ]
    )

    assert headers.getlist("Set-Cookie") == [
        b"ttwid=x; Path=/; Domain=.tiktok.com; Expires=Fri, 15 Jan 2027 08:00:00 GMT; Secure; HttpOnly",
        b"s=y; Path=/",
    ]
