"""Subscription rows add up to a contract exactly, or say why they do not."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.account.money import Money
from plugin.revenue.facts import with_revenue
from plugin.revenue.policy import P0
from plugin.sources.tabular.contracts import read_contract
from plugin.sources.tabular.json_rows import read_json
from plugin.sources.tabular.sheets import SHEETS
from plugin.sources.tabular.table import Table, build_table
from plugin.sources.tabular.table_map import TableMap
from plugin.upstream import Facts
from tests.vendors.files.files_folder import NOW, connect, fetch, write

BASE = {"account_id": "a", "currency": "USD", "interval": "month", "status": "active"}


def table(*rows: dict[str, Any], **said: Any) -> Table:
    """Return the subscriptions table of these rows, under a mapping."""
    data = json.dumps([BASE | row for row in rows]).encode()
    sheet = SHEETS["subscriptions"]
    return build_table(read_json(data), sheet, "subscriptions.json", TableMap(**said))


def read(*rows: dict[str, Any], **said: Any) -> Facts:
    """Return the contract of an account with these subscriptions, its revenue counted."""
    made = table(*rows, **said)
    found, plain = read_contract(made, made.rows, NOW.date())
    facts = Facts(found.values, NOW, found.fields, found.partial, found.bad, plain)
    return with_revenue(facts, P0, NOW)


@pytest.mark.parametrize(
    ("row", "arr", "mrr"),
    [
        ({"amount": 1188}, "14256", "1188.00"),
        ({"amount": 1200, "interval": "year"}, "1200", "100.00"),
        ({"amount": 270, "interval": "quarter"}, "1080", "90.00"),
        ({"amount": 270, "interval": "month", "interval_count": 3}, "1080", "90.00"),
        ({"amount": 600, "interval": "half_year"}, "1200", "100.00"),
        ({"amount": 10, "interval": "week"}, "520", "43.33"),
        ({"amount": 1, "interval": "day"}, "365", "30.42"),
        ({"unit_amount": "9.90", "quantity": 12}, "1425.60", "118.80"),
        ({"amount": 1200000, "interval": "year", "currency": "JPY"}, "1200000", "100000"),
        ({"amount": 100, "status": "past_due"}, "1200", "100.00"),
        ({"amount": 100, "status": "trialing"}, "0", "0.00"),
        ({"amount": 100, "status": "paused"}, "0", "0.00"),
        ({"amount": 100, "status": "cancelled"}, "0", "0.00"),
        ({"amount": 100, "status": "unpaid"}, "0", "0.00"),
    ],
)
def test_an_interval_becomes_a_year(row: dict[str, Any], arr: str, mrr: str):
    """Each interval has its factor, and only what is paid for counts."""
    values = read(row).values

    assert values["contract.arr"].amount == Decimal(arr)
    assert str(values["contract.mrr"].amount) == mrr
    assert values["contract.billing_arr"] == values["contract.arr"]


def test_an_approximate_amount_stays_approximate():
    """What the source rounds is shown as rounded."""
    values = read({"amount": 30000, "interval": "year", "approximate": True}).values

    assert values["contract.arr"] == Money(Decimal(30000), "usd", approximate=True)


def test_several_subscriptions_add_up():
    """Seats and amounts are added, the plan is the largest one's, a trial adds nothing."""
    values = read(
        {"id": "1", "amount": 100, "plan": "Add-on"},
        {"id": "2", "amount": 900, "plan": "Scale", "quantity": 30},
        {"id": "3", "amount": 5000, "plan": "Trial of more", "status": "trialing", "quantity": 9},
    ).values

    assert values["contract.arr"].amount == 12000
    assert values["contract.plan"] == "Scale"
    assert values["contract.seats_paid"] == values["contract.billing_seats"] == 30


@pytest.mark.parametrize(
    "rows",
    [
        [{"quantity": 3}],
        [{"amount": 1, "unit_amount": 1, "quantity": 1}],
        [{"unit_amount": 5}],
        [{"id": "1", "amount": 1}, {"id": "2"}],
        [{"id": "1", "amount": 1}, {"id": "2", "amount": "much"}],
        [{"id": "1", "amount": 1}, {"id": "2", "amount": 1, "status": "sleeping"}],
    ],
)
def test_a_sum_with_an_unknown_part_is_unknown(rows: list[dict[str, Any]]):
    """No part is shown as the whole."""
    found = read(*rows)

    assert "contract.arr" not in found.values
    assert {bad.field: bad.reason for bad in found.bad}["contract.arr"] == "incomplete"


