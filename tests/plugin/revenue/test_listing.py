"""What counts as a list of subscriptions, and what it means when a part is missing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugin.revenue.shapes import item, monthly, price, subscription, told, usd


def page(*rows: Any, **more: Any) -> dict[str, Any]:
    """Return a page of Stripe's list."""
    return {"object": "list", "url": "/v1/subscriptions", "data": list(rows), **more}


@pytest.mark.parametrize(
    "shown",
    [
        page(monthly(), has_more=False),
        {"data": [monthly()], "has_more": False},
        {"object": "search_result", "data": [monthly()], "has_more": False},
        monthly(),
        {"subscription": monthly(), "customer": {"id": "cus_1"}},
    ],
)
def test_finds_subscriptions_in_every_list_shape(shown: Any) -> None:
    """A page, a search result, the object itself, or an entry with its customer."""
    assert usd(shown) == "1200.00"


def test_counts_a_subscription_seen_twice_once() -> None:
    """Pages may overlap."""
    assert usd(monthly(), monthly(), page(monthly(), has_more=False)) == "1200.00"


def test_counts_what_has_no_id_each_time() -> None:
    """Without an id nothing says that two are the same."""
    nameless = {key: value for key, value in monthly().items() if key != "id"}

    assert usd(nameless, nameless) == "2400.00"


@pytest.mark.parametrize("more", [{"has_more": True}, {"has_more": "yes"}, {"next_offset": "[2]"}])
def test_gives_no_total_over_unread_pages(more: dict[str, Any]) -> None:
    """With pages missing the parts are shown, and the total is unknown, flagged partial."""
    answer = told(page(monthly(), **more))

    assert (answer["status"], answer["currencies"]) == (
        "incomplete",
        {"usd": {"mrr": None, "arr": None}},
    )
    assert "partial" in answer["flags"]
    assert answer["items"][0]["arr"] == "1200.00"


def test_gives_no_total_over_unread_items() -> None:
    """The items of a subscription are a list of their own."""
    body = monthly()
    body["items"]["has_more"] = True
    answer = told(body)

    assert (answer["status"], answer["currencies"]["usd"]["arr"]) == ("incomplete", None)
    assert "partial" in answer["flags"]


@pytest.mark.parametrize("items", [None, {}, {"data": None}, {"data": []}, [], "si_1", 5])
def test_does_not_take_missing_items_for_free(items: Any) -> None:
    """An active subscription without readable items is unknown, not worth 0."""
    answer = told({**monthly(), "items": items})

    assert (answer["status"], answer["currencies"]) == (
        "incomplete",
        {"usd": {"mrr": None, "arr": None}},
    )


def test_reads_a_bare_list_of_items() -> None:
    """Some exports leave the list object out."""
    assert usd({**monthly(), "items": [item(price(10_000))]}) == "1200.00"


@pytest.mark.parametrize(
    "alien", [None, 1, "sub_1", [], {}, {"id": "cus_1", "object": "customer", "status": "active"}]
)
def test_an_alien_entry_makes_every_total_unknown(alien: Any) -> None:
    """What cannot be read may be money of any currency."""
    answer = told(monthly(), alien)

    assert answer["currencies"] == {"usd": {"mrr": None, "arr": None}}
    assert answer["items"][1]["missing"] == "this is not a subscription"


def test_an_unknown_amount_leaves_other_currencies_alone() -> None:
    """Dollars are unknown, euros are not, and the whole is incomplete."""
    euros = subscription(item(price(100, currency="eur")), id="sub_2", currency="eur")
    answer = told(subscription(item(None)), euros)

    assert answer["currencies"] == {
        "eur": {"mrr": "1.00", "arr": "12.00"},
        "usd": {"mrr": None, "arr": None},
    }
    assert answer["status"] == "incomplete"


@pytest.mark.parametrize("status", [None, "sleeping", ["active"], 1, {}])
def test_does_not_guess_at_a_status(status: Any) -> None:
    """A status that the API does not have yet is unknown."""
    assert told(monthly(status=status))["status"] == "incomplete"


@pytest.mark.parametrize(
    "changed",
    [
        {"currency": "dollars"},
        {"currency": 5},
        {"cancel_at": "soon"},
        {"cancel_at_period_end": "true"},
        {"pause_collection": "void"},
        {"cancel_at": 10**15},
        {"cancel_at": 0},
    ],
)
def test_does_not_guess_at_what_decides(changed: dict[str, Any]) -> None:
    """Where a value that decides is unreadable, the amount is unknown."""
    assert told({**monthly(), **changed})["status"] == "incomplete"


def test_nothing_at_all_is_complete_and_names_no_currency() -> None:
    """No subscription is no amount, rather than 0 of a currency that nobody named."""
    answer = told()

    assert (answer["status"], answer["currencies"], answer["items"]) == ("complete", {}, [])


def test_lists_the_currencies_of_what_matters_most() -> None:
    """What is over names no currency beside what may come back, and that none beside what pays."""
    over = subscription(item(price(1)), id="sub_2", status="canceled", currency="eur")
    held = monthly(status="unpaid")

    assert set(told(over)["currencies"]) == {"eur"}
    assert set(told(over, held)["currencies"]) == {"usd"}
