"""What a quantity costs: tiers at their bounds, packs, decimals, intervals, currencies."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugin.revenue.shapes import Body, item, price, subscription, tier, tiered, told, usd

STEPS = (tier(10, 1_000), tier(20, 800, 5_000), tier(None, 500))
GRADUATED, VOLUME = tiered("graduated", *STEPS), tiered("volume", *STEPS)


def month(of: Body, quantity: int) -> str | None:
    """Return the MRR of a monthly price."""
    body = {**item(of), "quantity": quantity}
    mrr: str | None = told(subscription(body))["currencies"]["usd"]["mrr"]
    return mrr


@pytest.mark.parametrize(
    ("quantity", "graduated", "volume"),
    [
        (0, "0.00", "0.00"),
        (1, "10.00", "10.00"),
        (10, "100.00", "100.00"),
        (11, "158.00", "138.00"),
        (20, "230.00", "210.00"),
        (21, "235.00", "105.00"),
    ],
)
def test_a_quantity_equal_to_up_to_stays_in_its_tier(
    quantity: int, graduated: str, volume: str
) -> None:
    """Graduated slices, volume counts all; a flat amount comes once a unit falls into its tier."""
    assert (month(GRADUATED, quantity), month(VOLUME, quantity)) == (graduated, volume)


def test_reads_tiers_in_any_order() -> None:
    """The bounds say the order, not the list."""
    assert month({**GRADUATED, "tiers": list(reversed(STEPS))}, 21) == month(GRADUATED, 21)


def test_reads_decimal_amounts_in_tiers() -> None:
    """A tier's amount may be only in its decimal field, or only flat."""
    of = tiered(
        "graduated",
        {"up_to": 10, "flat_amount_decimal": "250.5"},
        {"up_to": "inf", "unit_amount_decimal": "0.25", "flat_amount": None},
    )
    assert month(of, 14) == "2.52"  # 250.5 + 4 × 0.25 = 251.5 cents


@pytest.mark.parametrize(
    "tiers",
    [
        None,
        [],
        "tiers",
        [tier(10, 100)],
        [{"up_to": None, "unit_amount": None, "flat_amount": None}],
        [{"unit_amount": 100}],
        [tier(None, None, -5)],
    ],
)
def test_does_not_guess_at_tiers(tiers: Any) -> None:
    """Missing, too narrow or empty tiers leave the amount unknown."""
    assert month({**GRADUATED, "tiers": tiers}, 11) is None


def test_does_not_guess_at_the_tiers_mode() -> None:
    """An unknown mode leaves the amount unknown."""
    assert month({**GRADUATED, "tiers_mode": "stairs"}, 11) is None


@pytest.mark.parametrize(("rounding", "mrr"), [("up", "30.00"), ("down", "20.00")])
def test_counts_packs_of_a_quantity(rounding: str, mrr: str) -> None:
    """`transform_quantity` divides and rounds the quantity before it is priced."""
    of = price(1_000, transform_quantity={"divide_by": 10, "round": rounding})

    assert month(of, 21) == mrr


@pytest.mark.parametrize(
    "transform",
    [{"divide_by": 0, "round": "up"}, {"divide_by": 10}, {"divide_by": "ten", "round": "up"}, 10],
)
def test_does_not_guess_at_packs(transform: Any) -> None:
    """An unreadable rule leaves the amount unknown."""
    assert month(price(1_000, transform_quantity=transform), 21) is None


def test_reads_the_decimal_amount() -> None:
    """Fractions of a cent are exact: 0.05 cents for 1,000 units are 50 cents."""
    assert month(price(None, unit_amount_decimal="0.05"), 1_000) == "0.50"


def test_stays_exact_over_many_small_amounts() -> None:
    """A third of a cent 36 times a year is no 11.999 cents."""
    of = price(None, "month", 4, unit_amount_decimal="0.333333333333")

    assert usd(subscription(item(of, 3))) == "0.03"
    assert usd(subscription(item(price(10, "month", 7)))) == "0.17"  # 120/7 cents


@pytest.mark.parametrize(
    ("interval", "count", "arr"),
    [
        ("day", 1, "36500.00"),
        ("day", 5, "7300.00"),
        ("week", 1, "5200.00"),
        ("week", 2, "2600.00"),
        ("month", 1, "1200.00"),
        ("month", 6, "200.00"),
        ("year", 1, "100.00"),
        ("year", 3, "33.33"),
    ],
)
def test_annualises_every_interval(interval: str, count: int, arr: str) -> None:
    """A day comes 365 times a year, a week 52 times, divided by how many make a period."""
    assert usd(subscription(item(price(10_000, interval, count)))) == arr


