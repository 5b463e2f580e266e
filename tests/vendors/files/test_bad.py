"""The `files` upstream: what is wrong in a file is said with its place and costs no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.errors import UpstreamBroken, UpstreamNotFound
from plugin.vendors.files.source import PROBLEMS_MAX
from tests.vendors.files.files_folder import connect, fetch, find, problems, write

ACCOUNTS = "account_id,name,employees\na-1,Acme,12\na-2,Birch,30\n"


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("employees", "many", "is not a number"),
        ("employees", '"1,200"', "is 1200 or 1.2: countries read it differently"),
        ("employees", "12.5", "is not a whole number"),
        ("employees", "-3", "is less than 0"),
        ("employees", "1e5", "is not a number"),
        ("employees", "٣", "is not a number"),
        ("employees", "9" * 20, "is out of range"),
        ("renewal_at", "02/01/2027", "countries read it differently"),
        ("renewal_at", "20271320", "is no date"),
        ("renewal_at", "2027-02-30", "is not a date"),
        ("last_csm_touch_at", "yesterday", "is not a date"),
        ("last_csm_touch_at", "0001-01-01T00:00:00+14:00", "is not a date and time"),
        ("stage", "sleeping", "is none of the words here"),
        ("is_reference", "perhaps", "is neither true nor false"),
        ("csm_email", "rosa", "is not an e-mail address"),
        ("domain", "acme", "is not a domain"),
        ("crm_arr", "100", "is empty beside crm_arr"),
        ("custom.score:number", "high", "is not a number"),
    ],
)
def test_a_bad_cell_is_named_and_costs_only_itself(
    tmp_path: Path, column: str, cell: str, said: str
):
    """File, line and column are named; the account and its neighbours stay."""
    rows = f"account_id,name,{column}\na-1,Acme,{cell}\na-2,Birch,\n"
    link = connect(write(tmp_path, accounts_csv=rows), parts=["accounts"])
    named = "currency" if column == "crm_arr" else column

    facts = fetch(link, "a-1")

    assert [
        text
        for text in problems(link)
        if text.startswith(f"accounts.csv, line 2, column {named}: ") and said in text
    ]
    assert facts.values["account.name"] == "Acme"
    assert facts.bad
    assert fetch(link, "a-2").values["account.name"] == "Birch"


def test_a_bad_cell_becomes_a_gap_of_its_own_field(tmp_path: Path):
    """The field is bad data, and the reason carries its place."""
    rows = "account_id,name,employees\na-1,Acme,many\n"
    bad = fetch(connect(write(tmp_path, accounts_csv=rows), parts=["accounts"]), "a-1").bad

    assert [(one.field, one.where, one.reason) for one in bad] == [
        ("account.employees", "accounts.csv, line 2, column employees", "bad_data")
    ]


def test_an_amount_without_its_currency_is_bad_data(tmp_path: Path):
    """No currency is assumed, and the amount is not shown without one."""
    rows = "account_id,name,crm_arr\na-1,Acme,100\n"
    facts = fetch(connect(write(tmp_path, accounts_csv=rows), parts=["accounts"]), "a-1")

    assert "contract.crm_arr" not in facts.values
    assert [bad.field for bad in facts.bad] == ["contract.crm_arr"]


def test_a_row_without_its_name_is_left_out_alone(tmp_path: Path):
    """An account needs a name; its neighbour is not touched."""
    link = connect(write(tmp_path, accounts_csv="account_id,name\na-1,\na-2,Birch\n"))

    assert find(link, "external_id", "a-1") == []
    assert find(link, "external_id", "a-2") == ["a-2"]
    place = "accounts.csv, line 2, column name"
    assert problems(link) == [
        f"{place}: is empty, and the row needs it (name in the system of record)"
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a-3,Cedar", "has 2 cells where the header has 3"),
        ("a-3,Cedar,5,6", "has 4 cells where the header has 3"),
        ('a-3,"Ce"dar,5', "is not readable as CSV"),
        (f"a-3,{'x' * 140_000},5", "is not readable as CSV"),
    ],
)
def test_a_broken_row_is_left_out_alone(tmp_path: Path, row: str, said: str):
    """A row that does not fit its header is reported by its line."""
    text = "account_id,name,employees\na-1,Acme,12\n" + row + "\na-2,Birch,30\n"
    link = connect(write(tmp_path, accounts_csv=text))

    assert [
        text
        for text in problems(link)
        if text.startswith("accounts.csv, line 3: ") and said in text
    ]
    assert find(link, "external_id", "a-2") == ["a-2"]


def test_a_bad_ticket_leaves_the_list_incomplete(tmp_path: Path):
    """A list without one of its rows proves presence, not absence."""
    tickets = "account_id,id,status\na-1,T-1,open\na-1,T-2,opne\na-2,T-3,open\n"
    link = connect(write(tmp_path, accounts_csv=ACCOUNTS, tickets_csv=tickets))

    facts = fetch(link, "a-1")

    assert [ticket.id for ticket in facts.values["tickets"]] == ["T-1"]
    assert facts.partial == {"tickets"}
    assert [bad.where for bad in facts.bad if bad.field == "tickets[].status"] == [
        "tickets.csv, line 3, column status"
    ]
    assert fetch(link, "a-2").partial == frozenset()


def test_one_ticket_id_twice_is_neither(tmp_path: Path):
    """Nobody can say which of two rows of one id is right."""
    tickets = "account_id,id,status\na-1,T-1,open\na-1,T-1,closed\na-1,T-2,open\n"
    facts = fetch(connect(write(tmp_path, accounts_csv=ACCOUNTS, tickets_csv=tickets)), "a-1")

    assert [ticket.id for ticket in facts.values["tickets"]] == ["T-2"]
    assert "tickets" in facts.partial


def test_two_rows_of_one_account_are_ambiguous_and_both_reported(tmp_path: Path):
    """Never the last one wins: both are candidates and neither is shown."""
    text = "account_id,name\na-1,Acme\na-1,Acme Inc\na-2,Birch\n"
    link = connect(write(tmp_path, accounts_csv=text), parts=["accounts"])

    assert find(link, "external_id", "a-1") == ["a-1", "a-1"]
    assert [text.split(":")[0] for text in problems(link)] == [
        "accounts.csv, line 2, column account_id",
        "accounts.csv, line 3, column account_id",
    ]
    assert fetch(link, "a-1").values == {}
    assert "account.name" in {bad.field for bad in fetch(link, "a-1").bad}


def test_a_key_that_means_two_accounts_gives_its_row_to_neither(tmp_path: Path):
    """A shared domain does not show one customer's usage beside the other's ticket."""
    accounts = "account_id,name,domain\na-1,Acme,acme.example\na-2,Acme UK,ACME.example\n"
    link = connect(
        write(tmp_path, accounts_csv=accounts, usage_csv="domain,seats_active\nacme.example,5\n")
    )

    assert "usage.seats_active" not in fetch(link, "a-1").values
    assert any("belongs to several accounts: a-1, a-2" in text for text in problems(link))


def test_a_row_of_an_unknown_account_is_reported(tmp_path: Path):
    """A slip in an id would otherwise hide a ticket for good."""
    link = connect(
        write(tmp_path, accounts_csv=ACCOUNTS, tickets_csv="account_id,id,status\na-9,T-1,open\n")
    )

    assert any("'a-9' is no account" in text for text in problems(link))
    with pytest.raises(UpstreamNotFound):
        fetch(link, "a-9")


def test_columns_that_nobody_reads_are_one_line(tmp_path: Path):
    """A column that is not of the shape is left alone and named once."""
    link = connect(write(tmp_path, accounts_csv="account_id,name,shoe size\na-1,Acme,42\n"))

    said = "name one in the mapping, or call it custom.<name>, to have it shown"
    assert problems(link) == [f"accounts.csv: not read: shoe_size ({said})"]


def test_a_slip_in_a_column_name_is_named_with_what_may_be_meant(tmp_path: Path):
    """One wrong letter is found without opening the documentation."""
    link = connect(write(tmp_path, accounts_csv="account_id,name,employes\na-1,Acme,42\n"))

    assert "not read: employes (is it employees?)" in problems(link)[0]


def test_many_problems_are_counted_and_not_all_listed(tmp_path: Path):
    """Ten thousand bad rows are one long list less."""
    rows = "".join(f"a-{number},Acme,x\n" for number in range(PROBLEMS_MAX + 50))
    link = connect(write(tmp_path, accounts_csv="account_id,name,employees\n" + rows))

    assert len(problems(link)) == PROBLEMS_MAX + 1
    assert problems(link)[-1].endswith("50 more problems in its files")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("account_id,name,name\na-1,A,B\n", "names the column name twice"),
        ("account_id:name\na-1:Acme\n", "is the delimiter right?"),
        ("id,name\n1,Acme\n", "has no column account_id"),
        ('account_id,name\na-1,"Acme\na-2,Birch\n', "opens a quote that is never closed"),
        (
            "account_id,name," + ",".join(f"c{n}" for n in range(6000)) + "\n",
            "at most 5000 are read",
        ),
    ],
)
def test_a_file_that_is_no_table_is_said(tmp_path: Path, text: str, said: str):
    """What cannot be read as a table at all is one problem of the file."""
    link = connect(write(tmp_path, accounts_csv=text))

    assert any(said in problem for problem in problems(link))
    with pytest.raises(UpstreamBroken):
        fetch(link, "a-1")


def test_a_file_in_another_encoding_is_said_with_its_line(tmp_path: Path):
    """Latin-1 from an old spreadsheet is named, not shown as garbage."""
    (tmp_path / "accounts.csv").write_bytes(b"account_id,name\na-1,Acme\na-2,Caf\xe9\n")

    assert "accounts.csv, line 3: is not UTF-8" in problems(connect(tmp_path))[0]


def test_two_files_of_one_table_are_said(tmp_path: Path):
    """Nobody can say whether the CSV or the JSON file is meant."""
    link = connect(write(tmp_path, accounts_csv=ACCOUNTS, accounts_json="[]"))

    assert "stands there as accounts.csv and accounts.json" in problems(link)[0]


def test_tickets_without_their_text_say_nothing_of_mentions(tmp_path: Path):
    """What nobody wrote down is unknown, not an empty list."""
    told = "id,account_id,status,created_at\n7,a-1,open,2026-11-20\n"
    facts = fetch(connect(write(tmp_path, accounts_csv=ACCOUNTS, tickets_csv=told)), "a-1")

    assert "mentions" not in facts.values
    assert [(bad.reason, bad.message) for bad in facts.bad if bad.field == "mentions"] == [
        ("not_configured", "has no column text, so nobody knows what customers wrote")
    ]


def test_a_list_of_which_no_row_could_be_read_is_unknown(tmp_path: Path):
    """Dropped rows never become "none"."""
    told = "id,account_id,status,created_at,text\n7,a-1,resting,2026-11-20,We want to cancel\n"
    facts = fetch(connect(write(tmp_path, accounts_csv=ACCOUNTS, tickets_csv=told)), "a-1")

    assert not {"tickets", "mentions"} & facts.values.keys()
    reasons = {bad.field: bad.reason for bad in facts.bad}
    assert (reasons["tickets"], reasons["mentions"]) == ("bad_data", "bad_data")
