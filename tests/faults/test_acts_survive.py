"""Acts through the real door, while workers and the database are killed: what was said is kept."""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bench.servers import Server, children, free_port, gunicorn
from plugin.store import audit
from plugin.store.database import Database
from plugin.store.tables import PINS
from plugin.vendors.intercom.helpdesk import SIGNATURE, _signature
from tests.faults.processes import until
from tests.faults.workers import SETTINGS
from tests.postgresql import running_server, url_of

WORKERS, PEOPLE, EACH = 4, 6, 15
PATH = "/frames/panel/submit"


@dataclass(slots=True)
class Agents:
    """People who pin; `saved` are the addresses whose pin was said to be kept."""

    port: int
    saved: list[str] = field(default_factory=list)
    sorry: list[str] = field(default_factory=list)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def work(self, agent: int) -> None:
        """Pin one requester after the other; a call that is cut off is made again."""
        for number in range(EACH):
            email = f"who-{agent}-{number}@gmail.com"
            text = self._pin(agent, email)
            while text is None or "did not answer in time" in text:  # a worker that just started
                text = self._pin(agent, email)
            (self.saved if "Pinned this requester" in text else self.sorry).append(
                f"{email} {text}"
            )
            self.begun.release()

    def _pin(self, agent: int, email: str) -> str | None:
        body = {
            "workspace_id": "acme",
            "admin": {"id": str(agent)},
            "contact": {"email": email},
            "component_id": "pin:a-1",
            "current_canvas": {"stored_data": {"mark": email[:30]}},
        }
        raw = json.dumps(body).encode()
        headers = {SIGNATURE: _signature("client-secret", raw), "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", PATH, raw, {**headers, "Connection": "close"})
            return connection.getresponse().read().decode()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@pytest.fixture
def serve(tmp_path: Path) -> Callable[[str], Any]:
    """Return how to run the service on a store."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "accounts.csv").write_text("account_id,name,domain\na-1,One,one.example\n")

    def _serve(store: str) -> Any:
        path, port = tmp_path / "sidelight.toml", free_port()
        path.write_text(SETTINGS.format(port=port, store=store, folder=tmp_path / "data"))
        environment = {"SIDELIGHT_CONFIG": str(path), "WEB_CONCURRENCY": str(WORKERS)}
        environment["SIDELIGHT_THREADS"] = "4"
        return gunicorn("wsgi:create_app()", environment, port)

    return _serve


def _is_up(server: Server) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return '"store":"ok"' in connection.getresponse().read().decode()
    except OSError:
        return False
    finally:
        connection.close()


def _under_fire(server: Server, fire: Callable[[], None]) -> Agents:
    """Let people pin, fire in between, and return what they were told."""
    assert until(lambda: _is_up(server), 60.0)
    agents = Agents(server.port)
    with ThreadPoolExecutor(PEOPLE) as pool:
        work = [pool.submit(agents.work, number) for number in range(PEOPLE)]
        for _ in range(PEOPLE):
            agents.begun.acquire()
        fire()
        for one in work:
            one.result(timeout=120)
    return agents


def _kept(store: str) -> tuple[set[str], list[audit.Break]]:
    database = Database(store, Path(), lambda: 0.0)
    with database.read() as connection:
        pinned = set(connection.execute(select(PINS.c.value)).scalars())
        _, breaks = audit.verify(connection, "acme")
        acts = [one.event.action for one in audit.entries(connection, "acme")]
    database.close()
    assert acts.count("pinned") == len(pinned)  # however often a press was sent
    return pinned, breaks


def _said(agents: Agents) -> set[str]:
    return {line.partition(" ")[0] for line in agents.saved}


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server of these tests' own, which may be killed."""
    with running_server() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/memory.db"
    return url_of(request.getfixturevalue("postgres"))


def test_workers_that_are_killed_lose_nothing_that_they_said_was_saved(serve, store):
    """Four processes write at once, three of them are killed; nobody is told of a lock."""
    with serve(store) as server:

        def fire() -> None:
            for pid in children(server.process.pid)[:3]:
                os.kill(pid, signal.SIGKILL)

        agents = _under_fire(server, fire)

    pinned, breaks = _kept(store)
    assert agents.sorry == []
    assert len(_said(agents)) == PEOPLE * EACH
    assert _said(agents) <= pinned
    assert breaks == []


def test_a_database_that_is_killed_loses_nothing_that_was_said_to_be_saved(serve, postgres):
    """Meanwhile people are told that nothing was changed; afterwards all goes on."""
    store = url_of(postgres)
    with serve(store) as server:

        def fire() -> None:
            os.kill(postgres.get_pid(), signal.SIGKILL)
            postgres.get_postmaster_info().process.wait(30)
            postgres.ensure_postgres_running()

        agents = _under_fire(server, fire)

    pinned, breaks = _kept(store)
    assert all("nothing was changed" in line for line in agents.sorry)
    assert _said(agents) <= pinned
    assert agents.saved
    assert breaks == []
