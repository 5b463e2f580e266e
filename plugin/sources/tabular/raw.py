"""Rows as they stand in a file: cells by column name, not typed yet."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.sources.tabular.problems import BadFile

ROWS_MAX = 100_000
COLUMNS_MAX = 5_000
BYTES_MAX = 20_000_000
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: where it begins, and its cells; `problem` says why it cannot be read at all."""

    line: int
    cells: Mapping[str, Any]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's rows. `torn` says that its end looks cut off, as while it is being written.

    `repeated` are columns whose name stands there more than once; `notes` are lines, each with
    what was made of it: a title above the header, the footer of a report. `header` is the line
    that names the columns.
    """

    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    torn: bool = False
    delimiter: str = ""
    repeated: frozenset[str] = frozenset()
    notes: tuple[tuple[int, str], ...] = ()
    header: int = 1


def column_name(text: str) -> str:
    """Return a header cell as the shape spells it: "Account ID" is account_id."""
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def check_columns(names: Sequence[str]) -> None:
    """Refuse a header of more columns than a table may have."""
    if len(names) > COLUMNS_MAX:
        raise BadFile(f"has {len(names)} columns; at most {COLUMNS_MAX} are read", 1)


def repeated_in(names: Sequence[str]) -> frozenset[str]:
    """Return the names that stand in a header more than once."""
    return frozenset(name for name, times in Counter(names).items() if name and times > 1)


def _line_of(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def decode(data: bytes, encoding: str | None = None) -> str:
    """Return the file's text: by its byte order mark, else in `encoding`, else UTF-8."""
    if data.startswith(_UTF16):
        encoding = "utf-16"
    elif encoding is None and data.count(0) > len(data) // 4:
        hint = 'set encoding = "utf-16-le", or save it as CSV UTF-8'
        raise BadFile("is UTF-16 without its byte order mark", 0, hint)
    known = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else encoding or "utf-8-sig"
    try:
        return data.decode(known)
    except UnicodeDecodeError as error:
        named = "UTF-8" if known == "utf-8-sig" else known
        hint = 'set encoding = "windows-1252" if an older spreadsheet wrote it, or save it as UTF-8'
        raise BadFile(f"is not {named}", _line_of(data, error.start), hint) from None
