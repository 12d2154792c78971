"""What has to be known before pasted cookies become an account, whoever pastes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import SystemRandom
from urllib.parse import urlsplit

from store.config import Config
from tiktok.cookies import DOMAIN, Cookie, newest
from tiktok.devices import Device


def cookie_site(config: Config) -> str:
    """Whose cookies are wanted: TikTok's, or those of the site that stands in for it."""
    host = (urlsplit(config.tiktok_base_url).hostname or "").lower()
    return DOMAIN if f".{host}".endswith(DOMAIN) else host


def device_of(cookies: Iterable[Cookie], user_agent: str) -> Device:
    """A device for cookies, in the country that they name."""
    country = newest(cookies, "store-country-code")
    device = Device.random(SystemRandom(), user_agent=user_agent)
    is_country = country and len(country.value) == 2 and country.value.isalpha()
    return replace(device, region=country.value.upper()) if country and is_country else device
