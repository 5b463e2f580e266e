"""The `files` upstream: what it says of an account, and how it finds one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from plugin.account.money import Money
from plugin.account.vocabulary import FIELDS
from plugin.errors import UpstreamNotFound
from plugin.families import UPSTREAMS
from plugin.upstream import AccountRef, Identity
from plugin.vendors.files.source import files
from tests.vendors.files.files_folder import DATA, connect, fetch, find, write

ACCOUNTS = "account_id,name\na-1,Acme\na-2,Birch\n"


def test_is_discovered_under_its_own_name():
    """The family finds this upstream by walking its folder."""
    assert UPSTREAMS["files"] is files


def test_supplies_only_paths_of_the_vocabulary():
    """Whatever a table fills is a path of the vocabulary, or a custom field."""
    assert files.supplies <= FIELDS.keys() | {"custom"}


def test_supplies_what_its_parts_fill():
    """A connection that reads the survey alone promises the survey, and custom columns."""
    link = connect(DATA, parts=["survey"])

    roots = {path.partition(".")[0] for path in files.covers(link.options)}
    assert roots == {"survey", "custom"}


@pytest.mark.parametrize(
    ("by", "value", "expected"),
    [
        ("external_id", "a-1", ["a-1"]),
        ("external_id", "A-1", []),
        ("organization", "9002", ["a-2"]),
        ("organization", "a-3", ["a-3"]),
        ("contact_email", "Ines.Pereira@bluebell.example", ["a-1"]),
        ("contact_email", "ines.pereira@BLUEBELL.example", ["a-1"]),
        ("contact_email", "desk@bluebell.example", ["a-1", "a-2"]),
        ("contact_email", "nobody@bluebell.example", []),
        ("domain", "bluebell.example", ["a-1"]),
        ("domain", "bluebell-freight.example", ["a-1"]),
        ("domain", "xn--bcher-kva.example", ["a-1"]),
        ("domain", "ample", []),
        ("shoe_size", "42", []),
    ],
)
def test_finds_the_accounts_that_answer_a_question(by: str, value: str, expected: list[str]):
    """Ids are exact, addresses and domains are compared as they are delivered."""
    assert sorted(find(connect(DATA), by, value)) == expected


def test_one_address_in_two_cases_is_claimed_by_both_accounts(tmp_path: Path):
    """No letter case decides whose an address is."""
    people = "account_id,email\na-1,Ann@acme.example\na-2,ann@acme.example\n"
    link = connect(write(tmp_path, accounts_csv=ACCOUNTS, contacts_csv=people))

    assert find(link, "contact_email", "ann@acme.example") == ["a-1", "a-2"]
    assert find(link, "contact_email", "ANN@acme.example") == ["a-1", "a-2"]


def test_the_account_is_named_with_the_ids_that_others_know_it_by():
    """A column id.stripe tells the connection named stripe which customer to ask for."""
    assert files.find is not None
    ref = files.find(Identity("external_id", "a-1"), connect(DATA))[0]

    assert ref.external_ids == {"stripe": "cus_81", "crm": "a-1"}
    assert ref.emails[0] == "Ines.Pereira@Bluebell.example"


def test_reads_the_account_from_its_row():
    """Text, numbers, lists, dates and owners are typed as the vocabulary says."""
    values = fetch(connect(DATA), "a-1").values

    assert values["account.employees"] == 140
    assert values["account.tech_stack"] == ("Quillbooks", "Harbor CRM")
    assert values["account.csm.email"] == "rosa@sidelight.example"
    assert values["account.children"] == 1
    assert values["contract.renewal_at"] == values["contract.crm_renewal_at"] == date(2027, 1, 20)
    assert values["contract.crm_arr"] == Money(Decimal(48000), "usd", approximate=True)
    assert values["custom.region_code"] == "NW"


def test_an_empty_cell_is_unknown_and_not_zero():
    """What the row leaves empty is simply not there."""
    values = fetch(connect(DATA), "a-3").values

    assert "contract.notice_days" not in values
    assert "account.is_reference" not in values


def test_the_accounts_own_row_is_read_by_domain_where_that_is_its_key():
    """A usage export keyed by domain finds the account of that domain."""
    assert fetch(connect(DATA), "a-1").values["usage.weekly_active"] == (20, 22, 21, 24)


def test_limits_say_their_share():
    """Used ÷ limit is worked out where the file does not give it."""
    assert fetch(connect(DATA), "a-1").values["usage.limits"][0].ratio == pytest.approx(0.9)


def test_open_invoices_come_oldest_due_first_with_their_days():
    """A paid invoice is no open one, and days overdue count from the due day."""
    invoices = fetch(connect(DATA), "a-1").values["invoices"]

    assert [(one.id, one.days_overdue) for one in invoices] == [("INV-2", 20), ("INV-3", 0)]


def test_tickets_come_newest_first_and_are_found_by_their_requester():
    """A ticket without an account id belongs to the contact who wrote it."""
    tickets = fetch(connect(DATA), "a-1").values["tickets"]

    assert [ticket.id for ticket in tickets] == ["T-9", "T-7"]
    assert tickets[0].status == "on_hold"


def test_a_ticket_without_topics_is_mined_and_one_with_topics_keeps_them():
    """The text says what the file does not; what the file says stands."""
    facts = fetch(connect(DATA), "a-1")
    tickets = {ticket.id: ticket for ticket in facts.values["tickets"]}

    assert tickets["T-9"].topics == ("billing",)
    assert tickets["T-9"].component == "invoices"
    assert tickets["T-7"].topics == ("bug",)
    assert [mention.ticket_id for mention in facts.values["mentions"]] == ["T-9"]


def test_no_tickets_is_an_answer_where_a_file_lists_them_all():
    """An account without rows in the tickets file has none, and no mentions either."""
    values = fetch(connect(DATA), "a-2").values

    assert values["tickets"] == ()
    assert values["mentions"] == ()


def test_an_account_without_a_usage_row_is_not_found_in_analytics():
    """Where a file lists usage by account, a missing one has no usage to tell of."""
    with pytest.raises(UpstreamNotFound):
        fetch(connect(DATA, parts=["usage", "modules"]), "a-2")


def test_another_connection_finds_its_rows_by_the_domain_that_the_crm_told():
    """Without a list of accounts, the keys of the matched account decide."""
    ref = AccountRef("elsewhere-9", "Bluebell", domain="BLUEBELL.example")

    assert files.fetch(ref, connect(DATA, parts=["usage"])).values["usage.seats_active"] == 33


def test_a_missing_file_is_a_part_that_is_not_configured(tmp_path: Path):
    """Accounts alone are enough; the rest is named as not set up."""
    facts = fetch(connect(write(tmp_path, accounts_csv=ACCOUNTS)), "a-1")
    reasons = {bad.field: bad.reason for bad in facts.bad}

    assert reasons["invoices"] == reasons["survey.nps"] == "not_configured"
    assert "account.employees" not in reasons
