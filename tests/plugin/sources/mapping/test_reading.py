"""Values through a mapping: typed, translated, or a gap that says why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.account.money import Money
from plugin.account.vocabulary import Deal
from plugin.fetching.encoding import encode
from plugin.sources.mapping.options import entries
from plugin.sources.mapping.reading import PropertyPlace, read, read_items
from plugin.sources.mapping.sampling import fill_rates, missing
from plugin.sources.mapping.targets import PATHS
from plugin.sources.tabular.problems import BadCell
from plugin.sources.values import Convention, read_instant

BERLIN = PropertyPlace("CRM", "eur", "Europe/Berlin")


def _read(path: str, raw: Any, said: dict[str, Any] | None = None, **more: Any) -> Any:
    """Return the value of one property, or the sentence that stands for it."""
    mapped = entries({path: {"from": "p", **more}})
    found = read(mapped, {"p": raw, **(said or {})}.get, BERLIN)
    return found.bad[0].message if found.bad else found.values.get(path)


@pytest.mark.parametrize(
    ("path", "raw", "value"),
    [
        ("account.name", "  Acme ", "Acme"),
        ("account.tier", 1, "1"),
        ("account.employees", "25", 25),
        ("account.employees", "25.0", 25),
        ("account.employees", 26.0, 26),
        ("account.employees", "1.2E3", 1200),
        ("account.is_reference", "true", True),
        ("account.is_reference", 0, False),
        ("account.is_reference", False, False),
        ("contract.renewal_at", "2027-01-20", date(2027, 1, 20)),
        ("contract.renewal_at", date(2027, 1, 20), date(2027, 1, 20)),
        ("contract.renewal_at", "1800403200000", date(2027, 1, 20)),
        ("contract.renewal_at", 1800403200, date(2027, 1, 20)),
        ("contract.renewal_at", "2027-01-19T23:30:00Z", date(2027, 1, 20)),
        ("contract.renewal_at", "2027-01-20T00:00:00Z", date(2027, 1, 20)),
        (
            "outreach.last_csm_touch_at",
            "2026-11-10T09:00:00.000+0000",
            datetime(2026, 11, 10, 9, tzinfo=UTC),
        ),
        ("outreach.last_csm_touch_at", "1794301200000", datetime(2026, 11, 10, 9, tzinfo=UTC)),
        ("account.domains", "a.example;b.example", ("a.example", "b.example")),
        ("account.goals", ["one", "two"], ("one", "two")),
        ("usage.weekly_active", [3, "4"], (3, 4)),
        ("account.name", "", None),
        ("account.name", None, None),
        ("account.domains", [], None),
    ],
)
def test_types_what_upstreams_say(path: str, raw: Any, value: Any) -> None:
    """Texts, numbers, epoch times and lists become what the vocabulary wants."""
    assert _read(path, raw) == value


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("account.employees", "many"),
        ("account.employees", "1,250"),
        ("account.employees", "25.5"),
        ("account.employees", -1),
        ("account.employees", float("nan")),
        ("contract.arr", {"amount": 1}),
        ("contract.renewal_at", "02/03/2027"),
        ("contract.renewal_at", True),
        ("contract.renewal_at", "99999999999999999"),
        ("account.is_reference", "perhaps"),
        ("account.stage", "hot"),
        ("account.csm.email", "nobody"),
        ("account.name", ["a"]),
    ],
)
def test_says_why_a_value_cannot_be_used(path: str, raw: Any) -> None:
    """What cannot be read is a gap with a sentence, never a guess."""
    said = _read(path, raw)

    assert isinstance(said, str)
    assert " " in said


def test_names_where_a_bad_value_stands() -> None:
    """The gap names the upstream and its own property."""
    bad = read(entries({"account.employees": "p"}), {"p": "many"}.get, BERLIN).bad[0]

    assert (bad.field, bad.where, bad.reason) == ("account.employees", "CRM, p", "bad_data")


@pytest.mark.parametrize(
    ("more", "said", "money"),
    [
        ({}, {}, Money(Decimal("12.50"), "eur")),
        ({"currency": "USD"}, {}, Money(Decimal("12.50"), "usd")),
        ({"currency_from": "c"}, {"c": "CHF"}, Money(Decimal("12.50"), "chf")),
        ({"approximate": True}, {}, Money(Decimal("12.50"), "eur", approximate=True)),
        ({"scale": "100"}, {}, Money(Decimal("1250.00"), "eur")),
    ],
)
def test_reads_money_in_its_currency(more: Any, said: Any, money: Money) -> None:
    """An amount has the property's currency, else the mapping's, else the connection's."""
    assert _read("contract.arr", "12.50", said, **more) == money


