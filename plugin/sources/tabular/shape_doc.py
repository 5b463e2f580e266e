"""Write the documented shape as Markdown tables, from the same columns that the reader uses."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.sources.tabular.shape import Column, Sheet
from plugin.sources.tabular.sheets import SHEETS

_TYPES = {
    "whole": "whole number",
    "date": "date, `2027-01-20`",
    "date-time": "date and time",
    "email": "e-mail address",
    "domain": "domain",
    "link": "web address",
    "currency": "ISO 4217 code",
    "money": "amount, with `currency`",
    "bool": "true or false",
    "list of string": "list, `;` between",
    "list of domain": "list of domains, `;` between",
    "list of number": "list of numbers, `;` between",
    "list of whole": "list of whole numbers, `;` between",
}
_EXAMPLES = {
    "string": "Growth",
    "whole": "12",
    "number": "12.5",
    "bool": "true",
    "money": "1250.50",
    "currency": "USD",
    "date": "2027-01-20",
    "date-time": "2026-11-20T09:30:00Z",
    "email": "ines@acme.example",
    "domain": "acme.example",
    "link": "https://help.acme.example/7",
    "list of string": "Quillbooks;Harbor CRM",
    "list of domain": "acme.example;acme-labs.example",
    "list of number": "72;70.5;68",
    "list of whole": "9;8;8;7",
}


_NAMED = {
    "industry": "Logistics",
    "vertical": "Cold-chain freight",
    "market": "Grocers",
    "segment": "Mid-market",
    "tier": "2",
    "country": "Portugal",
    "region": "Norte",
    "city": "Porto",
    "parent_id": "a-100",
    "goals": "Weekly report without hand work;One login",
    "pain_points": "Slow exports;Two lists of customers",
    "true_up_terms": "Yearly, at the renewal",
    "organization_id": "9001",
    "title": "Head of Operations",
    "preferred_channel": "e-mail",
    "locale": "pt-PT",
    "time_zone": "Europe/Lisbon",
    "subject": "CSV export fails",
    "component": "export",
    "tags": "vip;export",
    "participants": "ines@acme.example;tom@acme.example",
    "sentiment_quote": "third time I ask",
    "text": "Since Monday the export stops at row 5,000.",
    "nps_comment": "Good, but exports are slow",
    "drag": "usage",
    "version": "v3",
    "stage": "Negotiation",
    "actor": "Ines Pereira",
    "before": "25 seats",
    "after": "18 seats",
}


def example(column: Column) -> str:
    """Return a cell that the column accepts."""
    if column.example or column.words:
        return column.example or column.words[0]
    low, high = column.limits
    if column.kind == "number" and high == 1:
        return "0.4" if low == 0 else "-0.4"
    if column.kind == "whole" and high:
        return "9"
    if column.kind in ("string", "list of string") and column.name in _NAMED:
        return _NAMED[column.name]
    named = {"id": "c-17"} | dict.fromkeys(("name", "csm_name", "ae_name"), "Ines Pereira")
    return named.get(column.name, _EXAMPLES[column.kind])


def _type(column: Column) -> str:
    if column.words:
        some = "list of " if column.kind == "words" else ""
        return some + ", ".join(f"`{word}`" for word in column.words)
    low, high = column.limits
    span = f", {low:g} to {high:g}" if low is not None and high is not None else ""
    return _TYPES.get(column.kind, column.kind) + span


def _line(column: Column) -> str:
    required = "yes" if column.required else ""
    paths = ", ".join(f"`{path}`" for path in column.paths if "." in path)
    cells = (f"`{column.name}`", _type(column), required, column.doc, f"`{example(column)}`", paths)
    return "| " + " | ".join(cells) + " |"


def _sheet(sheet: Sheet) -> Iterator[str]:
    fills = f" They fill `{sheet.root}`, at most {sheet.cap} an account." if sheet.root else ""
    yield f"### {sheet.name}"
    yield ""
    yield f"{sheet.title[0].upper()}{sheet.title[1:]}.{fills}"
    yield ""
    yield "| column | type | required | meaning | example | fills |"
    yield "|---|---|---|---|---|---|"
    yield from (_line(column) for column in sheet.columns)
    yield ""


def shape_doc() -> str:
    """Return a heading and a table of columns for each table, as docs/vendors/files.md has it."""
    return "\n".join(line for sheet in SHEETS.values() for line in _sheet(sheet)).rstrip() + "\n"
