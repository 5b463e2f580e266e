"""Settings are read anew while agents open tickets: every one of them is answered."""

from __future__ import annotations

import http.client
import logging
import os
import re
import runpy
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import pytest

from bench.demo import EMAIL, signed, written
from bench.load import Shot, once
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


@dataclass(frozen=True, slots=True)
class Served:
    """Two workers under load, and the settings file that they have read."""

    server: Server
    callers: _Callers
    path: Path

    def workers(self) -> list[int]:
        """Return the processes that serve now."""
        return children(self.server.process.pid)

    def reload(self) -> None:
        """Tell gunicorn to read the settings anew."""
        self.server.process.send_signal(signal.SIGHUP)

    def are_gone(self, workers: set[int]) -> bool:
        """Return whether these workers end."""
        return until(lambda: not workers & set(self.workers()), 30.0)

    def kill(self, worker: int) -> None:
        """Kill a worker, and forget what was under way in it, which is lost with it."""
        os.kill(worker, signal.SIGKILL)
        assert self.are_gone({worker})
        assert self.callers.hear_more()
        self.callers.told.clear()

    def is_taken_beside(self, worker: int) -> bool:
        """Return whether another worker than this one takes connections."""
        port = self.server.port
        with ExitStack() as stack:
            for _ in range(4):
                line = stack.enter_context(socket.create_connection(("127.0.0.1", port), 15))
                line.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
                assert line.recv(12) == b"HTTP/1.1 200"
            return any(held(one, port) for one in self.workers() if one != worker)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Run the demo for callers that never stop to ask."""
    port = free_port()
    path, settings = written(tmp_path, port)
    shot = signed(settings, "demo-intercom", Trial(EMAIL, ticket_id="NW-31"))
    with (
        gunicorn("wsgi:create_app()", {"SIDELIGHT_CONFIG": str(path)}, port) as server,
        _Callers(port, shot) as callers,
    ):
        assert callers.hear_more()
        yield Served(server, callers, path)


def test_a_reload_loses_no_request(served: Served):
    """Twice in a row: the workers are other ones then, and every answer was a 200."""
    for _ in range(2):
        old = set(served.workers())
        served.reload()
        assert served.are_gone(old)
        assert served.callers.hear_more()

    assert set(served.callers.told) == {200}


def test_old_workers_answer_until_new_ones_can(tmp_path: Path) -> None:
    """However long a new worker takes to start, nobody waits for it."""
    port, go = free_port(), tmp_path / "go"
    path, _ = written(tmp_path, port)
    go.touch()
    with (
        gunicorn(
            "tests.faults.waiting_app:create_app()",
            {"SIDELIGHT_CONFIG": str(path), "GO": str(go)},
            port,
        ) as server,
        _Callers(port, Shot("/", "GET")) as callers,
    ):
        assert callers.hear_more()
        served = Served(server, callers, path)
        old = set(served.workers())
        go.unlink()
        served.reload()
        assert until(lambda: set(served.workers()) > old, 30.0)
        for _ in range(3):
            assert callers.hear_more()
        assert old < set(served.workers())

        go.touch()
        assert served.are_gone(old)
        assert callers.hear_more()
        assert set(callers.told) == {200}


def test_replaced_workers_leave_no_metrics_behind(tmp_path: Path) -> None:
    """A new worker counts on in the files of the one whose seat it takes."""
    port, kept = free_port(), tmp_path / "metrics"
    kept.mkdir()
    path, settings = written(tmp_path, port)
    noted = {"SIDELIGHT_CONFIG": str(path), "PROMETHEUS_MULTIPROC_DIR": str(kept)}
    shot = signed(settings, "demo-intercom", Trial(EMAIL, ticket_id="NW-31"))
    with gunicorn("wsgi:create_app()", noted, port) as server:
        counts, frames = [], [0.0]
        for _ in range(3):
            for _ in range(20):
                assert once(server.url, shot)[0] == http.client.OK
            old = set(children(server.process.pid))
            server.process.send_signal(signal.SIGHUP)
            assert until(lambda: not old & set(children(server.process.pid)), 40.0)  # noqa: B023
            frames.append(_frames(port))
            counts.append(len(list(kept.glob("*.db"))))

    assert counts[2] == counts[1]  # once old and new ones have sat side by side
    assert frames[1:] == [20.0, 40.0, 60.0]


def _frames(port: int) -> float:
    """Return how many frames /metrics counts."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", "/metrics")
    text = line.getresponse().read().decode()
    line.close()
    found = re.findall(r"^sidelight_frame_seconds_count\{.*\} (.*)$", text, re.MULTILINE)
    return sum(map(float, found))


def test_a_worker_that_cannot_be_replaced_leaves_the_others_alone(served: Served):
    """One dies while the settings are half edited: the other serves; once mended, there are two."""
    right = served.path.read_text(encoding="utf-8")
    first, second = served.workers()
    served.path.write_text(f"{right}\n[servcie]\n", encoding="utf-8")
    served.kill(first)
    assert served.callers.hear_more()
    assert set(served.callers.told) == {200}

    served.path.write_text(right, encoding="utf-8")
    assert until(lambda: served.is_taken_beside(second), 30.0)
    served.kill(second)
    assert served.callers.hear_more()
    assert set(served.callers.told) == {200}


def test_a_reload_with_a_mistake_in_the_settings_changes_nothing(served: Served):
    """The workers go on with what they had; once it is mended, the next reload takes it."""
    right = served.path.read_text(encoding="utf-8")
    old = served.workers()
    for wrong in ("[servcie]", '[workspaces.demo.upstreams.crm]\nkind = "fax"', "["):
        served.path.write_text(f"{right}\n{wrong}\n", encoding="utf-8")
        served.reload()
        assert served.callers.hear_more()
        assert served.workers() == old
    served.path.write_text(right, encoding="utf-8")
    served.reload()
    assert served.are_gone(set(old))
    assert served.callers.hear_more()

    assert set(served.callers.told) == {200}


@pytest.mark.parametrize(("wrong", "taken"), [("", ["reloaded"]), ("[servcie]\n", [])])
def test_the_log_names_what_keeps_a_reload_from_being_taken(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
    taken: list[str],
):
    """Whoever sent it reads each mistake, as `sidelight check` would say it."""
    path, _ = written(tmp_path, 8321)
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{wrong}", encoding="utf-8")
    monkeypatch.setenv("SIDELIGHT_CONFIG", str(path))
    for name in ("WEB_CONCURRENCY", "SIDELIGHT_THREADS", "PROMETHEUS_MULTIPROC_DIR"):
        monkeypatch.setenv(name, "1")  # what the file would set by itself
    done: list[str] = []
    arbiter = SimpleNamespace(
        log=logging.getLogger("arbiter"),
        reload=partial(done.append, "reloaded"),
        worker_age=2,
        manage_workers=None,
        reap_workers=None,
        spawn_worker=None,
    )
    runpy.run_path("plugin/commands/gunicorn.conf.py")["when_ready"](arbiter)
    arbiter.reload()

    assert done == taken
    assert ("servcie: is not a section (did you mean [service]?)" in caplog.text) is not bool(taken)
