"""The `files` upstream reads what people have: exports, spreadsheets of any country, reports."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.account.money import Money
from plugin.revenue.facts import with_revenue
from plugin.revenue.policy import P0
from plugin.vendors.files.source import FilesOptions, files
from tests.vendors.files.files_folder import NOW, connect, fetch, find, problems, write

PEOPLE = "account_id,name,email\na-1,Ines,ines@brook.example\na-2,Tom,tom@alder.example\n"
ACCOUNTS = "account_id,name,domain\na-1,Brook,brook.example\na-2,Alder,alder.example\n"
STRIPE = (
    "id,Customer ID,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,"
    "Current Period End (UTC),shoe size (metadata)\n"
    "sub_1,cus_1,ines@brook.example,Scale,8,eur,month,40.00,active,12/28/26 08:15,\n"
    "sub_2,cus_2,tom@alder.example,Scale,1,usd,month,75.00,canceled,11/28/25 08:15,\n"
    "sub_3,cus_2,tom@alder.example,Max,1,eur,year,6000.00,active,12/20/26 08:15,\n"
)
HUBSPOT = (
    '"Record ID","Company name","Company Domain Name","Number of Employees","Annual Revenue"\n'
    '"71","Brook","brook.example","1,400","9000000.0"\n'
)
ZENDESK = (
    "Id,Requester,Requester email,Subject,Tags,Status,Priority,Ticket type,Created at,"
    "Satisfaction Score\n"
    "7,Ines,ines@brook.example,Login,vip sso,Hold,-,Problem,2026-11-10 09:30,Good\n"
    "8,Ines,ines@brook.example,Export,,Solved,Urgent,Incident,2026-11-11T09:30:00.000+0000,Offered\n"
)


def wrong(folder: Path, **options: Any) -> list[str]:
    """Return the problems of a folder that are no notes."""
    assert files.check is not None
    return [str(one) for one in files.check(connect(folder, **options)) if not one.is_note]


def revenue(folder: Path, account_id: str, **options: Any) -> Any:
    """Return the ARR of an account, None where it is unknown."""
    facts = with_revenue(fetch(connect(folder, **options), account_id), P0, NOW)
    return facts.values.get("contract.arr")


def test_stripes_export_is_recognised_and_its_amount_asked_for(tmp_path: Path):
    """The check asks once what amounts mean; until it is told, such an amount is unknown."""
    folder = write(tmp_path, accounts_csv=ACCOUNTS, contacts_csv=PEOPLE, subscriptions_csv=STRIPE)
    each = {"subscriptions": {"amount": "each"}}
    asked = (
        "subscriptions.csv, line 2, column amount: 40.00 beside a quantity of 8 may be for one or "
        'for all (say amount = "each" or amount = "all" in the mapping of subscriptions)'
    )

    assert wrong(folder) == [asked]
    assert wrong(folder, mapping=each) == []
    assert "subscriptions.csv: is read as Stripe's export of subscriptions" in problems(
        connect(folder)
    )
    assert revenue(folder, "a-1") is None
    assert revenue(folder, "a-2") == Money(Decimal(6000), "eur")
    assert revenue(folder, "a-1", mapping=each) == Money(Decimal(3840), "eur")


def test_exports_of_hubspot_and_zendesk_are_read_without_a_mapping(tmp_path: Path):
    """Their headers say what they are, so their numbers, words and scores are known."""
    folder = write(tmp_path, accounts_csv=HUBSPOT, tickets_csv=ZENDESK)
    people = "account_id,name,email\n71,Ines,ines@brook.example\n"
    facts = fetch(connect(write(folder, contacts_csv=people)), "71")

    assert wrong(folder) == []
    assert facts.values["account.employees"] == 1400
    newest, oldest = facts.values["tickets"]
    assert (oldest.status, oldest.kind, oldest.csat, oldest.tags) == (
        "on_hold",
        "bug",
        100,
        ("vip", "sso"),
    )
    assert (newest.status, newest.priority, newest.csat) == ("solved", "urgent", None)


@pytest.mark.parametrize(
    ("options", "arr", "renewal"),
    [
        ({}, None, None),
        ({"decimal": ",", "date_order": "dmy"}, 48000, "2027-03-04"),
        ({"decimal": ".", "date_order": "mdy"}, 48, "2027-04-03"),
    ],
)
def test_the_mapping_says_what_a_column_cannot(
    tmp_path: Path, options: dict[str, Any], arr: int | None, renewal: str | None
):
    """A number and a date of two readings are unknown until somebody says which."""
    rows = "account_id,name,crm_arr,currency,renewal_at\na-1,Brook,48.000,EUR,04/03/2027\n"
    values = fetch(connect(write(tmp_path, accounts_csv=rows), **options), "a-1").values

    assert values.get("contract.crm_arr") == (arr and Money(Decimal(arr), "eur"))
    assert str(values.get("contract.renewal_at")) == str(renewal)


def test_a_file_with_semicolons_has_commas_for_decimals(tmp_path: Path):
    """Unless a number in it proves a point."""
    rows = "account_id;name;crm_arr;currency\na-1;Brook;48.000;EUR\n"
    proven = rows + "a-2;Alder;12.50;EUR\n"

    told = fetch(connect(write(tmp_path, accounts_csv=rows)), "a-1").values
    other = fetch(connect(write(tmp_path, accounts_csv=proven)), "a-1").values

    assert told["contract.crm_arr"].amount == 48000
    assert other["contract.crm_arr"].amount == 48


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ("sep=;\naccount_id;name\na-1;Zoë\n".encode(), {}),
        ("account_id\tname\na-1\tZoë\n".encode("utf-16"), {}),
        ("account_id,name\na-1,Zoë\n".encode("cp1252"), {"encoding": "windows-1252"}),
        ("Customers,\nas of 1 May,\n,\naccount_id,name\na-1,Zoë\nTotal,1\n".encode(), {}),
        ("account_id,name,x\na-1,Zoë,\n\nGrand Totals (1)\n\nConfidential\n".encode(), {}),
        ("account_id,name,,\na-1,Zoë\n,,,\n".encode(), {}),
    ],
)
def test_what_spreadsheets_and_reports_add_is_understood(
    tmp_path: Path, data: bytes, options: dict[str, Any]
):
    """Marks, titles, totals, footers and empty columns leave the rows as they are."""
    (tmp_path / "accounts.csv").write_bytes(data)

    assert wrong(tmp_path, **options) == []
    assert fetch(connect(tmp_path, **options), "a-1").values["account.name"] == "Zoë"


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        (
            "accounts",
            "account_id,name,crm_arr,currency\na-1,Brook,$90,EUR\n",
            (
                "accounts.csv, line 2, column crm_arr: its sign is that of ARS or AUD or CAD or "
                "CLP or COP or HKD or MXN or NZD or SGD or TWD or USD, and the row is in EUR"
            ),
        ),
        (
            "survey",
            "account_id,csat_90d\na-1,4.2\n",
            (
                "survey.csv, column csat_90d: every value is 5 or less: are they ratings of 1 to "
                "5? (say so in the mapping: scale = 20; or scale = 1 where it is right)"
            ),
        ),
        (
            "tickets",
            "account_id,id,status\na-1,7,Napping\n",
            (
                "tickets.csv, line 2, column status: 'Napping' is none of the words here (one of "
                "new, open, pending, on_hold, solved, closed; or say in the mapping's values which "
                "of them it means)"
            ),
        ),
        (
            "contacts",
            "account_id,name,email\na-1,Ines,ines at brook\n",
            (
                "contacts.csv, line 2, column email: 'ines at brook' is not an e-mail address (one "
                "address, such as ada@acme.example)"
            ),
        ),
        (
            "invoices",
            "account_id,id,status,due_at\n1.2E+11,INV-1,open,2026-09-01\n",
            (
                "invoices.csv, line 2, column account_id: '1.2E+11' is an id that a spreadsheet "
                "shortened (format the column as text and export it again: its digits are lost)"
            ),
        ),
    ],
)
def test_each_message_names_its_place_its_value_and_what_to_do(
    tmp_path: Path, table: str, text: str, said: str
):
    """File, line, column, value, and the way on."""
    write(tmp_path, accounts_csv=ACCOUNTS)
    assert said in wrong(write(tmp_path, NOW, **{f"{table}_csv": text}))


def test_an_optional_cell_costs_itself_and_never_its_row(tmp_path: Path):
    """A person without a readable address is still a person."""
    people = "account_id,name,email,is_active\na-1,Ines,ines at brook,Y\na-1,Tom,,perhaps\n"
    folder = write(tmp_path, accounts_csv=ACCOUNTS, contacts_csv=people)
    facts = fetch(connect(folder), "a-1")

    assert [(one.name, one.email, one.is_active) for one in facts.values["contacts"]] == [
        ("Ines", None, True),
        ("Tom", None, None),
    ]


def test_a_list_within_an_object_is_found_and_its_members_are_columns(tmp_path: Path):
    """An API's answer, saved as a file, is read; that more pages follow is said."""
    text = '{"results":[{"id":"9","properties":{"title":"Brook"}}],"has_more":true}'
    mapping = {"accounts": {"columns": {"account_id": "id", "name": "properties.title"}}}
    link = connect(write(tmp_path, accounts_json=text), mapping=mapping)

    assert fetch(link, "9").values["account.name"] == "Brook"
    assert any("more pages follow" in text for text in problems(link))