@pytest.mark.parametrize(
    "recurring",
    [
        None,
        {"interval": "fortnight", "interval_count": 1},
        {"interval": ["month"], "interval_count": 1},
        {"interval": "month", "interval_count": 0},
        {"interval": "month", "interval_count": None},
        {"interval": "month", "interval_count": 1, "usage_type": "wishful"},
    ],
)
def test_does_not_guess_at_the_interval(recurring: Any) -> None:
    """An unknown interval or use leaves the amount unknown."""
    assert usd(subscription(item(price(10_000, recurring=recurring)))) is None


@pytest.mark.parametrize(
    ("code", "amount", "mrr", "arr"),
    [
        ("jpy", 5_000, "5000", "60000"),
        ("krw", 5_000, "5000", "60000"),
        ("kwd", 5_125, "5.125", "61.500"),
        ("bhd", 5_125, "5.125", "61.500"),
        ("isk", 500_000, "5000", "60000"),
        ("ugx", 500_000, "5000", "60000"),
        ("mga", 5_000, "5000.00", "60000.00"),
        ("EUR", 5_000, "50.00", "600.00"),
    ],
)
def test_writes_each_currency_with_its_own_decimals(
    code: str, amount: int, mrr: str, arr: str
) -> None:
    """Yen have none and dinars three; Stripe sends króna and Uganda shilling in hundredths."""
    body = subscription(item(price(amount, currency=code)), currency=code)

    assert told(body)["currencies"] == {code.lower(): {"mrr": mrr, "arr": arr}}


def test_rounds_the_month_half_up() -> None:
    """A yearly 100 yen are 8.33 a month, 102 are 8.5 and so 9."""
    months = [
        told(subscription(item(price(yen, "year", currency="jpy")), currency="jpy"))
        for yen in (100, 102)
    ]

    assert [answer["currencies"]["jpy"]["mrr"] for answer in months] == ["8", "9"]


def test_takes_the_amount_in_the_subscriptions_currency() -> None:
    """A price in several currencies shows its first; the subscription's is among its options."""
    options = {"eur": {"unit_amount": 9_000, "unit_amount_decimal": "9000"}}
    body = subscription(item(price(10_000, currency_options=options)), currency="eur")

    assert told(body)["currencies"] == {"eur": {"mrr": "90.00", "arr": "1080.00"}}


def test_does_not_take_dollars_for_euros() -> None:
    """Without that option the amount in the subscription's currency is unknown."""
    body = subscription(item(price(10_000)), currency="eur")

    assert told(body)["currencies"] == {"eur": {"mrr": None, "arr": None}}


@pytest.mark.parametrize("amount", ["9900", 9900.0])
def test_reads_a_number_that_came_as_text(amount: Any) -> None:
    """An unmistakable numeral is the number it says."""
    assert usd(subscription(item(price(amount)))) == "1188.00"


@pytest.mark.parametrize(
    "amount",
    [True, -1, "9,900", "٩٩", "1e3", float("nan"), float("inf"), 10**30, [], {}, "NaN", " 9"],
)
def test_does_not_read_what_is_no_amount(amount: Any) -> None:
    """Anything else leaves the amount unknown."""
    assert usd(subscription(item(price(amount)))) is None


@pytest.mark.parametrize("quantity", [None, -1, 1.5, True, "many", 10**30, []])
def test_does_not_guess_at_the_quantity(quantity: Any) -> None:
    """A licensed item without a usable quantity has no amount."""
    assert usd(subscription({**item(price(100)), "quantity": quantity})) is None


def test_counts_licensed_items_beside_metered_ones() -> None:
    """A metered item brings 0, whatever its price lacks, and the licensed one all it costs."""
    metered = item(price(None, usage_type="metered", billing_scheme="tiered"), None)
    answer = told(subscription(item(price(10_000)), metered))

    assert answer["currencies"]["usd"]["arr"] == "1200.00"
    assert "has_usage_based" in answer["flags"]


def test_counts_a_price_that_is_closed_to_new_sales() -> None:
    """`active` false on a price says nothing of those who have it."""
    assert usd(subscription(item(price(10_000, active=False)))) == "1200.00"


def test_shows_each_items_part() -> None:
    """What a person needs to check the sum by hand stands beside it."""
    rows = told(subscription(item(price(10_000, "month", 3, nickname="Growth"), 2)))["items"]

    assert rows == [
        {
            "subscription": "sub_1",
            "item": "si_1",
            "status": "active",
            "plan": "Growth",
            "quantity": 2,
            "interval": "month",
            "interval_count": 3,
            "currency": "usd",
            "list_amount": "200.00",
            "amount": "200.00",
            "mrr": "66.67",
            "arr": "800.00",
            "potential_arr": None,
            "missing": None,
        }
    ]


def test_does_not_believe_an_implausible_amount() -> None:
    """Two numbers that could each be true may come to a sum that is not."""
    assert usd(subscription(item(price(10**17), 1))) is None
    assert usd(subscription(item(price(10**10), 10**9))) is None
