"""`sidelight audit`: check the chain of who did and saw what, and write it as a file."""

from __future__ import annotations

import csv
import json
import re
import sys
from datetime import UTC
from typing import Any

import click

from plugin.commands.store import Kept, with_store
from plugin.store import audit as chain
from plugin.store.ledger import safe_cell

_COLUMNS = ("workspace", "seq", "at", "actor", "role", "action", "target", "detail", "hash")


@click.group()
def audit() -> None:
    """Check and export the audit: who did and saw what.

    Example: sidelight audit verify
    """


class _HeadType(click.ParamType[chain.Head]):
    """A head as `verify` prints it: the number of the newest entry, a colon, its hash."""

    name = "head"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the head; end the command where it cannot be read."""
        seq, _, own = value.partition(":")
        if not (seq.isascii() and seq.isdecimal() and re.fullmatch(r"[0-9a-f]{64}", own)):
            self.fail("write it as an earlier check printed it, NUMBER:HASH", param, ctx)
        return chain.Head(int(seq), own)


@audit.command()
@click.option("--workspace", help="Default: every one.")
@click.option("--head", type=_HeadType(), help="What an earlier check printed; needs --workspace.")
@with_store
def verify(kept: Kept, workspace: str | None, head: chain.Head | None) -> None:
    """Say whether any entry was changed, moved or removed; exit 1 if so.

    It prints the chain's head. Kept elsewhere, and given with --head the next time, it proves
    that the chain was not written anew.

    Example: sidelight audit verify --workspace acme
    """
    if head is not None and workspace is None:
        raise click.UsageError("--head belongs to one workspace: add --workspace")
    broken = False
    for name in kept.workspaces(workspace):
        with kept.database.read() as connection:
            count, breaks = chain.verify(connection, name, head)
            now = chain.head_of(connection, name)
        broken = broken or bool(breaks)
        for found in breaks:
            click.echo(f"✗ {name}: entry {found.seq} {found.message}")
        if not breaks:
            click.echo(f"✓ {name}: {count} entries, unbroken; head {now or 'none'}")
    raise SystemExit(1 if broken else 0)


@audit.command()
@click.option("--workspace", help="Default: every one.")
@with_store
def export(kept: Kept, workspace: str | None) -> None:
    """Write the audit to standard output as CSV, oldest first, times in UTC.

    Example: sidelight audit export --workspace acme > audit.csv
    """
    kept.note("exported", "audit", workspace)  # first: a reader may stop before the end
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    names = kept.workspaces(workspace)
    with kept.database.read() as connection:
        for name in names:
            for entry in chain.entries(connection, name):
                event = entry.event
                at = event.at.astimezone(UTC).isoformat()
                detail = json.dumps(dict(event.detail), ensure_ascii=False, sort_keys=True)
                said = (event.actor, event.role, event.action, event.target, detail)
                writer.writerow([name, entry.seq, at, *map(safe_cell, said), entry.hash])
