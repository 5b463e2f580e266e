"""Read the rows of a CSV file: a header, then one row a line, quoted as RFC 4180 says.

A row that is broken by itself costs only itself; https://www.rfc-editor.org/rfc/rfc4180
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from plugin.sources.tabular.problems import BadFile
from plugin.sources.tabular.raw import (
    ROWS_MAX,
    RawRow,
    RawTable,
    check_columns,
    column_name,
    decode,
)

Record = tuple[int, list[str], str]


def _records(text: str, delimiter: str) -> Iterator[Record]:
    """Yield line, cells and problem of each record that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise BadFile("opens a quote that is never closed", line) from None
            yield line, [], f"is not readable as CSV ({error})"
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells, ""


def _header(records: Iterator[Record]) -> tuple[str, ...]:
    line, cells, problem = next(records, (0, [], "is empty"))
    if problem:
        raise BadFile(problem, line, "the first row names the columns")
    names = tuple(column_name(cell) for cell in cells)
    check_columns(names)
    return names


def _row(record: Record, names: tuple[str, ...]) -> RawRow:
    line, cells, problem = record
    if not problem and len(cells) != len(names):
        problem = f"has {len(cells)} cells where the header has {len(names)}"
    return RawRow(line, dict(zip(names, cells, strict=False)), problem)


def read_csv(data: bytes, delimiter: str = ",") -> RawTable:
    """Return the rows of a CSV file; BadFile where it is no table at all."""
    text = decode(data)
    records = _records(text, delimiter)
    names = _header(records)
    rows: list[RawRow] = []
    for record in records:
        if len(rows) == ROWS_MAX:
            raise BadFile(f"has more than {ROWS_MAX} rows", record[0])
        rows.append(_row(record, names))
    unended = not text.endswith(("\n", "\r"))
    return RawTable(names, tuple(rows), unended and bool(rows) and bool(rows[-1].problem))
