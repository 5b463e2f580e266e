"""A PostgreSQL server that is there and says nothing: tickets are answered, acts are refused."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from plugin.errors import StoreUnavailable
from plugin.store.database import Database
from tests.postgresql import running_server, url_of

LONGEST = 2.4  # seconds: less than a frame may take


@dataclass(slots=True)
class Stopped:
    """A server whose processes are stopped, as if its machine had frozen."""

    pids: tuple[int, ...]

    def go_on(self) -> None:
        """Let it run again."""
        for pid in self.pids:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """A server of these tests' own."""
    with running_server() as started:
        yield started


@pytest.fixture
def database(server) -> Iterator[Database]:
    """A store that is open, and never rests: each call tries anew."""
    made = Database(url_of(server), Path(), iter(range(0, 10_000, 100)).__next__)
    assert made.is_up()
    yield made
    made.close()


def _backend(connection: Connection) -> int:
    found: int = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return found


def _stop(server: Any, backend: int) -> Stopped:
    stopped = Stopped((backend, server.get_postmaster_info().pid))
    for pid in stopped.pids:
        os.kill(pid, signal.SIGSTOP)
    return stopped


def _took(ask: Any) -> float:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        ask()
    return time.monotonic() - began


def test_a_pooled_connection_to_a_server_that_froze_is_given_up(server, database):
    """Nobody waits for ever, and once it runs again everything is there."""
    with database.read() as connection:
        backend = _backend(connection)
    stopped = _stop(server, backend)
    took = _took(lambda: database.read().__enter__())
    stopped.go_on()

    assert took < LONGEST
    assert database.is_up()


def test_a_server_that_freezes_in_the_middle_of_a_reading_is_given_up(server, database):
    """What it may say afterwards is not heard."""
    stopped: list[Stopped] = []

    def read() -> None:
        with database.read() as connection:
            stopped.append(_stop(server, _backend(connection)))
            connection.execute(text("SELECT 1"))

    took = _took(read)
    stopped[0].go_on()

    assert took < LONGEST
    assert database.is_up()


def test_an_operators_command_takes_its_time(server):
    """A large backup, a sweep after years: seconds are nothing."""
    patient = Database(url_of(server), Path(), time.monotonic, patient=True)
    with patient.read() as reading:
        assert reading.execute(text("SELECT 1 FROM pg_sleep(3.2)")).scalar_one() == 1
    patient.close()
