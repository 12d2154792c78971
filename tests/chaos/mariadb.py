"""A MariaDB of one's own, to be stopped and started at will."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

from sqlalchemy import URL, text

from store.engine import open_engine
from store.errors import DatabaseUnreachable
from tests.fixtures.ports import free_port

PATIENCE_SECONDS = 120
SERVER, INSTALLER = "mariadbd", "mariadb-install-db"


def missing_programs() -> list[str]:
    """What has to be installed first."""
    return [name for name in (SERVER, INSTALLER) if shutil.which(name) is None]


class MariaDB:
    """A server with its files in a directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = directory / "mariadb.log"
        install = [
            INSTALLER,
            "--no-defaults",
            f"--datadir={directory / 'mariadb'}",
            "--auth-root-authentication-method=normal",
        ]
        with self._log.open("ab") as log:
            subprocess.run([*install, "--skip-test-db"], stdout=log, stderr=log, check=True)

    @property
    def url(self) -> URL:
        return URL.create("mysql+pymysql", "root", host="127.0.0.1", port=self._port, database="chaos")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [
            "--no-defaults", "--user=root", f"--datadir={self._directory / 'mariadb'}", f"--port={self._port}",
            f"--socket={self._directory / 'mariadb.sock'}", "--bind-address=127.0.0.1", "--skip-grant-tables",
            "--skip-networking=0", "--innodb-buffer-pool-size=64M",
        ]  # fmt: skip
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([SERVER, *options], stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert self._process.poll() is None, f"it ended: see {self._log}"
            assert time.monotonic() < deadline, "MariaDB took too long to start"
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop it as an operator would, and wait until it is gone."""
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def _answers(self) -> bool:
        try:
            server = open_engine(self.url.set(database=""))
        except DatabaseUnreachable:
            return False
        with server.begin() as connection:
            connection.execute(text("CREATE DATABASE IF NOT EXISTS chaos CHARACTER SET utf8mb4"))
        server.dispose()
        return True
