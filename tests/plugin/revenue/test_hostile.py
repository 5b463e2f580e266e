"""Whatever stands in a payload: an answer, and never a quiet 0."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugin.revenue.shapes import (
    Body,
    coupon,
    discount,
    item,
    price,
    subscription,
    tier,
    tiered,
    told,
)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)
JUNK = JSON | st.sampled_from(
    [10**400, -(10**30), "1e999999999", "٣", "9" * 5000, [[]], {"id": []}]
)
KEYS = st.sampled_from(
    ["id", "object", "status", "items", "data", "has_more", "price", "list", "subscription", "mrr"]
)
RICH: Body = subscription(
    item(tiered("graduated", tier(10, 1_000, 5), tier(None, 500)), 25),
    item(price(1_000, transform_quantity={"divide_by": 5, "round": "up"}), 7, id="si_2"),
    discounts=[discount(coupon(percent_off=10)), discount(coupon(amount_off=5, currency="usd"))],
)
DROP = object()  # in place of a value: the key is left out
# A value here decides the amount: junk in its place may never come to a complete 0.
DECIDING = (
    ("status",),
    ("currency",),
    ("items",),
    ("items", "data"),
    ("items", "data", 0),
    ("items", "data", 0, "quantity"),
    ("items", "data", 0, "price"),
    ("items", "data", 0, "price", "tiers"),
    ("items", "data", 0, "price", "tiers", 0, "up_to"),
    ("items", "data", 0, "price", "tiers", 1, "unit_amount"),
    ("items", "data", 0, "price", "recurring"),
    ("items", "data", 0, "price", "recurring", "interval"),
    ("items", "data", 0, "price", "currency"),
    ("items", "data", 1, "price", "unit_amount"),
    ("items", "data", 1, "price", "transform_quantity"),
    ("discounts",),
    ("discounts", 0),
    ("discounts", 0, "source"),
    ("discounts", 0, "source", "coupon"),
)


def spoilt(path: tuple[Any, ...], junk: Any) -> Body:
    """Return the rich subscription with one value replaced, or left out."""
    body = copy.deepcopy(RICH)
    holder: Any = body
    for key in path[:-1]:
        holder = holder[key]
    if junk is DROP:
        del holder[path[-1]]
    else:
        holder[path[-1]] = junk
    return body


@settings(deadline=None, max_examples=200)
@given(st.lists(JSON | st.dictionaries(KEYS, JSON), max_size=3))
def test_answers_to_any_json(values: list[Any]) -> None:
    """Any JSON gets an answer that is JSON itself."""
    answer = told(*values)

    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(DECIDING), JUNK | st.just(DROP))
def test_never_comes_to_a_quiet_zero(path: tuple[Any, ...], junk: Any) -> None:
    """One deciding value replaced: unknown, or still an amount above 0."""
    answer = told(spoilt(path, junk))
    amounts = [total["arr"] for total in answer["currencies"].values()]

    if answer["status"] == "complete":
        assert all(float(amount) > 0 for amount in amounts)
        assert amounts
    else:
        assert any(row["missing"] for row in answer["items"])
        assert all(amount is None for amount in amounts)
