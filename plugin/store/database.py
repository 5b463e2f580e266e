"""The store's database: reading and writing transactions, and a calm error when it is down."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from plugin.errors import BadRequest, StoreUnavailable
from plugin.store.ends import POISON, is_down, is_poison
from plugin.store.migrating import StoreTooNew, migrate
from plugin.store.patience import take_time

log = logging.getLogger("sidelight.store")
BUSY = 5_000  # milliseconds that one process waits for another's writing to end
_AGAIN = 20  # milliseconds between two tries where SQLite itself does not wait
PATIENT = 60_000  # the same for an operator's command
PAUSE = 5.0  # seconds without a try after the store did not answer
_WRITES = "sidelight_writes"  # milliseconds that a writing transaction waits for another's


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch to the write-ahead log, which SQLite's own time-out does not wait for.

    Processes that start together on a new file all want it: https://www.sqlite.org/wal.html
    """
    for _ in range(BUSY // _AGAIN):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            threading.Event().wait(_AGAIN / 1000)
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")


def _prepare_sqlite(engine: Engine) -> None:
    """Let readers and one writer work at once, and write to disk before a commit returns."""

    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # the driver must not begin transactions of its own
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY}")
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        patience = connection.get_execution_options().get(_WRITES)
        if patience:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        # Neither touches the file, so neither fails; each account that opens comes by here.
        raw = connection.connection.cursor()
        raw.execute(f"PRAGMA busy_timeout = {BUSY}")
        raw.execute("BEGIN")
        raw.close()


def _open(url: str, folder: Path) -> Engine:
    """Return the engine; a relative SQLite file lies below `folder`, created for its owner."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        from plugin.store import postgresql  # noqa: PLC0415 - its driver is an extra

        return postgresql.engine_of(parsed)
    path = (folder / (parsed.database or "sidelight.db")).resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    engine = create_engine(parsed.set(database=str(path)), hide_parameters=True)
    _prepare_sqlite(engine)
    return engine


def _opened(url: str, folder: Path) -> Engine:
    """Return the engine of a store with this release's tables; a failure leaves nothing open."""
    engine = _open(url, folder)
    try:
        with engine.connect() as connection:
            connection.execution_options(**{_WRITES: BUSY})
            with connection.begin():
                take_time(connection, endless=False)
                migrate(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


class Database:
    """One store; opened, created and migrated at its first use, in any thread.

    While it does not answer, StoreUnavailable is raised at once for some seconds. Requests are
    in a hurry; the commands of an operator are `patient`.
    """

    def __init__(
        self, url: str, folder: Path, monotonic: Callable[[], float], *, patient: bool = False
    ) -> None:
        self._url = url
        self._folder = folder
        self._patient = patient
        self.monotonic = monotonic
        self._lock = threading.Lock()
        self._engine: Engine | None = None
        self._down_until = float("-inf")
        self._is_closed = False

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store.

        What no database takes as a value is not there: StoreUnavailable, and the answer goes on.
        """
        try:
            with self._calmly(), self._ready().connect() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    if self._patient:
                        take_time(connection, endless=True)
                    yield connection
        except POISON as error:
            if not is_poison(error):
                raise
            raise StoreUnavailable("the store does not take such a value") from error

    @contextmanager
    def write(self, patience: int = BUSY) -> Iterator[Connection]:
        """Give a connection whose changes are on disk when the block ends, or none of them.

        `patience`: milliseconds to wait for another process that is writing to the same file.
        A value that no database takes is a BadRequest: it costs whoever brought it, nobody else.
        """
        try:
            with self._calmly(), self._ready().connect() as connection:
                connection.execution_options(**{_WRITES: PATIENT if self._patient else patience})
                with connection.begin():
                    take_time(connection, endless=self._patient)
                    yield connection
        except POISON as error:
            if not is_poison(error):
                raise
            raise BadRequest("the store does not take such a value") from error

    def is_up(self) -> bool:
        """Tell whether the store can be read now."""
        try:
            with self.read():
                return True
        except StoreUnavailable:
            return False

    def close(self) -> None:
        """Close every connection; nothing is read or written from now on."""
        with self._lock:
            self._is_closed = True
            if self._engine is not None:
                self._engine.dispose()
            self._engine = None

    def _ready(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._refuse_while_down()  # whoever had the lock before may have found it down
                try:
                    self._engine = _opened(self._url, self._folder)
                except Exception:
                    self._down_until = self.monotonic() + PAUSE
                    raise
            return self._engine

    def _refuse_while_down(self) -> None:
        if self._is_closed:
            raise StoreUnavailable("the store is closed")
        if self.monotonic() < self._down_until:
            raise StoreUnavailable("the store did not answer a moment ago")

    @contextmanager
    def _calmly(self) -> Iterator[None]:
        self._refuse_while_down()
        try:
            yield
        except (IntegrityError, BrokenPipeError):
            raise  # a mistake of ours, or nobody reads what we write: not an absence
        except StoreTooNew as error:
            log.error("the store cannot be used", extra={"why": str(error)})  # noqa: TRY400 - the text says it all
            raise
        except (SQLAlchemyError, OSError) as error:
            if is_poison(error):
                raise
            if is_down(error):
                self._down_until = self.monotonic() + PAUSE
            # The kind alone: its text may hold the address, the statement and its values.
            kind = type(error).__name__
            log.error("the store does not answer", extra={"kind": kind})  # noqa: TRY400 - no trace: it quotes values
            raise StoreUnavailable(f"the store does not answer ({kind})") from error
