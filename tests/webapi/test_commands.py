"""Jobs, schedules and callbacks at the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from store.callbacks.outbox import list_deliveries
from store.callbacks.signing import written
from store.jobs.lists import recent_jobs
from store.schedules.schedule import list_schedules
from tests.store.jobs_made import done_job
from webapi import callbacks, jobs, schedules
from webapi.worker.task import utc_now

Run = Callable[..., str]


@pytest.fixture
def database(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    monkeypatch.setenv("DATABASE_URL", sqlite_engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("WEBHOOK_ALLOW_HOSTS", "127.0.0.1:9000")
    return sqlite_engine


@pytest.fixture
def run(database: Engine, capsys: pytest.CaptureFixture[str]) -> Run:  # noqa: ARG001  # the one that is there
    """Give a way to run a command that must succeed, and read what it prints."""

    def run(command: Callable[[list[str]], int], *words: str) -> str:
        status = command(list(words))
        printed = capsys.readouterr()
        assert (status, printed.err) == (0, "")
        return printed.out

    return run


def test_a_job_of_a_file_is_made_shown_paused_resumed_and_cancelled(
    database: Engine, run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "users.txt"
    file.write_text("# friends\n@khaby.lame, charli\nnot a name\n@khaby.lame\n")

    added = run(
        jobs.main, "add", "bulk_profiles", "--file", str(file), "--callback", "http://127.0.0.1:9000/"
    )
    shown = run(jobs.main, "show", "1")
    states = [run(jobs.main, change, "1") for change in ("pause", "resume", "cancel")]

    (job,) = recent_jobs(database)
    assert added == f"job 1 ({job.uuid}): 4 targets\n"
    assert "1 of 4 targets done, 25 %" in shown
    assert "  invalid: 1" in shown
    assert states == ["job 1 is paused: paused\n", "job 1 is pending\n", "job 1 is cancelled: cancelled\n"]
    assert "bulk_profiles" in run(jobs.main, "list")
    assert run(jobs.main, "delete", job.uuid) == f"job {job.uuid} is deleted\n"
    assert recent_jobs(database) == []


def test_a_job_takes_the_arguments_of_its_spider(database: Engine, run: Run) -> None:
    run(jobs.main, "add", "profile", "@khaby.lame", "charli", "-a", "limit=5", "--priority", "3")

    (job,) = recent_jobs(database)
    assert (job.parameters, job.priority, job.targets_total) == ({"limit": 5}, 3, 2)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["profile", "x y"], "jobs: user: "),
        (["profile", "charli", "-a", "limt=5"], "jobs: limt: "),
        (
            ["profile", "charli", "--callback", "https://10.0.0.1/"],
            "jobs: --callback: leads to an address that is",
        ),
        (["bulk_profiles", "--file", "no-such-file"], "jobs: "),
    ],
)
def test_bad_input_is_one_line_and_makes_no_job(
    database: Engine, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str
) -> None:
    status = jobs.main(["add", *words])

    printed = capsys.readouterr().err
    assert status == 2
    assert printed.startswith(complaint)
    assert printed.count("\n") == 1
    assert recent_jobs(database) == []


def test_a_schedule_is_made_listed_and_switched(database: Engine, run: Run) -> None:
    run(
        schedules.main,
        "add",
        "Mornings",
        "profile",
        "khaby.lame",
        "--cron",
        "30 6 * * 1-5",
        "-a",
        "only_new=1",
    )

    (schedule,) = list_schedules(database)
    listed = run(schedules.main, "list")
    off = run(schedules.main, "off", "1")
    on = run(schedules.main, "on", schedule.uuid)

    assert schedule.parameters == {"only_new": True}
    assert "30 6 * * 1-5" in listed
    assert (off, on) == (
        "schedule 1 is off\n",
        f"schedule 1 is on: next at {schedule.next_run_at:%Y-%m-%d %H:%M:%S} UTC\n",
    )
    run(schedules.main, "show", "1")
    run(schedules.main, "delete", "1")
    assert list_schedules(database) == []


def test_a_callback_is_listed_shown_and_replayed(database: Engine, run: Run) -> None:
    done_job(database, utc_now(), "http://127.0.0.1:9000/")
    (delivery,) = list_deliveries(database)

    assert delivery.uuid in run(callbacks.main, "list", "--state", "pending")
    assert run(callbacks.main, "show", delivery.uuid).startswith(
        f"{delivery.uuid} of job 1 to http://127.0.0.1:9000/"
    )
    assert (
        run(callbacks.main, "replay", delivery.uuid) == f"{delivery.uuid} is due now; a worker delivers it\n"
    )


def test_secrets_are_told_to_the_operator(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = written(b"a secret of thirty-two bytes ....")
    monkeypatch.setenv("WEBHOOK_SECRETS", secret)

    own, theirs = run(callbacks.main, "secret"), run(callbacks.main, "secret", "cl_42")

    assert own == f"{secret}\n"
    assert theirs.startswith("whsec_")
    assert theirs != own
