"""Tell the line that names the columns from titles above it: by our names, or by people's."""

from __future__ import annotations

from plugin.sources.tabular.binding import headers_of
from plugin.sources.tabular.exports import recognised
from plugin.sources.tabular.header_names import names_of
from plugin.sources.tabular.shape import Sheet
from plugin.sources.tabular.table import lacking
from plugin.sources.tabular.table_map import TableMap

SURE, LIKELY, NONE = 2, 1, 0
_ENOUGH = 2  # columns that people call so; a title has hardly one


def header_fit(sheet: Sheet, said: TableMap, names: tuple[str, ...]) -> int:
    """Return SURE where the names are those of the table, the mapping or a vendor's export.

    LIKELY is a line of which at least half is what people call columns of such a table.
    """
    read = recognised(names, sheet, said)
    filled = {name for name in names if name}
    if filled.intersection(headers_of(sheet, read).values()) and not lacking(names, sheet, read):
        return SURE
    known = [one for one in sheet.columns if filled.intersection(names_of(sheet.name, one.name))]
    return LIKELY if len(known) >= max(_ENOUGH, len(filled) / 2) else NONE
