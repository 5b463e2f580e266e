"""`sidelight audit`: check the chain of who did and saw what, and write it as a file."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC

import click

from plugin.commands.remembering import Kept, with_store
from plugin.store import audit as chain
from plugin.store.ledger import safe_cell

_COLUMNS = ("workspace", "seq", "at", "actor", "role", "action", "target", "detail", "hash")


@click.group()
def audit() -> None:
    """Check and export the audit: who did and saw what.

    Example: sidelight audit verify
    """


@audit.command()
@click.option("--workspace", help="Default: every one.")
@with_store
def verify(kept: Kept, workspace: str | None) -> None:
    """Say whether any entry was changed or removed; exit 1 if so.

    Example: sidelight audit verify --workspace acme
    """
    broken = False
    with kept.database.read() as connection:
        for name in kept.workspaces(workspace):
            count, breaks = chain.verify(connection, name)
            broken = broken or bool(breaks)
            for found in breaks:
                click.echo(f"✗ {name}: entry {found.seq} {found.message}")
            if not breaks:
                click.echo(f"✓ {name}: {count} entries, unbroken")
    raise SystemExit(1 if broken else 0)


@audit.command()
@click.option("--workspace", help="Default: every one.")
@with_store
def export(kept: Kept, workspace: str | None) -> None:
    """Write the audit to standard output as CSV, oldest first, times in UTC.

    Example: sidelight audit export --workspace acme > audit.csv
    """
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    with kept.database.read() as connection:
        for name in kept.workspaces(workspace):
            for entry in chain.entries(connection, name):
                event = entry.event
                at = event.at.astimezone(UTC).isoformat()
                detail = json.dumps(dict(event.detail), ensure_ascii=False, sort_keys=True)
                said = (event.actor, event.role, event.action, event.target, detail)
                writer.writerow([name, entry.seq, at, *map(safe_cell, said), entry.hash])
