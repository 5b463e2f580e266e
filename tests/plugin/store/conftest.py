"""The store under test, on SQLite and on a real PostgreSQL server, with a clock to tick."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from plugin.store.database import Database
from plugin.store.memory import Memory
from plugin.store.writer import Writer

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WORKSPACE, OTHER = "acme", "rival"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/memory.db"
    url: str = request.getfixturevalue("empty_postgresql")
    return url


@pytest.fixture
def ticks() -> list[float]:
    """Seconds of the monotonic clock, for the test to change."""
    return [0.0]


@pytest.fixture
def open_store(ticks: list[float]) -> Iterator[Callable[[str], Database]]:
    """Return a function that opens a store; all are closed in the end."""
    opened: list[Database] = []

    def _open(url: str) -> Database:
        opened.append(Database(url, Path(), lambda: ticks[0]))
        return opened[-1]

    yield _open
    for database in opened:
        database.close()


@pytest.fixture
def database(open_store: Callable[[str], Database], store_url: str) -> Database:
    """Return the store, open."""
    return open_store(store_url)


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    """Return the batched writer, which hardly lingers."""
    made = Writer(database, linger=0.01)
    yield made
    made.close()


@pytest.fixture
def memory(database: Database, writer: Writer) -> Memory:
    """Return what one workspace remembers."""
    return Memory(WORKSPACE, database, writer)


@pytest.fixture
def rival(database: Database, writer: Writer) -> Memory:
    """Return what another workspace remembers, in the same store."""
    return Memory(OTHER, database, writer)


@pytest.fixture
def transaction(database: Database) -> Iterator[Connection]:
    """A writing transaction of one test."""
    with database.write() as connection:
        yield connection