def test_only_columns_that_are_read_may_not_repeat(tmp_path: Path):
    """361 columns and an owner twice are nobody's problem; two names are."""
    many = ",".join(f"p{number}" for number in range(361))
    wide = f"account_id,name,Owner,Owner,{many}\na-1,Brook,Kim,Lou,{',' * 360}\n"

    assert wrong(write(tmp_path, accounts_csv=wide)) == []
    twice = write(tmp_path, accounts_csv="account_id,name,name\na-1,Brook,Alder\n")
    assert "accounts.csv, line 1: names the column name twice" in wrong(twice)[0]


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"acounts": {}}, "is no table; the tables are accounts"),
        ({"accounts": {"columns": {"nam": "x"}}}, "is no column of accounts"),
        ({"accounts": {"columns": {"name": {"from": "x", "scale": 2}}}}, "scale means nothing"),
        ({"accounts": {"amount": "each"}}, "is said of subscriptions only"),
        ({"accounts": {"encoding": "klingon"}}, "is no encoding"),
        ({"accounts": {"columns": {"name": {}}}}, "their column"),
    ],
)
def test_a_mapping_that_means_nothing_is_refused(mapping: dict[str, Any], said: str):
    """Nothing is accepted and dropped."""
    with pytest.raises(ValidationError) as refused:
        FilesOptions().load({"folder": "x", "mapping": mapping})
    assert said in str(refused.value.messages)


