"""What can go wrong with clients and their credentials.

StoreError
└── ClientError
    ├── ClientNotFound        there is no such client
    ├── ClientRefused         it can't be made; names the field
    └── CredentialsRefused    secret, key or token is wrong, ended or revoked; deliberately not which of it
"""

from __future__ import annotations

from store.errors import StoreError


class ClientError(StoreError):
    """Base of what goes wrong with clients."""


class ClientNotFound(ClientError):  # noqa: N818  # says what happened
    """There is no such client."""

    def __init__(self, client: str) -> None:
        super().__init__(f"There is no client {client}; see: flask --app webapi client list")


class ClientRefused(ClientError):  # noqa: N818  # says what happened
    """It can't be made."""


class CredentialsRefused(ClientError):  # noqa: N818  # says what happened
    """Secret, key or token is wrong, ended or revoked."""
