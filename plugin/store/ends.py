"""Why a transaction ended: the store is away, only this one lost, or a value that none takes."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    InterfaceError,
    OperationalError,
    StatementError,
    TimeoutError,  # noqa: A004 - the pool's own
)

# A value may be refused by the database, by its driver, or while it is made ready for either.
POISON = (DataError, StatementError, UnicodeEncodeError, OverflowError)
# https://www.sqlite.org/rescode.html: a statement that is wrong, another who writes
_OWN = frozenset({sqlite3.SQLITE_ERROR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# https://www.postgresql.org/docs/current/errcodes-appendix.html: connection, resources, shutdown,
# system. A statement that took too long (57014) is one of its own class.
_AWAY = ("08", "53", "57P", "58")


def is_poison(error: BaseException) -> bool:
    """Tell whether it was a value: whoever brought it is refused, and nobody else notices."""
    if isinstance(error, DBAPIError):
        return isinstance(error, DataError)
    return isinstance(error, POISON)


def is_down(error: BaseException) -> bool:
    """Tell whether the store itself is away; not so for a lock, a time-out or a wrong statement."""
    if isinstance(error, (OSError, TimeoutError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        is_kind = isinstance(error, (OperationalError, InterfaceError))
        return (is_kind or type(error) is DatabaseError) and code not in _OWN
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return isinstance(error, (OperationalError, InterfaceError))
    return str(state).startswith(_AWAY)
