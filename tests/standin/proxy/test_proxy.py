"""The test proxy: both protocols, passwords, exits, and every kind of trouble."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import httpx
import pytest

from standin.proxy.trouble import KINDS, BadTroubleError, Trouble, read_trouble
from standin.proxy.wire import NotLoopbackError, address_of, loopback_address
from tests.fixtures.standin import ROOT, RunningProxy, RunningStandin

StartProxy = Callable[..., RunningProxy]
PAGE = "/@khaby.lame"


def fetch(
    url: str, proxy: RunningProxy, credentials: str | None = None, timeout: float = 10
) -> httpx.Response:
    """Fetch by an HTTP proxy, with other credentials if so wished."""
    address = proxy.url
    if credentials is not None:
        address = f"http://{credentials}{address.rpartition('//')[2].rpartition('@')[2]}"
    with httpx.Client(proxy=address, timeout=timeout) as client:
        return client.get(url)


def curl(url: str, proxy: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Fetch by curl, which speaks SOCKS5 and tunnels plain http on request."""
    program = shutil.which("curl")
    if program is None and os.environ.get("REQUIRE_SERVICES") != "1":
        pytest.skip("there is no curl on this machine")
    return subprocess.run(
        [program or "curl", "--silent", "--show-error", "--max-time", "10", "--noproxy", "", "--proxy", proxy,
         *options, url],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_page_comes_through_whole_and_the_site_knows_the_exit(
    standin: RunningStandin, standin_proxy: StartProxy
) -> None:
    proxy = standin_proxy("lisbon")
    direct = httpx.get(f"{standin.url}/oembed", params={"url": "https://www.tiktok.com/@khaby.lame"})

    reply = fetch(str(direct.url), proxy)

    assert reply.content == direct.content
    assert [seen["exit"] for seen in standin.log()["requests"]] == ["127.0.0.1", "lisbon"]
    assert proxy.counts() == {"connections": 1, "forwarded": 1}


def test_a_body_is_carried_to_the_site(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    with httpx.Client(proxy=standin_proxy().url) as client:
        client.post(f"{standin.url}/__standin__/settings", json={"day": 12})

    assert httpx.get(f"{standin.url}/__standin__/settings").json()["day"] == 12


def test_a_client_cannot_choose_its_exit(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    with httpx.Client(proxy=standin_proxy("oslo").url, headers={"X-Standin-Exit": "lisbon"}) as client:
        client.get(f"{standin.url}{PAGE}")

    assert standin.log()["requests"][0]["exit"] == "oslo"


@pytest.mark.parametrize("socks", [False, True], ids=["connect", "socks"])
def test_tunnels_are_told_apart_by_their_address(
    standin: RunningStandin, standin_proxy: StartProxy, socks: bool
) -> None:
    lisbon, oslo = (standin_proxy(name, socks=socks) for name in ("lisbon", "oslo"))
    tunnel = [] if socks else ["--proxytunnel"]

    answers = [curl(f"{standin.url}{PAGE}", proxy.url, *tunnel) for proxy in (lisbon, oslo)]

    assert all("__UNIVERSAL_DATA_FOR_REHYDRATION__" in answer.stdout for answer in answers)
    assert [seen["exit"] for seen in standin.log()["requests"]] == [lisbon.address, oslo.address]
    assert lisbon.address != oslo.address


@pytest.mark.parametrize(("credentials", "status"), [(None, 200), ("", 407), ("me:wrong@", 407), ("x@", 407)])
def test_a_password_is_wanted(
    standin: RunningStandin, standin_proxy: StartProxy, credentials: str | None, status: int
) -> None:
    proxy = standin_proxy(user="me", password="secret")

    reply = fetch(f"{standin.url}{PAGE}", proxy, credentials)

    assert reply.status_code == status
    assert ("Proxy-Authenticate" in reply.headers) == (status == 407)
    assert len(standin.log()["requests"]) == (status == 200)


@pytest.mark.parametrize(("credentials", "code"), [("me:secret@", 0), ("me:wrong@", 97), ("", 97)])
def test_socks_wants_a_password_too(
    standin: RunningStandin, standin_proxy: StartProxy, credentials: str, code: int
) -> None:
    proxy = standin_proxy(user="me", password="secret", socks=True)
    host = proxy.url.rpartition("@")[2]

    assert curl(f"{standin.url}{PAGE}", f"socks5h://{credentials}{host}").returncode == code


def test_nothing_leaves_the_machine(standin_proxy: StartProxy) -> None:
    plain, socks = standin_proxy(), standin_proxy(socks=True)

    asked = fetch("http://www.tiktok.com/", plain)
    tunnelled = curl("http://192.0.2.1/", plain.url, "--proxytunnel")
    by_socks = curl("http://example.com/", socks.url)

    assert asked.status_code == 403
    assert "403" in tunnelled.stderr
    assert by_socks.returncode == 97


@pytest.mark.parametrize("host", ["www.tiktok.com", "10.0.0.1", "::", "0.0.0.0"])  # noqa: S104  # must be refused
def test_only_loopback_addresses_are_reached(host: str) -> None:
    with pytest.raises(NotLoopbackError):
        loopback_address(host)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_loopback_addresses_are_reached(host: str) -> None:
    assert loopback_address(host) in {host, "127.0.0.1"}


def test_nobody_listening_is_a_bad_gateway(standin_proxy: StartProxy) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

        reply = fetch(f"http://127.0.0.1:{port}/", standin_proxy())

    assert reply.status_code == 502


def test_refuse_says_every_password_is_wrong(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    plain = standin_proxy(user="me", password="secret", fault="refuse")
    socks = standin_proxy(fault="refuse", socks=True)

    assert fetch(f"{standin.url}{PAGE}", plain).status_code == 407
    assert curl(f"{standin.url}{PAGE}", socks.url).returncode == 97


def test_die_ends_in_the_middle_of_the_body(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        fetch(f"{standin.url}{PAGE}", standin_proxy(fault="die:bytes=5000"))


def test_die_cuts_short_answers_too(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        fetch(f"{standin.url}/oembed", standin_proxy(fault="die:bytes=100000"))


def test_drip_is_slow_and_whole(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    proxy = standin_proxy(fault="drip:bytes=100,seconds=0.1")
    start = time.perf_counter()

    reply = fetch(f"{standin.url}/oembed", proxy)

    assert reply.status_code == 400
    assert time.perf_counter() - start > 0.2


def test_hang_never_answers(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    with pytest.raises(httpx.ReadTimeout):
        fetch(f"{standin.url}{PAGE}", standin_proxy(fault="hang"), timeout=0.5)


@pytest.mark.parametrize("socks", [False, True])
def test_lie_answers_with_a_page_of_its_own(
    standin: RunningStandin, standin_proxy: StartProxy, socks: bool
) -> None:
    answer = curl(f"{standin.url}/api/creator/item_list/", standin_proxy(fault="lie", socks=socks).url)

    assert "Sign in to this network" in answer.stdout
    assert standin.log()["total"] == 0


def test_cut_comes_after_some_requests(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    proxy = standin_proxy(fault="cut:after=2")

    statuses = [fetch(f"{standin.url}{PAGE}", proxy).status_code for _ in range(2)]
    with pytest.raises(httpx.RemoteProtocolError):
        fetch(f"{standin.url}{PAGE}", proxy)

    assert statuses == [200, 200]
    assert proxy.counts() == {"connections": 3, "forwarded": 2, "cut": 1}


def test_trouble_can_come_and_go(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    proxy = standin_proxy()
    statuses = []
    for fault in ("", "refuse", ""):
        proxy.change(fault)
        statuses.append(fetch(f"{standin.url}{PAGE}", proxy).status_code)

    assert statuses == [200, 407, 200]


def test_a_stopped_proxy_refuses_connections(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    proxy = standin_proxy()

    proxy.stop()

    assert proxy.process.returncode == 0
    with pytest.raises(httpx.ConnectError):
        fetch(f"{standin.url}{PAGE}", proxy)


def test_garbage_ends_its_own_connection_only(standin: RunningStandin, standin_proxy: StartProxy) -> None:
    proxy = standin_proxy()
    host, _, port = proxy.url.rpartition("//")[2].partition(":")
    for garbage in (
        b"nonsense\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"\x05\x01\x00",
        b"CONNECT x:y HTTP/1.1\r\n\r\n",
    ):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(garbage)

    assert fetch(f"{standin.url}{PAGE}", proxy).status_code == 200


def test_an_exit_keeps_its_address() -> None:
    assert address_of("lisbon") == address_of("lisbon") != address_of("oslo")
    assert loopback_address(address_of("lisbon"))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_trouble_is_read_with_its_options(kind: str) -> None:
    assert read_trouble(f"{kind}:after=2,bytes=10") == Trouble(kind, {"after": 2.0, "bytes": 10.0})


@pytest.mark.parametrize("text", ["flood", "drip:speed=1", "drip:seconds=fast", "die:bytes"])
def test_trouble_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(BadTroubleError):
        read_trouble(text)


def test_the_site_s_command_serves_a_proxy_too() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "standin", "proxy", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "--exit-name" in listed.stdout
