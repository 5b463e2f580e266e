"""Whatever a billing system answers: facts or an error of ours, and never a quiet 0."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugin.errors import UpstreamError
from plugin.revenue.facts import with_revenue
from plugin.revenue.policy import P0
from plugin.upstream import Upstream
from plugin.vendors.chargebee.source import chargebee
from plugin.vendors.stripe.source import stripe
from tests.families.sources.replay import NOW, Replay, fetched, recorded

JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", -1, 1.5, float("inf"), float("nan"), 10**400, "1e999999999", True, [], {}, [[]]]
) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
DROP = object()  # in place of a value: the key is left out
ANSWERS = {
    "stripe": {
        "/v1/customers": "customers",
        "/v1/subscriptions": "subscriptions_2",
        "/v1/prices/price_Pack": "price",
        "/v1/products": "products",
        "/v1/invoices": "invoices",
    },
    "chargebee": {
        "/api/v2/customers": "customers",
        "/api/v2/subscriptions": "subscriptions_2",
        "/api/v2/invoices": "invoices",
    },
}


def places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a JSON body."""
    inner = body.items() if isinstance(body, dict) else enumerate(body)
    found = [path]
    for key, value in inner if isinstance(body, dict | list) else ():
        found += places(value, (*path, key)) if isinstance(value, dict | list) else [(*path, key)]
    return found


def spoilt(body: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """Return the body with one value replaced, or left out."""
    if not path:
        return None if junk is DROP else junk
    copied = copy.deepcopy(body)
    holder = copied
    for key in path[:-1]:
        holder = holder[key]
    if junk is DROP:
        del holder[path[-1]]
    else:
        holder[path[-1]] = junk
    return copied


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
@pytest.mark.parametrize("upstream", [stripe, chargebee], ids=["stripe", "chargebee"])
def test_never_crashes_on_a_spoilt_answer(upstream: Upstream, data: st.DataObject) -> None:
    """One value of one answer is replaced by junk: the result is facts, or a failure of ours."""
    known = ANSWERS[upstream.name]
    broken = data.draw(st.sampled_from(sorted(known)))
    api = Replay()
    for path, name in known.items():
        body = recorded(upstream.name, name)
        if path == broken:
            body = spoilt(
                body, data.draw(st.sampled_from(places(body))), data.draw(JUNK | st.just(DROP))
            )
        api.on(path, body)
    try:
        facts = with_revenue(fetched(upstream, api), P0, NOW)
    except UpstreamError:
        return
    told = set(facts.values) | {bad.field for bad in facts.bad}
    assert not facts.subscriptions or "contract.arr" in told
