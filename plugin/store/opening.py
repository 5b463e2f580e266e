"""Open the store of a service: one database and one writer a process, one memory a workspace."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from plugin.errors import ConfigurationError, Problem
from plugin.fetching.clock import system_clock
from plugin.settings.records import Settings
from plugin.store.database import Database
from plugin.store.memory import Memory
from plugin.store.taken import Taken
from plugin.store.watch import StoreWatch
from plugin.store.writer import Writer


@dataclass(frozen=True, slots=True)
class Opened:
    """The store of one process."""

    database: Database
    writer: Writer
    memories: Mapping[str, Memory]
    taken: Taken


def database_of(
    settings: Settings, monotonic: Callable[[], float], *, patient: bool = False
) -> Database:
    """Return the store that the settings name; it opens at its first use.

    Raises ConfigurationError where its driver is not installed.
    """
    if settings.store.url.startswith("postgresql") and find_spec("psycopg") is None:
        hint = 'pip install "sidelight[postgresql]"'
        raise ConfigurationError([Problem("store.url", "PostgreSQL's driver is missing", hint)])
    return Database(settings.store.url, settings.folder, monotonic, patient=patient)


def open_store(settings: Settings, monotonic: Callable[[], float]) -> Opened:
    """Create or migrate the store now, if it answers; else the service starts without it."""
    database = database_of(settings, monotonic)
    database.is_up()
    writer = Writer(database)
    atexit.register(writer.close)
    watch = StoreWatch(system_clock().monotonic)  # its thread lives in real time
    memories = {name: Memory(name, database, writer, watch) for name in settings.workspaces}
    for memory in memories.values():
        memory.look()  # what was changed before this process began is no news to it
    return Opened(database, writer, memories, Taken(database))
