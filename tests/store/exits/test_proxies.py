"""Proxies' addresses and lists of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import ConfigError, ProxiesUnavailable
from store.exits import Proxy, read_proxy, read_proxy_list

SECRET = "S3cretPassword"


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
def test_an_address_is_read_with_its_credentials(scheme: str) -> None:
    proxy = read_proxy(f" {scheme}://user:p%40ss%3A@proxy.example:8080/ ")

    assert (proxy.host, proxy.port, proxy.username, proxy.password) == (
        "proxy.example",
        8080,
        "user",
        "p@ss:",
    )
    assert proxy.url == f"{scheme}://user:p%40ss%3A@proxy.example:8080"


def test_an_address_without_credentials_or_in_ipv6_is_read() -> None:
    assert read_proxy("http://10.0.0.1:80").url == "http://10.0.0.1:80"
    assert read_proxy("socks5://[::1]:1080").name == "socks5://[::1]:1080"


def test_the_name_tells_sessions_of_a_gateway_apart_and_no_credentials() -> None:
    first, second = (read_proxy(f"http://user-{n}:{SECRET}@gate.example:80") for n in (1, 2))
    changed = read_proxy("http://user-1:other@gate.example:80")

    assert first.name != second.name
    assert first.name == changed.name
    assert SECRET not in f"{first!r} {first.name}"
    assert "user-1" not in f"{first!r} {first.name}"


@pytest.mark.parametrize(
    "text",
    [
        f"user:{SECRET}@10.0.0.1:80",
        f"ftp://user:{SECRET}@10.0.0.1:80",
        f"http://user:{SECRET}@10.0.0.1",
        f"http://user:{SECRET}@:80",
        f"http://user:{SECRET}@10.0.0.1:99999",
        f"http://user:{SECRET}@10.0.0.1:port",
        f"http://user:{SECRET}/with slash@10.0.0.1:80",
        f"http://user:{SECRET}@[::1:80",
    ],
)
def test_what_is_no_proxy_is_named_by_its_line_and_not_quoted(text: str, tmp_path: Path) -> None:
    file = tmp_path / "proxies.txt"
    file.write_text(f"# mine\n\nhttp://10.0.0.9:80\n{text}\n")

    with pytest.raises(
        ConfigError, match=r"^PROXY_LIST: line 4 of .*proxies\.txt .*; write http://"
    ) as caught:
        read_proxy_list(file)

    assert SECRET not in f"{caught.value!r} {caught.value}"
    assert caught.value.__suppress_context__


def test_a_list_may_hold_comments_a_mark_and_repetitions(tmp_path: Path) -> None:
    file = tmp_path / "proxies.txt"
    file.write_text(
        "\ufeffhttp://10.0.0.1:80\r\n  # comment\r\n\r\nsocks5://10.0.0.2:80\r\nhttp://10.0.0.1:80\r\n"
    )

    assert [proxy.name for proxy in read_proxy_list(file)] == ["http://10.0.0.1:80", "socks5://10.0.0.2:80"]


def test_a_list_that_cant_be_read_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xff\x00")

    for name, problem in (("missing", "No such file"), (".", "Is a directory"), ("binary", "not text")):
        with pytest.raises(ProxiesUnavailable, match=f"{problem}.*; check PROXY_LIST"):
            read_proxy_list(tmp_path / name)


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(username=words, password=words)
def test_any_credentials_come_through(username: str, password: str) -> None:
    proxy = Proxy(scheme="http", host="10.0.0.1", port=80, username=username, password=password)

    assert read_proxy(proxy.url) == proxy


@given(text=st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        proxy = read_proxy(text)
    except ValueError:
        return

    assert read_proxy(proxy.url) == proxy
