"""What a test may change while the pretend Drive runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any


class BadDriveSettingError(ValueError):
    """A setting that there is not, or a value of the wrong kind."""


@dataclass(frozen=True, slots=True)
class DriveSettings:
    """The settings in force (`POST /__standin__/settings`)."""

    clock_offset: float = 0.0
    """Seconds by which the clock is ahead: tokens live an hour, upload sessions a week."""
    quota_bytes: int = 0
    """Room outside shared drives; 0 for no end."""
    requests_per_minute: int = 0
    """Beyond it: 403 `userRateLimitExceeded`; 0 for no end."""
    page_limit: int = 0
    """Most items of a page, whatever was asked for; 0 for no end."""
    empty_pages: bool = False
    """Whether each list begins with a page that has nothing but the token of the next one."""
    list_lag: float = 0.0
    """Seconds until something new shows in `list`."""
    links_forbidden: bool = False
    """Whether an administrator forbids links for anyone."""
    revoked: bool = False
    """Whether a person's consent was taken back: refresh tokens are `invalid_grant`."""
    email: str = "archivist@example.com"
    """Whose drive it is."""

    def changed(self, wishes: Mapping[str, Any]) -> DriveSettings:
        """Return these settings with some of them replaced."""
        kinds = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        for name, wish in wishes.items():
            if name not in kinds:
                raise BadDriveSettingError(f"{name}: unknown, settings are {', '.join(kinds)}")
            if not isinstance(wish, (int, float) if kinds[name] is float else kinds[name]):
                raise BadDriveSettingError(f"{name}: {wish!r} is no {kinds[name].__name__}")
        return replace(self, **wishes)

    def shown(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        return asdict(self)
