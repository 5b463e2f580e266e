"""Stripe: whom it is asked for, all of the answer, and nothing of anybody else."""

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
from plugin.vendors.stripe.source import VERSION, stripe
from tests.families.sources.replay import ACME, NOW, Replay, fetched, linked, recorded

CUS = "cus_Lark01"


def page(*rows: Any, more: bool = False) -> dict[str, Any]:
    """Return a page of a list."""
    return {"object": "list", "data": list(rows), "has_more": more}


@pytest.fixture
def api() -> Replay:
    """Return Stripe with one customer, two pages of subscriptions and two open invoices."""
    return (
        Replay()
        .on("/v1/customers", recorded("stripe", "empty"))
        .on("/v1/customers", recorded("stripe", "customers"), email="Ada@acme.example")
        .on(f"/v1/customers/{CUS}", recorded("stripe", "customers")["data"][0])
        .on("/v1/subscriptions", recorded("stripe", "subscriptions"), customer=CUS)
        .on("/v1/subscriptions", recorded("stripe", "subscriptions_2"), starting_after="sub_Lark01")
        .on("/v1/prices/price_Pack", recorded("stripe", "price"))
        .on("/v1/coupons/partner10", recorded("stripe", "coupon"))
        .on("/v1/products", recorded("stripe", "products"))
        .on("/v1/invoices", recorded("stripe", "invoices"), customer=CUS, status="open")
    )


def test_reads_what_the_account_has_and_owes(api: Replay) -> None:
    """Plan, seats, payment, invoices and the set end come from the recorded answers."""
    values = fetched(stripe, api, seat_prices=["price_Seats"]).values

    assert values == {
        "contract.plan": "Growth + Report packs",
        "contract.seats_paid": 25,
        "contract.billing_seats": 25,
        "contract.payment_status": "failed",
        "contract.in_dunning": True,
        "contract.started_at": date(2024, 1, 20),
        "contract.changes": (Change("cancel_set", datetime(2026, 11, 2, tzinfo=UTC)),),
        "invoices": (
            Invoice(
                "LARK-0002",
                "failed",
                Money(Decimal("300.00"), "usd"),
                date(2026, 11, 2),
                attempts=2,
            ),
            Invoice(
                "LARK-0003", "open", Money(Decimal("123.45"), "usd"), date(2026, 12, 10), attempts=0
            ),
        ),
    }


def test_comes_to_an_exact_amount(api: Replay) -> None:
    """Both pages, the tiers, and the coupon on its product only: 25 × 120 × 0.9 + 175 × 12."""
    facts = with_revenue(fetched(stripe, api), P0, NOW)

    assert facts.values["contract.arr"] == Money(Decimal("4800.00"), "usd")
    assert facts.values["contract.renewal_at"] == date(2027, 1, 20)
    assert "contract.ends_at" not in facts.values


def test_covers_only_paths_that_it_supplies(api: Replay) -> None:
    """Each value stands on a path of the vocabulary that the record promises."""
    facts = with_revenue(fetched(stripe, api), P0, NOW)

    assert set(facts.values) <= stripe.supplies <= set(FIELDS)


def test_expands_four_levels_at_most(api: Replay) -> None:
    """Stripe answers 400 to a fifth, so tiers are asked for by the price."""
    fetched(stripe, api)
    depths = [name.count(".") + 1 for _, asked in api.calls for key, name in asked if "exp" in key]

    assert max(depths) == 4
    assert api.asked("/v1/prices/price_Pack") == [
        [("expand[]", "tiers"), ("expand[]", "currency_options")]
    ]


def test_asks_without_expansion_where_the_version_refuses_it(api: Replay) -> None:
    """A 400 for an unknown part costs that part, not the answer."""
    refused = UpstreamBroken("400")
    expand = {"expand[]": "data.discounts.source.coupon"}
    api.on("/v1/subscriptions", refused, **expand)

    assert len(fetched(stripe, api).subscriptions) == 3


def test_keeps_only_what_revenue_needs(api: Replay) -> None:
    """Notes and metadata of a subscription do not go into the cache."""
    kept = fetched(stripe, api).subscriptions[0]

    assert "description" not in kept
    assert kept["id"] == "sub_Lark01"


