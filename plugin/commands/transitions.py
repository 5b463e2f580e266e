"""`sidelight transitions`: what each signal did and when, as CSV."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict, fields
from datetime import UTC

import click

from plugin.commands.store import Kept, with_store
from plugin.store.ledger import safe_cell
from plugin.store.transitions import Transition, of_workspace

_COLUMNS = tuple(field.name for field in fields(Transition))


@click.command()
@click.option("--workspace", help="Needed where the store has several.")
@with_store
def transitions(kept: Kept, workspace: str | None) -> None:
    """Write every change of a signal to standard output as CSV, oldest first, times in UTC.

    ARR is not banded: it is for whoever may read the store.

    Example: sidelight transitions --workspace acme > transitions.csv
    """
    space = kept.one_workspace(workspace)
    kept.note("exported", "transitions", space)  # first: a reader may stop before the end
    writer = csv.writer(sys.stdout)
    writer.writerow(_COLUMNS)
    with kept.database.read() as connection:
        for one in of_workspace(connection, space):
            cells = asdict(one) | {"at": one.at.astimezone(UTC).isoformat()}
            writer.writerow([safe_cell(cells[name]) for name in _COLUMNS])
