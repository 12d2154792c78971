"""A callback is delivered in the end, signed, and every attempt is on record. On SQLite and MariaDB."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine
from standardwebhooks import Webhook

from store.callbacks.delivery import Courier
from store.callbacks.outbox import Delivery, Outbox, list_attempts, list_deliveries, replay
from store.callbacks.plan import WAITS, DeliveryState
from store.callbacks.signing import SigningKeys, written
from store.errors import DeliveryNotFound
from store.jobs.removal import delete_job
from store.outbound.guard import Guard
from tests.fixtures.receivers import Receiver
from tests.store.jobs_made import done_job

SECRET = b"a secret of thirty-two bytes ...."


class Clock:
    """A clock that only tests move."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def body(job_id: int) -> Iterator[bytes]:
    yield b'{"job": '
    yield b"%d}" % job_id


def courier_of(engine: Engine, port: int, directory: Path, clock: Clock) -> Courier:
    return Courier(
        outbox=Outbox(engine, "worker"),
        guard=Guard([("127.0.0.1", port)]),
        keys=SigningKeys((SECRET,)),
        body=body,
        directory=directory,
        now=clock,
        timeout_seconds=5,
    )


def deliver_what_is_due(courier: Courier, clock: Clock) -> list[DeliveryState]:
    return [courier.deliver(delivery) for delivery in courier.outbox.take(clock(), 10)]


def run_until_settled(courier: Courier, engine: Engine, clock: Clock) -> Delivery:
    """Let time pass from attempt to attempt."""
    while (delivery := list_deliveries(engine)[0]).state is DeliveryState.PENDING:
        clock.now = max(clock.now, delivery.due_at)
        deliver_what_is_due(courier, clock)
    return delivery


