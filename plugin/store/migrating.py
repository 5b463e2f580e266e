"""Bring the tables up to this release: all revisions in one transaction, by one process."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from plugin.errors import StoreUnavailable
from plugin.store.patience import take_time
from plugin.store.tables import METADATA

HEAD = "transitions"  # the newest revision; a test compares it with the folder
_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 7_308_332  # any number that only we use: PostgreSQL's advisory lock


class StoreTooNew(StoreUnavailable):
    """The tables are those of a release that is newer than this one, or of somebody else."""


def revision_of(connection: Connection) -> str | None:
    """Return the revision that the tables have, None where there are none."""
    heads = MigrationContext.configure(connection).get_current_heads()
    return next((one for one in heads if one not in revisions()), next(iter(heads), None))


def revisions() -> set[str]:
    """Return every revision that this release knows."""
    return {script.revision for script in ScriptDirectory(str(_FOLDER)).walk_revisions()}


def migrate(connection: Connection, revision: str = HEAD) -> None:
    """Run what is missing; `connection` is inside a writing transaction.

    Others that start at the same time wait for it, and find nothing left to do. Raises
    StoreTooNew, and changes nothing, where a newer release has made the tables.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    now = revision_of(connection)
    if now == revision:
        return
    if now is not None and now not in revisions():
        raise StoreTooNew(
            "it was written by a newer release, or by another application: install that release"
            " again, or give Sidelight a schema of its own"
        )
    theirs = set() if now else METADATA.tables.keys() & set(inspect(connection).get_table_names())
    if theirs:
        raise StoreTooNew(
            f"another application has a table {min(theirs)!r} there: "
            "give Sidelight a schema of its own"
        )
    take_time(connection, endless=True)
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
