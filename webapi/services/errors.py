"""What services refuse.

ServiceError
├── Missing     there is no such thing, or it is somebody else's
└── Unusable    what was given makes no sense; names the field
"""

from __future__ import annotations


class ServiceError(Exception):
    """The message is one line, for whoever asked."""


class Missing(ServiceError):  # noqa: N818  # says what happened
    """There is no such thing, or it is somebody else's: nobody can tell which."""


class Unusable(ServiceError):  # noqa: N818  # says what happened
    """What was given makes no sense."""
