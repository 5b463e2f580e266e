"""Run one query that an admin wrote: only values go into it, and only so many rows come out."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from plugin.errors import (
    UpstreamBroken,
    UpstreamError,
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from plugin.sources.mapping.queries import Rows
from plugin.vendors.sql.engines import ENGINES, Warehouse

BINDS = frozenset({"account_id", "domain", "email", "organization"})
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_READS = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES: Mapping[str, type[UpstreamError]] = {
    "57014": UpstreamTimeout,
    "28000": UpstreamRefused,
    "28P01": UpstreamRefused,
    "42501": UpstreamRefused,
}


class BadQuery(ValueError):
    """A text that is no query of the kind that is allowed; the text says why."""


def binds_of(sql: str) -> frozenset[str]:
    """Return the values that a query wants."""
    return frozenset(text(sql).compile().params)


def check_query(sql: str) -> None:
    """Raise BadQuery unless `sql` is one statement that reads, with values that we know."""
    plain = _COMMENT.sub(" ", sql).strip().removesuffix(";")
    if not _READS.match(plain):
        raise BadQuery("write a query that begins with SELECT or WITH")
    if ";" in plain:
        raise BadQuery("write one statement")
    unknown = binds_of(sql) - BINDS
    if unknown:
        known = ", ".join(f":{name}" for name in sorted(BINDS))
        raise BadQuery(f"no value is called :{min(unknown)}; known: {known}")


@contextmanager
def _interrupted(connection: Connection, seconds: float) -> Iterator[threading.Event]:
    """Break a statement off when its time is up, where the database has no limit of its own."""
    over = threading.Event()
    driver: Any = connection.connection.driver_connection
    stop = getattr(driver, "interrupt", None)
    if stop is None:
        yield over
        return

    def end() -> None:
        over.set()
        stop()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()
        timer.join()


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _told(error: SQLAlchemyError) -> UpstreamError:
    """Return the typed error: never the database's own words, which may quote rows or secrets."""
    if isinstance(error, PoolTimeout):
        return UpstreamUnavailable("every connection to the database is busy")
    cause = error.orig if isinstance(error, DBAPIError) else None
    name = type(cause or error).__name__
    state: str | None = getattr(cause, "sqlstate", None)
    if state is not None and state in _STATES:
        return _STATES[state](f"the database says {name}")
    if "password authentication failed" in str(cause):  # psycopg has no state while connecting
        return UpstreamRefused("the database refuses the user or the password")
    if isinstance(error, OperationalError | InterfaceError) and state is None:
        return UpstreamUnavailable(f"the database cannot be reached or read: {name}")
    return UpstreamBroken(f"the database does not understand the query: {name}")


def run(database: Warehouse, sql: str, values: Mapping[str, Any], most: int) -> Rows:
    """Return at most `most` rows; every failure is an UpstreamError.

    `values` are bound, never written into the text.
    """
    bound = {name: values.get(name) for name in binds_of(sql)}
    over = threading.Event()
    try:
        with ENGINES.of(database).connect() as connection:
            streaming = connection.execution_options(stream_results=True, max_row_buffer=most + 1)
            with _interrupted(connection, database.seconds) as over:
                result = streaming.execute(text(sql), bound)
                columns = tuple(name.lower() for name in result.keys())  # noqa: SIM118 - no mapping
                found = result.fetchmany(most + 1)
                result.close()
    except SQLAlchemyError as error:
        raise (UpstreamTimeout("took too long") if over.is_set() else _told(error)) from None
    rows = tuple(dict(zip(columns, map(_plain, row), strict=True)) for row in found[:most])
    return Rows(columns, rows, len(found) > most)
