"""When it renews, ends, converts, pauses or changes, over one and over several subscriptions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugin.revenue.shapes import Body, at, item, monthly, price, subscription, told, usd


def yearly(end: str, **more: Any) -> Body:
    """Return a yearly subscription of 1,200 dollars."""
    row = item(price(120_000, "year"), current_period_end=at(end))
    return subscription(row, **{"id": f"sub_{end}", **more})


def dates(*bodies: Body) -> tuple[str | None, str | None]:
    """Return (renewal_at, ends_at)."""
    answer = told(*bodies)
    return answer["renewal_at"], answer["ends_at"]


def test_an_earlier_cancel_at_beats_the_period_end() -> None:
    """It counts until the earlier of both."""
    early = yearly("2027-03-01", cancel_at_period_end=True, cancel_at=at("2027-01-01"))

    assert dates(early) == (None, "2027-01-01")
    assert dates(yearly("2027-03-01", cancel_at=at("2027-01-01"))) == (None, "2027-01-01")


def test_a_set_end_counts_until_it_is_reached() -> None:
    """From its last day on it brings nothing."""
    assert usd(yearly("2027-03-01", cancel_at=at("2026-11-22"))) == "1200.00"
    assert usd(yearly("2027-03-01", cancel_at=at("2026-11-21"))) == "0.00"


def test_canceled_at_alone_ends_nothing() -> None:
    """A withdrawn cancellation may leave its time behind."""
    answer = told(yearly("2027-03-01", canceled_at=at("2026-11-01")))

    assert (answer["renewal_at"], answer["flags"]) == ("2027-03-01", [])


def test_the_longest_interval_tells_the_renewal() -> None:
    """A monthly item beside a yearly one is billed before the contract renews."""
    body = subscription(
        item(price(1_000), current_period_end=at("2026-12-01")),
        item(price(120_000, "year"), id="si_2", current_period_end=at("2027-06-01")),
    )
    answer = told(body)

    assert (answer["renewal_at"], answer["flags"]) == ("2027-06-01", [])


@pytest.mark.parametrize(
    ("interval", "count", "is_short"),
    [("month", 12, False), ("month", 11, True), ("week", 52, False), ("day", 364, True)],
)
def test_a_term_below_a_year_is_marked_short(interval: str, count: int, *, is_short: bool) -> None:
    """So that "renews monthly" never reads as the renewal of a contract."""
    answer = told(subscription(item(price(100, interval, count))))

    assert ("short_term" in answer["flags"]) is is_short


def test_several_renew_with_the_earliest() -> None:
    """Of those that renew the earliest counts, and an end is told only when none renews."""
    ending = yearly("2026-12-24", cancel_at_period_end=True)

    assert dates(yearly("2027-06-01"), yearly("2027-03-01"), ending) == ("2027-03-01", None)
    assert dates(ending, yearly("2027-01-05", cancel_at_period_end=True)) == (None, "2027-01-05")


def test_a_free_subscription_has_no_say_in_the_renewal() -> None:
    """A free monthly add-on does not bring the date forward."""
    assert dates(monthly(0), yearly("2027-06-01")) == ("2027-06-01", None)


def test_a_cancelled_subscription_has_no_say_in_the_dates() -> None:
    """What is over neither renews nor ends."""
    over = yearly("2026-12-01", status="canceled", ended_at=at("2026-10-01"))

    assert dates(over, yearly("2027-06-01")) == ("2027-06-01", None)


def test_a_trial_that_will_end_does_not_convert() -> None:
    """Set to end with the trial, it becomes nothing."""
    trial = monthly(status="trialing", trial_end=at("2026-12-05"))
    answer = told({**trial, "cancel_at": at("2026-12-05")})

    assert (answer["flags"], answer["potential_arr"]) == (["ending"], {})
    assert told({**trial, "cancel_at": at("2027-12-05")})["potential_arr"] == {"usd": "1200.00"}


def test_a_trial_need_not_be_priced_to_bring_nothing() -> None:
    """0 today is known; what it becomes is not."""
    answer = told(subscription(item(None), status="trialing", trial_end=at("2026-12-05")))

    assert (answer["status"], answer["currencies"]["usd"]["arr"]) == ("complete", "0.00")
    assert answer["potential_arr"] == {"usd": None}


@pytest.mark.parametrize(
    ("behavior", "resumes", "arr", "is_paused"),
    [
        ("keep_as_draft", None, "1200.00", True),
        ("void", None, "0.00", True),
        ("mark_uncollectible", None, "0.00", True),
        ("void", "2026-12-01", "0.00", True),
        ("void", "2026-11-01", "1200.00", False),
        ("sleep", None, None, False),
    ],
)
def test_a_pause_counts_by_what_becomes_of_the_bills(
    behavior: str, resumes: str | None, arr: str | None, *, is_paused: bool
) -> None:
    """Drafts will be collected, voided bills will not; a pause that is over is none."""
    pause = {"behavior": behavior, "resumes_at": at(resumes) if resumes else None}
    answer = told(monthly(pause_collection=pause))

    assert answer["currencies"]["usd"]["arr"] == arr
    assert ("paused" in answer["flags"]) is is_paused


def test_a_late_payer_counts_and_is_a_risk() -> None:
    """past_due is revenue until it is not."""
    answer = told(monthly(status="past_due"))

    assert answer["currencies"]["usd"]["arr"] == "1200.00"
    assert "payment_risk" in answer["flags"]


@pytest.mark.parametrize(
    ("schedule", "changes"),
    [
        (None, False),
        ("sub_sched_1", False),
        ({"phases": [{"start_date": at("2026-01-01")}]}, False),
        ({"phases": [{"start_date": at("2026-01-01")}, {"start_date": at("2027-01-01")}]}, True),
    ],
)
def test_a_later_phase_is_a_scheduled_change(schedule: Any, *, changes: bool) -> None:
    """The price of today counts, and the flag says that another one is coming."""
    answer = told(monthly(schedule=schedule))

    assert answer["currencies"]["usd"]["arr"] == "1200.00"
    assert ("has_scheduled_changes" in answer["flags"]) is changes


INCLUSIVE = {"inclusive": True, "percentage": 19.0}


@pytest.mark.parametrize(
    ("behavior", "rates", "defaults", "arr", "flagged"),
    [
        ("exclusive", [{"inclusive": False, "percentage": 19}], [], "1428.00", False),
        ("inclusive", [INCLUSIVE], [], "1200.00", False),
        ("inclusive", [], [INCLUSIVE], "1200.00", False),
        ("inclusive", [{"inclusive": True, "percentage": 0}], [INCLUSIVE], "1428.00", False),
        ("inclusive", [], [], "1428.00", True),
        ("inclusive", ["txr_1"], [], "1428.00", True),
        ("unspecified", [], [INCLUSIVE], "1200.00", False),
    ],
)
def test_takes_inclusive_tax_out_where_it_is_known(
    behavior: str, rates: list[Any], defaults: list[Any], arr: str, *, flagged: bool
) -> None:
    """119 with 19 % in them are 100; without a rate the gross stays, and a flag says so."""
    row = item(price(11_900, tax_behavior=behavior), tax_rates=rates)
    answer = told(subscription(row, default_tax_rates=defaults))

    assert answer["currencies"]["usd"]["arr"] == arr
    assert ("tax_included" in answer["flags"]) is flagged


def test_discounts_come_off_before_tax_comes_out() -> None:
    """Half of 119 is 59.50, of which 50 are ours."""
    row = item(price(11_900, tax_behavior="inclusive"), tax_rates=[INCLUSIVE])
    half = {"id": "di_1", "coupon": {"duration": "forever", "percent_off": 50}}

    assert usd(subscription(row, discounts=[half])) == "600.00"


def test_no_end_is_told_while_something_is_unread() -> None:
    """What was not read may renew."""
    ending = yearly("2027-01-05", cancel_at_period_end=True)

    assert dates({"object": "list", "data": [ending], "has_more": True}) == (None, None)


def test_an_unknown_amount_leaves_the_dates_known() -> None:
    """Without its tiers a price still says how often it is billed."""
    unpriced = item(
        price(None, "year", billing_scheme="tiered"), current_period_end=at("2027-03-01")
    )

    assert dates(subscription(unpriced)) == ("2027-03-01", None)
    assert dates(subscription(unpriced, cancel_at_period_end=True)) == (None, "2027-03-01")


def test_an_unknown_period_leaves_the_renewal_unknown() -> None:
    """The item that cannot be read may be the yearly one; a set end is known all the same."""
    body = subscription(item(price(100)), item(None, id="si_2"))

    assert dates(body) == (None, None)
    assert dates({**body, "cancel_at": at("2027-01-01")}) == (None, "2027-01-01")


def test_an_unreadable_period_end_costs_only_the_renewal() -> None:
    """The amount does not depend on it."""
    answer = told(subscription(item(price(100), current_period_end="soon")))

    assert (answer["renewal_at"], answer["status"]) == (None, "complete")


def test_an_unreadable_subscription_leaves_the_end_unknown() -> None:
    """It may be one that renews."""
    ending = yearly("2027-01-05", cancel_at_period_end=True)

    assert dates(ending, monthly(id="sub_2", status="resting")) == (None, None)
