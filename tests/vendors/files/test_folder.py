"""The `files` upstream: how old its facts are, and what it says when it cannot answer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamUnavailable, UpstreamUnset
from plugin.upstream import Link
from plugin.vendors.files.source import files
from tests.vendors.files.files_folder import NOW, NoClient, connect, fetch, find, write

ACCOUNTS = "account_id,name\na-1,Acme\na-2,Birch\n"


def test_as_of_is_the_oldest_file_that_was_read(tmp_path: Path):
    """Facts are as old as the oldest file behind them."""
    write(tmp_path, accounts_csv=ACCOUNTS)
    write(tmp_path, NOW - timedelta(days=3), survey_csv="account_id,nps\na-1,9\n")

    assert fetch(connect(tmp_path), "a-1").as_of == NOW - timedelta(days=3)


def test_a_rows_own_as_of_wins_over_the_files_time(tmp_path: Path):
    """An export that says when it was made is believed."""
    rows = "account_id,name,as_of\na-1,Acme,2026-11-01T06:00:00+01:00\n"
    link = connect(write(tmp_path, accounts_csv=rows))

    assert fetch(link, "a-1").as_of == datetime(2026, 11, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "expected"),
    [("read", NOW), ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC))],
)
def test_the_setting_as_of_dates_a_folder(tmp_path: Path, said: str, expected: datetime):
    """A live export holds now; one with a known date holds then."""
    link = connect(write(tmp_path, accounts_csv=ACCOUNTS), as_of=said)

    assert fetch(link, "a-1").as_of == expected


def test_as_of_is_never_later_than_now(tmp_path: Path):
    """A file from a clock that runs ahead does not make facts of the future."""
    link = connect(write(tmp_path, NOW + timedelta(hours=2), accounts_csv=ACCOUNTS))

    assert fetch(link, "a-1").as_of == NOW


def test_a_missing_folder_is_said_and_not_a_crash(tmp_path: Path):
    """The gap's sentence names the folder."""
    with pytest.raises(UpstreamUnavailable, match="gone"):
        fetch(connect(tmp_path / "gone"), "a-1")


def test_a_folder_without_accounts_is_said(tmp_path: Path):
    """Accounts are the one table that must be there."""
    with pytest.raises(UpstreamUnavailable, match=r"no accounts\.csv"):
        fetch(connect(tmp_path), "a-1")


def test_a_connection_none_of_whose_tables_has_a_file_is_not_set_up(tmp_path: Path):
    """A survey connection without a survey file lacks its set-up, and is not broken."""
    with pytest.raises(UpstreamUnset, match="no file for survey"):
        fetch(connect(write(tmp_path, accounts_csv=ACCOUNTS), parts=["survey"]), "a-1")


def test_something_that_is_no_file_is_said_and_not_waited_for(tmp_path: Path):
    """A directory of that name is unreadable, as a pipe would be."""
    (tmp_path / "accounts.csv").mkdir()

    with pytest.raises(UpstreamUnavailable, match="is not a file"):
        fetch(connect(tmp_path), "a-1")


def test_an_unset_folder_is_said():
    """A connection without a folder lacks a setting."""
    with pytest.raises(UpstreamUnset, match="folder"):
        fetch(Link("acme", "crm", {"folder": "", "parts": ["accounts"]}, NoClient(), NOW), "a-1")


@pytest.mark.parametrize(
    ("options", "key"),
    [
        ({}, "folder"),
        ({"folder": "x", "parts": ["shoes"]}, "parts"),
        ({"folder": "x", "delimiter": "::"}, "delimiter"),
        ({"folder": "x", "as_of": "yesterday"}, "as_of"),
        ({"folder": "x", "fodler": "y"}, "fodler"),
    ],
)
def test_wrong_settings_name_their_key(options: dict[str, object], key: str):
    """Each bad setting is refused by name."""
    with pytest.raises(ValidationError) as refused:
        files.options().load(options)

    assert key in refused.value.messages


def test_askers_at_once_get_one_answer(tmp_path: Path):
    """The first reading is shared by all who wait for it."""
    link = connect(write(tmp_path, accounts_csv=ACCOUNTS))
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(find(link, "external_id", "a-1")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [["a-1"]] * 8
