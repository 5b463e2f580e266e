"""One fact becomes a value of its exact type, or a gap that says why it cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.account.money import Money
from plugin.rules.binding import bind_mapping
from plugin.rules.conversion import Moment
from plugin.rules.schema import vocabulary_schema

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
SCHEMA = vocabulary_schema()
MOMENT = Moment(NOW, rates={"eur": Decimal("1.5")})


def value(path: str, raw: object, moment: Moment = MOMENT) -> object:
    """Return how one plain value is bound, or the reason why not."""
    binding = bind_mapping({path: raw}, SCHEMA, moment)
    return binding.values[path] if path in binding.values else binding.gaps[path].reason


@pytest.mark.parametrize(
    ("path", "raw", "expected"),
    [
        ("contract.seats_paid", 25, 25),
        ("contract.seats_paid", 2**60, float(2**60)),
        ("contract.seats_paid", True, "bad_data"),
        ("contract.seats_paid", "25", "bad_data"),
        ("contract.seats_paid", float("nan"), "bad_data"),
        ("contract.seats_paid", float("inf"), "bad_data"),
        ("contract.seats_paid", 10**400, "bad_data"),
        ("health.score", Decimal("58.5"), 58.5),
        ("health.score", Decimal("NaN"), "bad_data"),
        ("health.score", Decimal("sNaN"), "bad_data"),
        ("contract.plan", "Growth", "Growth"),
        ("contract.plan", 3, "bad_data"),
        ("account.stage", "no such stage", "no such stage"),
        ("account.is_reference", True, True),
        ("account.is_reference", 1, "bad_data"),
        ("account.is_reference", "yes", "bad_data"),
        ("contract.renewal_at", "2027-01-20", datetime(2027, 1, 20, tzinfo=UTC)),
        ("contract.renewal_at", date(2027, 1, 20), datetime(2027, 1, 20, tzinfo=UTC)),
        ("contract.renewal_at", NOW, "bad_data"),
        ("contract.renewal_at", "20270120", "bad_data"),
        ("contract.renewal_at", "2027-W03-3", "bad_data"),
        ("contract.renewal_at", "2027-02-30", "bad_data"),
        ("contract.renewal_at", "٢٠٢٧-٠١-٢٠", "bad_data"),
        ("usage.last_seen_at", NOW, NOW),
        ("usage.last_seen_at", "2026-11-21T08:00:00Z", datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("usage.last_seen_at", "2026-11-21T08:00:00+02:00", datetime(2026, 11, 21, 6, tzinfo=UTC)),
        ("usage.last_seen_at", "2026-11-21T08:00:00", "bad_data"),
        ("usage.last_seen_at", datetime(2026, 11, 21), "bad_data"),  # noqa: DTZ001 - what is refused
        ("usage.last_seen_at", "2026-11-21", "bad_data"),
        ("usage.last_seen_at", datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))), "bad_data"),
        ("contract.arr", 30000, 30000.0),
        ("contract.arr", Money(Decimal("10.50"), "USD"), 10.5),
        ("contract.arr", Money(Decimal(10), "eur"), 15.0),
        ("contract.arr", {"amount": "10.50", "currency": "usd"}, 10.5),
        ("contract.arr", {"amount": "ten", "currency": "usd"}, "bad_data"),
        ("contract.arr", Money(Decimal(10), "gbp"), "no_exchange_rate"),
        ("contract.arr", Money(Decimal("Infinity"), "usd"), "bad_data"),
        ("account.domains", ["a.com", None, "b.com"], ("a.com", "b.com")),
        ("account.domains", [], ()),
        ("account.domains", ["a.com", 3], "bad_data"),
        ("account.domains", "a.com", "bad_data"),
        ("usage.weekly_active", [1, 2.5], (1, 2.5)),
        ("usage.weekly_active", [True], "bad_data"),
        ("tickets", "none", "bad_data"),
        ("tickets", {"id": "T1"}, "bad_data"),
        ("tickets", [], ()),
    ],
)  # fmt: skip
def test_a_value_has_its_exact_type_or_is_a_gap(path, raw, expected):
    """Nothing is guessed: the wrong type, a naive time, a number that is none are bad data."""
    assert value(path, raw) == expected


RAW = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.decimals() | st.datetimes() | st.dates() | st.binary(max_size=4),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(SCHEMA)), RAW, max_size=6))
def test_no_value_makes_binding_fail(values):
    """Each path has a value or a gap, and every value has its type."""
    binding = bind_mapping(values, SCHEMA, MOMENT)

    assert all((path in binding.values) != (path in binding.gaps) for path in SCHEMA)
    for path, bound in binding.values.items():
        kinds = {"string": str, "number": int | float, "bool": bool, "timestamp": datetime}
        assert isinstance(bound, kinds.get(SCHEMA[path].type, tuple))
