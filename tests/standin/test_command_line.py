"""`python -m standin`: its one line, its commands, and its clear words about bad options."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from standin.world.population import World
from tests.fixtures.standin import ROOT, RunningStandin


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "standin", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_the_tls_port_shows_the_same_site_to_whoever_trusts_it(standin: RunningStandin) -> None:
    careless = ssl.create_default_context()
    careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
    address = f"https://127.0.0.1:{standin.tls_port}/@khaby.lame"

    with urlopen(address, context=careless, timeout=10) as page:
        assert b"khaby.lame" in page.read()
    with pytest.raises(URLError, match="self-signed"):
        urlopen(address, context=ssl.create_default_context(), timeout=10)

    assert standin.log()["counts"] == {"/@khaby.lame": 1}


def test_usernames_are_those_of_the_served_population() -> None:
    named = run("usernames", "30")

    world = World(7, 1_000)
    assert len(set(named.stdout.split())) == 30
    assert all(world.account_called(username) for username in named.stdout.split())


def test_products_are_those_of_the_served_population() -> None:
    named = run("products", "30").stdout.split()

    assert len(set(named)) == 30
    assert all(World(7, 1_000).catalogue.product_with_id(product_id) for product_id in named)
    assert run("--seed", "3", "products", "30").stdout.split() != named


def test_seed_and_users_count_on_either_side_of_the_command() -> None:
    before = run("--seed", "3", "--users", "20", "usernames", "20")
    after = run("usernames", "20", "--seed", "3", "--users", "20")

    assert before.stdout == after.stdout != run("usernames", "20").stdout


def test_landmarks_are_json() -> None:
    assert json.loads(run("landmarks").stdout)["accounts"]["two.hundred"]["posts"] == 200


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--users", "5", "usernames", "6"), "--users"),
        (("--products", "5", "products", "6"), "--products"),
        (("--port", "x"), "--port"),
        (("--day", "-1"), "--day"),
        (("--fault", "earthquake@/x"), "earthquake"),
        (("--fault", "{broken"), "--fault"),
        (("--settings", "{broken"), "--settings"),
        (("--settings", '{"budgets": [{"per": "galaxy"}]}'), "galaxy"),
        (("--settings", '{"shop_regions": ["us", "atlantis"]}'), "shop_regions"),
        (("--settings", '{"exit_regions": {"*": "atlantis"}}'), "exit_regions"),
        (("--settings", '{"product_shape": "D"}'), "product_shape"),
        (("proxy", "--fault", "flood"), "flood"),
    ],
)
def test_bad_options_are_named(arguments: tuple[str, ...], named: str) -> None:
    refused = run(*arguments)

    assert refused.returncode == 2
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr


def test_it_serves_on_a_free_port_with_faults_from_the_start_and_stops_when_told() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "standin", "--fault", "status_code@/api/*", "--day", "today"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    url = process.stdout.readline().removeprefix("standin listening on ").strip()

    with urlopen(f"{url}/api/anything/") as reply:  # noqa: S310  # our own loopback server
        body = json.load(reply)
    process.terminate()

    assert body["statusCode"] == 10101
    assert process.wait(timeout=10) == 0
    process.stdout.close()


def test_settings_can_be_given_from_the_start() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "standin", "--settings", '{"day": 4, "tokens": {"uses": 9}}'],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    url = process.stdout.readline().removeprefix("standin listening on ").strip()

    with urlopen(f"{url}/__standin__/settings") as reply:  # noqa: S310  # our own loopback server
        settings = json.load(reply)
    process.terminate()

    assert (settings["day"], settings["tokens"]["uses"]) == (4, 9)
    assert process.wait(timeout=10) == 0
    process.stdout.close()
