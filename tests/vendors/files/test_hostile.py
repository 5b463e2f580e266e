"""The `files` upstream: no cell and no file makes it crash."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugin.errors import UpstreamError
from plugin.sources.tabular.sheets import SHEETS
from tests.vendors.files.files_folder import connect, fetch, problems

CELL = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "=1+1",
            "-0",
            "1_000",
            "+5",
            " 7 ",
            "2026-13-01",
            "0" * 400,
            "a@b@c",
            "\u202eevil",
            "<script>",
        ]
    ),
)
SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
VALUE = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def read_all(folder: Path) -> None:
    """Ask everything of a folder; only an upstream's own error may come out."""
    link = connect(folder)
    for text in problems(link):
        assert text.encode()
    try:
        facts = fetch(link, "a-1")
    except UpstreamError:
        return
    assert repr(facts).encode()


def sheet_and_cells(
    cell: st.SearchStrategy[object],
) -> st.SearchStrategy[tuple[str, dict[str, object]]]:
    """Draw a table and one row of hostile cells for it."""
    return st.sampled_from(sorted(SHEETS)).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.dictionaries(
                st.sampled_from([column.name for column in SHEETS[name].columns]), cell, max_size=8
            ),
        )
    )


@settings(max_examples=150, deadline=None)
@given(sheet_and_cells(CELL))
def test_hostile_cells_of_a_csv_file_are_read_or_reported(drawn: tuple[str, dict[str, str]]):
    """Whatever people paste into a spreadsheet, the account is answered or refused calmly."""
    name, cells = drawn
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "accounts.csv").write_text("account_id,name\na-1,Acme\n", encoding="utf-8")
        text = io.StringIO(newline="")
        writer = csv.DictWriter(
            text, ["account_id", *(key for key in cells if key != "account_id")]
        )
        writer.writeheader()
        writer.writerow({**cells, "account_id": "a-1"})
        (folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8", newline="")

        read_all(folder)


@settings(max_examples=150, deadline=None)
@given(sheet_and_cells(VALUE))
def test_hostile_values_of_a_json_file_are_read_or_reported(drawn: tuple[str, dict[str, object]]):
    """Nested, infinite or missing: every JSON value is read or refused calmly."""
    name, cells = drawn
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if name != "accounts":
            (folder / "accounts.csv").write_text("account_id,name\na-1,Acme\n", encoding="utf-8")
        text = json.dumps([{"name": "Acme", **cells, "account_id": "a-1"}])
        (folder / f"{name}.json").write_text(text, encoding="utf-8")

        read_all(folder)


@settings(max_examples=150, deadline=None)
@example(b"\x0b", ".json")
@given(st.binary(max_size=200), st.sampled_from([".csv", ".json", ".jsonl"]))
def test_any_bytes_are_a_table_or_a_problem(data: bytes, suffix: str):
    """A file of noise is one problem and no crash."""
    with tempfile.TemporaryDirectory() as temporary:
        (Path(temporary) / f"accounts{suffix}").write_bytes(data)

        read_all(Path(temporary))