def test_a_mapped_column_that_the_file_lacks_is_said(tmp_path: Path):
    """A slip in a header's name is found."""
    mapping = {"accounts": {"columns": {"employees": "Head count"}}}
    folder = write(tmp_path, accounts_csv="account_id,name,headcount\na-1,Brook,7\n")

    assert wrong(folder, mapping=mapping) == [
        (
            "accounts.csv, line 1, column employees: the mapping names a column 'Head count' that "
            "is not there (did you mean headcount?)"
        )
    ]


@pytest.mark.parametrize(
    "site", ["https://www.Brook.example:443/de?x=1", "//brook.example.", "WWW.brook.example"]
)
def test_a_web_address_in_a_column_of_domains_is_its_host(tmp_path: Path, site: str):
    """Where an export has the website, requesters are found by its host."""
    rows = f"account_id,name,domain\na-1,Brook,{site}\n"

    assert find(connect(write(tmp_path, accounts_csv=rows)), "domain", "brook.example") == ["a-1"]


@pytest.mark.parametrize("long", ["001Q000002wxYzaIAE", "001Q000002WXYZAIAE", "001Q000002wxYzaAAA"])
def test_the_long_id_of_salesforce_is_the_short_one(tmp_path: Path, long: str):
    """In capitals the three more characters tell the case; else the fifteen are as they stand."""
    short = "001Q000002wxYza"
    folder = write(
        tmp_path,
        accounts_csv=f"account_id,name\n{short},Brook\n001Q000002wxYzA,Alder\n",
        subscriptions_csv="account_id,id,amount,interval,currency,status\n"
        f"{long},s1,700,year,EUR,active\n",
    )

    assert revenue(folder, short) == Money(Decimal(700), "eur")
    assert revenue(folder, "001Q000002wxYzA") is None


