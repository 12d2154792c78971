"""Readers of values that any program may have: texts, numbers, switches, files, addresses."""

from __future__ import annotations

import math
from pathlib import Path
from urllib.parse import urlsplit

from environs import Env

from store.errors import ConfigError


def read(env: Env, name: str, default: str) -> str:
    """An empty value is a missing one: it is what `NAME=` in `.env` and compose files means."""
    return env.str(name, default).strip() or default


def port(env: Env, name: str, default: str) -> int:
    value = read(env, name, default)
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65_536:
        raise ConfigError(name, f"{value!r} is not a port", f"use a number from 1 to 65535, like {default}")
    return int(value)


def number(env: Env, name: str, default: str, *, least: int) -> int:
    value = read(env, name, default)
    if not value.isascii() or not value.isdigit() or int(value) < least:
        raise ConfigError(name, f"{value!r} is not a whole number", f"write {least} or more, like {default}")
    return int(value)


def switch(env: Env, name: str, *, default: bool) -> bool:
    value = read(env, name, str(default)).lower()
    if value in ("true", "1", "yes", "on"):
        return True
    if value in ("false", "0", "no", "off"):
        return False
    raise ConfigError(name, f"{value!r} is neither true nor false", "write true or false")


def seconds(env: Env, name: str, default: str) -> float:
    value = read(env, name, default)
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise ConfigError(name, f"{value!r} is not a number of seconds", f"write a number like {default}")
    return number


def interval(env: Env, name: str, default: str) -> float:
    value = seconds(env, name, default)
    if value == 0:
        raise ConfigError(name, "0 would be no pace at all", f"write a number like {default}")
    return value


def words(env: Env, name: str) -> tuple[str, ...]:
    given = (word.strip() for word in read(env, name, "").split(","))
    return tuple(dict.fromkeys(word for word in given if word))


def file(env: Env, name: str) -> Path | None:
    value = read(env, name, "")
    return Path(value).expanduser().absolute() if value else None


def choice(env: Env, name: str, choices: tuple[str, ...]) -> str:
    """One of the choices; the first is the default."""
    value = read(env, name, choices[0]).lower()
    if value not in choices:
        raise ConfigError(name, f"{value!r} is not one of them", f"use {', '.join(choices)}")
    return value


def log_level(env: Env, name: str, default: str) -> str:
    value = read(env, name, default).upper()
    if value not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        raise ConfigError(name, f"{value!r} is not a level", "use DEBUG, INFO, WARNING, ERROR or CRITICAL")
    return value


def base_url(env: Env, name: str, default: str) -> str:
    value = read(env, name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError(name, f"{value!r} is not the address of a site", f"use one like {default}")
    return value
