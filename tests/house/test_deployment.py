"""No engine builds the image here, so every file, command, port and variable it names is looked up instead."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import scrapyd
import yaml
from sqlalchemy import make_url

from tests.house.commands import problems_of, settings_variables
from tests.house.paths import ROOMS, ROOT

DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
"""With continued lines joined."""
MYSQL_IMAGE_VARIABLES = frozenset(
    {"MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"}
)
"""Those of its documented variables that we use."""

SERVES_NOBODY = frozenset({"worker"})
"""Listen on no port."""

Service = dict[str, Any]


def instructions(name: str) -> list[str]:
    return [
        line.removeprefix(name).strip() for line in DOCKERFILE.splitlines() if line.startswith(f"{name} ")
    ]


def image_environment() -> dict[str, str]:
    return dict(word.split("=", 1) for line in instructions("ENV") for word in shlex.split(line))


def compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def services() -> dict[str, Service]:
    loaded: dict[str, Service] = compose()["services"]
    return loaded


ours = pytest.mark.parametrize("name", [name for name, service in services().items() if "build" in service])
every_service = pytest.mark.parametrize("name", list(services()))


def command_of(service: Service) -> str:
    return (
        shlex.join(service["command"])
        if "command" in service
        else shlex.join(json.loads(instructions("CMD")[0]))
    )


def port_served_by(service: Service) -> int:
    words = shlex.split(command_of(service))
    if "webapi" in words:
        return int(service["environment"]["PORT"])
    if "crawler.live" in words:
        return int(service["environment"]["LIVE_PORT"])
    return (
        int(words[words.index("--port") + 1])
        if "--port" in words
        else int(image_environment()["SCRAPYD_PORT"])
    )


def health_check_of(service: Service) -> str:
    if "healthcheck" not in service:
        return instructions("HEALTHCHECK")[0].partition(" CMD ")[2]
    kind, *words = service["healthcheck"]["test"]
    return str(words[0]) if kind == "CMD-SHELL" else shlex.join(words)


def test_the_image_copies_only_what_exists_and_all_rooms() -> None:
    sources = [
        source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]
    ]

    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert set(ROOMS) <= set(sources)


def test_the_build_context_lets_through_exactly_what_is_copied() -> None:
    sources = {
        source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]
    }

    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}

    assert allowed == sources


def test_the_image_copies_from_stages_that_exist() -> None:
    stages = {line.split(" AS ")[1] for line in instructions("FROM") if " AS " in line}

    assert set(re.findall(r"--from=(\S+)", DOCKERFILE)) == stages


def test_the_image_runs_as_somebody_without_rights() -> None:
    (user,) = instructions("USER")

    assert user != "root"
    assert f"useradd --uid 10001 --create-home {user}" in DOCKERFILE
    assert f"-o {user} " in DOCKERFILE


def test_the_image_s_commands_exist() -> None:
    command = shlex.join(json.loads(instructions("CMD")[0]))

    assert list(problems_of(command)) == []
    assert list(problems_of(health_check_of({}))) == []


def test_the_image_s_variables_are_read_by_somebody() -> None:
    foreign = {"PATH", "PYTHONUNBUFFERED"}
    # Read, not imported: it would install Twisted's reactor, and crawls in other tests of this process want none.
    app = Path(scrapyd.__file__).with_name("app.py").read_text(encoding="utf-8")
    of_scrapyd = set(re.findall(r'getenv\("(\w+)"\)', app))

    assert set(image_environment()) <= settings_variables() | foreign | of_scrapyd
    assert set(re.findall(r"\$(\w+)", health_check_of({}))) <= set(image_environment())


def test_the_image_exposes_the_port_it_serves_and_keeps_its_state() -> None:
    assert instructions("EXPOSE") == [image_environment()["SCRAPYD_PORT"]]
    assert instructions("VOLUME") == [image_environment()["DATA_DIR"]]


@ours
def test_a_container_s_command_exists(name: str) -> None:
    assert list(problems_of(command_of(services()[name]))) == []


@every_service
def test_a_container_is_checked_for_health_by_a_command_that_exists(name: str) -> None:
    service = services()[name]
    if service.get("healthcheck", {}).get("disable"):
        assert service["restart"] == "no", "only a container that ends needs no check"
        return

    assert list(problems_of(health_check_of(service))) == []


@ours
def test_a_container_s_health_check_asks_the_port_it_serves(name: str) -> None:
    service = services()[name]
    if service.get("healthcheck", {}).get("disable") or name in SERVES_NOBODY:
        return
    url = next(word for word in shlex.split(health_check_of(service)) if word.startswith("http"))

    for variable, value in image_environment().items():
        url = url.replace(f"${variable}", value)

    assert urlsplit(url).port == port_served_by(service)


@every_service
def test_a_container_gets_only_variables_it_reads(name: str) -> None:
    service = services()[name]
    known = settings_variables() if "build" in service else MYSQL_IMAGE_VARIABLES

    assert set(service.get("environment", {})) <= known


def test_the_shell_is_asked_only_for_settings() -> None:
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))

    assert asked <= settings_variables() | {"MYSQL_PASSWORD"}


@every_service
def test_a_container_publishes_ports_that_are_served_and_only_to_this_machine(name: str) -> None:
    service = services()[name]

    for published in service.get("ports", []):
        address, container = published.rsplit(":", 1)
        assert address.startswith("127.0.0.1:")
        assert int(container) == port_served_by(service)


@ours
def test_a_container_is_not_misled_by_what_the_settings_file_says_of_this_machine(name: str) -> None:
    service = services()[name]
    environment = service.get("environment", {})

    assert service["env_file"] == ".env"
    assert environment.get("DATA_DIR", image_environment()["DATA_DIR"]) == image_environment()["DATA_DIR"]
    if "command" not in service:
        assert environment["SCRAPYD_PORT"] == image_environment()["SCRAPYD_PORT"]
        assert {"DATA_DIR", "DATABASE_URL", "REDIS_URL"} <= set(environment)


@ours
def test_a_container_reaches_redis_where_it_is(name: str) -> None:
    url = services()[name].get("environment", {}).get("REDIS_URL", "redis://redis:6379/0")

    assert (urlsplit(url).hostname in services(), urlsplit(url).port) == (True, 6379)


def test_no_two_containers_publish_the_same_port() -> None:
    text = [published for service in services().values() for published in service.get("ports", [])]
    defaults = [re.sub(r"\$\{\w+:-(\d+)\}", r"\1", published).split(":")[1] for published in text]

    assert len(set(defaults)) == len(defaults)


@every_service
def test_a_container_waits_only_for_containers_that_exist(name: str) -> None:
    for other, wish in services()[name].get("depends_on", {}).items():
        checked = services()[other].get("healthcheck", {})
        assert wish["condition"] in ("service_healthy", "service_completed_successfully")
        assert wish["condition"] != "service_healthy" or not checked.get("disable")


@every_service
def test_a_container_mounts_volumes_that_are_declared_where_state_is_kept(name: str) -> None:
    service = services()[name]

    for mount in service.get("volumes", []):
        volume, place = mount.split(":")
        assert volume in compose()["volumes"]
        assert place == (image_environment()["DATA_DIR"] if "build" in service else "/var/lib/mysql")


@ours
def test_a_container_s_database_is_the_one_beside_it(name: str) -> None:
    text = services()[name].get("environment", {}).get("DATABASE_URL")
    if text is None:
        assert name == "standin", "only the stand-in needs no database"
        return
    url, mysql = make_url(re.sub(r"\$\{.*?\}", "password", text)), services()["mysql"]["environment"]

    assert (url.host, url.port, url.get_driver_name()) == ("mysql", 3306, "pymysql")
    assert (url.username, url.database) == (mysql["MYSQL_USER"], mysql["MYSQL_DATABASE"])


def test_the_worker_s_container_knows_all_crawl_nodes() -> None:
    urls = services()["worker"]["environment"]["SCRAPYD_URLS"].split(",")

    nodes = [name for name, service in services().items() if "build" in service and "command" not in service]
    assert sorted(urls) == sorted(f"http://{name}:{port_served_by(services()[name])}" for name in nodes)


@pytest.mark.parametrize("unit", sorted((ROOT / "deploy").glob("*.service")), ids=lambda path: path.name)
def test_a_systemd_unit_starts_what_exists_as_somebody_without_rights(unit: Path) -> None:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's names have capitals
    parser.read(unit)
    service = parser["Service"]

    command = service["ExecStart"].removeprefix(f"{service['WorkingDirectory']}/")
    assert list(problems_of(command)) == []
    assert (service["Restart"], service["User"]) == ("always", "tiktok")
    assert int(service["TimeoutStopSec"]) >= 10
    assert parser["Install"]["WantedBy"] == "multi-user.target"


def test_scrapyd_finds_what_its_configuration_names() -> None:
    parser = ConfigParser()
    parser.read(ROOT / "scrapyd.conf")
    section = parser["scrapyd"]

    for option in ("application", "jobstorage"):
        code = f"from scrapy.utils.misc import load_object; load_object({section[option]!r})"
        assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
    assert section["bind_address"] == "127.0.0.1"
    assert list(problems_of(f"python -m {section['runner']}")) == []


def test_scrapy_and_scrapyd_use_the_same_settings() -> None:
    parser = ConfigParser()
    parser.read(ROOT / "scrapy.cfg")

    assert dict(parser["settings"]) == {"default": "crawler.settings", "tiktok": "crawler.settings"}


@pytest.mark.parametrize(
    "path", sorted([*(ROOT / "bin").iterdir(), ROOT / ".ci/run"]), ids=lambda path: path.name
)
def test_a_script_can_be_run_and_starts_only_what_exists(path: Path) -> None:
    commands = re.findall(r"^exec (python .*)$|\bstep \"[^\"]+\" (bin/.*)$", path.read_text(), re.MULTILINE)

    assert path.stat().st_mode & 0o111 == 0o111
    assert [
        problem for pair in commands for line in pair for problem in problems_of(line.replace('"$@"', ""))
    ] == []


def test_hooks_before_a_commit_are_the_checks_of_bin_check() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    checks = re.findall(r'^step "(.*?)"', (ROOT / "bin/check").read_text(), re.MULTILINE)

    assert [hook["name"] for hook in hooks] == checks
    assert [problem for hook in hooks for problem in problems_of(hook["entry"])] == []
