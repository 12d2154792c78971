"""What can go wrong between us and the database, said so that a person can mend it.

StoreError
├── AddressRefused          a user's URL leads where none may; says why
├── AddressUnknown          the name in it can't be looked up now
├── CacheLost               the cache of answers can't be reached
├── ConfigError             a setting can't be used; names the variable
├── DatabaseUnreachable     no connection, or it broke and did not come back
├── DatabaseBusy            other writers held their locks longer than we may wait
├── DatabaseRefused         it takes no writes: disk full, read-only, no rights
├── DeliveryNotFound        there is no such callback
├── IdentityRefused         an identity can't be made or found; says why
├── NotDelivered            a request to a user's URL got no answer
├── ProxiesUnavailable      the proxies' provider or list could not be read
├── ScheduleNotFound        there is no such schedule
├── ScheduleRefused         a schedule can't be made; names the field
├── SecretUnreadable        encrypted with a key that is not here
├── SchemaOutdated          the tables are older or newer than this code
└── UnsupportedDatabase     not SQLite, MySQL or MariaDB, or too old a version
"""

from __future__ import annotations

from sqlalchemy import URL


class StoreError(Exception):
    """The message is one line: what happened, and how to mend it."""


class AddressRefused(StoreError):  # noqa: N818  # says what happened
    """A user's URL leads where none may. The message goes on from the name of the field."""


class AddressUnknown(StoreError):  # noqa: N818  # says what happened
    """The name in a URL can't be looked up now."""


class CacheLost(StoreError):  # noqa: N818  # says what happened
    """The cache of answers can't be reached at the moment."""


class ConfigError(StoreError):
    """A setting can't be used."""

    def __init__(self, variable: str, problem: str, fix: str) -> None:
        super().__init__(f"{variable}: {problem}; {fix}")
        self.variable = variable


class DatabaseUnreachable(StoreError):  # noqa: N818  # says what happened
    """No connection, or it broke and did not come back."""

    def __init__(self, url: URL, problem: str, fix: str) -> None:
        self.url = url.render_as_string(hide_password=True)
        super().__init__(f"The database {self.url} can't be reached: {problem}; {fix}")


class DatabaseBusy(StoreError):  # noqa: N818  # says what happened
    """Other writers held their locks longer than we may wait."""

    def __init__(self, attempts: int, problem: str) -> None:
        super().__init__(
            f"The database is busy: gave up after {attempts} attempts ({problem}); "
            "run fewer crawls at once on it, or move from SQLite to MySQL"
        )


class DatabaseRefused(StoreError):  # noqa: N818  # says what happened
    """It takes no writes: disk full, read-only, no rights."""

    def __init__(self, url: URL, problem: str) -> None:
        self.url = url.render_as_string(hide_password=True)
        super().__init__(
            f"The database {self.url} refuses to write: {problem}; check its disk space and our rights to it"
        )


class DeliveryNotFound(StoreError):  # noqa: N818  # says what happened
    """There is no such callback."""

    def __init__(self, delivery: object) -> None:
        super().__init__(f"There is no callback {delivery}; it goes with its job when that is deleted")


class IdentityRefused(StoreError):  # noqa: N818  # says what happened
    """An identity can't be made or found."""


class NotDelivered(StoreError):  # noqa: N818  # says what happened
    """A request to a user's URL got no answer."""


class ProxiesUnavailable(StoreError):  # noqa: N818  # says what happened
    """The proxies' provider or list could not be read; what is known of them still holds."""


class ScheduleNotFound(StoreError):  # noqa: N818  # says what happened
    """There is no such schedule."""

    def __init__(self, schedule: object) -> None:
        super().__init__(f"There is no schedule {schedule}; it may have been deleted")


class ScheduleRefused(StoreError):  # noqa: N818  # says what happened
    """A schedule can't be made, or never would run."""


class SecretUnreadable(StoreError):  # noqa: N818  # says what happened
    """Encrypted with a key that is not here."""

    def __init__(self, where: str) -> None:
        super().__init__(f"A secret in the database can't be read: its key is not in {where}; bring it back")


class SchemaOutdated(StoreError):  # noqa: N818  # says what happened
    """The tables are older or newer than this code."""

    def __init__(self, found: str | None, expected: str, *, is_newer: bool = False) -> None:
        problem = "no tables yet" if found is None else f"tables of revision {found}, not {expected}"
        fix = (
            "install the version of this program that made them" if is_newer else "run: alembic upgrade head"
        )
        super().__init__(f"The database has {problem}; {fix}")
        self.found = found
        self.expected = expected


class UnsupportedDatabase(StoreError):  # noqa: N818  # says what happened
    """Not SQLite, MySQL or MariaDB, or too old a version."""
