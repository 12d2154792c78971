"""Which IP addresses are public: those of the internet, and of nobody's inside."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address

NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        # IANA's special-purpose registries: our own list, as Python's changes with its version.
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        # Azure's virtual host, which looks public and answers only from within.
        "168.63.129.16/32",
    )
)  # fmt: skip
GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that was ever given out; loopback, local, multicast and v4-compatible addresses lie outside."""
NAT64 = IPv6Network("64:ff9b::/96")
"""Where a network without IPv4 finds the IPv4 address that the last 32 bits hold."""


def is_public(address: Address) -> bool:
    """Judge an address; one that stands for an IPv4 address is judged as that."""
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner:
            return is_public(inner)
        if address.scope_id or address not in GLOBAL_UNICAST or _is_isatap(address):
            return False
    return not any(address in network for network in NOT_PUBLIC if network.version == address.version)


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped


def _is_isatap(address: IPv6Address) -> bool:
    """A tunnel's address, whose last 32 bits are an IPv4 address within a site."""
    return int(address) >> 32 & 0xFCFF_FFFF == 0x0000_5EFE
