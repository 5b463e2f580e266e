"""Propose how a file that others made is read: columns, words and conventions, with every doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from plugin.errors import nearest
from plugin.sources import numbers, times
from plugin.sources.tabular.binding import NUMBERS, TIMES
from plugin.sources.tabular.exports import recognised
from plugin.sources.tabular.header_names import names_of
from plugin.sources.tabular.raw import RawTable
from plugin.sources.tabular.shape import Column, Sheet
from plugin.sources.tabular.table_map import PLAIN
from plugin.sources.values import is_empty, settled
from plugin.sources.words import our_word

SAMPLE = 500  # rows that are looked at
_OF_A = (("mrr", "month"), ("arr", "year"))
_FLAGS = {"true": "cancelled", "false": "active", "yes": "cancelled", "no": "active"}


@dataclass(slots=True)
class Proposal:
    """The mapping of one file: settings of the table, its columns, and what is not sure."""

    title: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


def _cells(raw: RawTable, header: str) -> list[object]:
    cells = [row.cells.get(header) for row in raw.rows[:SAMPLE]]
    return [cell for cell in cells if not is_empty(cell)]


def _source(raw: RawTable, sheet: Sheet, column: Column, taken: set[str]) -> tuple[str, bool]:
    """Return the header that may fill a column, "" for none, and whether that is sure."""
    free = [name for name in raw.columns if name and name not in taken | raw.repeated]
    within = {name.rpartition(".")[2]: name for name in reversed(free) if "custom" not in name}
    for name in names_of(sheet.name, column.name):
        if name in free or name in within:
            return (name if name in free else within[name]), True
    near = nearest(column.name, free, 0.85)  # it is written into a mapping
    return near, not near


def _words(raw: RawTable, column: Column, header: str, found: Proposal) -> dict[str, str]:
    """Return the file's words that need a translation; a doubt for each that has none."""
    told = dict.fromkeys(str(cell).strip() for cell in _cells(raw, header))
    strange = [word for word in told if our_word(word, column.words) is None][:20]
    words = {}
    for word in strange:
        flag = _FLAGS.get(word.casefold()) if column.name == "status" else None
        words[word] = flag or ""
        listed = ", ".join(column.words)
        found.doubts.append(f"{column.name}: what {word!r} means, one of {listed}")
    return words


def _conventions(raw: RawTable, column: Column, header: str, found: Proposal) -> Iterator[str]:
    """Yield what a mapping must say for the numbers or dates of a column to be one value each."""
    cells = _cells(raw, header)
    reader, word = (numbers, "decimal") if column.kind in NUMBERS else (times, "date_order")
    admitted = [reader.evidence(cell) for cell in cells]
    undecided = next(
        (cell for cell, said in zip(cells, admitted, strict=True) if len(said) > 1), ""
    )
    if undecided and settled(None, admitted) is None:
        found.doubts.append(f"{word}: what {str(undecided)!r} in {header} is")
        yield word


def _columns(raw: RawTable, sheet: Sheet, found: Proposal) -> None:
    own = {column.name for column in sheet.columns}
    taken = set(raw.columns) & own
    usual = {"decimal": "," if raw.delimiter == ";" else ".", "date_order": "dmy"}
    for column in sheet.columns:
        header, sure = (column.name, True) if column.name in taken else ("", True)
        if not header:
            header, sure = _source(raw, sheet, column, taken)
            if not header:
                continue
            taken.add(header)
            found.columns[column.name] = {"from": header}
        if not sure:
            found.doubts.append(f"{column.name}: whether {header} is it")
        if column.kind == "word" and (words := _words(raw, column, header, found)):
            found.columns.setdefault(column.name, {"from": header})["values"] = words
        if column.kind in NUMBERS | TIMES:
            for word in _conventions(raw, column, header, found):
                found.settings.setdefault(word, usual[word])


def _monthly(found: Proposal) -> None:
    """Take a column called MRR or ARR for that of a month or a year, whenever it is charged."""
    header = str(found.columns.get("amount", {}).get("from", ""))
    word = next((word for part, word in _OF_A if part in header.split("_")), None)
    if word:
        found.columns["interval"] = {"value": word}
        found.doubts.append(f"interval: {header} is taken for what a {word} costs")


def _needed(raw: RawTable, sheet: Sheet, found: Proposal) -> None:
    """Name what the table needs and no column of the file seems to hold."""
    there = set(raw.columns) | set(found.columns)
    for column in sheet.columns:
        if column.required and column.name not in there:
            value = column.words[0] if column.words else ""
            value = {"interval": "month", "status": "closed"}.get(column.name, value)
            if column.words:
                found.columns[column.name] = {"value": value}
            found.doubts.append(f"{column.name}: no column seems to hold it")
    has_money = any(sheet.column(name) and _is_money(sheet, name) for name in there)
    if has_money and "currency" not in there:
        _currency(raw, sheet, found)


def _currency(raw: RawTable, sheet: Sheet, found: Proposal) -> None:
    """Propose the currency that all signs of the amounts allow; where they differ, none."""
    headers = {one.name: one.name for one in sheet.columns if one.name in raw.columns}
    headers |= {name: str(said.get("from", "")) for name, said in found.columns.items()}
    cells = [c for n, header in headers.items() if _is_money(sheet, n) for c in _cells(raw, header)]
    signs = [codes for cell in cells if (codes := numbers.sign_of(cell))]
    if signs and not frozenset.intersection(*signs):
        found.doubts.append("currency: no column holds it, and the amounts have several")
        return
    common = sorted(frozenset.intersection(*signs)) if signs else ["usd"]
    found.settings["currency"] = "usd" if "usd" in common else common[0]
    if len(common) > 1 or len(signs) < len(cells):
        found.doubts.append("currency: no column holds it")


def _is_money(sheet: Sheet, name: str) -> bool:
    column = sheet.column(name)
    return column is not None and column.kind == "money"


def propose(raw: RawTable, sheet: Sheet) -> Proposal:
    """Return how a file may be read; one that a vendor exported needs no mapping."""
    found = Proposal()
    export = recognised(raw.columns, sheet, PLAIN)
    if export.title:
        found.title = export.title
        if export.amount == "ask":
            found.settings["amount"] = "each"
            found.doubts.append("amount: whether it is for each seat, or for all of them")
        return found
    _columns(raw, sheet, found)
    _monthly(found)
    _needed(raw, sheet, found)
    if "quantity" in found.columns and "amount" in found.columns:
        found.settings["amount"] = "all"
        found.doubts.append("amount: whether it is for each seat, or for all of them")
    return found
