"""Goals 20 and 21: warm answers beside slow clients, and while new workers take over."""

from __future__ import annotations

import resource
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.demo import EMAIL, signed, written
from bench.load import Shot, once, run
from bench.servers import Server, children, free_port, gunicorn
from bench.table import Row
from plugin.helpdesk import Trial

IDLE, DRIPPING = 1_000, 200
ROUNDS = 3
TAKES_OVER_WITHIN = 60.0
_HEAD = b"POST /hooks/a/b HTTP/1.1\r\nHost: here\r\nContent-Length: 200000\r\n\r\n"


def _drip(lines: list[socket.socket], over: threading.Event) -> None:
    while not over.wait(0.5):
        for line in lines:
            try:
                line.send(b"x")
            except OSError:
                continue


@contextmanager
def _slow_clients(server: Server) -> Iterator[None]:
    """Keep idle and dripping clients for the length of a with block."""
    with ExitStack() as stack:
        address = ("127.0.0.1", server.port)
        lines = [
            stack.enter_context(socket.create_connection(address, 30))
            for _ in range(IDLE + DRIPPING)
        ]
        dripping = lines[:DRIPPING]
        for line in dripping:
            line.sendall(_HEAD)
        over = threading.Event()
        thread = threading.Thread(target=_drip, args=(dripping, over))
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _row(number: str, name: str, quiet: list[float], busy: list[float], floor: float) -> Row:
    alone, beside = sorted(quiet)[len(quiet) // 2], sorted(busy)[len(busy) // 2]
    note = f"{beside:.1f} ms against {alone:.1f} ms"
    return Row(number, name, beside / alone, 2, floor, note=note)


def _beside_slow_clients(server: Server, warm: Shot) -> Row:
    quiet, busy = [], []
    for _ in range(ROUNDS):
        quiet.append(run(server.url, [warm], seconds=2).p99)
        with _slow_clients(server):
            busy.append(run(server.url, [warm], seconds=2).p99)
    return _row("20", "warm p99 with 1,000 idle and 200 dripping ÷ without", quiet, busy, 3)


def _while_new_workers_start(server: Server, warm: Shot) -> Row:
    quiet, busy = [], []
    for _ in range(ROUNDS):
        quiet.append(run(server.url, [warm], seconds=3).p99)
        old = set(children(server.process.pid))
        server.process.send_signal(signal.SIGHUP)
        busy.append(run(server.url, [warm], seconds=6).p99)
        over = time.monotonic() + TAKES_OVER_WITHIN
        while old & set(children(server.process.pid)) and time.monotonic() < over:
            time.sleep(0.1)  # noqa: TID251 - a script that waits for a process
    return _row("21", "warm p99 while new workers take over ÷ without", quiet, busy, 5)


def rows() -> Iterator[Row]:
    """Measure both on one server of two workers."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="sidelight-bench-") as folder:
        path, settings = written(Path(folder), port)
        warm = signed(settings, "demo-intercom", Trial(EMAIL, ticket_id="NW-31"))
        with gunicorn("wsgi:create_app()", {"SIDELIGHT_CONFIG": str(path)}, port) as server:
            for _ in range(40):
                once(server.url, warm)
            yield _beside_slow_clients(server, warm)
            yield _while_new_workers_start(server, warm)
