"""Chargebee: its own figures as they are, all pages, and nothing of anybody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.account.contract import Change, Invoice
from plugin.account.money import Money
from plugin.account.vocabulary import FIELDS
from plugin.errors import (
    UpstreamBroken,
    UpstreamError,
    UpstreamLimited,
    UpstreamNotFound,
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnset,
)
from plugin.revenue.facts import with_revenue
from plugin.revenue.policy import P0
from plugin.upstream import Identity
from plugin.vendors.chargebee.source import chargebee
from tests.families.sources.replay import ACME, NOW, Replay, fetched, linked, recorded
from tests.plugin.revenue.shapes import at

OFFSET = '["1705708800000","1"]'


@pytest.fixture
def api() -> Replay:
    """Return Chargebee with one customer, two pages of subscriptions and two open invoices."""
    return (
        Replay()
        .on("/api/v2/customers", recorded("chargebee", "empty"))
        .on("/api/v2/customers", recorded("chargebee", "customers"), email__="ada@acme.example")
        .on("/api/v2/customers/Lark01", recorded("chargebee", "customer"))
        .on("/api/v2/subscriptions", recorded("chargebee", "subscriptions"), customer_id__="Lark01")
        .on("/api/v2/subscriptions", recorded("chargebee", "subscriptions_2"), offset=OFFSET)
        .on("/api/v2/invoices", recorded("chargebee", "invoices"), customer_id__="Lark01")
    )


def test_reads_what_the_account_has_and_owes(api: Replay) -> None:
    """Plan, seats, payment, invoices and the set end come from the recorded answers."""
    values = fetched(chargebee, api).values

    assert values == {
        "contract.plan": "growth-EUR-Yearly",
        "contract.seats_paid": 25,
        "contract.billing_seats": 25,
        "contract.payment_status": "failed",
        "contract.in_dunning": True,
        "contract.started_at": date(2024, 1, 20),
        "contract.changes": (Change("cancel_set", datetime(2026, 11, 2, tzinfo=UTC)),),
        "invoices": (
            Invoice(
                "INV-2", "failed", Money(Decimal("300.00"), "eur"), date(2026, 11, 2), attempts=2
            ),
            Invoice("INV-3", "open", Money(Decimal("123.45"), "eur"), date(2026, 12, 10)),
        ),
    }


def test_takes_the_figures_as_they_are(api: Replay) -> None:
    """`arr` and `mrr` of both pages are added up and not computed again."""
    values = with_revenue(fetched(chargebee, api), P0, NOW).values

    assert values["contract.arr"] == Money(Decimal("30600.00"), "eur")
    assert values["contract.mrr"] == Money(Decimal("2550.00"), "eur")
    assert values["contract.renewal_at"] == date(2027, 1, 20)


def test_covers_only_paths_that_it_supplies(api: Replay) -> None:
    """Each value stands on a path of the vocabulary that the record promises."""
    facts = with_revenue(fetched(chargebee, api), P0, NOW)

    assert set(facts.values) <= chargebee.supplies <= set(FIELDS)


def test_asks_for_unpaid_invoices_only(api: Replay) -> None:
    """Paid invoices are no concern of the widget."""
    fetched(chargebee, api)

    assert api.asked("/api/v2/invoices") == [
        [
            ("customer_id[is]", "Lark01"),
            ("status[in]", '["payment_due","not_paid"]'),
            ("limit", "100"),
        ]
    ]


def test_signs_in_with_the_key_and_no_password() -> None:
    """The key is the user of basic authentication."""
    assert chargebee.headers({"key": "live_1"}) == {"Authorization": "Basic bGl2ZV8xOg=="}
    assert chargebee.base_url({"site": "acme"}) == "https://acme.chargebee.com"


@pytest.mark.parametrize(
    ("by", "value", "ids"),
    [
        ("external_id", "Lark01", ["Lark01"]),
        ("external_id", "Nobody", []),
        ("external_id", "../invoices", []),
        ("contact_email", "Ada@acme.example", ["Lark01"]),
        ("contact_email", "nobody@acme.example", []),
        ("domain", "acme.example", []),
    ],
)
def test_finds_by_what_chargebee_knows(api: Replay, by: str, value: str, ids: list[str]) -> None:
    """A customer id and an address are answered, the rest is not asked."""
    assert chargebee.find is not None
    found = chargebee.find(Identity(by, value), linked(api))

    assert [ref.id for ref in found] == ids


def test_takes_the_id_that_the_crm_keeps(api: Replay) -> None:
    """With a customer id nobody's address is asked for."""
    fetched(chargebee, api, replace(ACME, external_ids={"billing": "Lark01"}))

    assert api.asked("/api/v2/customers") == []


def test_says_that_there_is_no_customer(api: Replay) -> None:
    """An unknown address is an answer."""
    with pytest.raises(UpstreamNotFound):
        fetched(chargebee, api, replace(ACME, emails=()))


def test_refuses_an_id_that_is_none_of_chargebee(api: Replay) -> None:
    """A mistaken id in the CRM is a setting to mend, not a call."""
    with pytest.raises(UpstreamUnset):
        fetched(chargebee, api, replace(ACME, external_ids={"billing": "../invoices"}))


@pytest.mark.parametrize("what", ["subscription", "invoice"])
def test_refuses_the_records_of_another_customer(api: Replay, what: str) -> None:
    """What belongs to somebody else is never shown."""
    other = {"list": [{what: {"id": "X", "customer_id": "Other"}}]}
    with pytest.raises(UpstreamBroken):
        fetched(chargebee, api.on(f"/api/v2/{what}s", other))


