"""The one guard for every URL that a user can give: only public addresses, but for the operator's exemptions.

It stands twice: `check` when the URL is given, for a clear answer at once; `addresses` when it is used, since a
name may lead elsewhere by then. What is connected to is what `addresses` returned, nothing is looked up again.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from typing import Self

from store.config import Config
from store.errors import AddressRefused, AddressUnknown
from store.outbound.addresses import Address, is_public
from store.outbound.destinations import Destination, HostPort, literal_address, read_destination

LOOKUP_SECONDS = 5.0
"""How long whoever gives a URL waits for its name to be looked up."""

Resolver = Callable[[str, int], Sequence[str]]


def look_up(host: str, port: int) -> list[str]:
    """Ask the system for a name's addresses."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard:
    """Says where a URL leads, and refuses what is not public."""

    def __init__(
        self,
        exempt: Collection[HostPort] = (),
        *,
        allow_http: bool = False,
        resolver: Resolver = look_up,
    ) -> None:
        self._exempt = frozenset(exempt)
        self._allow_http = allow_http
        self._resolver = resolver

    @classmethod
    def load(cls, config: Config) -> Self:
        """The guard of this installation."""
        return cls(config.webhook_allow_hosts, allow_http=config.webhook_allow_http)

    def check(self, url: str) -> Destination:
        """Vet a URL as it is given; one whose name can't be looked up yet passes until it is used."""
        destination = self.read(url)
        if not destination.is_exempt:
            with suppress(AddressUnknown):
                self.addresses(destination, LOOKUP_SECONDS)
        return destination

    def read(self, url: str) -> Destination:
        """Vet what can be told from the URL alone."""
        return read_destination(url, exempt=self._exempt, allow_http=self._allow_http)

    def addresses(self, destination: Destination, timeout_seconds: float) -> list[Address]:
        """Look up where to connect; raise `AddressRefused` when one of the addresses is not public."""
        literal = literal_address(destination.host)
        found = [literal] if literal else self._resolve(destination, timeout_seconds)
        # One inside address among public ones is refused too: which of them answers is somebody else's choice.
        if not destination.is_exempt and not all(is_public(address) for address in found):
            raise AddressRefused("leads to an address that is not public")
        return found

    def _resolve(self, destination: Destination, timeout_seconds: float) -> list[Address]:
        answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._resolver(destination.host, destination.port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        # The system's lookup has no time limit of its own.
        threading.Thread(target=ask, daemon=True, name="lookup").start()
        try:
            answer = answers.get(timeout=timeout_seconds)
        except Empty:
            raise AddressUnknown(f"{destination.host} was not looked up in time") from None
        if isinstance(answer, Exception) or not answer:
            raise AddressUnknown(f"{destination.host} can't be looked up")
        return [ip_address(text) for text in answer]