def test_pins_the_version_and_names_the_connected_account() -> None:
    """Every call carries the key, the version and the account."""
    assert stripe.headers({"key": "rk_live_1", "account": "acct_1"}) == {
        "Authorization": "Bearer rk_live_1",
        "Stripe-Version": VERSION,
        "Stripe-Account": "acct_1",
    }


def test_finds_by_the_address_as_given_and_in_lower_case(api: Replay) -> None:
    """Stripe compares letter by letter; both spellings are asked for."""
    assert stripe.find is not None
    found = stripe.find(Identity("contact_email", "Ada@acme.example"), linked(api))

    assert [params[0] for params in api.asked("/v1/customers")] == [
        ("email", "Ada@acme.example"),
        ("email", "ada@acme.example"),
    ]
    assert [(ref.id, ref.name, ref.external_ids) for ref in found] == [
        (CUS, "Acme Ltd", {"billing": CUS})
    ]


def test_adds_up_several_customers_of_one_address(api: Replay) -> None:
    """Two customers with one address are one account, and both are asked for."""
    first = recorded("stripe", "customers")["data"][0]
    second = {**first, "id": "cus_Lark02", "created": first["created"] + 1}
    api.on("/v1/customers", page(second, first), email="Ada@acme.example")
    api.on("/v1/subscriptions", page(), customer="cus_Lark02")
    api.on("/v1/invoices", page(), customer="cus_Lark02")
    api.on("/v1/customers/cus_Lark02", second)
    assert stripe.find is not None
    found = stripe.find(Identity("contact_email", "Ada@acme.example"), linked(api))

    assert [ref.id for ref in found] == ["cus_Lark01,cus_Lark02"]
    assert len(fetched(stripe, api, found[0]).subscriptions) == 3


@pytest.mark.parametrize(
    ("by", "value", "ids"),
    [
        ("external_id", CUS, [CUS]),
        ("external_id", "cus_Nobody", []),
        ("external_id", f"{CUS},cus_Nobody", [CUS]),
        ("external_id", "../charges", []),
        ("organization", "42", []),
        ("domain", "acme.example", []),
        ("contact_email", "nobody@acme.example", []),
    ],
)
def test_finds_by_what_stripe_knows(api: Replay, by: str, value: str, ids: list[str]) -> None:
    """A customer id and an address are answered, the rest is not asked."""
    assert stripe.find is not None
    found = stripe.find(Identity(by, value), linked(api))

    assert [ref.id for ref in found] == ids


def test_takes_the_id_that_the_crm_keeps(api: Replay) -> None:
    """With a customer id nobody's address is asked for."""
    ref = replace(ACME, external_ids={"billing": CUS})
    fetched(stripe, api, ref)

    assert api.asked("/v1/customers") == []


def test_says_that_there_is_no_customer(api: Replay) -> None:
    """An unknown address is an answer, and so is a deleted customer."""
    with pytest.raises(UpstreamNotFound):
        fetched(stripe, api, replace(ACME, emails=("x@acme.example",)))
    api.on(f"/v1/customers/{CUS}", {"id": CUS, "object": "customer", "deleted": True})
    with pytest.raises(UpstreamNotFound):
        fetched(stripe, api, replace(ACME, external_ids={"billing": CUS}))


def test_refuses_an_id_that_is_none_of_stripe(api: Replay) -> None:
    """A mistaken id in the CRM is a setting to mend, not a call."""
    with pytest.raises(UpstreamUnset):
        fetched(stripe, api, replace(ACME, external_ids={"billing": "../accounts"}))


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v1/subscriptions", page({"id": "sub_X", "customer": "cus_Other"})),
        ("/v1/invoices", page({"id": "in_X", "customer": "cus_Other"})),
        ("/v1/customers", page({"id": "cus_Other", "email": "eve@other.example"})),
    ],
)
def test_refuses_the_records_of_another_customer(api: Replay, path: str, answer: Any) -> None:
    """What belongs to somebody else is never shown."""
    with pytest.raises(UpstreamBroken):
        fetched(stripe, api.on(path, answer))


def test_refuses_another_customer_than_the_one_asked_for(api: Replay) -> None:
    """An answer with another id is refused."""
    api.on(f"/v1/customers/{CUS}", {"id": "cus_Other", "object": "customer"})
    with pytest.raises(UpstreamBroken):
        fetched(stripe, api, replace(ACME, external_ids={"billing": CUS}))