@pytest.mark.parametrize("code", ["", "XYZ", None])
def test_never_guesses_a_currency(code: Any) -> None:
    """An amount whose currency property is empty or unknown is a gap."""
    assert "currency" in _read("contract.arr", "1", {"c": code}, currency_from="c")


def test_translates_words() -> None:
    """The workspace's words become ours, in any case; others must be ours already."""
    words = {"Churn risk": "churned", "Live": "established"}

    assert _read("account.stage", "churn RISK", values=words) == "churned"
    assert _read("account.stage", "Renewing", values=words) == "renewing"
    assert "one of" in _read("account.stage", "Dead", values=words)


def test_translates_and_splits_lists() -> None:
    """A list that comes as text has its own separator, and each item is translated."""
    said = _read("account.tech_stack", "SF, HS", split=",", values={"SF": "Salesforce"})

    assert said == ("Salesforce", "HS")


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("string", "EMEA", "EMEA"),
        ("number", "-3.5", -3.5),
        ("bool", "false", False),
        ("money", "5", Money(Decimal(5), "eur")),
        ("date", "2026-01-02", date(2026, 1, 2)),
        ("list of string", "a;b", ("a", "b")),
        ("list of number", [1, -2], (1.0, -2.0)),
    ],
)
def test_types_custom_fields(kind: str, raw: Any, value: Any) -> None:
    """A custom field has the type that the settings give it."""
    assert _read("custom.x", raw, type=kind) == value


def test_reads_lists_of_records() -> None:
    """Rows become records; a field that cannot be read leaves the list partial."""
    mapped = entries({"id": "i", "amount": "a"}, root="deals")
    rows = [{"i": "1", "a": "10"}, {"i": "2", "a": "ten"}, {}]
    found = read_items("deals", mapped, [row.get for row in rows], BERLIN)

    assert found.values["deals"] == (Deal(id="1", amount=Money(Decimal(10), "eur")), Deal(id="2"))
    assert [bad.field for bad in found.bad] == ["deals[].amount"]
    assert found.partial == {"deals"}


def test_reports_missing_properties_and_fill_rates() -> None:
    """An admin learns what the upstream lacks, what it holds unusably, and how full it is."""
    mapped = entries({"contract.arr": "arr", "account.employees": "employes"})
    rows = [{"arr": "1"}, {"arr": "lots"}, {}]
    lacking = list(missing("k", mapped, {"arr", "employees"}))
    said = list(fill_rates("k", mapped[:1], [row.get for row in rows], BERLIN))

    assert [str(one) for one in lacking] == [
        "k.account.employees: there is no property employes (did you mean employees?)"
    ]
    assert [(one.is_note, one.message.partition(":")[0]) for one in said] == [
        (False, "arr cannot be read in 1 of 2"),
        (True, "arr is filled in 2 of 3 sampled records"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(sorted(PATHS)), raw=JSON)
def test_nothing_that_an_upstream_says_fails(path: str, raw: Any) -> None:
    """Whatever stands in a property becomes a fact that can be kept, a gap, or nothing."""
    found = read(entries({path: "p"}), {"p": raw}.get, BERLIN)

    assert encode(dict(found.values))
    assert len(found.values) + len(found.bad) <= 1


@pytest.mark.parametrize(
    "raw",
    [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:00:00Z",
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
        datetime(1, 1, 1, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])
def test_an_instant_without_a_day_in_every_zone_costs_its_own_value(raw, zone):
    """It is a bad cell, never an error of the whole source."""
    with pytest.raises(BadCell):
        read_instant(raw, Convention(zone=zone))


def test_a_list_of_which_no_row_could_be_read_is_unknown():
    """Lost rows never become an empty list; with one good row the list is a part."""
    mapped = entries({"close_at": "day"}, "deals")
    lost, part = (
        read_items("deals", mapped, [{"day": day}.get for day in days], BERLIN)
        for days in (["soon"], ["soon", "2027-01-20"])
    )

    assert lost.values == {}
    assert [bad.field for bad in lost.bad] == ["deals", "deals[].close_at"]
    assert (len(part.values["deals"]), set(part.partial)) == (1, {"deals"})


def test_fields_that_are_not_mapped_are_untold():
    """What the mapping has no entry for is no answer of the system."""
    found = read_items("deals", entries({"name": "n"}, "deals"), [{"n": "A"}.get], BERLIN)

    assert "deals[].status" in found.untold
    assert "deals[].name" not in found.untold
