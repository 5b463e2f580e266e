"""Back the store up into one file, and bring it back, into either database."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from plugin.errors import SidelightError
from plugin.store.migrating import HEAD, migrate, revision_of, revisions
from plugin.store.tables import METADATA

_FORMAT = "sidelight-store"
_VERSIONS = "alembic_version"
_PAIR = 2  # a row's line: the table's name, and its values


class BadBackup(SidelightError):
    """A file that cannot be restored; the text says why and what to do."""


def _tables(connection: Connection) -> list[Table]:
    """Return our own tables as they are there; what other applications keep beside is theirs."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in METADATA.tables)
    return [table for table in found.sorted_tables if table.name in METADATA.tables]


def backup(connection: Connection, path: Path, now: datetime) -> dict[str, int]:
    """Write every row into a compressed file of JSON lines; return how many of each table.

    The connection sees one state of the store while others go on writing. The file appears
    only when it is whole, readable by its owner.
    """
    counts: dict[str, int] = {}
    tables = _tables(connection)
    head: dict[str, Any] = {
        "format": _FORMAT,
        "revision": revision_of(connection),
        "at": now.isoformat(),
    }
    head |= {"tables": [table.name for table in tables]}
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.touch(mode=0o600)
    with gzip.open(unfinished, "wt", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n")
        for table in tables:
            counts[table.name] = 0
            for row in connection.execute(select(table)).mappings():
                file.write(json.dumps([table.name, dict(row)], ensure_ascii=False) + "\n")
                counts[table.name] += 1
        file.write(json.dumps({"rows": counts}) + "\n")
    unfinished.replace(path)
    return counts


def _lines(path: Path) -> Iterator[Any]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise BadBackup(f"{path} is not a whole backup: {type(error).__name__}") from error


def _is_empty(connection: Connection) -> bool:
    kept = (table for table in _tables(connection) if table.name != "meta")
    return all(connection.execute(select(table).limit(1)).first() is None for table in kept)


def _drop(connection: Connection) -> None:
    for table in reversed(_tables(connection)):
        table.drop(connection)
    Table(_VERSIONS, MetaData()).drop(connection, checkfirst=True)  # it names our revision alone


def _put(connection: Connection, tables: Mapping[str, Table], line: Any, path: Path) -> str:
    """Add one row; return the name of its table. Raises BadBackup for what is not ours."""
    name, row = line if isinstance(line, list) and len(line) == _PAIR else ("", None)
    table = tables.get(name) if isinstance(name, str) else None
    if table is None or not isinstance(row, dict):
        raise BadBackup(f"{path} holds {str(name)[:63]!r}, which is not one of Sidelight's tables")
    strange = row.keys() - table.columns.keys()
    if strange:
        raise BadBackup(f"{path}: {name} has no column {min(strange)[:63]!r}")
    row = {key: _kept(value) for key, value in row.items()}
    try:
        connection.execute(insert(table).values(row))
    except (DataError, IntegrityError) as error:
        raise BadBackup(f"{path}: a row of {name} cannot be kept here") from error
    except StatementError as error:
        if isinstance(error, DBAPIError):
            raise
        raise BadBackup(f"{path}: a row of {name} cannot be kept here") from error
    return name


def _kept(value: Any) -> Any:
    """Return a text as every database keeps it: an older release let NUL into SQLite."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def restore(connection: Connection, path: Path, *, replace: bool = False) -> dict[str, int]:
    """Bring a backup back, then up to this release; all of it or, after an error, nothing.

    A store that holds something is left alone unless `replace` says so.
    """
    lines = _lines(path)
    head: Any = next(lines, {})
    if not isinstance(head, dict) or head.get("format") != _FORMAT:
        raise BadBackup(f"{path} is not a backup of Sidelight's store")
    if head.get("revision") not in revisions():
        raise BadBackup(f"{path} was made by a newer release: restore it with that one")
    if not replace and not _is_empty(connection):
        raise BadBackup("the store is not empty: restore into an empty one, or add --replace")
    _drop(connection)
    migrate(connection, str(head["revision"]))
    tables = {table.name: table for table in _tables(connection)}
    counts = dict.fromkeys(tables, 0)
    expected: Any = None
    for line in lines:
        if isinstance(line, dict):
            expected = line.get("rows")
            continue
        name = _put(connection, tables, line, path)
        counts[name] += 1
    if expected != counts:
        raise BadBackup(f"{path} is not a whole backup: its end is missing")
    migrate(connection, HEAD)
    return counts
