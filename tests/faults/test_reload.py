"""Settings are read anew (SIGHUP) while agents open tickets: every one of them is answered."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import threading
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Self

from bench.demo import EMAIL, signed, written
from bench.load import Shot
from bench.servers import Server, children, free_port, gunicorn
from plugin.helpdesk import Trial
from tests.faults.processes import until
from tests.faults.workers import held

CALLERS = 6


class _Callers:
    """Connections that are kept open and ask over and over; `told` counts what they hear."""

    def __init__(self, port: int, shot: Shot) -> None:
        self.told: Counter[object] = Counter()
        self._port, self._shot, self._over = port, shot, threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(CALLERS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def hear_more(self) -> bool:
        """Return whether forty more answers come."""
        goal = self.told.total() + 40
        return until(lambda: self.told.total() >= goal, 30.0)

    def _ask(self) -> None:
        shot, line = self._shot, http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        while not self._over.is_set():
            try:
                line.request(shot.method, shot.path, shot.body, shot.headers)
                answer = line.getresponse()
                answer.read()
                self.told[answer.status] += 1
            except (OSError, http.client.HTTPException) as error:
                self.told[type(error).__name__] += 1
                line.close()
        line.close()


def _are_gone(workers: set[int], server: Server) -> bool:
    return not workers & set(children(server.process.pid))


def _serves(server: Server, worker: int) -> bool:
    """Return whether another worker than this one takes connections."""
    with ExitStack() as stack:
        for _ in range(4):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 15))
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
            assert line.recv(12) == b"HTTP/1.1 200"
        return any(held(one, server.port) for one in children(server.process.pid) if one != worker)


def test_a_reload_loses_no_request(tmp_path: Path):
    """Twice in a row: the workers are other ones then, and every answer was a 200."""
    port = free_port()
    path, settings = written(tmp_path, port)
    shot = signed(settings, "demo-intercom", Trial(EMAIL, ticket_id="NW-31"))
    with (
        gunicorn("wsgi:create_app()", {"SIDELIGHT_CONFIG": str(path)}, port) as server,
        _Callers(port, shot) as callers,
    ):
        for _ in range(2):
            assert callers.hear_more()
            old = set(children(server.process.pid))
            server.process.send_signal(signal.SIGHUP)
            assert until(partial(_are_gone, old, server), 30.0)
        assert callers.hear_more()

    assert set(callers.told) == {200}


def test_a_worker_that_cannot_be_replaced_leaves_the_others_alone(tmp_path: Path):
    """One dies while the settings are half edited: the other serves; once mended, there are two."""
    port = free_port()
    path, settings = written(tmp_path, port)
    right = path.read_text(encoding="utf-8")
    shot = signed(settings, "demo-intercom", Trial(EMAIL, ticket_id="NW-31"))
    with (
        gunicorn("wsgi:create_app()", {"SIDELIGHT_CONFIG": str(path)}, port) as server,
        _Callers(port, shot) as callers,
    ):
        assert callers.hear_more()
        first, second = children(server.process.pid)
        path.write_text(f"{right}\n[servcie]\n", encoding="utf-8")
        os.kill(first, signal.SIGKILL)
        assert until(partial(_are_gone, {first}, server))
        assert callers.hear_more()
        callers.told.clear()  # what was under way in it is lost with it
        assert callers.hear_more()
        path.write_text(right, encoding="utf-8")
        assert until(lambda: _serves(server, second), 30.0)
        os.kill(second, signal.SIGKILL)
        assert until(partial(_are_gone, {second}, server))
        assert callers.hear_more()
        callers.told.clear()  # what was under way in it is lost with it
        assert callers.hear_more()

    assert set(callers.told) == {200}


def test_a_reload_with_a_mistake_in_the_settings_changes_nothing(tmp_path: Path):
    """The workers go on with what they had; once it is mended, the next reload takes it."""
    port = free_port()
    path, settings = written(tmp_path, port)
    right = path.read_text(encoding="utf-8")
    shot = signed(settings, "demo-intercom", Trial(EMAIL, ticket_id="NW-31"))
    with (
        gunicorn("wsgi:create_app()", {"SIDELIGHT_CONFIG": str(path)}, port) as server,
        _Callers(port, shot) as callers,
    ):
        assert callers.hear_more()
        old = set(children(server.process.pid))
        for wrong in ("[servcie]", '[workspaces.demo.upstreams.crm]\nkind = "fax"', "["):
            path.write_text(f"{right}\n{wrong}\n", encoding="utf-8")
            server.process.send_signal(signal.SIGHUP)
            assert callers.hear_more()
            assert set(children(server.process.pid)) == old
        path.write_text(right, encoding="utf-8")
        server.process.send_signal(signal.SIGHUP)
        assert until(partial(_are_gone, old, server), 30.0)
        assert callers.hear_more()

    assert set(callers.told) == {200}