@pytest.mark.parametrize(
    "rows",
    [
        [{"id": "1", "amount": 1}, {"id": "1", "amount": 1}],
        [{"amount": 1}, {"amount": 2}],
    ],
)
def test_rows_that_cannot_be_told_apart_make_the_contract_unknown(
    rows: list[dict[str, Any]],
):
    """Rows that may be one subscription twice make the sum of all a guess, so there is none."""
    found = read(*rows)

    assert found.values == {}
    assert {"contract.arr", "contract.plan"} <= {bad.field for bad in found.bad}


@pytest.mark.parametrize(
    ("rows", "renewal", "ends"),
    [
        (
            [{"id": "1", "renewal_at": "2027-03-01"}, {"id": "2", "renewal_at": "2027-02-01"}],
            "2027-02-01",
            None,
        ),
        (
            [{"id": "1", "ends_at": "2027-03-01"}, {"id": "2", "renewal_at": "2027-04-01"}],
            "2027-04-01",
            None,
        ),
        (
            [{"id": "1", "ends_at": "2027-03-01"}, {"id": "2", "ends_at": "2027-04-01"}],
            None,
            "2027-04-01",
        ),
        ([{"status": "cancelled", "ends_at": "2026-09-30"}], None, "2026-09-30"),
    ],
)
def test_the_earliest_renewal_counts_and_the_latest_end_where_nothing_renews(
    rows: list[dict[str, Any]], renewal: str | None, ends: str | None
):
    """A contract ends only when every part of it does."""
    values = read(*rows).values

    assert values.get("contract.billing_renewal_at") == (renewal and date.fromisoformat(renewal))
    assert values.get("contract.ends_at") == (ends and date.fromisoformat(ends))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, "ok"),
        ({"status": "past_due"}, "past_due"),
        ({"status": "unpaid"}, "failed"),
        ({"status": "active", "payment_status": "failed"}, "failed"),
        ({"status": "trialing"}, None),
    ],
)
def test_the_payment_status_is_the_worst_of_all(row: dict[str, Any], expected: str | None):
    """One failed payment is not hidden by another that went well; a trial has not paid yet."""
    assert read(row).values.get("contract.payment_status") == expected


def test_only_terms_of_a_year_give_a_contract_renewal():
    """A monthly plan renews monthly, which is no contract renewal."""
    rows = [
        {"id": "1", "amount": 1, "renewal_at": "2026-12-01"},
        {"id": "2", "amount": 1, "renewal_at": "2027-05-01", "interval": "year"},
        {"id": "3", "amount": 1, "renewal_at": "2027-04-01", "interval_count": 12},
    ]

    assert read(*rows).values["contract.renewal_at"] == date(2027, 4, 1)
    assert "contract.renewal_at" not in read(rows[0]).values


def test_the_contract_renews_as_billing_says_where_the_accounts_are_silent(tmp_path: Path):
    """In one folder, billing's yearly renewal stands in for an empty date of the accounts."""
    accounts = "account_id,name,renewal_at\na,Acme,\nb,Birch,2027-01-20\n"
    rows = "account_id,amount,currency,interval,status,renewal_at\n"
    rows += "".join(f"{who},10,USD,year,active,2027-06-01\n" for who in "ab")
    link = connect(write(tmp_path, accounts_csv=accounts, subscriptions_csv=rows))

    told = {who: with_revenue(fetch(link, who), P0, NOW).values for who in "ab"}

    assert told["a"]["contract.renewal_at"] == date(2027, 6, 1)
    assert told["b"]["contract.renewal_at"] == date(2027, 1, 20)


def test_one_sheet_of_accounts_tells_the_contract_alone(tmp_path: Path):
    """Where nobody keeps subscriptions, ARR and seats are those of the accounts file."""
    rows = "account_id,name,crm_arr,crm_seats,currency\na,Acme,1200,5,USD\n"
    values = fetch(connect(write(tmp_path, accounts_csv=rows)), "a").values

    assert values["contract.arr"] == Money(Decimal(1200), "usd")
    assert values["contract.seats_paid"] == 5


def test_a_connection_for_accounts_leaves_the_contract_to_billing(tmp_path: Path):
    """Only where subscriptions belong to the connection does the accounts file stand in."""
    rows = "account_id,name,crm_arr,currency\na,Acme,1200,USD\n"
    link = connect(write(tmp_path, accounts_csv=rows), parts=["accounts"])

    assert "contract.arr" not in fetch(link, "a").values


