"""How a file that others made is read as one of our tables: a workspace's mapping of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from plugin.sources.tabular.raw import column_name


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """One of our columns, and the column of the file that fills it.

    name      our column; `source` the file's own name of it, "" where only `value` fills it.
    also      further columns whose text is put behind it: a last name.
    words     theirs → ours; "" for a word that says nothing.
    value     what an empty cell means, and every cell where there is no column.
    scale     what numbers are multiplied by: 20 for ratings of 1 to 5, 0.01 for cents.
    split     what stands between the items of a list.
    """

    name: str
    source: str = ""
    also: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    value: str | None = None
    scale: Decimal | None = None
    split: str | None = None
    currency: str | None = None
    decimal: str | None = None
    date_order: str | None = None
    time: str | None = None

    @property
    def header(self) -> str:
        """Return the file's column as headers are compared."""
        return column_name(self.source)

    def joined(self, cells: Mapping[str, object]) -> object:
        """Return what stands in the column, with what stands in those behind it."""
        first = cells.get(self.header)
        if not self.also:
            return first
        parts = [first, *(cells.get(column_name(name)) for name in self.also)]
        return " ".join(str(part).strip() for part in parts if part is not None).strip()

    def translated(self, raw: object) -> object:
        """Return our word for the file's, where the mapping has one."""
        if not self.words or not isinstance(raw, str | bool | int):
            return raw
        text = str(raw).strip().casefold()
        found = {theirs.casefold(): ours for theirs, ours in self.words}
        return found.get(text, raw)


@dataclass(frozen=True, slots=True)
class TableMap:
    """What a workspace says of one file, or of all files of a connection.

    amount     of subscriptions: "all" seats together, or "each" of them; None is not said.
    seats      the plans whose quantity is seats, where an account has several.
    list_at    the member of a JSON object that holds the rows.
    title      what the file is, where its headers are a vendor's: "Stripe, subscriptions".
    """

    columns: tuple[ColumnMap, ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    decimal: str | None = None
    date_order: str | None = None
    time_zone: str = "UTC"
    currency: str | None = None
    amount: str | None = None
    seats: tuple[str, ...] = ()
    list_at: str | None = None
    title: str = ""

    def column(self, name: str) -> ColumnMap | None:
        """Return how one of our columns is filled, None where the mapping does not say."""
        return next((one for one in self.columns if one.name == name), None)


PLAIN = TableMap()
