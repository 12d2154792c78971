"""What services refuse.

ServiceError
├── Failed      it was tried, and went wrong
├── Forbidden   somebody else's, or more than the plan allows
├── Missing     there is no such thing, or it is somebody else's
├── Refused     its state does not allow it
├── TooSlow     it was not found out in time
├── Unavailable what it takes does not run, or is busy; says when to come back
└── Unusable    what was given makes no sense; names the field
"""

from __future__ import annotations


class ServiceError(Exception):
    """The message is one line, for whoever asked."""


class Failed(ServiceError):  # noqa: N818  # says what happened
    """It was tried, and went wrong."""


class Forbidden(ServiceError):  # noqa: N818  # says what happened
    """It is somebody else's, or more than the client's plan allows."""


class Missing(ServiceError):  # noqa: N818  # says what happened
    """There is no such thing, or it is somebody else's: nobody can tell which."""


class Refused(ServiceError):  # noqa: N818  # says what happened
    """Its state does not allow it."""


class TooSlow(ServiceError):  # noqa: N818  # says what happened
    """It was not found out in the time that a caller waits."""


class Unavailable(ServiceError):  # noqa: N818  # says what happened
    """What it takes does not run, or is busy."""

    def __init__(self, message: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class Unusable(ServiceError):  # noqa: N818  # says what happened
    """What was given makes no sense."""