@given(
    st.lists(
        st.tuples(
            st.decimals("0", "100000", places=2),
            st.sampled_from(["day", "week", "month", "quarter", "half_year", "year"]),
            st.sampled_from(["active", "past_due", "cancelled"]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.randoms(),
)
def test_the_order_of_rows_and_ended_ones_change_no_sum(
    drawn: list[tuple[Decimal, str, str]], random: Any
):
    """The total is of the rows that count, in any order."""
    rows: list[dict[str, Any]] = [
        {"id": str(n), "amount": str(amount), "interval": interval, "status": status}
        for n, (amount, interval, status) in enumerate(drawn)
    ]
    shuffled = random.sample(rows, len(rows))
    ended = {"id": "ended", "amount": 999, "status": "cancelled"}

    total = read(*rows).values["contract.arr"]

    assert read(*shuffled, ended).values["contract.arr"] == total
    assert total.amount >= 0


@pytest.mark.parametrize(
    ("rows", "arr", "seats"),
    [
        (
            [
                {"id": "1", "amount": 900, "currency": "EUR", "status": "cancelled"},
                {"id": "2", "amount": 100, "quantity": 10},
            ],
            "1200",
            10,
        ),
        ([{"amount": 100, "quantity": 10, "ends_at": "2026-03-01"}], "0", None),
        ([{"amount": 100, "quantity": 10, "ends_at": "2027-03-01"}], "1200", 10),
        (
            [
                {"id": "1", "amount": 100, "plan": "Pro", "quantity": 10},
                {"id": "2", "amount": 5, "plan": "Extra calls", "quantity": 500},
            ],
            "1260",
            None,
        ),
        (
            [
                {"id": "1", "amount": "much", "status": "incomplete_expired"},
                {"id": "2", "amount": 100, "plan": 7, "status": "Canceled"},
                {"id": "3", "amount": 100, "in_dunning": "perhaps", "quantity": 3},
            ],
            "1200",
            3,
        ),
    ],
)
def test_what_has_ended_or_is_no_seat_counts_nothing(
    rows: list[dict[str, Any]], arr: str, seats: int | None
):
    """An end that has come, a cancelled row and add-on units spoil neither sum nor seats."""
    values = read(*rows).values

    assert values["contract.arr"] == Money(Decimal(arr), "usd")
    assert values.get("contract.seats_paid") == seats


def test_currencies_are_never_added():
    """Two running subscriptions in two currencies have no one sum."""
    found = read({"id": "1", "amount": 1}, {"id": "2", "amount": 1, "currency": "EUR"})

    assert "contract.arr" not in found.values
    assert {bad.field: bad.reason for bad in found.bad}["contract.arr"] == "no_exchange_rate"


@pytest.mark.parametrize(
    ("said", "arr"), [({"amount": "each"}, 14400), ({"amount": "all"}, 1200), ({}, 1200)]
)
def test_the_mapping_says_whether_an_amount_is_for_each_seat(said: dict[str, Any], arr: int):
    """The amount of a vendor's row may be for one seat or for all of them."""
    values = read({"amount": 100, "quantity": 12}, **said).values

    assert values["contract.arr"] == Money(Decimal(arr), "usd")


def test_an_undecided_amount_is_asked_for_and_not_guessed():
    """Where nobody said what a vendor's amount means, the sum is unknown and the setting named."""
    found = read({"amount": 99, "quantity": 12}, amount="ask")
    messages = {bad.field: bad.message for bad in found.bad}

    assert "contract.arr" not in found.values
    assert messages["contract.arr"] == (
        "subscriptions.json, line 1: 99 beside a quantity of 12 may be for one or for all: "
        'set amount = "each" or amount = "all" in the mapping of subscriptions'
    )
    assert read({"amount": 99, "quantity": 1}, amount="ask").values["contract.arr"].amount == 1188


def test_own_columns_of_subscriptions_are_shown_where_all_rows_agree():
    """Nothing is accepted and dropped: custom facts are told, or said to differ."""
    same = [{"id": n, "amount": 1, "custom.owner": "Sam"} for n in "12"]
    differ = [{"id": n, "amount": 1, "custom.owner": n} for n in "12"]

    assert read(*same).values["custom.owner"] == "Sam"
    assert [bad.message for bad in read(*differ).bad if bad.field == "custom.owner"] == [
        "lines 1, 1 say different things"
    ]
