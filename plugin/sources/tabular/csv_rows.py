"""Read the rows of a CSV file: a header, then one row a line, quoted as RFC 4180 says.

A row that is broken by itself costs only itself; https://www.rfc-editor.org/rfc/rfc4180
What spreadsheets and reports add is understood: `sep=;`, titles above the header, totals and
footers below the rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from plugin.sources.tabular.problems import BadFile
from plugin.sources.tabular.raw import (
    ROWS_MAX,
    RawRow,
    RawTable,
    check_columns,
    column_name,
    decode,
    repeated_in,
)

DELIMITERS = (",", ";", "\t", "|")
TITLES_MAX = 20  # lines above the header
_SEP = re.compile(r'"?sep=(.)"?[ ;,\t]*\r?\n?', re.IGNORECASE)
_TOTAL = re.compile(
    r"(grand |sub)?totals?\b.*|sum|summe|gesamt(summe)?|totale?n?|toplam|i alt|razem|celkem|somme",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[^\w]{0,3}[0-9][0-9.,'’ \u00a0\u202f]*[^\w]{0,3}")
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvRecord:
    """One line of cells: where it begins, what is wrong with it, whether a blank line precedes."""

    line: int
    cells: list[str]
    problem: str = ""
    is_apart: bool = False

    @property
    def filled(self) -> list[str]:
        """Return the cells that hold something."""
        return [cell.strip() for cell in self.cells if cell.strip()]


def _records(text: str, delimiter: str, start: int) -> Iterator[CsvRecord]:
    """Yield each record that is not blank; a quote that never ends spoils the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    is_apart = False
    while True:
        line = reader.line_num + start
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise BadFile("opens a quote that is never closed", line) from None
            yield CsvRecord(line, [], f"is not readable as CSV ({error})")
            continue
        record = CsvRecord(line, cells, is_apart=is_apart)
        is_apart = not record.filled
        if record.filled:
            yield record


def _names(record: CsvRecord) -> Names:
    return tuple(column_name(cell) for cell in record.cells)


def _first(text: str, delimiter: str) -> list[str]:
    """Return the cells of the first line that holds any."""
    reader = csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter)
    try:
        return next((cells for cells in reader if any(cell.strip() for cell in cells)), [])
    except csv.Error:
        return []


def _delimiter(text: str, fit: Callable[[Names], int]) -> str:
    """Return the delimiter that makes a header of one of the first lines, else of most cells."""
    lines = text[:100_000].splitlines()[:TITLES_MAX]
    best = {delimiter: _best_fit(lines, delimiter, fit) for delimiter in DELIMITERS}
    most = max(best.values())
    if most:
        return next(delimiter for delimiter in DELIMITERS if best[delimiter] == most)
    return max(DELIMITERS, key=lambda delimiter: len(_first(text, delimiter)))


def _best_fit(lines: list[str], delimiter: str, fit: Callable[[Names], int]) -> int:
    several = (cells for line in lines if len(cells := _first(line, delimiter)) > 1)
    return max((fit(tuple(column_name(cell) for cell in cells)) for cells in several), default=0)


def _header(records: list[CsvRecord], fit: Callable[[Names], int]) -> int:
    """Return which record names the columns: the first of those that fit best, else the first."""
    if not records:
        raise BadFile("is empty", 0, "the first row names the columns")
    if records[0].problem:
        raise BadFile(records[0].problem, records[0].line, "the first row names the columns")
    return max(range(len(records[:TITLES_MAX])), key=lambda at: fit(_names(records[at])))


def _footers(records: list[CsvRecord], width: int) -> int:
    """Return how many records at the end are the footer of a report: lines of text, totals."""
    own = 0
    for back, record in enumerate(reversed(records), 1):
        cells = record.filled
        is_text = width > 1 and len(record.cells) == 1 and not record.problem
        is_total = bool(cells) and (bool(_TOTAL.fullmatch(cells[0].rstrip(":"))) or _is_sum(record))
        if not (is_text or is_total):
            break
        if record.is_apart or is_total:
            own = back
    return own


def _is_sum(record: CsvRecord) -> bool:
    """Say whether a record holds numbers alone, and nothing where rows have their id."""
    begins = record.cells[0].strip() if record.cells else ""
    return not begins and all(_DIGITS.fullmatch(cell) for cell in record.filled)


def _row(record: CsvRecord, names: Names) -> RawRow:
    cells, problem = list(record.cells), record.problem
    surplus = cells[len(names) :]
    lacking = names[len(cells) :]
    if not problem and (any(cell.strip() for cell in surplus) or any(lacking)):
        problem = f"has {len(cells)} cells where the header has {len(names)}"
    return RawRow(record.line, dict(zip(names, cells, strict=False)), problem)


def _notes(
    records: list[CsvRecord], at: int, footers: list[CsvRecord]
) -> Iterator[tuple[int, str]]:
    if at:
        line = records[at].line
        yield line, f"names the columns: what stands above line {line} is read as a title"
    if footers:
        last = f" to {footers[-1].line}" if len(footers) > 1 else ""
        yield footers[0].line, f"the file's footer begins: line {footers[0].line}{last} is no row"


def read_csv(
    data: bytes,
    delimiter: str | None = None,
    encoding: str | None = None,
    fit: Callable[[Names], int] = lambda _names: 0,
) -> RawTable:
    """Return the rows of a CSV file; BadFile where it is no table at all.

    `fit` says how well some names are those of the table's columns; 0 is not at all.
    """
    text = decode(data, encoding)
    sep = _SEP.match(text)
    body, start = (text[sep.end() :], 2) if sep else (text, 1)
    chosen = sep[1] if sep else delimiter or _delimiter(body, fit)
    records: list[CsvRecord] = []
    for record in _records(body, chosen, start):
        if len(records) > ROWS_MAX:
            raise BadFile(f"has more than {ROWS_MAX} rows", record.line)
        records.append(record)
    at = _header(records, fit)
    names = _names(records[at])
    check_columns(names)
    after = records[at + 1 :]
    count = _footers(after, len(names))
    footers = after[len(after) - count :] if count else []
    rows = tuple(_row(record, names) for record in after[: len(after) - count])
    torn = not text.endswith(("\n", "\r")) and not footers and bool(rows and rows[-1].problem)
    notes = tuple(_notes(records, at, footers))
    return RawTable(names, rows, torn, chosen, repeated_in(names), notes, records[at].line)
