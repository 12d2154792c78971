"""How the processes of the API share connections."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from gunicorn.workers.gthread import ThreadWorker

from webapi.request_threads import STEP_BACK_SECONDS, RequestThreads


@pytest.mark.parametrize(
    ("connections", "steps_back"), [(0, False), (7, False), (8, True), (15, True), (16, False)]
)
def test_a_process_steps_back_when_each_of_its_threads_has_a_connection(
    connections: int, steps_back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[object] = []
    monkeypatch.setattr(time, "sleep", done.append)
    monkeypatch.setattr(ThreadWorker, "accept", lambda _, listener: done.append(listener))
    worker = RequestThreads.__new__(RequestThreads)
    worker.nr_conns, worker.cfg = connections, SimpleNamespace(threads=8)

    worker.accept("listener")

    assert done == [*([STEP_BACK_SECONDS] if steps_back else []), "listener"]
