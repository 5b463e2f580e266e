"""Rows as they stand in a file: cells by column name, not typed yet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.sources.tabular.problems import BadFile

ROWS_MAX = 100_000
COLUMNS_MAX = 200
BYTES_MAX = 20_000_000


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row: where it begins, and its cells; `problem` says why it cannot be read at all."""

    line: int
    cells: Mapping[str, Any]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file's rows. `torn` says that its end looks cut off, as while it is being written."""

    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]
    torn: bool = False


def column_name(text: str) -> str:
    """Return a header cell as the shape spells it: "Account ID" is account_id."""
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def check_columns(names: Sequence[str]) -> None:
    """Refuse a header that names a column twice, or more columns than a table may have."""
    if len(names) > COLUMNS_MAX:
        raise BadFile(f"has {len(names)} columns; at most {COLUMNS_MAX} are read", 1)
    for name in names:
        if name and names.count(name) > 1:
            raise BadFile(f"names the column {name[:80]} twice", 1, "keep one of the two")


def decode(data: bytes) -> str:
    """Return the file's text; UTF-8, with or without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadFile("is not UTF-8", line, "save it as CSV UTF-8 or JSON in UTF-8") from None
