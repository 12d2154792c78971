"""A refresh is a job; when it has ended, a worker has the answer found anew. Settings make it go by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, select

from store.clients.client import Plan, Role
from store.config import Config
from store.jobs.ledger import Finding
from store.jobs.results import read_results
from store.jobs.services import cancel_job, get_job
from store.jobs.states import JobState
from store.models.jobs import JOBS
from store.schedules.making import make_job
from store.schedules.runs import run_due_schedules
from store.workers import WorkerProcess, say_hello
from tests.store.jobs_made import crawl
from tests.webapi.pretend_live import PretendLive, product
from tests.webapi.serving import Api
from tests.webapi.shop.conftest import MakeApi
from tests.webapi.shop.contract import BASE
from webapi.worker.shop_cache import ShopCache
from webapi.worker.task import Tools

REFRESH = f"{BASE}/refresh"
OK = [Finding(position=1, outcome="ok")]


@pytest.fixture
def worker(engine: Engine, config: Config) -> Iterator[ShopCache]:
    task = ShopCache(Tools(engine=engine, config=config))
    yield task
    task.stop()


def job_ids(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.scalars(select(JOBS.c.id)))


def end(engine: Engine, job_id: int, findings: list[Finding]) -> None:
    job = get_job(engine, job_id)
    crawl(engine, job, job.created_at + timedelta(seconds=1), findings)


@pytest.mark.parametrize(
    ("query", "category", "target"),
    [
        ("", None, "trending"),
        ("?category=electronics", "electronics", "trending=electronics"),
        (f"?category={quote('phone cases')}", "phone cases", "trending=phone cases"),
    ],
)
def test_a_refresh_is_queued_as_a_job_of_its_client(
    query: str, category: str | None, target: str, make_api: MakeApi, engine: Engine
) -> None:
    made = make_api()

    answer = made.api.ask("POST", REFRESH + query)

    (job_id,) = job_ids(engine)
    assert answer.status == 200
    assert answer.document == {
        "status": "queued",
        "message": "Refresh agendado em background",
        "category": category,
        "job_id": job_id,
    }
    job = get_job(engine, job_id)
    assert (job.kind, job.client_id, job.state) == ("shop", made.client_id, JobState.PENDING)
    assert [result.given for result in read_results(engine, job.id)] == [target]
    assert made.api.get(f"/api/jobs/{job.id}").status == 200


@pytest.mark.parametrize("category", ["%20", "x" * 101])
def test_what_is_no_category_is_refused(category: str, api: Api, engine: Engine) -> None:
    answer = api.ask("POST", f"{REFRESH}?category={category}")

    assert (answer.status, answer.document["error_code"]) == (400, "INVALID_QUERY"), answer.body
    assert job_ids(engine) == []


@pytest.mark.parametrize(
    ("plan", "roles", "status"),
    [(Plan.FREE, (), 403), (Plan.FREE, (Role.ADMIN,), 200), (Plan.PRO, (), 200), (Plan.ENTERPRISE, (), 200)],
)
def test_refreshing_is_part_of_the_paid_plans(
    plan: Plan, roles: tuple[Role, ...], status: int, make_api: MakeApi
) -> None:
    answer = make_api(plan, *roles).api.ask("POST", REFRESH)

    assert answer.status == status
    assert status == 200 or answer.document["error_code"] == "FORBIDDEN"


class TestTheQuota:
    """Of each plan."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, rate_limits=True)

    @pytest.mark.parametrize(("plan", "most"), [(Plan.PRO, 5), (Plan.ENTERPRISE, 20)])
    def test_so_many_refreshes_an_hour_and_no_more(self, plan: Plan, most: int, make_api: MakeApi) -> None:
        api = make_api(plan).api

        answers = [api.ask("POST", REFRESH) for _ in range(most + 1)]

        assert [answer.status for answer in answers] == [200] * most + [429]
        assert answers[-1].document["error_code"] == "RATE_LIMITED"
        assert int(answers[-1].headers["Retry-After"]) > 3000
        assert api.get(f"{BASE}/cache/stats").status == 200