def test_a_title_above_foreign_headers_is_a_title(tmp_path: Path):
    """The line that people's own names of columns stand in is named, and proposed to be read."""
    rows = "Kundenliste;;\nStand: 1.5.2026;;\nKundennummer;Kunde;Website\nK-1;Brook;brook.example\n"
    mapping = {"accounts": {"columns": {"account_id": "Kundennummer", "name": "Kunde"}}}
    folder = write(tmp_path, accounts_csv=rows)

    assert "accounts.csv, line 3: has no column account_id, name" in "\n".join(wrong(folder))
    assert find(connect(folder, mapping=mapping), "external_id", "K-1") == ["K-1"]


def test_an_amount_without_a_currency_is_named_as_such(tmp_path: Path):
    """A vendor's amounts that say no currency are not read, and the check says why."""
    said = problems(connect(write(tmp_path, accounts_csv=HUBSPOT)))

    assert "annual_revenue (no column says in which currency)" in "\n".join(said)


def test_dates_of_one_file_are_in_one_order(tmp_path: Path):
    """A column that proves no order follows those of its file that do, unless they disagree."""
    head = "account_id,name,customer_since,renewal_at,ends_at\n"
    one = fetch(
        connect(write(tmp_path, accounts_csv=head + "a-1,Brook,11/20/2025,03/04/2027,\n")), "a-1"
    )
    two = fetch(
        connect(
            write(tmp_path, accounts_csv=head + "a-1,Brook,11/20/2025,03/04/2027,31/12/2027\n")
        ),
        "a-1",
    )

    assert str(one.values["contract.renewal_at"]) == "2027-03-04"
    assert "contract.renewal_at" not in two.values


def test_a_row_of_sums_without_a_word_is_a_footer(tmp_path: Path):
    """Numbers alone at the end, with nothing where rows have their id, are no account."""
    rows = "account_id;name;crm_arr;currency\na-1;Brook;48.000;EUR\n;;48.000;\n"

    assert wrong(write(tmp_path, accounts_csv=rows)) == []


def test_a_list_deep_in_an_object_is_found(tmp_path: Path):
    """What an API wraps twice is read, and named by its whole path."""
    folder = write(tmp_path, accounts_json='{"data":{"items":[{"account_id":"a-1","name":"B"}]}}')

    assert "the list is read from its member data.items" in "\n".join(problems(connect(folder)))
    assert find(connect(folder), "external_id", "a-1") == ["a-1"]


@pytest.mark.parametrize(
    ("theirs", "ours"), [("Snoozed", "on_hold"), ("Zamknięte", "closed"), ("Rozwiązane", "solved")]
)
def test_words_of_more_systems_and_countries_are_read(tmp_path: Path, theirs: str, ours: str):
    """A word that one system writes for a state of ours is that state."""
    rows = f"id,account_id,status\n1,a-1,{theirs}\n"
    folder = write(tmp_path, accounts_csv=ACCOUNTS, tickets_csv=rows)

    assert [one.status for one in fetch(connect(folder), "a-1").values["tickets"]] == [ours]
