"""Chargebee's figures count as they are; its statuses and terms say when."""

from __future__ import annotations

from typing import Any

import pytest

from plugin.revenue.policy import policy_from
from tests.plugin.revenue.shapes import at, told


def subscription(**changed: Any) -> dict[str, Any]:
    """Return an active yearly subscription of 1,200 euros."""
    plain = {
        "id": "Az1",
        "object": "subscription",
        "status": "active",
        "currency_code": "EUR",
        "mrr": 10_000,
        "arr": 120_000,
        "billing_period": 1,
        "billing_period_unit": "year",
        "current_term_start": at("2026-01-20"),
        "current_term_end": at("2027-01-20"),
        "due_invoices_count": 0,
        "has_scheduled_changes": False,
    }
    return {**plain, **changed}


def euros(**changed: Any) -> Any:
    """Return the totals in euros."""
    return told(subscription(**changed))["currencies"]["eur"]


@pytest.mark.parametrize(
    ("changed", "mrr", "arr"),
    [
        ({}, "100.00", "1200.00"),
        ({"mrr": 10_001}, "100.01", "1200.00"),
        ({"arr": None}, "100.00", "1200.00"),
        ({"mrr": None}, "100.00", "1200.00"),
        ({"arr": 0, "mrr": 0}, "0.00", "0.00"),
        ({"status": "non_renewing"}, "100.00", "1200.00"),
        *[
            ({"status": status}, "0.00", "0.00")
            for status in ("future", "in_trial", "paused", "cancelled", "transferred")
        ],
        ({"arr": None, "mrr": None}, None, None),
        ({"arr": "many"}, None, None),
        ({"status": "resting"}, None, None),
    ],
)
def test_takes_the_figures_as_they_are(
    changed: dict[str, Any], mrr: str | None, arr: str | None
) -> None:
    """Both figures are Chargebee's own; what does not count brings 0, a missing one is unknown."""
    assert euros(**changed) == {"mrr": mrr, "arr": arr}


def test_reads_the_list_with_its_entries() -> None:
    """Each entry holds a subscription beside its customer; an offset means more pages."""
    entry = {"subscription": subscription(), "customer": {"id": "Lark01"}}

    assert told({"list": [entry]})["currencies"]["eur"]["arr"] == "1200.00"
    assert told({"list": [entry], "next_offset": "x"})["status"] == "incomplete"


def test_counts_yen_whole() -> None:
    """The minor unit of a yen is a yen."""
    answer = told(subscription(currency_code="JPY", mrr=5_000, arr=60_000))

    assert answer["currencies"] == {"jpy": {"mrr": "5000", "arr": "60000"}}


@pytest.mark.parametrize(
    ("changed", "renewal", "ends", "flags"),
    [
        ({}, "2027-01-20", None, []),
        ({"billing_period_unit": "month"}, "2027-01-20", None, ["short_term"]),
        ({"billing_period_unit": "month", "billing_period": 12}, "2027-01-20", None, []),
        ({"billing_period_unit": None}, "2027-01-20", None, []),
        ({"status": "non_renewing"}, None, "2027-01-20", ["ending"]),
        ({"due_invoices_count": 2}, "2027-01-20", None, ["payment_risk"]),
        ({"has_scheduled_changes": True}, "2027-01-20", None, ["has_scheduled_changes"]),
        ({"status": "paused"}, None, None, ["paused"]),
        (
            {"status": "in_trial", "trial_end": at("2026-12-05")},
            None,
            None,
            ["converts_on=2026-12-05"],
        ),
    ],
)
def test_tells_when_it_renews_or_ends(
    changed: dict[str, Any], renewal: str | None, ends: str | None, flags: list[str]
) -> None:
    """Statuses and terms come to the same words as for any other billing system."""
    answer = told(subscription(**changed))

    assert (answer["renewal_at"], answer["ends_at"]) == (renewal, ends)
    assert answer["flags"] == flags


@pytest.mark.parametrize(
    ("action", "renewal", "ends"),
    [("renew", "2028-06-01", None), ("cancel", None, "2028-06-01")],
)
def test_a_contract_term_says_more_than_the_billing_term(
    action: str, renewal: str | None, ends: str | None
) -> None:
    """Billed by the month, signed for two years: the contract's end counts."""
    contract = {
        "status": "active",
        "contract_start": at("2026-06-01"),
        "contract_end": at("2028-06-01"),
        "action_at_term_end": action,
    }
    answer = told(subscription(billing_period_unit="month", contract_term=contract))

    assert (answer["renewal_at"], answer["ends_at"]) == (renewal, ends)
    assert "short_term" not in answer["flags"]


def test_a_set_end_counts_until_it_is_reached() -> None:
    """From its last day on, or at once where the workspace says so, it brings nothing."""
    over = subscription(status="non_renewing", current_term_end=at("2026-11-21"))
    at_once = policy_from({"cancellation": "at_once"})

    assert told(over)["currencies"]["eur"]["arr"] == "0.00"
    assert (
        told(subscription(status="non_renewing"), policy=at_once)["currencies"]["eur"]["arr"]
        == "0.00"
    )


def test_tells_what_a_trial_becomes() -> None:
    """Its own figure is the potential."""
    assert told(subscription(status="in_trial"))["potential_arr"] == {"eur": "1200.00"}


def test_what_has_no_figures_keeps_its_dates_quantity_and_interval() -> None:
    """Only the amounts are unknown where a site does not tell them."""
    items = [{"item_price_id": "scale-eur", "item_type": "plan", "quantity": 7}]
    found = told(subscription(mrr=None, arr=None, subscription_items=items))
    (item,) = found["items"]

    assert found["renewal_at"] == "2027-01-20"
    assert (item["quantity"], item["interval"], item["interval_count"]) == (7, "year", 1)
    assert (item["arr"], item["missing"]) == (None, "mrr and arr are missing")
    assert found["status"] == "incomplete"
