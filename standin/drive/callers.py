"""Who holds an access token."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Caller:
    """A person, or a service account."""

    email: str
    is_service: bool
    """A service account that acts for nobody."""
    expires: float = 0.0
