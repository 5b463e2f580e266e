"""What must hold whatever the subscription: relations between answers, found by generation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.revenue.policy import P0
from plugin.revenue.totals import Revenue, revenue
from tests.plugin.revenue.shapes import (
    NOW,
    SHAPES,
    Body,
    at,
    coupon,
    discount,
    item,
    price,
    subscription,
    tier,
    tiered,
)

QUANTITIES = st.integers(0, 10_000)
AMOUNTS = st.integers(0, 10_000_000)
INTERVALS = st.sampled_from(["day", "week", "month", "year"])
PERCENTS = st.decimals(0, 100, places=2).map(str)


@st.composite
def tiers(draw: st.DrawFn) -> Body:
    """Draw a tiered price."""
    bounds = sorted(draw(st.sets(st.integers(1, 500), max_size=4)))
    made = [tier(bound, draw(AMOUNTS), draw(st.none() | AMOUNTS)) for bound in [*bounds, None]]
    return tiered(draw(st.sampled_from(["graduated", "volume"])), *made)


@st.composite
def coupons(draw: st.DrawFn) -> Body:
    """Draw a coupon of any duration."""
    duration = draw(st.sampled_from(["forever", "repeating", "once"]))
    if draw(st.booleans()):
        return coupon(duration, percent_off=draw(PERCENTS))
    return coupon(duration, amount_off=draw(AMOUNTS), currency="usd")


@st.composite
def discounts(draw: st.DrawFn) -> Body:
    """Draw a discount, running or past."""
    of = draw(coupons())
    end = draw(st.sampled_from(["2026-06-01", "2027-06-01"]))
    return discount(of, end if of["duration"] == "repeating" else None)


@st.composite
def items(draw: st.DrawFn) -> Body:
    """Draw a licensed or metered item."""
    plain = st.builds(price, AMOUNTS, INTERVALS, st.integers(1, 24))
    usage = draw(st.sampled_from(["licensed", "licensed", "metered"]))
    own = draw(st.lists(discounts(), max_size=1))
    if usage == "metered":
        return item(price(draw(AMOUNTS), usage_type="metered"), None)
    return {**item(draw(plain | tiers()), discounts=own), "quantity": draw(QUANTITIES)}


@st.composite
def subscriptions(draw: st.DrawFn) -> Body:
    """Draw a subscription that can be read whole; one discount, as older shapes have one."""
    rows = draw(st.lists(items(), min_size=1, max_size=4))
    status = draw(st.sampled_from(["active", "active", "past_due", "trialing", "canceled"]))
    return subscription(
        *rows,
        status=status,
        trial_end=at("2026-12-05"),
        discounts=draw(st.lists(discounts(), max_size=1)),
        cancel_at_period_end=draw(st.booleans()),
    )


def ask(*bodies: Any) -> Revenue:
    """Return the revenue under P0."""
    return revenue(bodies, P0, NOW)


def arr(*bodies: Any) -> Fraction:
    """Return the exact ARR in dollars."""
    found = ask(*bodies).currencies["usd"].arr
    assert found is not None
    return found


@settings(deadline=None)
@given(AMOUNTS, QUANTITIES, st.integers(1, 50), INTERVALS, st.integers(1, 24))
def test_scales_with_the_quantity(
    amount: int, quantity: int, factor: int, interval: str, count: int
) -> None:
    """A per-unit item of n times the quantity brings n times the ARR."""
    of = price(amount, interval, count)
    one = subscription({**item(of), "quantity": quantity})
    more = subscription({**item(of), "quantity": quantity * factor})

    assert arr(more) == arr(one) * factor


@settings(deadline=None)
@given(AMOUNTS, QUANTITIES, INTERVALS, st.integers(1, 24), st.none() | coupons())
def test_is_the_same_in_two_halves(
    amount: int, half: int, interval: str, count: int, of: Body | None
) -> None:
    """Splitting a per-unit item into two equal halves keeps the ARR."""
    found = [discount(of, "2027-06-01")] if of else []
    row = item(price(amount, interval, count))
    whole = subscription({**row, "quantity": 2 * half}, discounts=found)
    split = subscription(*[{**row, "quantity": half}] * 2, discounts=found)

    assert arr(split) == arr(whole)


@settings(deadline=None)
@given(AMOUNTS, QUANTITIES)
def test_agrees_for_a_year_and_twelve_months(amount: int, quantity: int) -> None:
    """A yearly price of twelve monthly ones brings the same."""
    month = subscription({**item(price(amount)), "quantity": quantity})
    year = subscription({**item(price(12 * amount, "year")), "quantity": quantity})

    assert arr(year) == arr(month)


@settings(deadline=None, max_examples=60)
@given(
    bodies=st.lists(subscriptions(), min_size=1, max_size=3),
    extra=subscriptions(),
    in_front=st.booleans(),
)
def test_is_not_changed_by_a_cancelled_subscription(
    bodies: list[Body], extra: Body, *, in_front: bool
) -> None:
    """What was cancelled brings nothing and changes no date and no flag."""
    named = [{**body, "id": f"sub_{index}"} for index, body in enumerate(bodies)]
    over = {**extra, "id": "sub_over", "status": "canceled", "currency": "eur"}
    before, after = ask(*named), ask(*([over, *named] if in_front else [*named, over]))

    if any(body["status"] != "canceled" for body in named):
        assert after.currencies == before.currencies
    assert (after.renewal_at, after.ends_at, after.flags, after.status) == (
        before.renewal_at,
        before.ends_at,
        before.flags,
        before.status,
    )


@settings(deadline=None, max_examples=60)
@given(subscriptions(), st.randoms(use_true_random=False))
def test_does_not_depend_on_the_order_of_items(body: Body, random: Any) -> None:
    """Items in another order bring the same."""
    rows = list(body["items"]["data"])
    random.shuffle(rows)
    shuffled = {**body, "items": {**body["items"], "data": rows}}
    before, after = ask(body), ask(shuffled)

    assert (after.currencies, after.flags) == (before.currencies, before.flags)
    assert after.renewal_at == before.renewal_at


@settings(deadline=None, max_examples=60)
@given(subscriptions(), st.lists(discounts(), max_size=3))
def test_is_never_negative_and_adds_up(body: Body, more: list[Body]) -> None:
    """ARR is 0 or more, the sum of its parts, and twelve times the MRR."""
    found = ask({**body, "discounts": more})
    total = found.currencies["usd"]

    assert total.arr is not None
    assert total.arr >= 0
    assert total.arr == sum(part.arr or 0 for part in found.parts)
    assert total.mrr == total.arr / 12


@settings(deadline=None, max_examples=60)
@given(subscriptions())
@pytest.mark.parametrize("shape", [SHAPES["basil"], SHAPES["pre-basil"], SHAPES["plans"]])
def test_agrees_in_all_shapes(shape: Callable[[Body], Body], body: Body) -> None:
    """What the API's versions name differently comes to the same facts."""
    now, then = ask(body), ask(shape(body))

    assert then.currencies == now.currencies
    assert (then.flags, then.renewal_at, then.ends_at) == (now.flags, now.renewal_at, now.ends_at)


@settings(deadline=None, max_examples=60)
@given(subscriptions(), discounts())
def test_never_grows_by_a_discount(body: Body, more: Body) -> None:
    """One more discount at the end never raises the ARR."""
    assert arr({**body, "discounts": [*body["discounts"], more]}) <= arr(body)


@settings(deadline=None)
@given(tiers(), QUANTITIES)
def test_prices_graduated_tiers_step_by_step(of: Body, quantity: int) -> None:
    """In graduated tiers each further unit costs its own tier's amount."""
    graduated = {**of, "tiers_mode": "graduated"}
    flat_free = [{**one, "flat_amount": None} for one in of["tiers"]]
    row = item({**graduated, "tiers": flat_free})
    less = subscription({**row, "quantity": quantity})
    more = subscription({**row, "quantity": quantity + 1})
    reached = next(
        one for one in of["tiers"] if one["up_to"] is None or quantity + 1 <= one["up_to"]
    )

    assert arr(more) - arr(less) == Fraction(reached["unit_amount"], 100) * 12
