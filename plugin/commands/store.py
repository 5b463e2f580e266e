"""What the commands of the store share: its settings, its database, a calm end when it is down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from plugin.commands.settings import read_settings
from plugin.errors import StoreUnavailable
from plugin.fetching.clock import Clock, system_clock
from plugin.settings.records import Settings
from plugin.store import audit
from plugin.store.copying import BadBackup
from plugin.store.database import Database
from plugin.store.opening import database_of

WHO = "operator"  # who acts at a terminal, for the audit


@dataclass(frozen=True, slots=True)
class Kept:
    """The store of a command."""

    settings: Settings
    database: Database
    clock: Clock

    def workspaces(self, name: str | None) -> list[str]:
        """Return the workspace of that name, or all: of the settings, and others of the store."""
        with self.database.read() as connection:
            kept = audit.workspaces(connection)
        known = list(dict.fromkeys((*self.settings.workspaces, *kept)))
        if name is not None and name not in known:
            listed = ", ".join(known) or "none"
            raise click.UsageError(f"--workspace: name one of these: {listed}")
        return known if name is None else [name]

    def one_workspace(self, name: str | None) -> str:
        """Return the workspace of that name, or the only one."""
        found = self.workspaces(name)
        if len(found) != 1:
            raise click.UsageError(f"--workspace: name one of these: {', '.join(found) or 'none'}")
        return found[0]

    def note(self, action: str, target: str = "", workspace: str | None = None) -> None:
        """Audit in one workspace, or in all, what an operator does with the whole of it."""
        event = audit.AuditEvent(self.clock.now(), WHO, action, target)
        for name in self.workspaces(workspace):
            with self.database.write() as connection:
                audit.append(connection, name, event)


@contextmanager
def _open(config: Path | None) -> Iterator[Kept]:
    _, settings = read_settings(config)
    clock = system_clock()
    database = database_of(settings, clock.monotonic, patient=True)
    try:
        yield Kept(settings, database, clock)
    except StoreUnavailable as error:
        message = f"store.url: {error}. See that it runs, and that its folder can be written."
        raise click.ClickException(message) from error
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    finally:
        database.close()


def with_store(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the store as its first argument, and the option --config."""

    @click.option("--config", type=click.Path(path_type=Path), help="Default: SIDELIGHT_CONFIG.")
    @wraps(command)
    def run(config: Path | None, **options: Any) -> None:
        with _open(config) as kept:
            command(kept, **options)

    return run