@pytest.mark.parametrize(
    "error", [UpstreamLimited("429"), UpstreamTimeout("late"), UpstreamRefused("401")]
)
@pytest.mark.parametrize("path", ["/v1/customers", "/v1/subscriptions"])
def test_passes_failures_on(api: Replay, path: str, error: UpstreamError) -> None:
    """A failure stays what it is: its reason becomes the gap's."""
    with pytest.raises(type(error)):
        fetched(stripe, api.on(path, error))


@pytest.mark.parametrize("garbage", [None, [], "x", {"data": None}, {"data": [1]}, {"data": {}}])
@pytest.mark.parametrize("path", ["/v1/customers", "/v1/subscriptions", "/v1/invoices"])
def test_calls_garbage_broken(api: Replay, path: str, garbage: Any) -> None:
    """An answer that is no list is not an empty one."""
    with pytest.raises(UpstreamBroken):
        fetched(stripe, api.on(path, garbage))


def test_keeps_the_rest_when_invoices_may_not_be_read(api: Replay) -> None:
    """A key without the right to invoices costs only what they tell."""
    facts = fetched(stripe, api.on("/v1/invoices", UpstreamRefused("403")))

    assert facts.values["contract.plan"] == "Growth + Report packs"
    assert {bad.field: bad.reason for bad in facts.bad} == dict.fromkeys(
        ["invoices", "contract.in_dunning", "contract.payment_status"], "refused"
    )


@pytest.mark.parametrize("part", ["/v1/prices/price_Pack", "/v1/coupons/partner10"])
def test_never_guesses_a_part_that_it_cannot_get(api: Replay, part: str) -> None:
    """Without the tiers, or the coupon, there is no amount but a gap."""
    facts = with_revenue(fetched(stripe, api.on(part, UpstreamRefused("403"))), P0, NOW)

    assert "contract.arr" not in facts.values
    assert ("contract.arr", "incomplete") in {(bad.field, bad.reason) for bad in facts.bad}


def test_stops_at_a_cursor_that_does_not_move(api: Replay) -> None:
    """The same page again and again ends as an unfinished list, and as no amount."""
    api.on("/v1/subscriptions", recorded("stripe", "subscriptions"), starting_after="sub_Lark01")
    facts = with_revenue(fetched(stripe, api), P0, NOW)

    assert facts.subscriptions[0]["has_more"] is True
    assert len(api.asked("/v1/subscriptions")) == 2
    assert "contract.arr" not in facts.values


def test_reads_all_items_of_a_long_subscription(api: Replay) -> None:
    """Items beyond the first page of a subscription are fetched."""
    body = recorded("stripe", "subscriptions_2")["data"][0]
    rows = body["items"]["data"]
    body["items"]["has_more"] = True
    api.on("/v1/subscriptions", page(body), customer=CUS)
    api.on(
        "/v1/subscription_items", page(*rows, {**rows[0], "id": "si_More"}), subscription=body["id"]
    )
    facts = with_revenue(fetched(stripe, api), P0, NOW)

    assert facts.values["contract.arr"].amount == 2 * 175 * 12


def test_refuses_the_items_of_another_subscription(api: Replay) -> None:
    """Further items must belong to the subscription that was asked for."""
    body = recorded("stripe", "subscriptions_2")["data"][0]
    body["items"]["has_more"] = True
    api.on("/v1/subscriptions", page(body), customer=CUS)
    api.on("/v1/subscription_items", page({"id": "si_X", "subscription": "sub_Other"}))
    with pytest.raises(UpstreamBroken):
        fetched(stripe, api)


def test_lets_a_customers_discount_reach_its_subscriptions(api: Replay) -> None:
    """A subscription without a discount of its own takes the customer's."""
    customer = recorded("stripe", "customers")["data"][0]
    discounted = {
        **customer,
        "discount": {"id": "di_2", "source": {"type": "coupon", "coupon": "half"}, "end": None},
    }
    api.on("/v1/customers", page(discounted), email="Ada@acme.example")
    api.on(
        "/v1/coupons/half",
        {"id": "half", "duration": "forever", "percent_off": 50, "applies_to": None},
    )
    facts = with_revenue(fetched(stripe, api), P0, NOW)

    assert facts.values["contract.arr"].amount == 2700 + 1050


