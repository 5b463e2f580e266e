"""One engine for each connection to a database, made once: read only, and with a time limit.

A database keeps its own promises best, so each is told them in its own way when it connects.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, QueuePool, create_engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from plugin.errors import UpstreamUnset

POOL: Mapping[str, Any] = {
    "poolclass": QueuePool,
    "pool_size": 2,
    "max_overflow": 2,
    "pool_timeout": 1,
    "pool_pre_ping": True,
}
CONNECT_SECONDS = 2
MOST_BYTES_BILLED = 10 * 1024**3  # of one BigQuery query, unless the URL says otherwise
EXTRAS = {
    "postgresql": "postgresql",
    "duckdb": "duckdb",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
}


@dataclass(frozen=True, slots=True)
class Warehouse:
    """Where a database is, and how many seconds one statement may take."""

    url: str
    seconds: float


def _postgresql(url: URL, seconds: float) -> dict[str, Any]:
    """https://www.postgresql.org/docs/current/runtime-config-client.html."""
    limits = f"-c default_transaction_read_only=on -c statement_timeout={int(seconds * 1000)}"
    arguments = {
        "options": limits,
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "sidelight",
    }
    return {"url": url.set(drivername="postgresql+psycopg"), "connect_args": arguments}


def _sqlite(url: URL, seconds: float) -> dict[str, Any]:
    """https://www.sqlite.org/uri.html: mode=ro neither writes nor creates the file."""
    file = f"file:{quote(url.database or '')}?mode=ro"

    def connect() -> sqlite3.Connection:
        opened = sqlite3.connect(file, uri=True, timeout=seconds, check_same_thread=False)
        opened.execute("PRAGMA query_only = ON")
        return opened

    return {"url": url, "creator": connect}


def _duckdb(url: URL, seconds: float) -> dict[str, Any]:
    """https://duckdb.org/docs/stable/connect/concurrency; its statements are interrupted."""
    del seconds
    return {"url": url, "connect_args": {"read_only": True}}


def _snowflake(url: URL, seconds: float) -> dict[str, Any]:
    """https://docs.snowflake.com/en/sql-reference/parameters."""
    limits = {"STATEMENT_TIMEOUT_IN_SECONDS": max(1, round(seconds))}
    arguments = {"session_parameters": limits, "login_timeout": CONNECT_SECONDS}
    return {"url": url, "connect_args": arguments}


def _bigquery(url: URL, seconds: float) -> dict[str, Any]:
    """https://github.com/googleapis/python-bigquery-sqlalchemy#connection-string-parameters."""
    del seconds
    if "maximum_bytes_billed" not in url.query:
        url = url.update_query_dict({"maximum_bytes_billed": str(MOST_BYTES_BILLED)})
    return {"url": url}


KINDS: Mapping[str, Callable[[URL, float], dict[str, Any]]] = {
    "postgresql": _postgresql,
    "sqlite": _sqlite,
    "duckdb": _duckdb,
    "snowflake": _snowflake,
    "bigquery": _bigquery,
}


def kind_of(url: str) -> str:
    """Return which database a URL leads to; UpstreamUnset where it is none that is known."""
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError:  # its text would repeat the URL, and with it the password
        kind = ""
    if kind not in KINDS:
        raise UpstreamUnset(f"write a database URL of {', '.join(KINDS)}")
    return kind


def _make(database: Warehouse) -> Engine:
    kind = kind_of(database.url)
    options = KINDS[kind](make_url(database.url), database.seconds)
    try:
        return create_engine(**options, **POOL)
    except (ImportError, NoSuchModuleError) as error:
        extra = EXTRAS.get(kind, kind)
        raise UpstreamUnset(
            f"the driver of {kind} is missing: install sidelight[{extra}]"
        ) from error


class Engines:
    """The engines of this process, one for each database; each has a pool of connections."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engines: dict[Warehouse, Engine] = {}

    def of(self, database: Warehouse) -> Engine:
        """Return the engine of a database: the same one for the same URL and limits."""
        with self._lock:
            if database not in self._engines:
                self._engines[database] = _make(database)
            return self._engines[database]

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()


ENGINES = Engines()
