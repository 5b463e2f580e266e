"""`sidelight map`: propose how a folder of files is read, and show what would be read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import click

from plugin.account.money import Money
from plugin.errors import SidelightError
from plugin.fetching.clock import system_clock
from plugin.revenue.facts import with_revenue
from plugin.revenue.policy import P0
from plugin.sources.tabular.csv_rows import read_csv
from plugin.sources.tabular.header_fit import header_fit
from plugin.sources.tabular.json_rows import read_json
from plugin.sources.tabular.problems import BadFile
from plugin.sources.tabular.proposing import Proposal, propose
from plugin.sources.tabular.raw import RawTable
from plugin.sources.tabular.shape import Sheet
from plugin.sources.tabular.sheets import SHEETS
from plugin.sources.tabular.table_map import PLAIN
from plugin.upstream import AccountRef, Client, Link
from plugin.vendors.files.source import files, first_accounts

SHOWN = 5  # accounts


def _table_of(path: Path) -> str | None:
    """Return which table a file is by its name."""
    name = path.stem.lower()
    return name if name in SHEETS else None


def _read(path: Path, sheet: Sheet, encoding: str | None = None) -> RawTable:
    data = path.read_bytes()
    if path.suffix.lower() != ".csv":
        return read_json(data, None, encoding)
    return read_csv(data, None, encoding, partial(header_fit, sheet, PLAIN))


def _encoded(path: Path, sheet: Sheet) -> tuple[RawTable, str | None]:
    """Return a file's rows; an old spreadsheet's are read in Windows-1252, which is then said."""
    try:
        return _read(path, sheet), None
    except BadFile as error:
        if "is not UTF-8" not in str(error):
            raise
        return _read(path, sheet, "windows-1252"), "windows-1252"


def _inline(said: Mapping[str, Any]) -> str:
    if set(said) == {"from"}:
        return json.dumps(said["from"], ensure_ascii=False)
    cells = [f"{name} = {_value(value)}" for name, value in said.items()]
    return "{ " + ", ".join(cells) + " }"


def _value(value: Any) -> str:
    words = isinstance(value, dict)
    return _inline_words(value) if words else json.dumps(value, ensure_ascii=False)


def _inline_words(words: Mapping[str, str]) -> str:
    pairs = (
        f"{json.dumps(theirs, ensure_ascii=False)} = {json.dumps(ours)}"
        for theirs, ours in words.items()
    )
    return "{ " + ", ".join(pairs) + " }"


def _toml(table: str, found: Proposal, prefix: str) -> Iterator[str]:
    """Yield the lines of one table's mapping, its doubts as comments."""
    if found.title:
        yield f"# {table}: is read as {found.title}"
    yield from (f"# unsure: {table}: {doubt}" for doubt in found.doubts)
    if found.settings:
        yield f"[{prefix}.mapping.{table}]"
        yield from (f"{name} = {json.dumps(value)}" for name, value in found.settings.items())
        yield ""
    if found.columns:
        yield f"[{prefix}.mapping.{table}.columns]"
        yield from (f"{name} = {_inline(said)}" for name, said in found.columns.items())
        yield ""


def _shown(folder: Path, mapping: Mapping[str, Any], now: datetime) -> Iterator[str]:
    """Yield the first accounts as they would be read."""
    options = files.options().load({"folder": str(folder), "mapping": mapping})
    link = Link("map", "files", options, cast("Client", None), now)  # files call nobody
    for ref in first_accounts(link, SHOWN):
        yield from _account(ref, link)


def _said(value: Any) -> str:
    if isinstance(value, Money):
        return f"{value.rounded():f} {value.currency.upper()}"
    return f"{len(value)} of them" if isinstance(value, tuple) else str(value)


def _account(ref: AccountRef, link: Link) -> Iterator[str]:
    facts = with_revenue(files.fetch(ref, link), P0, link.now)
    yield f"{ref.id}  {ref.name}"
    for path, value in facts.values.items():
        yield f"    {path} = {_said(value)}"
    for bad in facts.bad:
        if bad.reason != "not_configured":
            yield f"    {bad.field} is unknown: {bad.where}: {bad.message}"


def _proposed(folder: Path) -> Iterator[tuple[str, Proposal | str]]:
    """Yield each table with its proposal, or the sentence of why it cannot be read."""
    for path in sorted(folder.iterdir()):
        table = _table_of(path)
        if table is None or path.suffix.lower() not in (".csv", ".json", ".jsonl"):
            yield path.name, f"is no table: name it after one of {', '.join(SHEETS)}"
            continue
        try:
            raw, encoding = _encoded(path, SHEETS[table])
        except BadFile as error:
            yield path.name, f"{error} ({error.hint})" if error.hint else str(error)
            continue
        found = propose(raw, SHEETS[table])
        if encoding:
            found.settings["encoding"] = encoding
            found.doubts.append("encoding: it is not UTF-8")
        yield table, found


@click.command(name="map")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--connection", default="workspaces.acme.upstreams.crm", help="Key of the settings.")
def map_(folder: Path, connection: str) -> None:
    """Propose how the files of FOLDER are read, and show five accounts as they would be.

    Writes TOML for the settings to standard output; nothing is changed.

    Example: sidelight map exports/
    """
    mapping: dict[str, Any] = {}
    click.echo(f'[{connection}]\nkind = "files"\nfolder = {json.dumps(str(folder))}\n')
    for name, found in _proposed(folder):
        if isinstance(found, str):
            click.echo(f"# not read: {name}: {found}")
            continue
        click.echo("\n".join(_toml(name, found, connection)))
        columns = {one: dict(said) for one, said in found.columns.items()}
        mapping[name] = {**found.settings, "columns": columns}
    click.echo("# As they would be read:")
    try:
        for line in _shown(folder, mapping, system_clock().now()):
            click.echo(f"# {line}")
    except SidelightError as error:
        click.echo(f"# {error}")
