from __future__ import annotations

import re
from importlib import import_module
from typing import Any

import pytest
from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import load_object

from tests.house.paths import ROOT


@pytest.fixture(scope="module")
def settings() -> Settings:
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    return settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REMOTE_CONTROL_ENABLED", False),
        ("TELNETCONSOLE_ENABLED", False),
        ("DOWNLOAD_MAXSIZE", 32 * 1024 * 1024),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("METAREFRESH_ENABLED", False),
    ],
)
def test_doors_stay_shut_and_answers_bounded(settings: Settings, name: str, value: object) -> None:
    assert settings[name] == value
    assert settings.getpriority(name) == 20, f"{name} is left to Scrapy's default"


def test_one_handler_carries_both_schemes(settings: Settings) -> None:
    handlers = settings["DOWNLOAD_HANDLERS"]

    assert handlers["http"] == handlers["https"] == "crawler.handlers.by_route.RouteHandler"


@pytest.mark.parametrize(
    "name", ["ITEM_PIPELINES", "DOWNLOADER_MIDDLEWARES", "EXTENSIONS", "FEED_EXPORTERS", "DOWNLOAD_HANDLERS"]
)
def test_every_component_exists(settings: Settings, name: str) -> None:
    for component in [path for path, order in named(settings[name]) if order is not None]:
        assert load_object(component)


def named(components: Any) -> list[tuple[Any, Any]]:
    return [(key if "." in key else value, value) for key, value in dict(components).items()]


def test_retries_cookies_and_redirects_are_ours_alone(settings: Settings) -> None:
    middlewares = build_component_list(
        settings.get_component_priority_dict_with_base("DOWNLOADER_MIDDLEWARES")
    )
    ours = [path for path in middlewares if path.startswith("crawler.")]
    theirs = {path.rpartition(".")[2] for path in middlewares if path not in ours}

    assert [path.split(".")[2] for path in ours] == [
        "route",
        "circuits",
        "identity",
        "media",
        "request_log",
        "proxies",
        "tokens",
        "pace",
        "verdict",
        "redirects",
        "cookies",
    ]
    assert not {"RetryMiddleware", "CookiesMiddleware", "RedirectMiddleware"} & theirs


def test_the_stations_stand_in_the_order_of_their_numbers(settings: Settings) -> None:
    stations = {int(number): path for path, number in settings["ITEM_PIPELINES"].items()}

    for number, path in stations.items():
        module = import_module(path.rpartition(".")[0])
        assert (module.__doc__ or "").startswith(f"Station {number}: ")


def test_every_station_is_documented_under_its_number(settings: Settings) -> None:
    page = (ROOT / "docs" / "stations.md").read_text()

    documented = {
        int(number): name for number, name in re.findall(r"^\| (\d+) \| `(\w+)` ", page, re.MULTILINE)
    }

    assert documented == {number: path.split(".")[1] for path, number in settings["ITEM_PIPELINES"].items()}
