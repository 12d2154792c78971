"""Who we are to Google: a service account, alone or for somebody, or a person who once agreed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from google.auth.credentials import Credentials
from google.oauth2.credentials import Credentials as PersonCredentials
from google.oauth2.service_account import Credentials as ServiceCredentials

from store.config import Config
from store.media.errors import StoreRefused

SCOPES = ("https://www.googleapis.com/auth/drive",)
LOGIN_FILE = "drive.json"
"""What `scrapy drive login` writes into `DATA_DIR`."""
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address


def credentials_file(config: Config) -> Path:
    """Return where the key is, or should be."""
    return config.drive_credentials or config.data_dir / LOGIN_FILE


def load_credentials(config: Config) -> Credentials:
    """Read the key file; raise `StoreRefused` with what to do when it is none."""
    path = credentials_file(config)
    key = _read(path)
    match key.get("type"):
        case "service_account":
            return _service(key, path, config.drive_subject)
        case "authorized_user":
            if config.drive_subject:
                raise StoreRefused("DRIVE_SUBJECT: only a service account acts for somebody; leave it empty")
            return _person(key, path)
    raise StoreRefused(
        f"DRIVE_CREDENTIALS: {path} is no key of a service account or a login; "
        "download one from the Google Cloud console, or run scrapy drive login"
    )


def acts_for_itself(credentials: Credentials) -> bool:
    """Say whether it is a service account on its own, which can't own files."""
    return isinstance(credentials, ServiceCredentials) and not credentials._subject  # noqa: SLF001  # no public way


def account_of(credentials: Credentials) -> str:
    """Name the account for messages."""
    if isinstance(credentials, ServiceCredentials):
        return str(credentials._subject or credentials.service_account_email)  # noqa: SLF001  # as above
    return "the account that logged in"


def _read(path: Path) -> dict[str, Any]:
    try:
        key = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        raise StoreRefused(
            f"DRIVE_CREDENTIALS: {path} is missing; run scrapy drive login, or name a service account's key"
        ) from None
    except (OSError, ValueError) as error:
        raise StoreRefused(f"DRIVE_CREDENTIALS: {path} can't be read ({error})") from None
    return key if isinstance(key, dict) else {}


def _service(key: dict[str, Any], path: Path, subject: str) -> ServiceCredentials:
    try:
        made = ServiceCredentials.from_service_account_info(key, scopes=SCOPES, subject=subject or None)  # type: ignore[no-untyped-call]
    except ValueError as error:
        raise StoreRefused(f"DRIVE_CREDENTIALS: {path} is damaged ({error}); download it again") from None
    assert isinstance(made, ServiceCredentials)
    return made


def _person(key: dict[str, Any], path: Path) -> PersonCredentials:
    missing = [name for name in ("refresh_token", "client_id", "client_secret") if not key.get(name)]
    if missing:
        raise StoreRefused(f"DRIVE_CREDENTIALS: {path} lacks {missing[0]}; run scrapy drive login again")
    return PersonCredentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=key["refresh_token"],
        token_uri=key.get("token_uri") or TOKEN_URI,
        client_id=key["client_id"],
        client_secret=key["client_secret"],
        scopes=SCOPES,
    )
