"""How long a transaction may wait for PostgreSQL; SQLite has its own way of waiting."""

from __future__ import annotations

from sqlalchemy import Connection


def take_time(connection: Connection, *, endless: bool) -> None:
    """Let a transaction that writes, or one that nobody waits for, take its time."""
    if connection.dialect.name == "postgresql":
        from plugin.store import postgresql  # noqa: PLC0415 - its driver is an extra

        postgresql.be_patient(connection, endless=endless)