def test_refuses_another_customer_than_the_one_asked_for(api: Replay) -> None:
    """An answer with another id, or of another address, is refused."""
    api.on("/api/v2/customers/Lark01", {"customer": {"id": "Other"}})
    with pytest.raises(UpstreamBroken):
        fetched(chargebee, api, replace(ACME, external_ids={"billing": "Lark01"}))
    api.on("/api/v2/customers", {"list": [{"customer": {"id": "E", "email": "eve@x.example"}}]})
    with pytest.raises(UpstreamBroken):
        fetched(chargebee, api)


@pytest.mark.parametrize(
    "error", [UpstreamLimited("429"), UpstreamTimeout("late"), UpstreamRefused("401")]
)
@pytest.mark.parametrize("path", ["customers", "subscriptions", "invoices"])
def test_passes_failures_on(api: Replay, path: str, error: UpstreamError) -> None:
    """A failure stays what it is: its reason becomes the gap's."""
    with pytest.raises(type(error)):
        fetched(chargebee, api.on(f"/api/v2/{path}", error))


@pytest.mark.parametrize("garbage", [None, [], "x", {"list": None}, {"list": [1]}, {"list": [{}]}])
@pytest.mark.parametrize("path", ["customers", "subscriptions", "invoices"])
def test_calls_garbage_broken(api: Replay, path: str, garbage: Any) -> None:
    """An answer that is no list is not an empty one."""
    with pytest.raises(UpstreamBroken):
        fetched(chargebee, api.on(f"/api/v2/{path}", garbage))


def test_stops_at_an_offset_that_does_not_move(api: Replay) -> None:
    """The same page again and again ends as an unfinished list, and as no amount."""
    api.on("/api/v2/subscriptions", recorded("chargebee", "subscriptions"), offset=OFFSET)
    facts = with_revenue(fetched(chargebee, api), P0, NOW)

    assert facts.subscriptions[0]["has_more"] is True
    assert len(api.asked("/api/v2/subscriptions")) == 2
    assert "contract.arr" not in facts.values


def test_calls_one_unreadable_invoice_bad_and_keeps_the_others(api: Replay) -> None:
    """An invoice without an amount is told, and makes the list partial."""
    body = recorded("chargebee", "invoices")
    body["list"][0]["invoice"]["amount_due"] = None
    facts = fetched(chargebee, api.on("/api/v2/invoices", body))

    assert [one.id for one in facts.values["invoices"]] == ["INV-2"]
    assert [bad.where for bad in facts.bad] == ["invoice INV-3"]
    assert "invoices" in facts.partial


@pytest.mark.parametrize(
    ("changed", "seat_prices", "seats"),
    [
        ({}, [], 25),
        ({"subscription_items": None, "plan_id": "growth", "plan_quantity": 7}, [], 7),
        ({"subscription_items": None, "plan_id": "growth", "plan_quantity": 1}, [], None),
        ({}, ["growth-EUR-Yearly", "packs-EUR-Monthly"], 30),
        ({}, ["other"], None),
    ],
)
def test_counts_seats_of_the_plan_or_as_set(
    api: Replay, changed: dict[str, Any], seat_prices: list[str], seats: int | None
) -> None:
    """Both catalogues are read; a flat plan's quantity of 1 is no seat."""
    body = recorded("chargebee", "subscriptions")
    body["list"][0]["subscription"].update(changed)
    api.on("/api/v2/subscriptions", body, customer_id__="Lark01")
    api.on("/api/v2/subscriptions", recorded("chargebee", "subscriptions_2"), offset=OFFSET)

    assert fetched(chargebee, api, seat_prices=seat_prices).values.get("contract.seats_paid") == (
        seats
    )


def test_check_names_what_the_key_may_not_read(api: Replay) -> None:
    """Each missing right is a problem with what to do."""
    api.on("/api/v2/invoices", UpstreamRefused("403")).on("/api/v2/subscriptions", {"list": []})
    assert chargebee.check is not None

    assert [problem.hint for problem in chargebee.check(linked(api))] == [
        "create a read-only key that may read invoices"
    ]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"site": "acme"},
        {"site": "acme.evil.example/", "key": "k"},
        {"site": "acme", "key": " "},
    ],
)
def test_refuses_settings_that_cannot_work(options: dict[str, Any]) -> None:
    """A site is one label of a host name, and a key is never empty."""
    with pytest.raises(ValidationError):
        chargebee.options().load(options)


@pytest.mark.parametrize(
    ("invoice", "payment", "is_retried"),
    [
        (None, "ok", False),
        ({"due_date": at("2026-11-21")}, "ok", False),
        ({"due_date": at("2026-11-20")}, "past_due", False),
        ({"status": "not_paid"}, "failed", False),
        ({"dunning_status": "in_progress"}, "failed", True),
        ({"dunning_status": "exhausted"}, "failed", False),
        ({"status": "paid", "due_date": at("2026-11-20")}, "ok", False),
    ],
)
def test_tells_how_payment_stands(
    api: Replay, invoice: dict[str, Any] | None, payment: str, *, is_retried: bool
) -> None:
    """Unpaid invoices tell it: overdue, declined, still in dunning."""
    plain = recorded("chargebee", "invoices")["list"][0]["invoice"]
    entries = [{"invoice": {**plain, **invoice}}] if invoice else []
    values = fetched(chargebee, api.on("/api/v2/invoices", {"list": entries})).values

    assert values["contract.payment_status"] == payment
    assert values["contract.in_dunning"] is is_retried


def test_a_withdrawn_cancellation_is_no_change(api: Replay) -> None:
    """Only what is non-renewing now was set to end."""
    body = recorded("chargebee", "subscriptions_2")
    body["list"][0]["subscription"]["status"] = "active"
    values = fetched(chargebee, api.on("/api/v2/subscriptions", body)).values

    assert values["contract.changes"] == ()
