"""Connections to PostgreSQL that give up on a server that is there and does not answer.

The server's own time-outs help only while it runs: one that is stopped, or behind a cut cable,
would keep a reader for ever. https://www.psycopg.org/psycopg3/docs/api/connections.html
"""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL

# Seconds to connect, the least that libpq takes; milliseconds that the server may take.
_SERVER = {"connect_timeout": 2, "options": "-c statement_timeout=3000 -c lock_timeout=3000"}
READING, WRITING = 1.5, 4.0  # seconds for one answer; a writer may have to wait for a lock


class PatientConnection(psycopg.Connection[Any]):
    """A connection on which no answer takes longer than `patience` seconds, None: any time."""

    patience: float | None = READING

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for what a statement brings; raise TimeoutError when its time is up."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError as error:
            if self.pgconn.transaction_status != psycopg.pq.TransactionStatus.ACTIVE:
                raise
            self.pgconn.finish()  # what it still may say belongs to nobody
            # No error of the driver's: that would be a reason to connect anew, and to wait again.
            raise TimeoutError("no answer in time") from error


def engine_of(url: URL) -> Engine:
    """Return an engine whose connections are these."""
    engine = create_engine(
        url, pool_pre_ping=True, hide_parameters=True, connect_args=dict(_SERVER)
    )

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, words: Any, options: Any) -> PatientConnection:
        return PatientConnection.connect(*words, **options)

    @event.listens_for(engine, "checkin")
    def _as_new(raw: Any, _record: Any) -> None:
        if raw is not None:
            raw.patience = READING

    return engine


def be_patient(connection: Any, *, endless: bool) -> None:
    """Let a transaction that writes, or one of an operator's command, take its time."""
    raw = connection.connection.driver_connection
    raw.patience = None if endless else WRITING
    if endless:
        for name in ("statement_timeout", "lock_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {name} = 0")
