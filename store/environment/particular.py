"""Readers of values that only this project has: databases, keys, limits, routes, stores."""

from __future__ import annotations

import math
import os
from base64 import b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from store.environment import general
from store.errors import AddressRefused, ConfigError
from store.limits.limit import Limit
from store.limits.reading import read_limits, read_numbers
from store.outbound.destinations import HostPort, read_authority
from tiktok.media.paths import DEFAULT_TEMPLATE, InvalidTemplate, check_template
from tiktok.routes import Route
from tiktok.shop_targets import REGION

SHORTEST_API_KEY = 16


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many requests at once, then so many per second."""

    burst: int
    per_second: float


def database_url(value: str) -> str:
    try:
        make_url(value)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(
            "DATABASE_URL",
            "not a database URL",
            "use sqlite:////path/to/file.db or mysql+pymysql://user:password@host:3306/name",
        ) from error
    return value


def region(env: Env, name: str, default: str) -> str:
    value = general.read(env, name, default)
    if not REGION.fullmatch(value.lower()):
        raise ConfigError(name, f"{value!r} is not a country of two letters", f"use one like {default}")
    return value.upper()


def scrapyd_urls(env: Env, name: str) -> tuple[str, ...]:
    """Addresses of nodes, with credentials in them where they differ from ours."""
    urls = tuple(url.rstrip("/") for url in general.words(env, name))
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            # The value itself may hold a password.
            raise ConfigError(name, "one of them is not the address of a node", "write http://host:6800,…")
    return urls


def hosts_with_ports(env: Env, name: str) -> tuple[HostPort, ...]:
    try:
        return tuple(read_authority(word) for word in general.words(env, name))
    except AddressRefused as error:
        raise ConfigError(name, f"one of them {error}", "write host:port,…") from error


def webhook_secrets(env: Env, name: str) -> tuple[str, ...]:
    """What signs callbacks, the newest first."""
    secrets = general.words(env, name)
    for secret in secrets:
        try:
            length = len(b64decode(secret.removeprefix("whsec_"), validate=True))
        except ValueError:
            length = 0
        if not 24 <= length <= 64:
            raise ConfigError(name, "one of them is no secret", "write whsec_ and 24 to 64 bytes in base64")
    return secrets


def api_keys(env: Env, name: str) -> tuple[str, ...]:
    """Keys that open the API; short ones could be guessed."""
    keys = general.words(env, name)
    if any(len(key) < SHORTEST_API_KEY for key in keys):
        problem = f"one of them is shorter than {SHORTEST_API_KEY} characters"
        raise ConfigError(name, problem, "make one with: openssl rand -hex 32")
    return keys


def live_secret(env: Env, name: str) -> str:
    secret = general.read(env, name, "")
    if secret and (len(secret) < SHORTEST_API_KEY or not secret.isascii()):
        problem = f"is shorter than {SHORTEST_API_KEY} characters, or not plain ASCII"
        raise ConfigError(name, problem, "make one with: openssl rand -hex 32")
    return secret


def schedule_seconds(env: Env, name: str, default: str) -> int:
    """An interval that a schedule may have, or 0 for none."""
    seconds = general.number(env, name, default, least=0)
    if seconds and (seconds < 300 or seconds % 60):
        raise ConfigError(
            name, f"{seconds} s is no interval", f"write whole minutes from 300, like {default}"
        )
    return seconds


def burst(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise ConfigError(name, f"{value!r} is not a number of requests", "write 1 or more")
    return int(value)


def allowance(env: Env, name: str, default: str) -> Allowance:
    at_once, _, per_second = general.read(env, name, default).partition(":")
    try:
        rate = float(per_second)
    except ValueError:
        rate = math.nan
    if not 0 < rate < math.inf:
        raise ConfigError(
            name, f"{per_second!r} is not a number of requests per second", f"write both, like {default}"
        )
    return Allowance(burst(name, at_once), rate)


def redis_url(env: Env, name: str) -> str:
    value = general.read(env, name, "")
    parts = urlsplit(value)
    is_server = parts.scheme in ("redis", "rediss") and parts.hostname
    if value and not is_server and not (parts.scheme == "unix" and parts.path):
        # The value itself may hold a password.
        raise ConfigError(name, "not the address of a Redis", "use redis://user:password@host:6379/0")
    return value


def limits(env: Env, name: str, default: str) -> tuple[Limit, ...]:
    return read_limits(name, [word.strip() for word in general.read(env, name, default).split(",")])


def numbers(env: Env, name: str, default: str, known: Collection[str]) -> Mapping[str, int]:
    return read_numbers(name, [word.strip() for word in general.read(env, name, default).split(",")], known)


def routes(env: Env, name: str) -> tuple[str, ...]:
    words = general.words(env, name)
    unknown = [word for word in words if word not in list(Route)]
    if unknown:
        raise ConfigError(name, f"{unknown[0]!r} is not a route", f"use some of {', '.join(Route)}")
    return words


def browser(env: Env, name: str) -> str:
    """The path of a program, nothing, or `none`."""
    value = general.read(env, name, "")
    if not value or value.lower() == "none":
        return value.lower()
    path = Path(value).expanduser().absolute()
    if not path.is_file() or not os.access(path, os.X_OK):
        raise ConfigError(name, f"{path} is not a program", "give the path of Chromium or Chrome, or none")
    return str(path)


def enable_proxy(env: Env, name: str) -> bool:
    enabled = general.switch(env, name, default=False)
    if enabled and not general.read(env, "PROXY_LIST", "") and not general.read(env, "WEBSHARE_API_KEY", ""):
        raise ConfigError(name, "no proxies are named", "set PROXY_LIST or WEBSHARE_API_KEY")
    return enabled


def media_path(env: Env, name: str) -> str:
    try:
        return check_template(general.read(env, name, DEFAULT_TEMPLATE))
    except InvalidTemplate as error:
        raise ConfigError(name, str(error), f"write one like {DEFAULT_TEMPLATE}") from None


def media_store(env: Env, name: str) -> str:
    """Nothing, a folder, or a store that `store.media.opening` knows."""
    value = general.read(env, name, "")
    parts = urlsplit(value)
    is_folder = parts.scheme == "file" and parts.path and not parts.netloc
    is_drive = parts.scheme == "drive" and parts.netloc and not parts.path.strip("/")
    if value and not is_folder and not is_drive:
        raise ConfigError(name, f"{value!r} is no store", "use file:///path/of/a/folder or drive://FOLDER_ID")
    return value
