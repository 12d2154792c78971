"""What services refuse.

ServiceError
├── Forbidden   somebody else's, or more than the plan allows
├── Missing     there is no such thing, or it is somebody else's
└── Unusable    what was given makes no sense; names the field
"""

from __future__ import annotations


class ServiceError(Exception):
    """The message is one line, for whoever asked."""


class Forbidden(ServiceError):  # noqa: N818  # says what happened
    """It is somebody else's, or more than the client's plan allows."""


class Missing(ServiceError):  # noqa: N818  # says what happened
    """There is no such thing, or it is somebody else's: nobody can tell which."""


class Unusable(ServiceError):  # noqa: N818  # says what happened
    """What was given makes no sense."""
