"""Memory under fire: killed workers, a killed server, several writers at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from plugin.errors import StoreUnavailable
from plugin.store import audit
from plugin.store.database import Database
from plugin.store.tables import PINS
from tests.postgresql import running_server, url_of

ROOT = Path(__file__).parents[2]
ENDLESS = 1_000_000


def start(url: str, name: str, most: int = ENDLESS) -> subprocess.Popen[str]:
    """Start a process that writes."""
    command = [sys.executable, "-m", "tests.faults.memory_worker", url, name, str(most)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def said(worker: subprocess.Popen[str], count: int) -> list[str]:
    """Return the first pins that a process said it had saved."""
    assert worker.stdout is not None
    return [worker.stdout.readline().strip() for _ in range(count)]


def rest(worker: subprocess.Popen[str]) -> tuple[list[str], str]:
    """Return what it said until its end, and its errors."""
    out, errors = worker.communicate(timeout=60)
    return out.split(), errors


def kept(url: str) -> tuple[set[str], list[audit.Break]]:
    """Return the pins that are there, and where the audit's chain is broken."""
    database = Database(url, Path(), lambda: 0.0)
    with database.read() as connection:
        found = set(connection.execute(select(PINS.c.value)).scalars())
        count, breaks = audit.verify(connection, "acme")
    database.close()
    assert count == len(found)
    return found, breaks


def test_a_killed_worker_loses_nothing_that_it_said_was_saved(tmp_path):
    """Kill -9 in the middle of writing."""
    url = f"sqlite:///{tmp_path}/memory.db"
    worker = start(url, "w")
    saved = said(worker, 30)
    worker.send_signal(signal.SIGKILL)
    more, _ = rest(worker)

    found, breaks = kept(url)
    assert {*saved, *(line for line in more if line)} <= found | {more[-1] if more else ""}
    assert breaks == []


def test_four_writers_at_once_never_meet_a_locked_database(tmp_path):
    """Each waits its turn; the chain stays whole."""
    url, each = f"sqlite:///{tmp_path}/memory.db", 25
    workers = [start(url, f"w{number}", each) for number in range(4)]
    ends = [rest(worker) for worker in workers]

    assert [errors for _, errors in ends] == [""] * 4
    found, breaks = kept(url)
    assert (len(found), breaks) == (4 * each, [])


@pytest.fixture
def server() -> Iterator[Any]:
    """A PostgreSQL server of this test's own, which may be killed."""
    with running_server() as started:
        yield started


def test_a_killed_server_loses_nothing_that_was_saved(server):
    """Kill -9 of the database under load; after its recovery all is there."""
    url = url_of(server)
    worker = start(url, "w")
    saved = said(worker, 30)
    os.kill(server.get_pid(), signal.SIGKILL)
    more, errors = rest(worker)
    assert StoreUnavailable.__name__ in errors
    server.get_postmaster_info().process.wait(30)
    server.ensure_postgres_running()

    found, breaks = kept(url)
    assert {*saved, *more} <= found
    assert breaks == []
