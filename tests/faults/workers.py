"""A real gunicorn with two workers, and requests that reach the one of them that a test means."""

from __future__ import annotations

import http.client
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.servers import Server, children, gunicorn
from tests.faults.processes import until

COUNT = 2


class Workers:
    """The workers of one gunicorn under the project's own settings."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def post(
        self, worker: int, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str]:
        """Send a request that only this worker can take; return status and text."""
        with self._only(worker):
            return self._ask("POST", path, body, headers)

    def are_up(self) -> bool:
        """Return whether each worker answers."""
        try:
            return [self._health(number) for number in range(COUNT)] == [http.client.OK] * COUNT
        except (OSError, IndexError):
            return False

    def _health(self, worker: int) -> int:
        with self._only(worker):
            return self._ask("GET", "/healthz", b"", {})[0]

    @contextmanager
    def _only(self, worker: int) -> Iterator[None]:
        """Keep the others from accepting anything: a stopped process takes no call."""
        everybody = children(self._server.process.pid)
        others = [pid for pid in everybody if pid != everybody[worker]]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)

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


@contextmanager
def workers(settings: Path, port: int) -> Iterator[Workers]:
    """Run the service with these settings for the length of a with block."""
    environment = {"SIDELIGHT_CONFIG": str(settings), "WEB_CONCURRENCY": str(COUNT)}
    environment["SIDELIGHT_THREADS"] = "4"
    with gunicorn("wsgi:create_app()", environment, port) as server:
        made = Workers(server)
        assert until(made.are_up, 30.0)
        yield made
