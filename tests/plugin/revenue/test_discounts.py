"""Which discounts come off, of what, in which order, and which leave the amount unknown."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.errors import ConfigurationError
from plugin.revenue.policy import P0, Policy, policy_from
from tests.plugin.revenue.shapes import (
    Body,
    at,
    coupon,
    discount,
    item,
    monthly,
    price,
    subscription,
    told,
    usd,
)


def off(percent: float | str, duration: str = "forever", end: str | None = None) -> Body:
    """Return a discount by a share."""
    return discount(coupon(duration, percent_off=percent), end)


def less(cents: int, currency: str = "usd") -> Body:
    """Return a discount by a fixed amount."""
    return discount(coupon(amount_off=cents, currency=currency))


@pytest.mark.parametrize(
    ("discounts", "arr"),
    [
        ([off(20), off(10)], "864.00"),
        ([off(33.3)], "800.40"),
        ([off("33.3")], "800.40"),
        ([off(100)], "0.00"),
        ([less(2_500)], "900.00"),
        ([less(99_999)], "0.00"),
        ([less(2_500), off(50)], "450.00"),
        ([off(50), less(2_500)], "300.00"),
        ([off(50, "repeating", "2027-01-01")], "600.00"),
        ([off(50, "repeating", "2026-11-01")], "1200.00"),
        ([off(50, "repeating", "2026-11-21")], "1200.00"),
        ([off(50, "once")], "1200.00"),
        ([{**off(50), "start": at("2026-12-01")}], "1200.00"),
        ([], "1200.00"),
    ],
)
def test_takes_running_discounts_off_in_their_order(discounts: list[Body], arr: str) -> None:
    """Percents multiply, amounts subtract, in the order of the list, never below 0."""
    assert usd(monthly(discounts=discounts)) == arr


def test_says_when_the_price_steps_up() -> None:
    """A running discount with an end shows it."""
    answer = told(monthly(discounts=[off(50, "repeating", "2027-01-01")]))

    assert "discount_ends_at=2027-01-01" in answer["flags"]


def test_takes_a_fixed_amount_off_the_sum_once() -> None:
    """Two items of 100 and 300 share 40 in proportion: once a period, not once an item."""
    body = subscription(
        item(price(10_000)), item(price(10_000), 3, id="si_2"), discounts=[less(4_000)]
    )
    answer = told(body)

    assert answer["currencies"]["usd"]["mrr"] == "360.00"
    assert [one["mrr"] for one in answer["items"]] == ["90.00", "270.00"]


def test_loses_what_exceeds_the_sum() -> None:
    """A fixed amount above one subscription's sum reaches no other subscription."""
    free = monthly(1_000, id="sub_2", discounts=[less(5_000)])

    assert usd(monthly(), free) == "1200.00"


def test_takes_a_fixed_amount_off_what_is_billed_most_often() -> None:
    """Beside a yearly item, 10 off each monthly bill are 120 a year."""
    body = subscription(
        item(price(10_000)), item(price(120_000, "year"), id="si_2"), discounts=[less(1_000)]
    )
    assert usd(body) == "2280.00"


def test_takes_an_items_discount_off_that_item_first() -> None:
    """(100 − 50 %) + 100, then 10 off the sum."""
    body = subscription(
        item(price(10_000), discounts=[off(50)]),
        item(price(10_000), id="si_2"),
        discounts=[less(1_000)],
    )
    assert usd(body) == "1680.00"


def test_hits_only_the_products_that_a_coupon_names() -> None:
    """A coupon limited to a product leaves the others alone."""
    limited = discount(coupon(percent_off=50, applies_to={"products": ["prod_2"]}))
    rows = (item(price(10_000)), item(price(10_000, product="prod_2"), id="si_2"))

    assert usd(subscription(*rows, discounts=[limited])) == "1800.00"


def test_reads_an_amount_in_the_subscriptions_currency() -> None:
    """A coupon in several currencies takes off the one that is billed."""
    of = coupon(amount_off=500, currency="eur", currency_options={"usd": {"amount_off": 1_000}})

    assert usd(monthly(discounts=[discount(of)])) == "1080.00"


def test_lets_a_customers_discount_reach_its_subscription() -> None:
    """An expanded customer's discount counts where the subscription has none of its own."""
    customer = {"id": "cus_1", "discount": off(50)}

    assert usd(monthly(customer=customer)) == "600.00"
    assert usd(monthly(customer=customer, discounts=[off(10)])) == "1080.00"


