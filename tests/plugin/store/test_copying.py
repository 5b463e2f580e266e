"""Backup and restore beside other applications, and with files that are not ours."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from plugin.errors import StoreUnavailable
from plugin.store import copying, ledger
from plugin.store.migrating import HEAD
from plugin.store.outcomes import Outcome
from plugin.store.tables import METADATA
from tests.plugin.store.conftest import NOW, WORKSPACE
from tests.postgresql import run

ROW = {
    "workspace": WORKSPACE, "id": "1", "account_id": "a1", "rule": None, "stage": "shown",
    "outcome": None, "at": "2026-11-21T12:00:00.000000Z", "told_by": "kim", "source": "api",
    "note": None,
}  # fmt: skip


@pytest.fixture
def neighbour(database):
    """Another application's table in the same database."""
    with database.write() as connection:
        connection.execute(text("CREATE TABLE invoices_of_others (id INTEGER, secret TEXT)"))
        connection.execute(text("INSERT INTO invoices_of_others VALUES (1, 'theirs')"))

    def _rows() -> list[tuple[int, str]]:
        with database.read() as connection:
            return [
                tuple(row) for row in connection.execute(text("SELECT * FROM invoices_of_others"))
            ]

    return _rows


def _file(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    head = {"format": "sidelight-store", "revision": HEAD, "at": NOW.isoformat()}
    counts = dict.fromkeys(METADATA.tables, 0)
    for name, _ in rows:
        counts[name] = counts.get(name, 0) + 1
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for line in (head, *rows, {"rows": counts}):
            file.write(json.dumps(line) + "\n")
    return path


def test_what_other_applications_keep_is_neither_copied_nor_touched(database, neighbour, tmp_path):
    """Not by a backup, not by a restore that replaces all; the backup names what it holds."""
    path = tmp_path / "copy.jsonl.gz"
    with database.read() as connection:
        counts = copying.backup(connection, path, NOW)
    with gzip.open(path, "rt") as file:
        lines = file.read()
    assert "theirs" not in lines
    assert set(json.loads(lines.splitlines()[0])["tables"]) == set(counts) == set(METADATA.tables)
    with database.write() as connection:
        copying.restore(connection, path, replace=True)

    assert neighbour() == [(1, "theirs")]


@pytest.mark.parametrize(
    "row",
    [
        ["invoices_of_others", {"id": 2, "secret": "x"}],
        ["alembic_version", {"version_num": "x"}],
        ["outcomes", {**ROW, "more": 1}],
        ["outcomes", {**ROW, "stage": "x" * 99, "at": None}],
        ["outcomes", "nothing"],
    ],
)
def test_what_is_not_ours_is_refused_and_nothing_is_changed(database, neighbour, tmp_path, row):
    """Foreign tables and columns, and rows that are none."""
    path = _file(tmp_path / "bad.jsonl.gz", [["outcomes", ROW], row])
    with pytest.raises(copying.BadBackup), database.write() as connection:
        copying.restore(connection, path, replace=True)

    assert neighbour() == [(1, "theirs")]
    with database.read() as connection:
        assert connection.execute(METADATA.tables["outcomes"].select()).all() == []


def test_what_an_older_release_let_into_sqlite_comes_back_anywhere(database, tmp_path):
    """NUL is kept by no PostgreSQL: a sign in its place tells that something stood there."""
    path = _file(tmp_path / "old.jsonl.gz", [["outcomes", {**ROW, "note": "a\0b\ud800"}]])
    with database.write() as connection:
        copying.restore(connection, path)
        note = connection.execute(METADATA.tables["outcomes"].select()).mappings().one()["note"]

    assert note == "a\ufffdb?"


def test_a_database_whose_names_are_taken_is_refused_by_name(empty_postgresql, open_store, caplog):
    """Nothing of theirs is used for ours."""
    run(empty_postgresql, "CREATE TABLE audit (id INTEGER)")
    with pytest.raises(StoreUnavailable), open_store(empty_postgresql).read():
        pass

    assert "schema of its own" in str([vars(record) for record in caplog.records])


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\t=1",
        "\n=1",
        "\r=1",
        "\uff1d1",
        "\uff0b1",
        " =1",
        "\u3000=1",
        "\nx",
    ],
)
def test_no_cell_of_a_csv_is_taken_for_a_formula(text):
    """Not in full width, and not behind a line end."""
    file = io.StringIO()
    ledger.write_csv(file, [Outcome("1", text, "shown", NOW, text, "api", text, note=text)])
    file.seek(0)
    row = list(csv.reader(file))[1]

    assert [cell[0] for cell in row if cell.endswith(text)] == ["'"] * 4