def test_calls_one_unreadable_invoice_bad_and_keeps_the_others(api: Replay) -> None:
    """An invoice without an amount is told, and makes the list partial."""
    body = recorded("stripe", "invoices")
    body["data"][0].update(amount_remaining="many", amount_due=None)
    facts = fetched(stripe, api.on("/v1/invoices", body))

    assert [one.id for one in facts.values["invoices"]] == ["LARK-0002"]
    assert [(bad.field, bad.where) for bad in facts.bad] == [
        ("invoices[].amount", "invoice in_Lark03")
    ]
    assert "invoices" in facts.partial


@pytest.mark.parametrize(
    ("statuses", "invoice", "payment"),
    [
        (["active"], None, "ok"),
        (["active", "past_due"], None, "past_due"),
        (["unpaid"], None, "failed"),
        (["canceled"], None, None),
        (["active"], {"collection_method": "send_invoice", "due_date": 1_700_000_000}, "past_due"),
        (["active"], {"attempt_count": 1}, "failed"),
        (["active"], {"attempt_count": 1, "collection_method": "send_invoice"}, "ok"),
        (["active"], {"due_date": 1_795_219_200}, "ok"),
    ],
)
def test_tells_how_payment_stands(
    api: Replay, statuses: list[str], invoice: Any, payment: str | None
) -> None:
    """The worst of statuses and open invoices counts."""
    body = recorded("stripe", "subscriptions")["data"][0]
    rows = [{**body, "id": f"sub_{n}", "status": status} for n, status in enumerate(statuses)]
    api.on("/v1/subscriptions", page(*rows), customer=CUS)
    plain = {**recorded("stripe", "invoices")["data"][1], "attempt_count": 0}
    undated = {**plain, "due_date": None, "status_transitions": {}, "created": None}
    open_ones = [{**undated, **invoice}] if invoice else []
    api.on("/v1/invoices", page(*open_ones))

    assert fetched(stripe, api).values.get("contract.payment_status") == payment


@pytest.mark.parametrize(("following", "is_retried"), [(1_796_000_000, True), (None, False)])
def test_tells_whether_a_charge_is_tried_again(
    api: Replay, following: int | None, *, is_retried: bool
) -> None:
    """Dunning is over when no attempt is planned."""
    body = recorded("stripe", "invoices")["data"][1]
    api.on("/v1/invoices", page({**body, "next_payment_attempt": following}))

    assert fetched(stripe, api).values["contract.in_dunning"] is is_retried


def test_does_not_ask_for_tiers_that_it_has(api: Replay) -> None:
    """A price that came whole is not fetched again."""
    body = recorded("stripe", "subscriptions_2")
    body["data"][0]["items"]["data"][0]["price"] = recorded("stripe", "price")
    fetched(stripe, api.on("/v1/subscriptions", body))

    assert api.asked("/v1/prices/price_Pack") == []


@pytest.mark.parametrize(
    ("quantity", "seat_prices", "seats"),
    [(25, [], 25), (1, [], None), (1, ["price_Seats"], 1), (5, ["prod_Other"], None)],
)
def test_counts_seats_only_where_a_quantity_is_one(
    api: Replay, quantity: int, seat_prices: list[str], seats: int | None
) -> None:
    """A flat price has a quantity of 1, which is no seat unless settings say so."""
    body = recorded("stripe", "subscriptions")["data"][0]
    body["items"]["data"][0]["quantity"] = quantity
    api.on("/v1/subscriptions", page(body), customer=CUS)
    values = fetched(stripe, api, seat_prices=seat_prices).values

    assert values.get("contract.seats_paid") == seats


def test_check_names_what_the_key_may_not_read(api: Replay) -> None:
    """Each missing right is a problem with what to do."""
    for path in ("prices", "coupons", "customers", "subscriptions"):
        api.on(f"/v1/{path}", page())
    api.on("/v1/invoices", UpstreamRefused("403"))
    assert stripe.check is not None
    problems = stripe.check(linked(api))

    assert [(problem.key, problem.hint) for problem in problems] == [
        ("upstreams.billing.key", "give the restricted key the right to read invoices")
    ]


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"key": ""},
        {"key": "pk_live_1"},
        {"key": "rk_live_1", "account": "x"},
        {"key": "rk_live_1", "seat_prices": ["25"]},
        {"key": "rk_live_1", "host": "evil.example"},
    ],
)
def test_refuses_settings_that_cannot_work(options: dict[str, Any]) -> None:
    """A publishable key, an unknown setting and the like stop the start."""
    with pytest.raises(ValidationError):
        stripe.options().load(options)