@pytest.fixture
def clock() -> Clock:
    """Right at the start of a test: receivers compare a signature's time with their own."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def courier(engine: Engine, receiver: Receiver, tmp_path: Path, clock: Clock) -> Courier:
    return courier_of(engine, receiver.port, tmp_path, clock)


def test_the_end_of_a_job_is_delivered_once_and_signed(
    engine: Engine, courier: Courier, receiver: Receiver, clock: Clock
) -> None:
    job = done_job(engine, clock.now, receiver.url)

    states = deliver_what_is_due(courier, clock) + deliver_what_is_due(courier, clock)

    (received,) = receiver.received
    (delivery,) = list_deliveries(engine, job_id=job.id)
    assert states == [DeliveryState.DELIVERED]
    assert Webhook(written(SECRET)).verify(received.body, received.headers) == {"job": job.id}
    assert received.headers["webhook-id"] == delivery.uuid
    assert received.headers["content-type"] == "application/json"


def test_a_client_s_callback_is_signed_with_its_own_secret(
    engine: Engine, courier: Courier, receiver: Receiver, clock: Clock
) -> None:
    done_job(engine, clock.now, receiver.url, client_id="cl_1")

    deliver_what_is_due(courier, clock)

    (secret,) = SigningKeys((SECRET,)).of("cl_1")
    Webhook(written(secret)).verify(receiver.received[0].body, receiver.received[0].headers)


def test_a_receiver_that_was_down_for_three_days_gets_its_callback(
    engine: Engine, courier: Courier, receiver: Receiver, clock: Clock
) -> None:
    start, clock.now = clock.now, clock.now - sum(WAITS, timedelta())
    done_job(engine, clock.now, receiver.url)
    down_until = clock.now + timedelta(hours=72)
    receiver.answer = lambda: 503 if clock.now < down_until else 200

    delivery = run_until_settled(courier, engine, clock)

    attempts = list_attempts(engine, delivery.id)
    waits = [later.started_at - earlier.started_at for earlier, later in pairwise(attempts)]
    assert (delivery.state, clock.now) == (DeliveryState.DELIVERED, start)
    assert [attempt.status for attempt in attempts] == [503] * 9 + [200]
    assert waits == list(WAITS[1:])
    assert {one.headers["webhook-id"] for one in receiver.received} == {delivery.uuid}
    Webhook(written(SECRET)).verify(receiver.received[-1].body, receiver.received[-1].headers)


def test_a_receiver_that_never_comes_back_is_given_up_with_the_reason(
    engine: Engine, courier: Courier, receiver: Receiver, clock: Clock
) -> None:
    done_job(engine, clock.now, "http://127.0.0.1:1/hook")

    delivery = run_until_settled(courier, engine, clock)

    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED, len(WAITS))
    assert delivery.reason
    assert "https" in delivery.reason  # an address that is not exempt is never connected to
    assert receiver.received == []


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (204, DeliveryState.DELIVERED),
        (410, DeliveryState.GONE),
        (302, DeliveryState.PENDING),
        (404, DeliveryState.PENDING),
    ],
)
def test_an_answer_decides_what_follows(
    engine: Engine, courier: Courier, receiver: Receiver, clock: Clock, *, status: int, state: DeliveryState
) -> None:
    done_job(engine, clock.now, receiver.url)
    receiver.answer = lambda: status

    assert deliver_what_is_due(courier, clock) == [state]
    (delivery,) = list_deliveries(engine)
    assert [(one.number, one.status) for one in list_attempts(engine, delivery.id)] == [(1, status)]


def test_an_attempt_whose_worker_died_is_followed_by_another_with_the_same_id(
    engine: Engine, receiver: Receiver, tmp_path: Path, clock: Clock
) -> None:
    done_job(engine, clock.now, receiver.url)
    (lost,) = Outbox(engine, "the dead").take(clock.now, 10)
    courier = courier_of(engine, receiver.port, tmp_path, clock)

    at_once = deliver_what_is_due(courier, clock)
    clock.now += timedelta(seconds=61)
    later = deliver_what_is_due(courier, clock)

    assert (at_once, later) == ([], [DeliveryState.DELIVERED])
    assert [one.headers["webhook-id"] for one in receiver.received] == [lost.uuid]
    assert [one.milliseconds is None for one in list_attempts(engine, lost.id)] == [True, False]


def test_what_is_given_back_is_taken_at_once(
    engine: Engine, courier: Courier, receiver: Receiver, clock: Clock
) -> None:
    done_job(engine, clock.now, receiver.url)
    ending = Outbox(engine, "ending")

    ending.give_back(ending.take(clock.now, 10))

    assert deliver_what_is_due(courier, clock) == [DeliveryState.DELIVERED]


def test_of_many_workers_one_takes_a_callback(engine: Engine, receiver: Receiver, clock: Clock) -> None:
    for _ in range(10):
        done_job(engine, clock.now, receiver.url)
    ready = threading.Barrier(4)

    def take(number: int) -> list[str]:
        ready.wait()
        outbox = Outbox(engine, f"worker {number}")
        return [one.uuid for _ in range(5) for one in outbox.take(clock.now, 3)]

    with ThreadPoolExecutor(4) as threads:
        taken = [uuid for uuids in threads.map(take, range(4)) for uuid in uuids]

    assert sorted(taken) == sorted(one.uuid for one in list_deliveries(engine))


def test_a_replay_sends_it_again_with_the_same_id(
    engine: Engine, courier: Courier, receiver: Receiver, clock: Clock
) -> None:
    done_job(engine, clock.now, receiver.url)
    receiver.answer = iter([410, 200]).__next__
    deliver_what_is_due(courier, clock)
    (delivery,) = list_deliveries(engine, state=DeliveryState.GONE)

    replay(engine, delivery.uuid, clock())

    assert deliver_what_is_due(courier, clock) == [DeliveryState.DELIVERED]
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 1
    with pytest.raises(DeliveryNotFound):
        replay(engine, "no-such-id", clock())


def test_callbacks_go_with_their_job(engine: Engine, clock: Clock) -> None:
    job = done_job(engine, clock.now, "https://receiver.example/hook")

    delete_job(engine, job.id)

    assert list_deliveries(engine) == []
