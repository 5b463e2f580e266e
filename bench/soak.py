"""A minute of mixed openings: memory and threads of the workers stay where they were."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.demo import EMAIL, signed, written
from bench.load import run
from bench.servers import Server, children, free_port, gunicorn, status
from bench.table import Row
from plugin.helpdesk import Trial

SECONDS = int(os.environ.get("BENCH_SOAK", "60"))
TICKETS = 50  # that take turns: some answers are kept, some are made anew
FLAT_MB, FLAT_THREADS = 15, 4
FILLING = 128  # connections: twice as many as both workers have threads


def _sum(server: Server) -> tuple[float, int]:
    found = [status(worker) for worker in children(server.process.pid)]
    return sum(one[0] for one in found), sum(one[1] for one in found)


def rows() -> Iterator[Row]:
    """Load one server; compare when its pools are full with the end."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="sidelight-bench-") as folder:
        path, settings = written(Path(folder), port)
        with gunicorn("wsgi:create_app()", {"SIDELIGHT_CONFIG": str(path)}, port) as server:
            tickets = [Trial(EMAIL, ticket_id=f"S-{number}") for number in range(TICKETS)]
            shots = [signed(settings, "demo-intercom", ticket) for ticket in tickets]
            # Every thread has had something to do: what grows from here on grows without end.
            run(server.url, shots, connections=FILLING, seconds=max(5, SECONDS // 6))
            before = _sum(server)
            outcome = run(server.url, shots, seconds=SECONDS)
            after = _sum(server)
    note = f"{SECONDS} s, {outcome.rate:.0f} requests/s, {outcome.failed} failed; "
    note += f"{before[0]:.0f} → {after[0]:.0f} MB"
    yield Row("", "soak: memory grown", after[0] - before[0], FLAT_MB, None, unit=" MB", note=note)
    note = f"{before[1]} → {after[1]} in two workers"
    yield Row("", "soak: threads grown", after[1] - before[1], FLAT_THREADS, None, note=note)
