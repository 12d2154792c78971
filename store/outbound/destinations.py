"""Reads a URL strictly: whatever two readers could take for two different hosts is refused."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from store.errors import AddressRefused

MAX_LENGTH = 2048
MAX_HOST_LENGTH = 253
PORTS = {"http": 80, "https": 443}
FIRST_FREE_PORT = 1024
"""Below it listen mail, shells and file servers, no receivers, but for those of `PORTS`."""
AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")
"""Names that no public host has."""

HostPort = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a URL leads."""

    scheme: str
    host: str
    """Lower case, without a dot at its end; an IPv6 address without its brackets."""
    port: int
    path: str
    """Path and query, as sent."""
    is_exempt: bool = False
    """The operator's own: neither vetted nor held to https."""

    @property
    def authority(self) -> str:
        """As the header `Host` names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def read_destination(url: str, *, exempt: Collection[HostPort] = (), allow_http: bool = False) -> Destination:
    """Take a URL apart; raise `AddressRefused` when it is none, or leads where none may."""
    if len(url) > MAX_LENGTH:
        raise AddressRefused(f"is longer than {MAX_LENGTH} characters")
    if not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>^`{|}'):
        raise AddressRefused(
            "holds characters that no URL may; write the host as xn--…, percent-encode the rest"
        )
    try:
        parts = urlsplit(url)
    except ValueError:
        raise AddressRefused("is no URL") from None
    if parts.scheme not in PORTS:
        raise AddressRefused("has to start with https://")
    host, port = read_authority(parts.netloc, PORTS[parts.scheme])
    is_exempt = (host, port) in exempt
    if not is_exempt:
        if parts.scheme == "http" and not allow_http:
            raise AddressRefused("has to start with https://")
        if port < FIRST_FREE_PORT and port not in PORTS.values():
            raise AddressRefused(f"names port {port}, where no web server listens")
        _require_public_name(host)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, host, port, path, is_exempt)


def read_authority(text: str, default_port: int | None = None) -> HostPort:
    """Read `host:port`; raise `AddressRefused` for anything more, less or ambiguous."""
    if "@" in text:
        raise AddressRefused("holds a user name; leave out everything before @")
    match = AUTHORITY.fullmatch(text.lower())
    port = int(match["port"]) if match and match["port"] else default_port
    if not match or port is None or not 0 < port < 65_536:
        raise AddressRefused("names no host, or no valid port")
    return _read_host(match["host"]), port


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is, unless it is a name."""
    for kind in (IPv4Address, IPv6Address):
        try:
            return kind(host)
        except ValueError:
            continue
    return None


def _read_host(text: str) -> str:
    if text.startswith("["):
        try:
            return str(IPv6Address(text[1:-1]))
        except ValueError:
            raise AddressRefused("names an IPv6 address that is none") from None
    host = text.removesuffix(".")
    labels = host.split(".")
    if len(host) > MAX_HOST_LENGTH or not all(LABEL.fullmatch(label) for label in labels):
        raise AddressRefused("names a host that is none")
    if NUMBER.fullmatch(labels[-1]) and literal_address(host) is None:
        # 2130706433, 0177.0.0.1, 0x7f.1: read by some as an address, by others as a name.
        raise AddressRefused("names an address in an unusual notation; write it as 192.0.2.1")
    return host


def _require_public_name(host: str) -> None:
    is_name = literal_address(host) is None
    if is_name and ("." not in host or host.endswith(tuple(f".{name}" for name in INSIDE))):
        raise AddressRefused(
            "names a host that only this network knows; name one that the internet can reach"
        )
