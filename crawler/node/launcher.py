"""Starts crawls and keeps count of them: a slot that is taken becomes free again, whatever happens in between."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

from scrapyd.config import Config
from scrapyd.interfaces import IEnvironment, IPoller
from scrapyd.launcher import Launcher, get_crawl_args
from scrapyd.webservice import spider_list
from twisted.internet import reactor as twisted_reactor
from twisted.internet.defer import Deferred, DeferredList
from twisted.internet.task import LoopingCall, deferLater
from twisted.internet.threads import deferToThread
from twisted.logger import Logger
from twisted.python.components import Componentized

from crawler.node.children import Child, Orphan, arguments_of, find_orphans, mark
from crawler.node.exits import Exits, ShardNumbers
from store.config import load_config

log = Logger()
reactor: Any = twisted_reactor  # a module to type checkers, whatever is installed at run time

LOOK_SECONDS = 1.0
"""How often orphans are looked at: nobody tells us when they end."""
STOP_SECONDS = 12.0
"""How long a node that is stopped waits for its crawls; they hand back their work within 10 seconds."""


class SafeLauncher(Launcher):  # type: ignore[misc]  # published without types
    """Scrapyd's own loses a slot with each crawl that can't be started, and forgets those of before a restart."""

    processes: dict[int, Child | Orphan]

    def __init__(self, config: Config, app: Componentized) -> None:
        super().__init__(config, app)
        self.node = config.get("dbs_dir")
        self.watch = LoopingCall(self._look_after_orphans)
        self.exits = Exits(load_config().database_url)

    def startService(self) -> None:
        """Take up work on the slots that are not held by crawls of before a restart."""
        for slot, orphan in enumerate(find_orphans(self.node, self.runner)):
            self._occupy(slot, orphan)
        log.info("{slots} slots for crawls, {taken} taken", slots=self.max_proc, taken=len(self.processes))
        for slot in set(range(self.max_proc)) - set(self.processes):
            self._get_message(slot)
        self.watch.start(LOOK_SECONDS)
        for project in self.app.getComponent(IPoller).queues:
            # Else the first client to schedule something waits for this, and all others with it. If it fails
            # the first client is told why.
            deferToThread(spider_list.get, project, None, runner=self.runner).addErrback(lambda _: None)

    def stopService(self) -> Deferred[Any]:
        """Let all crawls hand back what they have not done, and wait for that."""
        log.info("Stopping {count} crawls", count=len(self.processes))
        ended = DeferredList([process.deferred for process in self.processes.values()])
        for process in self.processes.values():
            process.transport.signalProcess("TERM")
        ended.addCallback(lambda _: DeferredList(self.exits.telling))
        return DeferredList([ended, deferLater(reactor, STOP_SECONDS)], fireOnOneCallback=True)

    def _get_message(self, slot: int) -> None:
        if slot < self.max_proc:  # there may have been more orphans than that
            super()._get_message(slot)

    def _spawn_process(self, message: dict[str, Any], slot: int) -> None:
        child = Child(message["_project"], message["_spider"], message["_job"], {}, [])
        try:
            self._spawn(child, message, slot)
        except Exception as error:  # noqa: BLE001  # arguments too large, no file can be made, no memory, …
            log.warn("Job {job} can't be started: {error}", job=child.job, error=error)
            if shard := ShardNumbers.of(message):
                self.exits.tell_failed_start(shard, f"its process could not be started: {error}")
            self._note_end(child)
            self._get_message(slot)
        else:
            self._occupy(slot, child)

    def _spawn(self, child: Child, message: dict[str, Any], slot: int) -> None:
        environment = self.app.getComponent(IEnvironment)
        message.setdefault("settings", {}).update(environment.get_settings(message))
        child.env = mark(environment.get_environment(message, slot), self.node)
        child.args = [sys.executable, "-m", self.runner, "crawl", *get_crawl_args(message)]
        reactor.spawnProcess(child, sys.executable, args=child.args, env=child.env)

    def _occupy(self, slot: int, process: Child | Orphan) -> None:
        self.processes[slot] = process
        process.deferred.addBoth(self._process_finished, slot)
        log.debug("Slot {slot}: job {job}, pid {pid}", slot=slot, job=process.job, pid=process.pid)

    def _process_finished(self, _: object, slot: int) -> None:
        process = self.processes.pop(slot)
        shard = ShardNumbers.of(arguments_of(process.args))
        if shard and process.exit_code is not None:
            self.exits.tell_exit(shard, process.exit_code)
        self._note_end(process)
        self._get_message(slot)

    def _note_end(self, process: Child | Orphan) -> None:
        """Let Scrapyd's own API know that a crawl is over."""
        process.end_time = datetime.now()  # noqa: DTZ005  # Scrapyd's clock is local
        try:
            self.finished.add(process)
        except Exception as error:  # noqa: BLE001  # its file may be locked, its disk full
            log.warn("The end of job {job} is not noted: {error}", job=process.job, error=error)

    def _look_after_orphans(self) -> None:
        for process in list(self.processes.values()):
            if isinstance(process, Orphan) and not process.is_alive():
                process.deferred.callback(process)
