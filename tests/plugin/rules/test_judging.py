"""Judging one rule: guards, limits, exceptions, overrides and severity."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from plugin.rules.judging import judge

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def judged(rules_of, account):
    """Return how one rule judges values: result and severity."""

    def judge_one(values, head: str = "", **changes):
        rule = rules_of(head, **changes).rules[0]
        return judge(rule, account(values))

    return judge_one


@pytest.mark.parametrize(
    ("seats", "value"), [(4, True), (5, False), (None, None)], ids=["few", "many", "unknown"]
)
def test_a_rule_fires_is_off_or_unknown(judged, seats, value) -> None:
    """A missing number is neither few nor many."""
    assert judged({"contract.seats_paid": seats}).value is value


@pytest.mark.parametrize(
    ("least", "value", "reason"),
    [("{contract.seats_paid: 3}", None, "too_little_data"), ("{contract.seats_paid: 2}", True, "")],
)
def test_too_little_data_is_unknown_not_off(judged, least: str, value, reason: str) -> None:
    """Below its least number a field does not count."""
    found = judged({"contract.seats_paid": 2}, min_data=least)

    assert found.value is value
    assert [gap.reason for gap in found.missing] == [reason] * bool(reason)


def test_min_data_counts_the_items_of_a_list(judged) -> None:
    """Two tickets are too few to compare when three are wanted."""
    tickets = {"tickets": [{"status": "open"}, {"status": "open"}]}
    when = "tickets.filter(t, t.status == 'open').size() >= 2"

    assert judged(tickets, when=when, headline="x").value is True
    assert judged(tickets, when=when, headline="x", min_data="{tickets: 3}").value is None


@pytest.mark.parametrize(("age", "value"), [(3, True), (4, None)])
def test_an_old_value_is_not_judged(rules_of, account, age: int, value) -> None:
    """Past `max_input_age` a value counts as unknown; at the limit it still counts."""
    rule = rules_of(max_input_age="{contract.seats_paid: 3d}").rules[0]
    as_of = {"contract.seats_paid": NOW - timedelta(days=age)}
    binding = dataclasses.replace(account({"contract.seats_paid": 2}), as_of=as_of)

    assert judge(rule, binding).value is value


@pytest.mark.parametrize(
    ("tier", "since", "value"),
    [
        ("1", "2026-01-01", True),
        ("2", "2026-01-01", False),
        (None, "2026-01-01", None),
        ("2", None, False),
        ("1", "2026-11-01", False),
    ],
)
def test_applies_to_is_part_of_the_condition(judged, tier, since, value) -> None:
    """A rule for tier 1 is off elsewhere, and unknown while the tier is."""
    facts = {"contract.seats_paid": 2, "account.tier": tier, "account.customer_since": since}

    assert judged(facts, applies_to="{tier: ['1'], tenure_min: 60d}").value is value


@pytest.mark.parametrize(
    ("account_id", "until", "value"),
    [
        ("0018", "2026-11-21", False),
        ("0018", "2026-11-20", True),
        ("0042", "2026-11-21", True),
    ],
)
def test_an_exception_is_data(judged, account_id: str, until: str, value) -> None:
    """An excepted account is off up to and including the day."""
    exempt = f'[{{account: "0018", until: {until}, why: Survey pilot}}]'
    found = judged({"contract.seats_paid": 2, "account.id": account_id}, except_=exempt)

    assert found.value is value
    assert found.exempt == ("" if value else "Survey pilot")


@pytest.mark.parametrize(
    ("seats", "severity"), [(4, "medium"), (3, "high"), (1, "critical"), (2, "high")]
)
def test_the_highest_true_severity_wins(judged, seats: int, severity: str) -> None:
    """escalate_when raises; what is unknown changes nothing."""
    steps = "{high: contract.seats_paid <= 3, critical: contract.seats_paid <= 1}"
    unsure = "{high: account.employees > 1}"

    assert judged({"contract.seats_paid": seats}, escalate_when=steps).severity == severity
    assert judged({"contract.seats_paid": seats}, escalate_when=unsure).severity == "medium"


OVERRIDE = "[{for: {tier: ['1']}, params: {few: 10}, severity: high}]"


@pytest.mark.parametrize(
    ("seats", "tier", "value", "severity"),
    [
        (7, "1", True, "high"),
        (7, "2", False, "medium"),
        (7, None, None, "medium"),
        (3, None, True, "medium"),
        (12, None, False, "medium"),
        (3, "1", True, "high"),
    ],
)
def test_an_override_per_tier(judged, seats: int, tier, value, severity: str) -> None:
    """While the tier is unknown a result stands only where base and override agree."""
    found = judged(
        {"contract.seats_paid": seats, "account.tier": tier},
        "params:\n  few: {default: 5, min: 1, max: 20}\n",
        when="contract.seats_paid < params.few",
        overrides=OVERRIDE,
    )

    assert (found.value, found.severity) == (value, severity)
    assert value is not None or [gap.field for gap in found.missing] == ["account.tier"]


def test_a_param_of_one_rule_leaves_the_others_alone(judged) -> None:
    """`params` in a rule gives values for this rule."""
    head = "params:\n  few: {default: 5, min: 1, max: 20}\n"
    changes = {"when": "contract.seats_paid < params.few"}

    assert judged({"contract.seats_paid": 7}, head, **changes).value is False
    assert judged({"contract.seats_paid": 7}, head, **changes, params="{few: 10}").value is True


def test_a_text_signal_expires_after_its_newest_hit(judged) -> None:
    """What was said longer ago than `expires_after` no longer counts."""
    said = {"mentions": [{"id": "m", "kind": "cancel", "at": "2026-10-01T00:00:00Z"}]}
    changes = {"when": "mentions.exists(m, m.kind == 'cancel')", "headline": "x"}

    assert judged(said, **changes, expires_after="60d").value is True
    assert judged(said, **changes, expires_after="50d").value is False
