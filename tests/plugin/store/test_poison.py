"""A value that no database takes costs whoever brought it; only a lost store rests."""

from __future__ import annotations

import logging
import sqlite3
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError, SQLAlchemyError

from plugin.errors import BadRequest, StoreUnavailable
from plugin.log import JsonLines
from plugin.store import outcomes
from plugin.store.ends import is_down
from plugin.store.outcomes import Outcome
from plugin.store.tables import META, OUTCOMES
from tests.plugin.store.conftest import NOW, WORKSPACE

FIRST_YEAR = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23, minutes=59)))
POISON = {
    "at": FIRST_YEAR,
    "note": "half a pair: \ud800",
}


def _entry(**changed: object) -> Outcome:
    told = {"id": "1", "account_id": "a1", "stage": "shown", "at": NOW, "told_by": "kim"}
    return Outcome(**{**told, "source": "api", **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["at", "note"])
def test_a_poison_value_costs_its_own_request_only(database, name):
    """It is a bad request; the next one is answered by a store that never rested."""
    with (
        pytest.raises(BadRequest),
        database.write() as connection,
    ):
        outcomes.add(connection, WORKSPACE, _entry(**{name: POISON[name]}))
    with database.write() as connection:
        assert outcomes.add(connection, WORKSPACE, _entry())
    assert database.is_up()


@pytest.mark.parametrize("value", ["\ud800", "\0\ud800"])
def test_a_poison_question_finds_nothing_and_stops_nobody(database, value):
    """What cannot be asked is not there; whoever asks next is answered."""
    with pytest.raises(StoreUnavailable), database.read() as connection:
        connection.execute(select(META).where(META.c.name == value))
    assert database.is_up()


@pytest.mark.parametrize("statement", ["SELECT nothing FROM nowhere", "SELEC 1"])
def test_a_wrong_statement_is_not_an_absence(database, statement):
    """It fails by itself; the store goes on for all others."""
    with pytest.raises(StoreUnavailable), database.read() as connection:
        connection.execute(text(statement))
    assert database.is_up()


def _sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("", {}, _sqlite(sqlite3.SQLITE_IOERR)), True),
        (OperationalError("", {}, _sqlite(sqlite3.SQLITE_FULL)), True),
        (OperationalError("", {}, _sqlite(sqlite3.SQLITE_CANTOPEN)), True),
        (DatabaseError("", {}, _sqlite(sqlite3.SQLITE_NOTADB)), True),
        (OperationalError("", {}, _sqlite(sqlite3.SQLITE_BUSY)), False),
        (OperationalError("", {}, _sqlite(sqlite3.SQLITE_ERROR)), False),
        (OperationalError("", {}, psycopg.OperationalError("no server")), True),
        (OperationalError("", {}, psycopg.errors.ConnectionFailure("")), True),
        (OperationalError("", {}, psycopg.errors.AdminShutdown("")), True),
        (OperationalError("", {}, psycopg.errors.DiskFull("")), True),
        (OperationalError("", {}, psycopg.errors.QueryCanceled("")), False),
        (OperationalError("", {}, psycopg.errors.DeadlockDetected("")), False),
        (ProgrammingError("", {}, psycopg.errors.UndefinedTable("")), False),
        (TimeoutError("no answer in time"), True),
        (SQLAlchemyError("anything else"), False),
    ],
)
def test_only_an_absence_is_an_absence(error, away):
    """Connections, disks and shutdowns; never locks, time-outs of a statement, or mistakes."""
    assert is_down(error) is away


def test_no_fault_line_quotes_what_was_written(database):
    """Parameters are hidden in an error's text; what the server itself quotes is not logged."""
    secret = "they will leave us in June"
    with pytest.raises(SQLAlchemyError) as raised, database.write() as connection:
        connection.execute(OUTCOMES.insert().values(workspace="w", id="1", note=secret))
    record = logging.makeLogRecord({"msg": "fault", "exc_info": (None, raised.value, None)})

    assert "parameters hidden" in str(raised.value)
    assert secret not in JsonLines().format(record)


def test_instants_of_every_zone_that_can_be_kept_are(database):
    """The same instant comes back."""
    at = datetime(1970, 1, 1, tzinfo=timezone(timedelta(hours=-12))).astimezone(UTC)
    with database.write() as connection:
        outcomes.add(connection, WORKSPACE, _entry(at=at))
        assert [one.at for one in outcomes.entries(connection, WORKSPACE)] == [at]
