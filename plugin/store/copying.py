"""Back the store up into one file, and bring it back, into either database."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, insert, select

from plugin.errors import SidelightError
from plugin.store.migrating import HEAD, migrate, revision_of, revisions

_FORMAT = "sidelight-store"
_VERSIONS = "alembic_version"


class BadBackup(SidelightError):
    """A file that cannot be restored; the text says why and what to do."""


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != _VERSIONS]


def backup(connection: Connection, path: Path, now: datetime) -> dict[str, int]:
    """Write every row into a compressed file of JSON lines; return how many of each table.

    The connection sees one state of the store while others go on writing. The file appears
    only when it is whole, readable by its owner.
    """
    counts: dict[str, int] = {}
    head = {"format": _FORMAT, "revision": revision_of(connection), "at": now.isoformat()}
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.touch(mode=0o600)
    with gzip.open(unfinished, "wt", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n")
        for table in _tables(connection):
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
    found = MetaData()
    found.reflect(connection)
    found.drop_all(connection)


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
        name, row = line
        connection.execute(insert(tables[name]).values(row))
        counts[name] += 1
    if expected != counts:
        raise BadBackup(f"{path} is not a whole backup: its end is missing")
    migrate(connection, HEAD)
    return counts