def test_reads_the_list_of_ids_beside_the_single_discount() -> None:
    """Before 2025-03-31 `discounts` held ids, and `discount` the object of one of them."""
    body = monthly(discount=off(50), discounts=["di_1"])

    assert usd(body) == "600.00"


@pytest.mark.parametrize(
    "unreadable",
    [
        "di_1",
        None,
        discount("co_1"),
        discount(None),
        discount(coupon()),
        discount(coupon("sometimes", percent_off=5)),
        discount(coupon(percent_off=101)),
        discount(coupon(percent_off="half")),
        discount(coupon("repeating", percent_off=50)),
        less(500, "eur"),
        discount(coupon(amount_off=500)),
        {**off(5), "start": "yesterday"},
    ],
)
def test_does_not_guess_at_a_discount(unreadable: Any) -> None:
    """What is not expanded, unknown or in another currency leaves the amount unknown."""
    answer = told(monthly(discounts=[unreadable]))

    assert (answer["status"], answer["currencies"]["usd"]["arr"]) == ("incomplete", None)


def test_needs_no_discount_that_would_not_count() -> None:
    """What is ignored by the policy, or has nothing to come off, need not be readable."""
    once = discount(coupon("once", amount_off=500, currency="eur"))

    assert usd(monthly(discounts=[once])) == "1200.00"
    assert usd(monthly(0, discounts=["di_1"])) == "0.00"


def test_does_not_share_out_an_amount_over_an_unknown_item() -> None:
    """With one item unknown, nobody can tell what a fixed discount leaves of the others."""
    body = subscription(item(price(10_000)), item(None, id="si_2"), discounts=[less(1_000)])

    assert [one["arr"] for one in told(body)["items"]] == [None]


@pytest.mark.parametrize(
    ("settings", "body", "arr"),
    [
        (
            {"repeating": "ignore"},
            monthly(discounts=[off(50, "repeating", "2027-01-01")]),
            "1200.00",
        ),
        ({"once": "subtract"}, monthly(discounts=[off(50, "once")]), "600.00"),
        ({"discounts": "none"}, monthly(discounts=[off(50)]), "1200.00"),
        ({"discounts": "none"}, monthly(discounts=["di_1"]), "1200.00"),
        ({"cancellation": "at_once"}, monthly(cancel_at_period_end=True), "0.00"),
        ({}, monthly(cancel_at_period_end=True), "1200.00"),
    ],
)
def test_counts_as_the_workspace_sets_it(settings: dict[str, str], body: Body, arr: str) -> None:
    """Each alternative of the policy is a setting."""
    assert usd(body, policy=policy_from(settings)) == arr


def test_names_what_differs_from_the_default() -> None:
    """The name and the label of a policy say what the figure is."""
    changed = policy_from({"once": "subtract"})

    assert (P0.name, changed.name) == ("P0", "P0 with once=subtract")
    assert policy_from({}) == P0
    assert "before discounts" in Policy(discounts="none").label


def test_refuses_an_unknown_policy_and_names_what_is_known() -> None:
    """Every wrong key and value is told, each with what to write."""
    with pytest.raises(ConfigurationError) as caught:
        policy_from({"weeks": "4", "once": "maybe"})

    assert [str(problem) for problem in caught.value.problems] == [
        "arr_policy.weeks: unknown setting (known are discounts, repeating, once, cancellation)",
        "arr_policy.once: unknown value 'maybe' (write ignore or subtract)",
    ]


def test_does_not_share_out_an_amount_over_several_currencies() -> None:
    """A subscription that names no currency has each item's own; a fixed discount fits one."""
    rows = (item(price(10_000)), item(price(10_000, currency="eur"), id="si_2"))

    assert told(subscription(*rows, currency=None))["status"] == "complete"
    for code in ("eur", "usd"):
        body = subscription(*rows, currency=None, discounts=[less(5, code)])
        assert told(body)["status"] == "incomplete"


def test_does_not_guess_which_product_an_item_is() -> None:
    """A coupon limited to a product leaves items unknown that name none."""
    limited = discount(coupon(percent_off=50, applies_to={"products": ["prod_2"]}))
    nameless = item(price(10_000, product=None))

    assert usd(subscription(nameless, discounts=[limited])) is None
