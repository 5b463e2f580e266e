"""The worked examples of the policy, one test each row, in every shape of the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.plugin.revenue.shapes import (
    SHAPES,
    Body,
    coupon,
    discount,
    item,
    monthly,
    price,
    subscription,
    tier,
    tiered,
    told,
)

YEARLY = subscription(item(price(120_000, "year")))
HALF: Body = {"percent_off": 50}
# name → subscription, MRR, ARR, renewal, flags
EXAMPLES: dict[str, tuple[Body, str, str, str | None, list[str]]] = {
    "99 dollars a month for 12": (
        monthly(9_900, 12),
        "1188.00",
        "14256.00",
        "2027-01-15",
        ["short_term"],
    ),
    "1,200 dollars a year": (YEARLY, "100.00", "1200.00", "2027-01-15", []),
    "half price for ever": (
        monthly(1_000, discounts=[discount(coupon(**HALF))]),
        "5.00",
        "60.00",
        "2027-01-15",
        ["short_term"],
    ),
    "half price once": (
        monthly(discounts=[discount(coupon("once", **HALF))]),
        "100.00",
        "1200.00",
        "2027-01-15",
        ["short_term"],
    ),
    "270 dollars every three months for 2": (
        subscription(item(price(27_000, "month", 3), 2)),
        "180.00",
        "2160.00",
        "2027-01-15",
        ["short_term"],
    ),
    "graduated tiers at 25": (
        subscription(item(tiered("graduated", tier(10, 1_000), tier(None, 500)), 25)),
        "175.00",
        "2100.00",
        "2027-01-15",
        ["short_term"],
    ),
    "a metered price only": (
        subscription(item(price(500, usage_type="metered"), None)),
        "0.00",
        "0.00",
        "2027-01-15",
        ["has_usage_based", "short_term"],
    ),
    "a trial": (
        monthly(status="trialing", trial_end=1_796_428_800),
        "0.00",
        "0.00",
        None,
        ["converts_on=2026-12-05"],
    ),
    "set to end": (
        {**YEARLY, "cancel_at_period_end": True},
        "100.00",
        "1200.00",
        None,
        ["ending"],
    ),
    **{
        status: (monthly(status=status), "0.00", "0.00", None, [])
        for status in ("unpaid", "canceled", "incomplete", "incomplete_expired", "paused")
    },
}
UNREADABLE: dict[str, Any] = {
    "missing": {"id": "si_1", "quantity": 1},
    "null": item(None),
    "deleted": item({"id": "price_1", "object": "price", "deleted": True}),
    "only an id": item("price_1"),
    "without its tiers": item(price(None, billing_scheme="tiered", tiers_mode="graduated")),
}


@pytest.fixture(params=SHAPES.values(), ids=list(SHAPES))
def shape(request: pytest.FixtureRequest) -> Callable[[Body], Body]:
    """Return the subscription as one API version shows it."""
    shown: Callable[[Body], Body] = request.param
    return shown


@pytest.mark.parametrize("name", EXAMPLES)
def test_agrees_with_the_worked_example(name: str, shape: Callable[[Body], Body]) -> None:
    """Each row of the policy's table comes out in every shape of the API."""
    body, mrr, arr, renewal, flags = EXAMPLES[name]
    answer = told(shape(body))

    assert answer["currencies"] == {"usd": {"mrr": mrr, "arr": arr}}
    assert (answer["renewal_at"], answer["flags"]) == (renewal, flags)
    assert (answer["status"], answer["policy"]) == ("complete", "P0")


def test_tells_when_what_is_cancelled_ends(shape: Callable[[Body], Body]) -> None:
    """A subscription set to end has no renewal, and an end."""
    answer = told(shape({**YEARLY, "cancel_at_period_end": True}))

    assert (answer["renewal_at"], answer["ends_at"]) == (None, "2027-01-15")


def test_tells_what_a_trial_becomes(shape: Callable[[Body], Body]) -> None:
    """The ARR after conversion stands beside the 0 of today."""
    answer = told(shape(monthly(status="trialing", trial_end=1_796_428_800)))

    assert answer["potential_arr"] == {"usd": "1200.00"}


def test_never_adds_currencies() -> None:
    """Euros and dollars stand side by side."""
    euros = subscription(item(price(10_000, currency="eur")), id="sub_2", currency="eur")

    assert told(monthly(), euros)["currencies"] == {
        "eur": {"mrr": "100.00", "arr": "1200.00"},
        "usd": {"mrr": "100.00", "arr": "1200.00"},
    }


@pytest.mark.parametrize("name", UNREADABLE)
def test_says_that_a_missing_price_is_unknown(name: str) -> None:
    """A price that cannot be read makes the answer incomplete, never 0 and never a part of it."""
    answer = told(subscription(item(price(10_000)), UNREADABLE[name]))

    assert answer["status"] == "incomplete"
    assert answer["currencies"] == {"usd": {"mrr": None, "arr": None}}
    assert [one["missing"] is None for one in answer["items"]] == [True, False]
