"""`docs/standin.md` names every fault, every named account, every endpoint and every option."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from aiohttp.web import RouteDef

from standin.application import ROUTES
from standin.drive.faults import Trouble
from standin.drive.settings import DriveSettings
from standin.faults.rules import KINDS
from standin.options import build_parser
from standin.proxy.__main__ import build_parser as build_proxy_parser
from standin.proxy.trouble import KINDS as TROUBLES
from standin.settings import Settings
from standin.world.cast import CAST
from standin.world.shop.cast import SPECIALS
from tests.fixtures.standin import ROOT

COMPLETE = ("/api/", "/__standin__/", "/oembed", "/node/", "/passport/")
"""Addresses without patterns in them."""

TEXT = (ROOT / "docs" / "standin.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_fault_is_described(kind: str) -> None:
    assert f"`{kind}`" in TEXT


@pytest.mark.parametrize("username", [role.username for role in CAST])
def test_every_named_account_is_described(username: str) -> None:
    assert f"`@{username}`" in TEXT


@pytest.mark.parametrize("name", [special.name for special in SPECIALS])
def test_every_named_product_is_described(name: str) -> None:
    assert f"`{name}`" in TEXT


def test_every_endpoint_is_listed() -> None:
    paths = {route.path for table in ROUTES for route in table if isinstance(route, RouteDef)}

    assert [path for path in sorted(paths) if path.startswith(COMPLETE) and path not in TEXT] == []


def test_every_option_is_described() -> None:
    helps = build_parser().format_help() + build_proxy_parser().format_help()
    options = set(re.findall(r"--[a-z-]+", helps)) - {"--help"}

    assert [option for option in sorted(options) if f"`{option}`" not in TEXT] == []


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_is_described(setting: str) -> None:
    assert f"`{setting}`" in TEXT


@pytest.mark.parametrize("kind", sorted(TROUBLES))
def test_every_trouble_of_the_proxy_is_described(kind: str) -> None:
    assert f"`{kind}`" in TEXT


@pytest.mark.parametrize("word", [*Trouble, *(field.name for field in fields(DriveSettings))])
def test_every_trouble_and_setting_of_the_drive_is_described(word: str) -> None:
    assert f"`{word}`" in TEXT
