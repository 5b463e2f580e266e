"""`sidelight erase`, `sweep`, `backup` and `restore`: what the store forgets, and its copies."""

from __future__ import annotations

import json
from pathlib import Path

import click

from plugin.commands.store import WHO, Kept, with_store
from plugin.fetching.entries import EVERYTHING
from plugin.store.audit import AuditEvent
from plugin.store.copying import backup as copy_out
from plugin.store.copying import restore as copy_in
from plugin.store.erasing import Receipt
from plugin.store.erasing import erase as erase_from
from plugin.store.sweeping import sweep as sweep_store
from plugin.view.record_json import instant
from plugin.workspace.start import resources_of


def _forget_answers(kept: Kept, workspace: str) -> bool:
    """Forget every cached answer; services drop their own copies when they see the receipt.

    A person may stand in any of them. False where the shared cache could not be reached.
    """
    resources = resources_of(kept.settings, kept.clock)
    known = kept.settings.workspaces.get(workspace)
    for name in known.upstreams if known else ():
        resources.invalidate(workspace, name, [EVERYTHING])  # also what is being fetched now
    is_done = resources.purge(workspace)
    resources.close()
    return is_done


def _as_text(receipt: Receipt) -> str:
    said = {
        "receipt": receipt.id,
        "at": instant(receipt.at),
        "kind": receipt.kind,
        "subject": receipt.subject,
        "removed": dict(receipt.removed),
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


@click.command()
@click.option("--email", help="A contact's address.")
@click.option("--account", help="An account's id.")
@click.option("--everything", is_flag=True, help="All that is remembered of the workspace.")
@click.option("--workspace", help="Needed where the settings have several.")
@with_store
def erase(
    kept: Kept, email: str | None, account: str | None, workspace: str | None, *, everything: bool
) -> None:
    """Erase a contact or an account from store and caches; prints a receipt without the data.

    It may be repeated: what is gone already gives the earlier receipt.

    Example: sidelight erase --email jo@example.com
    """
    wishes = {"contact": email, "account": account, "workspace": workspace if everything else None}
    meant = [(kind, value) for kind, value in wishes.items() if value]
    if len(meant) != 1:
        raise click.UsageError("give --email, or --account, or --everything with --workspace")
    ((kind, value),) = meant
    if kind == "contact" and "@" not in value:
        raise click.UsageError(f"--email: {value!r} is no e-mail address, such as jo@example.com")
    space = kept.one_workspace(workspace)
    with kept.database.write() as connection:
        event = AuditEvent(kept.clock.now(), WHO, "erased")
        receipt = erase_from(connection, space, kind, value, event)
    click.echo(_as_text(receipt))
    if not _forget_answers(kept, space):
        message = "cache.url: the shared cache does not answer: run the same command again later"
        raise click.ClickException(message)


@click.command()
@click.option("--workspace", help="Default: every one.")
@with_store
def sweep(kept: Kept, workspace: str | None) -> None:
    """Remove what is older than [store] retention allows; for a daily cron job.

    Example: sidelight sweep
    """
    for name in kept.workspaces(workspace):
        with kept.database.write() as connection:
            retention = kept.settings.store.retention
            removed = sweep_store(connection, name, retention, kept.clock.now())
        said = ", ".join(f"{count} {kind}" for kind, count in removed.items())
        click.echo(f"{name}: {said or 'nothing is too old'}")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_store
def backup(kept: Kept, file: Path) -> None:
    """Copy the whole store into FILE, while the service runs.

    Example: sidelight backup sidelight-2026-11-21.jsonl.gz
    """
    try:
        with kept.database.read() as connection:
            counts = copy_out(connection, file, kept.clock.now())
    except OSError as error:
        raise click.ClickException(f"cannot write {file}: {error.strerror}") from error
    kept.note("backed_up")
    held = ", ".join(f"{name} {count}" for name, count in counts.items())
    click.echo(f"{file}: {sum(counts.values())} rows of {len(counts)} tables ({held})")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also when the store holds something.")
@with_store
def restore(kept: Kept, file: Path, *, replace: bool) -> None:
    """Bring a backup back into an empty store, be it SQLite or PostgreSQL.

    Stop the service before. Example: sidelight restore sidelight-2026-11-21.jsonl.gz
    """
    with kept.database.write() as connection:
        counts = copy_in(connection, file, replace=replace)
    kept.note("restored")
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables restored")
