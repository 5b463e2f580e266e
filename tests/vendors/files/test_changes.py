"""The `files` upstream: a changed file is picked up, a half-written one never shown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from plugin.errors import UpstreamUnavailable
from plugin.fetching.asking import Tenant, source
from plugin.fetching.asking import fetch as ask
from plugin.fetching.clock import Clock
from plugin.fetching.resources import Resources
from plugin.settings.records import Connection
from plugin.upstream import AccountRef
from plugin.vendors.files.source import files
from tests.vendors.files.files_folder import NOW, connect, fetch, find, problems, write

ONE = "account_id,name\na-1,Acme\n"
TWO = "account_id,name\na-1,Acme Ltd\na-2,Birch\n"


def rewrite(path: Path, text: str, at: float) -> None:
    """Write into the same file, as an editor or a copy does, changed at `at`."""
    with path.open("r+", encoding="utf-8") as file:
        file.truncate()
        file.write(text)
    os.utime(path, (at, at))


def test_a_renamed_file_is_taken_at_once(tmp_path: Path):
    """Writing to a temporary name and renaming is the way to change a table."""
    link = connect(write(tmp_path, accounts_csv=ONE))
    fetch(link, "a-1")
    write(tmp_path, NOW, accounts_csv=TWO)

    assert fetch(link, "a-1").values["account.name"] == "Acme Ltd"
    assert find(link, "external_id", "a-2") == ["a-2"]


def test_a_file_rewritten_in_place_is_taken_when_it_stands_still(tmp_path: Path):
    """While it changes the old one stays in force; a second later the new one is read."""
    link = connect(write(tmp_path, accounts_csv=ONE))
    fetch(link, "a-1")
    rewrite(tmp_path / "accounts.csv", TWO, NOW.timestamp())

    assert fetch(link, "a-1").values["account.name"] == "Acme"
    later = connect(tmp_path, NOW + timedelta(seconds=2))
    assert fetch(later, "a-1").values["account.name"] == "Acme Ltd"


@pytest.mark.parametrize(
    "half",
    ["", "account_id,na", "account_id,name\na-1", 'account_id,name\na-1,"Acme', "\x00\x01"],
)
def test_half_a_file_never_replaces_a_whole_one(tmp_path: Path, half: str):
    """Wherever the writing stopped, the last good file stays, and the reason is visible."""
    link = connect(write(tmp_path, accounts_csv=TWO))
    before = fetch(link, "a-1")
    write(tmp_path, NOW, accounts_csv=half)

    assert fetch(link, "a-1") == before
    assert find(link, "external_id", "a-2") == ["a-2"]
    assert "stays in force" in problems(link)[0]


def test_every_prefix_of_a_json_file_is_refused_or_whole(tmp_path: Path):
    """No cut through the file shows an account without its neighbours."""
    whole = '[{"account_id": "a-1", "name": "Acme"},\n {"account_id": "a-2", "name": "Birch"}]\n'
    link = connect(write(tmp_path, accounts_json=whole))
    fetch(link, "a-1")
    for cut in range(len(whole)):
        write(tmp_path, NOW + timedelta(seconds=cut), accounts_json=whole[:cut])

        assert find(link, "external_id", "a-2") == ["a-2"]


def test_a_good_file_after_a_bad_one_is_taken(tmp_path: Path):
    """The reason goes away with its cause."""
    link = connect(write(tmp_path, accounts_csv=ONE))
    fetch(link, "a-1")
    write(tmp_path, NOW, accounts_csv="account_id,na")
    fetch(link, "a-1")
    write(tmp_path, NOW, accounts_csv=TWO)

    assert fetch(link, "a-1").values["account.name"] == "Acme Ltd"
    assert problems(link) == []


def test_one_bad_table_does_not_hold_back_the_others(tmp_path: Path):
    """Tickets go on changing while the survey file is broken."""
    write(tmp_path, survey_csv="account_id,nps\na-1,9\n", tickets_csv="account_id,id,status\n")
    link = connect(write(tmp_path, accounts_csv=ONE))
    fetch(link, "a-1")
    write(tmp_path, NOW, survey_csv="", tickets_csv="account_id,id,status\na-1,T-1,open\n")

    facts = fetch(link, "a-1")

    assert facts.values["survey.nps"] == 9
    assert [ticket.id for ticket in facts.values["tickets"]] == ["T-1"]


def test_a_table_that_was_never_good_is_a_gap_and_the_rest_is_there(tmp_path: Path):
    """A broken survey file at the start costs the survey."""
    facts = fetch(connect(write(tmp_path, accounts_csv=ONE, survey_csv="")), "a-1")

    assert facts.values["account.name"] == "Acme"
    assert {bad.field: bad.reason for bad in facts.bad}["survey.nps"] == "bad_data"


def test_a_new_table_is_picked_up(tmp_path: Path):
    """A file that appears is read without a restart."""
    link = connect(write(tmp_path, accounts_csv=ONE))
    fetch(link, "a-1")
    write(tmp_path, NOW, survey_csv="account_id,nps\na-1,9\n")

    assert fetch(link, "a-1").values["survey.nps"] == 9


def test_the_mark_changes_with_the_files_and_with_nothing_else(tmp_path: Path):
    """What was kept of the folder is served until a file of this connection changes."""
    assert files.mark is not None
    write(tmp_path, accounts_csv=ONE, survey_csv="account_id,nps\n")
    first = files.mark(connect(tmp_path, parts=["accounts"]))
    write(tmp_path, NOW, survey_csv="account_id,nps\na-1,9\n")
    same = files.mark(connect(tmp_path, NOW + timedelta(seconds=2), parts=["accounts"]))
    write(tmp_path, NOW, accounts_csv=TWO)
    changed = files.mark(connect(tmp_path, NOW + timedelta(seconds=4), parts=["accounts"]))

    assert first == same != changed


def test_the_mark_of_a_file_that_moves_is_the_one_of_the_file_in_force(tmp_path: Path):
    """Nothing old is kept under the name of the new file."""
    assert files.mark is not None
    link = connect(write(tmp_path, accounts_csv=ONE))
    fetch(link, "a-1")
    first = files.mark(link)
    at = NOW + timedelta(seconds=2)
    rewrite(tmp_path / "accounts.csv", TWO, at.timestamp())

    assert files.mark(connect(tmp_path, at)) == first
    assert files.mark(connect(tmp_path, at + timedelta(seconds=2))) != first


def test_a_folder_that_goes_away_stays_in_force_and_comes_back(tmp_path: Path):
    """An unmounted share loses nobody their account; who never read it is told."""
    folder = tmp_path / "share"
    folder.mkdir()
    link = connect(write(folder, accounts_csv=ONE))
    fetch(link, "a-1")
    folder.rename(tmp_path / "away")
    assert fetch(link, "a-1").values["account.name"] == "Acme"
    with pytest.raises(UpstreamUnavailable, match="cannot be read"):
        fetch(connect(folder, delimiter=";"), "a-1")
    (tmp_path / "away").rename(folder)

    assert fetch(link, "a-1").values["account.name"] == "Acme"


def test_a_folder_written_anew_never_answers_without_the_account(tmp_path: Path):
    """Deleted, empty, half there: what was read last stays until all of it can be read again."""
    folder = tmp_path / "export"
    folder.mkdir()
    people = "account_id,email,name\na-1,jo@acme.example,Jo\n"
    fetch(connect(write(folder, accounts_csv=ONE, contacts_csv=people)), "a-1")
    now = connect(folder)
    steps: list[Callable[[], object]] = [
        lambda: shutil.rmtree(folder),
        folder.mkdir,
        lambda: write(folder, contacts_csv=people),
        (folder / "contacts.csv").unlink,
        lambda: write(folder, accounts_csv=TWO),
    ]
    for second, step in enumerate(steps):
        step()
        now = connect(folder, NOW + timedelta(seconds=second))
        assert find(now, "contact_email", "jo@acme.example") == ["a-1"]

    assert fetch(now, "a-1").values["account.name"] == "Acme Ltd"
    later = connect(folder, NOW + timedelta(minutes=1))
    assert find(later, "contact_email", "jo@acme.example") == []


def test_the_mark_of_a_folder_that_is_gone_is_the_one_in_force(tmp_path: Path):
    """So what is kept of it is found, too."""
    assert files.mark is not None
    folder = tmp_path / "export"
    folder.mkdir()
    link = connect(write(folder, accounts_csv=ONE))
    fetch(link, "a-1")
    first = files.mark(link)
    shutil.rmtree(folder)

    assert files.mark(connect(folder, NOW + timedelta(seconds=3))) == first


def test_a_folder_that_was_away_at_the_start_is_read_the_moment_it_is_there(tmp_path: Path):
    """A local folder needs no rest: ten failures put nothing off."""
    folder, clock = tmp_path / "late", Clock(lambda: NOW, lambda: 0.0, lambda _seconds: None)
    connection = Connection("crm", "files", options=connect(folder).options)
    resources = Resources(clock=clock)
    made = source(Tenant("acme"), files, connection, resources)
    for _ in range(10):
        assert ask(made, AccountRef("a-1", "Acme")).failure
    folder.mkdir()
    write(folder, accounts_csv=ONE)

    assert ask(made, AccountRef("a-1", "Acme")).failure is None
    resources.close()
