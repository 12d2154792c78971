"""What a visitor's browser says about itself in every request's query.

Gated endpoints answer nothing without a `device_id`, and trimmed parameter sets are refused (10201), so the set
is always sent in full. Language, region and time zone should agree with the exit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

DEVICE_IDS = (7_250_000_000_000_000_000, 7_325_099_899_999_994_577)
"""Range from which yt-dlp and gallery-dl draw theirs (2026)."""
_VERIFY_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

CHROME_ON_WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/146.0.0.0 Safari/537.36"
)
"""Default User-Agent; an identity brings its own."""

_PLATFORMS = (("Windows", "Win32", "windows"), ("Macintosh", "MacIntel", "mac"))
"""A word of the User-Agent, and what `browser_platform` and `os` say beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One visitor's browser; stable for the life of an identity."""

    device_id: str
    """19 digits: `wid` of a page's app-context where one was seen, else random."""
    odin_id: str | None = None
    """`odinId` of the same place."""
    web_id_created_at: str | None = None
    """Epoch seconds of the first visit (`webIdCreatedTime`)."""
    region: str = "US"
    """Country of the exit, ISO 3166-1 alpha-2."""
    language: str = "en"
    """Language of the page, ISO 639-1."""
    timezone: str = "America/New_York"
    """IANA name."""
    user_agent: str = CHROME_ON_WINDOWS
    screen_width: int = 1920
    screen_height: int = 1080
    verify_fp: str = field(default="verify_", repr=False)
    """The cookie `s_v_web_id` where there is one, else `verify_` and anything."""

    @classmethod
    def random(
        cls,
        rng: Random,
        *,
        region: str = "US",
        language: str = "en",
        timezone: str = "America/New_York",
        user_agent: str = CHROME_ON_WINDOWS,
    ) -> Device:
        """A device that nobody has seen before."""
        return cls(
            device_id=str(rng.randint(*DEVICE_IDS)),
            region=region,
            language=language,
            timezone=timezone,
            user_agent=user_agent,
            verify_fp="verify_" + "".join(rng.choices(_VERIFY_ALPHABET, k=16)),
        )

    @property
    def browser_language(self) -> str:
        """As `navigator.language` has it, for example `en-US`."""
        return f"{self.language}-{self.region}"

    def parameters(self) -> dict[str, str]:
        """The parameters that all endpoints take."""
        name, _, version = self.user_agent.partition("/")
        platform, system = self._platform()
        common = {
            "WebIdLastTime": self.web_id_created_at,
            "aid": "1988",
            "app_language": self.language,
            "app_name": "tiktok_web",
            "browser_language": self.browser_language,
            "browser_name": name,
            "browser_online": "true",
            "browser_platform": platform,
            "browser_version": version,
            "channel": "tiktok_web",
            "cookie_enabled": "true",
            "data_collection_enabled": "true",
            "device_id": self.device_id,
            "device_platform": "web_pc",
            "focus_state": "true",
            "history_len": "3",
            "is_fullscreen": "false",
            "is_page_visible": "true",
            "language": self.language,
            "odinId": self.odin_id,
            "os": system,
            "priority_region": "",
            "referer": "",
            "region": self.region,
            "screen_height": str(self.screen_height),
            "screen_width": str(self.screen_width),
            "tz_name": self.timezone,
            "user_is_login": "false",
            "verifyFp": self.verify_fp,
            "webcast_language": self.language,
        }
        return {key: value for key, value in common.items() if value is not None}

    def _platform(self) -> tuple[str, str]:
        for word, platform, system in _PLATFORMS:
            if word in self.user_agent:
                return platform, system
        return "Linux x86_64", "linux"
