"""The API under gunicorn: processes, each with threads."""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from store.config import Config
from webapi import create_app
from webapi.extensions.request_log import write_logs_as_json
from webapi.metrics.processes import forget_process, share_counts
from webapi.streams.loop import EXTENSION, Streams

GRACE_SECONDS = 8
"""How long a stop waits for requests under way; whoever started us kills after 10."""


class Server(BaseApplication):  # type: ignore[misc]  # published without types
    """Gunicorn with our settings instead of its command line."""

    def __init__(self, config: Config) -> None:
        self.settings = config
        share_counts(config)
        super().__init__()

    def load_config(self) -> None:
        host = self.settings.api_bind_address
        options: dict[str, Any] = {
            "bind": f"[{host}]:{self.settings.port}" if ":" in host else f"{host}:{self.settings.port}",
            "workers": self.settings.api_workers,
            "worker_class": "webapi.request_threads.RequestThreads",
            "threads": self.settings.api_threads,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 5,
            "proc_name": "tiktok-crawler-api",
            "loglevel": "warning",
            "child_exit": lambda _, worker: forget_process(worker.pid),
            "post_worker_init": lambda _: write_logs_as_json(self.settings.log_level),
            "worker_exit": lambda _, worker: close_streams(worker),
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application, in each process its own."""
        write_logs_as_json(self.settings.log_level)
        return create_app(self.settings)


def close_streams(worker: Any) -> None:
    """Tell whoever watches a job that this process ends."""
    streams: Streams | None = (
        worker.wsgi.extensions.get(EXTENSION) if isinstance(worker.wsgi, Flask) else None
    )
    if streams:
        streams.close()
