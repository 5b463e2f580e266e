"""`sidelight outcomes`: the outcome ledger from and to CSV."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from plugin.commands.settings import choose_workspace
from plugin.commands.store import WHO, Kept, with_store
from plugin.store import ledger
from plugin.store import outcomes as kept_outcomes


@click.group()
def outcomes() -> None:
    """Import and export what became of accounts.

    Example: sidelight outcomes export --workspace acme
    """


@outcomes.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--workspace", help="Needed where the settings have several.")
@with_store
def import_(kept: Kept, file: Path, workspace: str | None) -> None:
    """Add the entries of FILE; all of them, or none when a line is wrong. Repeating adds nothing.

    The header names account_id, stage, and as needed rule, outcome, at, note, id.

    Example: sidelight outcomes import renewals.csv
    """
    space = choose_workspace(kept.settings, workspace).id
    with file.open(encoding="utf-8-sig", newline="") as opened:
        try:
            entries, mistakes = ledger.read_csv(opened, WHO, kept.clock.now())
        except (UnicodeDecodeError, csv.Error) as error:
            raise click.ClickException(f"{file} cannot be read as CSV in UTF-8") from error
    for mistake in mistakes:
        click.echo(f"✗ {file}: {mistake}", err=True)
    if mistakes:
        raise SystemExit(1)
    with kept.database.write() as connection:
        added = sum(kept_outcomes.add(connection, space, entry) for entry in entries)
    click.echo(f"{added} added, {len(entries) - added} were there already")


@outcomes.command()
@click.option("--workspace", help="Needed where the settings have several.")
@with_store
def export(kept: Kept, workspace: str | None) -> None:
    """Write the ledger to standard output as CSV, oldest first.

    Example: sidelight outcomes export > outcomes.csv
    """
    space = choose_workspace(kept.settings, workspace).id
    kept.note("exported", "outcomes", space)
    with kept.database.read() as connection:
        ledger.write_csv(sys.stdout, kept_outcomes.entries(connection, space))
