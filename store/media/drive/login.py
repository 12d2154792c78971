"""A person's consent: asked for once in a browser, kept as a refresh token in a file that only its owner reads."""

from __future__ import annotations

import os
import webbrowser
from pathlib import Path

import orjson
from google_auth_oauthlib.flow import InstalledAppFlow

from store.media.drive.credentials import SCOPES
from store.media.errors import StoreRefused

PATIENCE_SECONDS = 900
PROMPT = "Open this address in a browser on this machine, and agree:\n{url}"
DONE = "That is all; this page may be closed."
_PRIVATE = 0o600


def log_in(client_file: Path, key_file: Path, *, port: int, open_browser: bool) -> None:
    """Ask for consent with an OAuth client's file from Google's console; write the key."""
    try:
        flow = InstalledAppFlow.from_client_secrets_file(str(client_file), scopes=SCOPES)
    except (OSError, ValueError) as error:
        raise StoreRefused(
            f"{client_file} is no OAuth client ({error}); "
            "make one of the type Desktop app in the Google Cloud console and download its JSON"
        ) from None
    try:
        made = flow.run_local_server(
            port=port,
            open_browser=open_browser and _has_browser(),
            authorization_prompt_message=PROMPT,
            success_message=DONE,
            timeout_seconds=PATIENCE_SECONDS,
            access_type="offline",
            prompt="consent",  # without it, Google gives a refresh token only the first time
        )
    except Exception as error:
        raise StoreRefused(f"no consent came ({error}); try again") from error
    _write(
        key_file,
        {
            "type": "authorized_user",
            "client_id": made.client_id,
            "client_secret": made.client_secret,
            "refresh_token": made.refresh_token,
            "token_uri": made.token_uri,
        },
    )


def _has_browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _write(path: Path, key: dict[str, str | None]) -> None:
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:
        file.write(orjson.dumps(key, option=orjson.OPT_INDENT_2))
    draft.replace(path)
