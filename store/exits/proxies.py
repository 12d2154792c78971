"""Proxies as an operator names them: addresses, and files of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from store.errors import ConfigError, ProxiesUnavailable

SCHEMES = ("http", "https", "socks5", "socks5h")
MAX_BYTES = 8 * 1024 * 1024
DIGEST_LENGTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy's address. Its name tells it from others without telling its credentials."""

    scheme: str
    host: str
    port: int
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    country: str | None = None

    @property
    def name(self) -> str:
        """Scheme, host and port; at a gateway, where the username chooses the way, a digest of that too."""
        address = f"{self.scheme}://{_bracketed(self.host)}:{self.port}"
        if not self.username:
            return address
        return f"{address}~{sha256(self.username.encode()).hexdigest()[:DIGEST_LENGTH]}"

    @property
    def url(self) -> str:
        """The whole address, credentials percent-encoded."""
        credentials = (
            f"{quote(self.username, safe='')}:{quote(self.password, safe='')}@" if self.username else ""
        )
        return f"{self.scheme}://{credentials}{_bracketed(self.host)}:{self.port}"


def read_proxy(text: str) -> Proxy:
    """Read `scheme://user:password@host:port`; raise `ValueError`, which quotes nothing of it."""
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not an address") from None
    if parts.scheme not in SCHEMES:
        raise ValueError(f"has to start with {', '.join(f'{scheme}://' for scheme in SCHEMES)}")
    if not host or not port or len(host) > 200 or not host.isprintable() or " " in host:
        raise ValueError("has to name host and port")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("has something behind the port; percent-encode what is special in a password")
    return Proxy(
        scheme=parts.scheme,
        host=host,
        port=port,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def read_proxy_list(file: Path) -> list[Proxy]:
    """Read a file of proxies, one per line; raise `ConfigError` with the number of a line that is none."""
    proxies = []
    for number, line in enumerate(_text(file).splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            proxies.append(read_proxy(line))
        except ValueError as error:
            raise ConfigError(
                "PROXY_LIST", f"line {number} of {file} {error}", "write http://user:password@host:port"
            ) from None
    return list({proxy.name: proxy for proxy in proxies}.values())


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ProxiesUnavailable(f"The proxy list {file} is larger than 8 MB; is it the right file?")
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "not text"
        raise ProxiesUnavailable(
            f"The proxy list {file} can't be read: {problem}; check PROXY_LIST"
        ) from None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
