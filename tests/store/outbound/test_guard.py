"""No URL that a user gives reaches anything inside. The witness is a socket of this machine that listens."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from store.errors import AddressRefused, NotDelivered
from store.outbound.addresses import is_public
from store.outbound.guard import Guard
from store.outbound.sending import post

LIES = {
    "inside.example": ["127.0.0.1"],
    "inside6.example": ["::1"],
    "mixed.example": ["93.184.215.14", "127.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "cgnat.example": ["100.64.0.1"],
    "nat64.example": ["64:ff9b::7f00:1"],
    "zone.example": ["fe80::1%lo"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "xn--n3h.example": ["127.0.0.1"],
}
"""Names, and what they lead to."""

INSIDE = [
    # This machine, in every notation
    "127.0.0.1", "127.0.0.1.", "127.1.2.3", "127.255.255.254", "0.1.2.3",
    "0.0.0.0",  # noqa: S104  # to be refused
    "2130706433", "2130706433.", "017700000001", "0x7f000001", "0X7F000001", "0x7f.0.0.1", "0x7f.1", "0177.0.0.1",
    "0177.0.0.01", "127.1", "127.0.1", "127.0.0.0x1", "127.000.000.001", "0", "0x", "127.0.0.1..", "1.127.0.0.1",
    "localhost", "LOCALHOST", "localhost.", "localhost.localdomain.localhost", "a.localhost",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[2a00::5efe:7f00:1]", "[::1%25lo]", "[::1%lo]", "[fe80::1%25eth0]",
    "%31%32%37.0.0.1", "127%2e0%2e0%2e1", "①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1", "[::1", "::1",
    # Other machines inside
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.100.100.200", "192.0.0.192",
    "168.63.129.16", "198.18.0.1", "192.0.2.1", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "2852039166", "0xA9FEA9FE", "0251.0376.0251.0376", "169.254.43518",
    "[fd00:ec2::254]", "[fc00::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]",
    "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[64:ff9b::169.254.169.254]",
    "redis", "metadata", "mysql", "printer.local", "metadata.google.internal", "router.lan",
    # Names that lead inside
    *LIES,
    # Who is the host?
    "example.com@127.0.0.1", "example.com:443@127.0.0.1", "user:password@127.0.0.1", "127.0.0.1@example.com",
    "127.0.0.1\\@example.com", "example.com\\.127.0.0.1", "127.0.0.1 .example.com", "127.0.0.1\t", "127.0.0.1\n",
    "exa\x00mple.com", "127.0.0.1,example.com", "-example.com", "example..com", ".example.com", "",
]  # fmt: skip
FORMS = [
    "http:127.0.0.1:{port}", "http:///127.0.0.1:{port}/", "//127.0.0.1:{port}/", "127.0.0.1:{port}",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "ftp://127.0.0.1:{port}/", "unix:///run/docker.sock",
    "http+unix://%2Frun%2Fdocker.sock/", "javascript:alert(1)", "data:,x", "", "https://", "https://:{port}/",
    "https://example.com:0/", "https://example.com:65536/", "https://example.com:99999999999/",
    "https://example.com:-1/", "https://example.com:port/", "https://example.com:22/", "https://example.com:25/",
    "https://example.com:{port}:{port}/", "https://example.com:{port}#@127.0.0.1:{port}/" + "x" * 2048,
    " http://127.0.0.1:{port}/", "http://\t127.0.0.1:{port}/", "http://127.0.0.1:{port}\r\nHost: x/",
]  # fmt: skip


@pytest.fixture(scope="module")
def witness() -> Iterator[socket.socket]:
    """Listen on all addresses of this machine, of both families."""
    with socket.create_server(
        ("::", 0), family=socket.AF_INET6, dualstack_ipv6=True, backlog=512
    ) as listening:
        listening.setblocking(False)
        yield listening


def port_of(witness: socket.socket) -> int:
    return int(witness.getsockname()[1])


def somebody_connected(witness: socket.socket) -> bool:
    try:
        connection, _ = witness.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True


def lying(host: str, port: int) -> list[str]:
    """Resolve as the tables say, numbers as the system does, and everything else to the witness."""
    try:
        return LIES.get(host) or [
            str(entry[4][0]) for entry in socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
        ]
    except OSError:
        return ["127.0.0.1"]


def urls_into(port: int) -> list[str]:
    return [f"{scheme}://{host}:{port}/hook" for scheme in ("http", "https") for host in INSIDE] + [
        form.format(port=port) for form in FORMS
    ]


def test_at_least_sixty_ways_in_are_tried() -> None:
    assert len(set(INSIDE)) + len(set(FORMS)) >= 60
    assert len(set(INSIDE)) == len(INSIDE)


def test_no_url_reaches_this_machine(witness: socket.socket) -> None:
    guard = Guard(allow_http=True, resolver=lying)
    passed = []

    for url in urls_into(port_of(witness)):
        with pytest.raises(NotDelivered):
            post(guard, url, {}, [b"x"], timeout_seconds=2)
        if somebody_connected(witness):
            passed.append(url)

    assert passed == []


def test_every_such_url_is_refused_when_it_is_given(witness: socket.socket) -> None:
    guard = Guard(allow_http=True, resolver=lying)

    for url in urls_into(port_of(witness)):
        with pytest.raises(AddressRefused) as refusal:
            guard.check(url)
        assert "127.0.0.1" not in str(refusal.value), "says nothing of what a name leads to"


def test_a_name_that_leads_elsewhere_by_the_time_it_is_used_reaches_nothing(witness: socket.socket) -> None:
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    guard = Guard(resolver=lambda _host, _port: next(answers))
    url = f"https://rebinding.example:{port_of(witness)}/hook"

    guard.check(url)
    with pytest.raises(NotDelivered, match="not public"):
        post(guard, url, {}, [b"x"], timeout_seconds=2)

    assert not somebody_connected(witness)


def test_a_name_is_looked_up_once_for_a_connection(witness: socket.socket) -> None:
    port = port_of(witness)
    asked = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["127.0.0.1"]

    with pytest.raises(NotDelivered):
        post(
            Guard([("receiver.example", port)], resolver=resolver),
            f"http://receiver.example:{port}/",
            {},
            [],
            timeout_seconds=0.3,
        )

    assert somebody_connected(witness), "else the other tests would prove nothing"
    assert asked == [("receiver.example", port)]


@pytest.mark.parametrize(
    ("host", "url_host"), [("127.0.0.1", "127.0.0.1"), ("localhost", "LocalHost."), ("::1", "[::1]")]
)
def test_the_operator_s_own_receivers_are_exempt_by_host_and_port(
    witness: socket.socket, host: str, url_host: str
) -> None:
    port = port_of(witness)
    guard = Guard([(host, port)])

    assert guard.check(f"http://{url_host}:{port}/hook").is_exempt
    with pytest.raises(AddressRefused):
        guard.check(f"https://{url_host}:{port + 1}/hook")
    with pytest.raises(NotDelivered, match="ReadTimeout"):
        post(guard, f"http://{url_host}:{port}/hook", {}, [b"x"], timeout_seconds=0.3)
    assert somebody_connected(witness)


def test_plain_http_needs_the_setting() -> None:
    public = "http://93.184.215.14/hook"

    with pytest.raises(AddressRefused, match="https"):
        Guard().check(public)
    assert Guard(allow_http=True).check(public).port == 80


def test_a_name_that_cannot_be_looked_up_yet_is_accepted_and_tried_when_it_is_used() -> None:
    def resolver(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    guard = Guard(resolver=resolver)

    assert guard.check("https://soon.example/hook").host == "soon.example"
    with pytest.raises(NotDelivered, match=r"soon\.example can't be looked up"):
        post(guard, "https://soon.example/hook", {}, [])


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://Example.COM/a?b=c#d", "example.com", 443, "/a?b=c"),
        ("https://example.com:8443", "example.com", 8443, "/"),
        ("https://8.8.8.8./x", "8.8.8.8", 443, "/x"),
        ("https://[2606:4700::1111]/", "2606:4700::1111", 443, "/"),
        ("https://[64:ff9b::8.8.8.8]/", "64:ff9b::808:808", 443, "/"),
        ("https://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example", 443, "/"),
        ("https://example.com/?next=http://127.0.0.1/@x", "example.com", 443, "/?next=http://127.0.0.1/@x"),
    ],
)
def test_a_public_url_leads_where_it_says(url: str, host: str, port: int, path: str) -> None:
    destination = Guard(resolver=lambda _host, _port: ["93.184.215.14"]).check(url)

    assert (destination.host, destination.port, destination.path) == (host, port, path)


NEIGHBOURS = "8.8.8.8 172.15.255.255 172.32.0.1 100.63.0.1 100.128.0.1 223.255.255.255 2a00::1 ::ffff:8.8.8.8"


@pytest.mark.parametrize("address", NEIGHBOURS.split())
def test_public_addresses_beside_the_private_ones_are_public(address: str) -> None:
    assert is_public(ip_address(address))
