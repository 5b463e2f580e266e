"""The `files` upstream lists its accounts: what is new, what changed, what is gone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from plugin.errors import UpstreamUnset
from plugin.upstream import AccountChanges, Link
from plugin.vendors.files.source import changed
from tests.vendors.files.files_folder import NOW, connect, write

TWO = "account_id,name\na-1,Acme\na-2,Birch\n"


def names(link: Link, cursor: str | None) -> tuple[dict[str, str], bool, str]:
    """Return id → name as listed, whether the list is whole, and the next cursor."""
    found, after = changed(link, cursor)
    return {ref.id: ref.name for ref in found.accounts}, found.is_whole, after


def test_a_changed_file_is_listed_whole(tmp_path: Path):
    """The next list says who is new and renamed, and who is not on it is gone."""
    link = connect(write(tmp_path, accounts_csv=TWO))
    _, _, cursor = names(link, None)
    write(tmp_path, NOW, accounts_csv="account_id,name\na-2,Birch Ltd\na-3,Cedar\n")

    found, is_whole, after = names(link, cursor)
    assert (found, is_whole) == ({"a-2": "Birch Ltd", "a-3": "Cedar"}, True)
    assert after != cursor


def test_a_change_of_any_table_is_a_change(tmp_path: Path):
    """A new contact is an address by which another source knows the account."""
    link = connect(write(tmp_path, accounts_csv=TWO))
    _, cursor = changed(link, None)
    people = "account_id,email\na-1,ann@acme.example\n"
    write(tmp_path, NOW, contacts_csv=people)

    found, _ = changed(link, cursor)
    assert found.accounts[0].emails == ("ann@acme.example",)


@pytest.mark.parametrize("row", ["a-2,", ",Birch", "a-2,Birch,more,than,fits"])
def test_a_row_that_cannot_be_read_makes_nobody_gone(tmp_path: Path, row: str):
    """Who stands in a broken row may still be a customer: the list is not whole."""
    link = connect(write(tmp_path, accounts_csv=f"account_id,name\na-1,Acme\n{row}\n"))

    found, is_whole, _ = names(link, None)
    assert (found, is_whole) == ({"a-1": "Acme"}, False)


def test_a_refused_file_changes_nothing(tmp_path: Path):
    """While the last good file stays in force, nothing is new and nobody is gone."""
    link = connect(write(tmp_path, accounts_csv=TWO))
    _, cursor = changed(link, None)
    write(tmp_path, NOW, accounts_csv="account_id,na")

    later = connect(tmp_path, NOW + timedelta(minutes=1))
    assert changed(later, cursor) == (AccountChanges(), cursor)


def test_two_rows_of_one_id_are_listed_once(tmp_path: Path):
    """The first row names the account."""
    link = connect(write(tmp_path, accounts_csv=f"{TWO}a-1,Acme again\n"))

    assert names(link, None)[:2] == ({"a-1": "Acme", "a-2": "Birch"}, True)


def test_a_connection_without_accounts_lists_none(tmp_path: Path):
    """Whoever leaves the accounts out is told why nothing is listed."""
    link = connect(write(tmp_path, accounts_csv=TWO), parts=["tickets"])

    with pytest.raises(UpstreamUnset, match="parts"):
        changed(link, None)
