"""Secrets that are given out once: how they are made, and what is kept of them.

    cl_<16 letters>                     a client's id, public
    cs_<random>                         its secret
    tk_<8 letters>_<random><checksum>   an API key: its prefix may be shown
    tr_<session>_<random>               a refresh token

They are random to 256 bits, so nobody can try them all, and one plain SHA-256 is enough to keep.
"""

from __future__ import annotations

import hmac
import secrets
import string
from hashlib import sha256
from zlib import crc32

LETTERS = string.ascii_lowercase + string.digits
ALPHANUMERIC = string.ascii_letters + string.digits
RANDOM_LENGTH = 43
"""43 of 62 characters are 256 bits."""
CHECKSUM_LENGTH = 8
KEY_MARK = "tk"


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def is_same(secret: str, kept: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(digest(secret), kept)


def new_client_id() -> str:
    return f"cl_{_text(16, LETTERS)}"


def new_client_secret() -> str:
    return f"cs_{_text(RANDOM_LENGTH)}"


def new_session_id() -> str:
    return _text(24)


def new_refresh_token(session_id: str) -> str:
    return f"tr_{session_id}_{_text(RANDOM_LENGTH)}"


def session_of(refresh_token: str) -> str | None:
    """The session whose token this says to be."""
    mark, _, rest = refresh_token.partition("_")
    session_id, _, random = rest.partition("_")
    is_sound = (
        mark == "tr" and session_id.isalnum() and refresh_token.isascii() and len(random) == RANDOM_LENGTH
    )
    return session_id if is_sound else None


def new_api_key() -> str:
    body = f"{KEY_MARK}_{_text(8, LETTERS)}_{_text(RANDOM_LENGTH)}"
    return body + _checksum(body)


def key_prefix(key: str) -> str:
    """The part of a key that may be shown."""
    return key.rpartition("_")[0]


def is_api_key(text: str) -> bool:
    """Tell a key from a misspelt one, without looking it up."""
    body, checksum = text[:-CHECKSUM_LENGTH], text[-CHECKSUM_LENGTH:]
    return body.startswith(f"{KEY_MARK}_") and body.isascii() and checksum == _checksum(body)


def _checksum(text: str) -> str:
    return f"{crc32(text.encode()):0{CHECKSUM_LENGTH}x}"


def _text(length: int, letters: str = ALPHANUMERIC) -> str:
    return "".join(secrets.choice(letters) for _ in range(length))
