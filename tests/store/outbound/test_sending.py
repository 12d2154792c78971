"""A request goes where it was vetted for, with the right name in TLS, once, and within its time."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from store.errors import NotDelivered
from store.outbound.guard import Guard
from store.outbound.sending import SLICE_BYTES, get, post
from tests.fixtures.receivers import Receiver

NAME = "receiver.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key for `NAME`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "receiver.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


def guard_for(name: str, port: int) -> Guard:
    return Guard([(name, port)], resolver=lambda _host, _port: ["127.0.0.1"])


@pytest.fixture
def tls_receiver(start_receiver: Callable[..., Receiver], certificate: Path) -> Receiver:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return start_receiver(context)


def test_the_certificate_is_checked_against_the_name_not_the_address(
    tls_receiver: Receiver, certificate: Path
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate))
    port = tls_receiver.port

    reply = post(
        guard_for(NAME, port),
        f"https://{NAME}:{port}/",
        {"Content-Length": "1"},
        [b"x"],
        ssl_context=trusting,
    )
    with pytest.raises(NotDelivered, match="certificate"):
        post(
            guard_for("other.example", port),
            f"https://other.example:{port}/",
            {},
            [b"x"],
            ssl_context=trusting,
        )
    with pytest.raises(NotDelivered, match="certificate"):
        post(guard_for(NAME, port), f"https://{NAME}:{port}/", {}, [b"x"])

    assert reply.status == 200
    assert [one.headers["host"] for one in tls_receiver.received] == [f"{NAME}:{port}"]


def test_a_redirect_is_an_answer_and_not_followed(
    receiver: Receiver, start_receiver: Callable[..., Receiver]
) -> None:
    elsewhere = start_receiver()
    receiver.answer = lambda: 302
    receiver.headers["Location"] = elsewhere.url

    reply = post(Guard([("127.0.0.1", receiver.port)]), receiver.url, {"Content-Length": "0"}, [])

    assert (reply.status, elsewhere.received) == (302, [])


def test_proxies_of_the_environment_are_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")

    assert (
        post(Guard([("127.0.0.1", receiver.port)]), receiver.url, {"Content-Length": "0"}, []).status == 200
    )


def test_a_body_is_sent_in_pieces_as_it_is_made(receiver: Receiver) -> None:
    pieces = [bytes([number]) * (SLICE_BYTES + number) for number in range(5)]
    length = sum(map(len, pieces))

    post(Guard([("127.0.0.1", receiver.port)]), receiver.url, {"Content-Length": str(length)}, iter(pieces))

    assert receiver.received[0].body == b"".join(pieces)


@pytest.fixture
def dripping_port() -> Iterator[int]:
    """Answer one byte of an endless header at a time."""
    over = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not over.wait(0.05):
                connection.sendall(b"x")

    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        thread = threading.Thread(target=drip, args=[listening])
        thread.start()
        yield listening.getsockname()[1]
        over.set()
        thread.join()


def test_an_answer_that_drips_ends_with_the_time_limit(dripping_port: int) -> None:
    begun = time.monotonic()

    with pytest.raises(NotDelivered, match="ReadTimeout"):
        post(
            Guard([("127.0.0.1", dripping_port)]),
            f"http://127.0.0.1:{dripping_port}/",
            {"Content-Length": "0"},
            [],
            timeout_seconds=0.5,
        )

    assert time.monotonic() - begun < 5


def test_where_a_redirect_leads_is_told_and_not_followed(receiver: Receiver) -> None:
    receiver.headers["Location"] = "http://169.254.169.254/latest"
    guard = Guard([("127.0.0.1", receiver.port)])

    receiver.answer = lambda: 301
    redirect = get(guard, receiver.url, {"X-Mine": "1"})
    receiver.answer = lambda: 200
    page = get(guard, receiver.url, {})

    assert (redirect.status, redirect.location) == (301, "http://169.254.169.254/latest")
    assert (page.status, page.location) == (200, None)
    assert [one.headers.get("x-mine") for one in receiver.received] == ["1", None]


def test_what_may_not_be_visited_is_not_asked() -> None:
    with pytest.raises(NotDelivered, match="not public"):
        get(Guard(), "https://10.0.0.1/", {})
