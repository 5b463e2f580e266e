"""The documented shape is the shape that is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugin.sources.tabular.shape import Column
from plugin.sources.tabular.shape_doc import example, shape_doc
from plugin.sources.tabular.sheets import SHEETS
from plugin.sources.tabular.table import read_cell
from tests.vendors.files.files_folder import connect, find, problems, write

PAGE = Path(__file__).parents[4] / "docs/vendors/files.md"
COLUMNS = {f"{sheet.name}-{one.name}": one for sheet in SHEETS.values() for one in sheet.columns}


def test_the_page_has_every_table_and_column():
    """The tables of the page are those that the columns write."""
    text = PAGE.read_text(encoding="utf-8")

    written = re.search(r"<!-- columns: [^>]*-->\n(.*)<!-- /columns -->", text, re.DOTALL)
    assert written
    assert written[1] == shape_doc()


@pytest.mark.parametrize("column", COLUMNS.values(), ids=list(COLUMNS))
def test_every_example_is_a_cell_that_is_accepted(column: Column):
    """What the page shows can be typed in."""
    read_cell(example(column), column)


def test_the_first_example_of_the_page_is_a_good_file(tmp_path: Path):
    """The file that a newcomer copies has no problem and answers."""
    text = PAGE.read_text(encoding="utf-8")
    first = re.search(r"```csv\n(.*?)```", text, re.DOTALL)
    assert first
    link = connect(write(tmp_path, accounts_csv=first[1]))

    assert problems(link) == []
    assert find(link, "domain", "bluebell.example") == ["a-1"]