def test_when_the_job_has_ended_the_answer_is_a_new_one_without_anybody_waiting(
    api: Api, engine: Engine, worker: ShopCache, live: PretendLive
) -> None:
    for path in ("/trending", "/trending?max_results=5", "/trending?category=home", "/search?q=capa"):
        api.get(BASE + path)
    api.ask("POST", REFRESH)
    live.stock = [product(77)]

    worker.run()
    assert api.get(f"{BASE}/trending").document["total"] == 20  # the job has not ended
    end(engine, job_ids(engine)[0], OK)
    worker.run()
    asked = len(live.asked)
    after = api.get(f"{BASE}/trending").document

    assert (after["cached"], after["total"], len(live.asked)) == (True, 1, asked)
    assert not api.get(f"{BASE}/trending?max_results=5").document["cached"]
    assert api.get(f"{BASE}/trending?category=home").document["cached"]
    assert api.get(f"{BASE}/search?q=capa").document["cached"]
    worker.run()
    assert len(live.asked) == asked + 1


def test_a_refresh_that_can_not_be_told_leaves_the_old_answer(
    api: Api, engine: Engine, worker: ShopCache, live: PretendLive, caplog: pytest.LogCaptureFixture
) -> None:
    old = api.get(f"{BASE}/trending").document
    api.ask("POST", REFRESH)
    end(engine, job_ids(engine)[0], OK)
    live.outcome = "captcha"

    assert worker.run() is False

    assert "What is trending (all) could not be refreshed: captcha" in caplog.text
    told = api.get(f"{BASE}/trending").document
    assert (told["stale"], told["products"]) == (True, old["products"])


@pytest.mark.parametrize("ending", ["refused", "cancelled"])
def test_a_refresh_that_found_nothing_changes_nothing(
    ending: str, api: Api, engine: Engine, worker: ShopCache, live: PretendLive
) -> None:
    api.get(f"{BASE}/trending")
    api.ask("POST", REFRESH)
    (job_id,) = job_ids(engine)
    if ending == "cancelled":
        cancel_job(engine, job_id, datetime.now(UTC))
    else:
        end(engine, job_id, [Finding(position=1, outcome="captcha", reason="asked to solve one")])

    worker.run()

    assert len(live.asked) == 1
    assert get_job(engine, job_id).sequel is None


class TestByItself:
    """As the settings say."""

    @pytest.fixture
    def config(self, config: Config) -> Config:
        return replace(config, scrape_interval=600, categories_to_scrape=("electronics", "phone cases"))

    def test_the_schedules_are_made_and_shown_and_their_jobs_refresh_the_cache(
        self, api: Api, engine: Engine, worker: ShopCache
    ) -> None:
        before = api.get(REFRESH).document
        worker.run()
        schedules = api.get(REFRESH).document["schedules"]

        assert before == {
            "running": False, "last_scrape": None, "products_scraped": 0, "errors": 0, "schedules": [],
        }  # fmt: skip
        assert {one["name"]: one["every_seconds"] for one in schedules} == {
            "shop: trending": 1800,
            "shop: categories": 600,
        }
        assert all(one["is_enabled"] and one["next_run_at"] for one in schedules)

        run_due_schedules(engine, make_job, datetime.now(UTC) + timedelta(minutes=11))
        (job_id,) = job_ids(engine)
        given = [result.given for result in read_results(engine, job_id)]
        assert given == ["trending=electronics", "trending=phone cases"]
        end(engine, job_id, [*OK, Finding(position=2, outcome="captcha")])
        worker.run()

        assert api.get(f"{BASE}/trending?category=electronics").document["cached"]
        assert not api.get(f"{BASE}/trending?category=phone+cases").document["cached"]
        status = api.get(REFRESH).document
        assert (status["errors"], status["last_scrape"] is None) == (1, False)

    def test_it_runs_while_a_worker_is_there(self, api: Api, engine: Engine) -> None:
        now = datetime.now(UTC)
        say_hello(engine, WorkerProcess(name="w", host="here", pid=1, started_at=now), now)

        assert api.get(REFRESH).document["running"] is True
