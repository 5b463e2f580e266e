"""A real gunicorn with two workers, and requests that reach the one of them that a test means."""

from __future__ import annotations

import http.client
import os
import signal
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from bench.servers import Server, children, gunicorn
from tests.faults.processes import until

COUNT = 2
# One workspace with a folder of accounts and an install of Intercom; tests add what they need.
SETTINGS = """
[service]
base_url = "http://127.0.0.1:{port}"
secrets = ["made-up-0123456789-made-up-0123456789"]

[store]
url = "{store}"

[workspaces.acme]
name = "Acme"

[workspaces.acme.upstreams.crm]
kind = "files"
folder = "{folder}"
parts = ["accounts"]

[workspaces.acme.installs.panel]
kind = "intercom"
secrets = ["client-secret"]
workspace_id = "acme"
"""


class Workers:
    """The workers of one gunicorn; `store` is the SQLite file that they share."""

    def __init__(self, server: Server, store: Path) -> None:
        self._server = server
        self._store = store

    def post(
        self, worker: int, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        """Send a request that only this worker can take; return status and text."""
        with self._only(worker):
            return self._ask("POST", path, body, headers)

    def are_up(self) -> bool:
        """Return whether each worker answers, and has its store."""
        try:
            return all(self._is_ready(number) for number in range(COUNT))
        except (OSError, IndexError):
            return False

    def _is_ready(self, worker: int) -> bool:
        with self._only(worker):
            return '"store":"ok"' in self._ask("GET", "/readyz", b"", {})[1]

    @contextmanager
    def _only(self, worker: int) -> Iterator[None]:
        """Keep the others from accepting anything: a stopped process takes no call."""
        everybody = children(self._server.process.pid)
        others = [pid for pid in everybody if pid != everybody[worker]]
        assert until(lambda: self._are_stopped(others))
        try:
            yield
        finally:
            _send(others, signal.SIGCONT)

    def _are_stopped(self, others: Sequence[int]) -> bool:
        """Stop them while none of them is writing: its lock would not be given back."""
        _send(others, signal.SIGSTOP)
        try:
            with closing(sqlite3.connect(self._store, timeout=0, isolation_level=None)) as store:
                store.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            _send(others, signal.SIGCONT)
            return False
        return True

    def _ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=15)
        try:
            connection.request(method, path, body, {**headers, "Connection": "close"})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


def _send(processes: Sequence[int], what: signal.Signals) -> None:
    for one in processes:
        with suppress(ProcessLookupError):  # ended meanwhile
            os.kill(one, what)


@contextmanager
def workers(settings: Path, port: int) -> Iterator[Workers]:
    """Run the service with these settings for the length of a with block."""
    environment = {"SIDELIGHT_CONFIG": str(settings), "WEB_CONCURRENCY": str(COUNT)}
    environment["SIDELIGHT_THREADS"] = "4"
    with gunicorn("wsgi:create_app()", environment, port) as server:
        made = Workers(server, settings.parent / "memory.db")
        assert until(made.are_up, 60.0)
        yield made


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except (FileNotFoundError, ProcessLookupError):  # closed, or its process ended, meanwhile
        return ""


def held(worker: int, port: int) -> int:
    """Return how many connections to this port a process holds (Linux); none once it has ended."""
    try:
        lines = Path(f"/proc/{worker}/net/tcp").read_text().splitlines()[1:]
        paths = list(Path(f"/proc/{worker}/fd").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return 0
    rows = [line.split() for line in lines]
    open_here = {row[9] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"}
    links = [_link(path) for path in paths]
    return sum(link.removeprefix("socket:[").removesuffix("]") in open_here for link in links)
