"""`sidelight outcomes`: the outcome ledger from and to CSV."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from plugin.commands.settings import choose_workspace
from plugin.commands.store import WHO, Kept, with_store
from plugin.store import ledger
from plugin.store import outcomes as kept_outcomes
from plugin.upstream import Identity
from plugin.workspace.setup import runtime_of
from plugin.workspace.start import resources_of

_NAMED = 10  # unknown accounts that are named
_ASKED = 500  # accounts that connections are asked for
_PATIENCE = 30.0  # seconds


@click.group()
def outcomes() -> None:
    """Import and export what became of accounts.

    Example: sidelight outcomes export --workspace acme
    """


def strangers(kept: Kept, workspace: str | None, ids: Iterable[str]) -> list[str]:
    """Return the ids that every connection was asked for and none knows."""
    space = choose_workspace(kept.settings, workspace)
    asked = list(dict.fromkeys(ids))[:_ASKED]
    if not space.upstreams or not asked:
        return []
    resources = resources_of(kept.settings, kept.clock)
    try:
        sources = runtime_of(space, resources).sources
        deadline = kept.clock.monotonic() + _PATIENCE
        found = sources.find_all([Identity("external_id", one) for one in asked], deadline)
    finally:
        resources.close()
    return [
        one
        for one, results in zip(asked, found, strict=True)
        if results and not any(result.accounts or result.reason for result in results)
    ]


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
    strange = strangers(kept, workspace, [entry.account_id for entry in entries])
    if strange:
        named = ", ".join(strange[:_NAMED]) + (" …" if len(strange) > _NAMED else "")
        count = sum(entry.account_id in strange for entry in entries)
        click.echo(f"{count} of accounts that no connection knows: {named}", err=True)


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
