"""Revenue as facts: one amount where there is one, else a gap with its reason."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plugin.account.money import Money
from plugin.account.vocabulary import FIELDS
from plugin.revenue.facts import MONEY, contract_facts, contract_gaps, with_revenue
from plugin.revenue.policy import P0
from plugin.revenue.totals import Revenue, revenue
from plugin.upstream import Facts
from tests.plugin.revenue.shapes import NOW, at, item, monthly, price, subscription

YEARLY = subscription(item(price(120_000, "year")))
EUROS = subscription(item(price(100, currency="eur")), id="sub_2", currency="eur")


def found(*bodies: Any) -> Revenue:
    """Return the revenue under P0."""
    return revenue(bodies, P0, NOW)


def test_gives_amounts_and_the_renewal_of_a_yearly_contract() -> None:
    """Each fact stands on its path, typed as the vocabulary says."""
    facts = contract_facts(found(YEARLY))
    arr = Money(Decimal("1200.00"), "usd")

    assert facts == {
        "contract.arr": arr,
        "contract.mrr": Money(Decimal("100.00"), "usd"),
        "contract.billing_arr": arr,
        "contract.renewal_at": date(2027, 1, 15),
        "contract.billing_renewal_at": date(2027, 1, 15),
        "contract.is_usage_based": False,
    }
    assert set(facts) <= set(FIELDS)


def test_a_monthly_period_is_no_renewal_of_a_contract() -> None:
    """A short term never becomes the renewal date, even beside a later yearly one."""
    short = monthly(id="sub_3")

    assert "contract.renewal_at" not in contract_facts(found(short))
    assert contract_facts(found(short, YEARLY))["contract.renewal_at"] == date(2027, 1, 15)


def test_several_currencies_are_a_gap() -> None:
    """They are never added, so there is no one amount."""
    both = found(YEARLY, EUROS)

    assert "contract.arr" not in contract_facts(both)
    assert contract_gaps(both) == dict.fromkeys(MONEY, "no_exchange_rate")


def test_a_currency_that_pays_nothing_is_no_second_one() -> None:
    """A free subscription in euros leaves the dollars one amount."""
    free = subscription(item(price(0, currency="eur")), id="sub_2", currency="eur")

    assert contract_facts(found(YEARLY, free))["contract.arr"].currency == "usd"
    assert contract_facts(found(free))["contract.arr"] == Money(Decimal("0.00"), "eur")


def test_an_incomplete_amount_is_a_gap() -> None:
    """What is missing is told as incomplete, and the dates that are known stay."""
    part = found(YEARLY, subscription(item(None), id="sub_2"))

    assert contract_gaps(part)["contract.arr"] == "incomplete"
    assert contract_facts(part) == {
        "contract.renewal_at": date(2027, 1, 15),
        "contract.billing_renewal_at": date(2027, 1, 15),
    }


@pytest.mark.parametrize(
    ("bodies", "path", "value"),
    [
        ([monthly(status="trialing", trial_end=at("2026-12-05"))], "trial_ends_at", "2026-12-05"),
        ([{**YEARLY, "cancel_at": at("2027-01-01")}], "ends_at", "2027-01-01"),
        ([{**YEARLY, "status": "canceled", "ended_at": at("2026-10-01")}], "ends_at", "2026-10-01"),
    ],
)
def test_tells_how_it_ends(bodies: list[Any], path: str, value: str) -> None:
    """A trial's end, a set end, and the day on which everything was over."""
    assert contract_facts(found(*bodies))[f"contract.{path}"] == date.fromisoformat(value)


def test_metered_items_make_it_usage_based() -> None:
    """One is enough, even while something else is unknown."""
    metered = subscription(item(price(5, usage_type="metered"), None), item(None))

    assert contract_facts(found(metered))["contract.is_usage_based"] is True


def test_joins_what_a_connector_read() -> None:
    """The connector's own facts stay, revenue joins them, each with its field and its gap."""
    plain = Facts({"contract.plan": "Growth"}, NOW, subscriptions=(YEARLY,))
    joined = with_revenue(plain, P0, NOW)

    assert joined.values["contract.plan"] == "Growth"
    assert joined.values["contract.arr"].amount == 1200
    assert joined.fields["contract.arr"] == "subscriptions"


def test_tells_a_missing_part_with_its_reason() -> None:
    """The gap says what could not be read."""
    joined = with_revenue(Facts({}, NOW, subscriptions=(monthly(items=None),)), P0, NOW)

    assert ("contract.arr", "the list of items is missing", "incomplete") in {
        (bad.field, bad.message, bad.reason) for bad in joined.bad
    }


def test_leaves_facts_without_subscriptions_alone() -> None:
    """Other sources give amounts ready-made."""
    plain = Facts({"contract.arr": Money(Decimal(5), "usd")}, NOW)

    assert with_revenue(plain, P0, NOW) is plain


def test_an_unpaid_subscription_is_not_over() -> None:
    """It may be paid yet: no end is told."""
    over = monthly(id="sub_2", status="canceled", ended_at=at("2026-10-01"))

    assert "contract.ends_at" not in contract_facts(found(over, monthly(status="unpaid")))
