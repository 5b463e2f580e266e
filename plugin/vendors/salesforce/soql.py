"""Ask Salesforce in SOQL: literals escaped, names checked by the settings, every page read.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql.htm
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from plugin.errors import UpstreamBroken
from plugin.upstream import Link

NAME = r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*){0,4}"
MAX_PAGES = 5
_ESCAPES = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
}
_NO_COLUMN = re.compile(r"No such column '([A-Za-z0-9_.]+)'")
Record = Mapping[str, Any]


def literal(value: str) -> str:
    """Return a text as SOQL writes it; the REST API has no bound values."""
    return "'" + "".join(_ESCAPES.get(char, char) for char in value) + "'"


def containing(value: str) -> str:
    """Return a pattern for LIKE that holds `value` itself anywhere."""
    inner = literal(value)[1:-1].replace("%", "\\%").replace("_", "\\_")
    return f"'%{inner}%'"


def select(names: Iterable[str], source: str, where: str, tail: str = "") -> str:
    """Return a query; `names` are fields that the settings' shape has admitted."""
    clause = ["WHERE", where] if where else []
    fields = ", ".join(dict.fromkeys(names))
    return " ".join(["SELECT", fields, "FROM", source, *clause]) + tail


def records_of(page: Any) -> list[Record]:
    """Return the records of a page; UpstreamBroken for anything else."""
    rows = page.get("records") if isinstance(page, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise UpstreamBroken("Salesforce answered with something that is no list of records")
    return rows


def _next(page: Any) -> str | None:
    link = page.get("nextRecordsUrl") if isinstance(page, Mapping) else None
    return link if isinstance(link, str) and link and page.get("done") is not True else None


def all_records(link: Link, page: Any) -> tuple[list[Record], bool]:
    """Return the records of a page and of those that follow it, and whether some were left."""
    rows, following = records_of(page), _next(page)
    for _ in range(MAX_PAGES):
        if following is None:
            break
        page = link.client.get(following)
        rows, following = [*rows, *records_of(page)], _next(page)
    return rows, following is not None


def ask(link: Link, soql: str) -> list[Record]:
    """Return the records that a query answers."""
    path = f"/services/data/{link.options['version']}/query"
    return all_records(link, link.client.get(path, [("q", soql)]))[0]


def dotted(record: Record) -> Callable[[str], Any]:
    """Return a record's values by name; Owner.Name is the field of a parent record."""

    def said(name: str) -> Any:
        value: Any = record
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value

    return said


def unknown_field(error: UpstreamBroken) -> str | None:
    """Return the field that Salesforce says it does not have."""
    answer: Any = error.answer
    rows: Sequence[Any] = answer if isinstance(answer, list) else [answer]
    for row in rows:
        if isinstance(row, Mapping) and row.get("errorCode") == "INVALID_FIELD":
            found = _NO_COLUMN.search(str(row.get("message")))
            return found[1] if found else None
    return None
