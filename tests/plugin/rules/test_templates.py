"""Texts of rules: what they may hold, and how they read in the viewer's language and role."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.account.money import Money
from plugin.rules.formats import Count, Hidden
from plugin.rules.rendering import TemplateFacts, Values, fill
from plugin.rules.templates import (
    MOST_FINDINGS,
    TemplateScope,
    bounded,
    check_template,
    parse_template,
)

FIELDS = {
    "account.name": "Northwind",
    "account.domains": ("north.example", "wind.example"),
    "account.is_reference": True,
    "contract.arr": Money(Decimal(30000), "usd", approximate=True),
    "contract.renewal_at": date(2027, 1, 20),
    "health.score": 58.0,
    "usage.top_user_share": 0.874,
    "usage.seats_active": 1,
    "usage.last_seen_at": datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
}
BUG = {"subject": "CSV export fails", "created_at": datetime(2026, 11, 9, 8, tzinfo=UTC)}
FACTS = TemplateFacts({"days": 90}, {"bug": ("tickets", BUG)}, Count(3))


def values(zone: str = "UTC", /, **fields: object) -> Values:
    """Return what a viewer may see, with some fields changed (a dot is written as two _)."""
    seen = {**FIELDS, **{name.replace("__", "."): value for name, value in fields.items()}}
    return Values(
        seen.get, lambda _path, item, name: item.get(name), date(2026, 11, 21), ZoneInfo(zone)
    )


def read(text: str, locale: str = "en", facts: TemplateFacts = FACTS, **fields: object) -> str:
    """Return a text as a viewer reads it."""
    return fill(parse_template(text)[0], values("UTC", **fields), facts, locale)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plain text.", "Plain text."),
        ("{{ account.name }}", "Northwind"),
        ("{{account.name}}!", "Northwind!"),
        ("{{ account.domains }}", "north.example, wind.example"),
        ("{{ account.is_reference }}", "yes"),
        ("{{ health.score }}", "58"),
        ("{{ money(contract.arr) }}", "≈ $30,000"),
        ("{{ contract.arr }}", "≈ $30,000"),
        ("{{ days_until(contract.renewal_at) }}", "60"),
        ("{{ date(contract.renewal_at) }}", "20 Jan 2027"),
        ("{{ contract.renewal_at }}", "20 Jan 2027"),
        ("{{ percent(usage.top_user_share) }}", "87%"),
        ("{{ plural(usage.seats_active, 'seat', 'seats') }}", "1 seat"),
        ("{{ plural(matches, 'ticket', 'tickets') }}", "3 tickets"),
        ("{{ matches }} in {{ params.days }}", "3 in 90"),
        ("{{ bug.subject }}, {{ days_since(bug.created_at) }} days", "CSV export fails, 12 days"),
        ("{{ contract.plan }}", "unknown"),
        ("{{ money(contract.mrr) }} a month", "unknown a month"),
    ],
)
def test_a_text_reads_as_written(text: str, shown: str) -> None:
    """Each slot is filled; a gap reads "unknown"."""
    assert read(text) == shown


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("de", "≈ 30.000\xa0$ am 20.01.2027"),
        ("fr", "≈ 30\u202f000\xa0$US am 20 janv. 2027"),
        ("en-GB", "≈ US$30,000 am 20 Jan 2027"),
        ("nonsense", "≈ $30,000 am 20 Jan 2027"),
    ],
)
def test_numbers_follow_the_viewer(locale: str, shown: str) -> None:
    """Money and days are written as the viewer's language does; unknown ones read English."""
    assert read("{{ money(contract.arr) }} am {{ date(contract.renewal_at) }}", locale) == shown


@pytest.mark.parametrize("text", ["{{ money(contract.arr) }}", "{{ contract.arr }}"])
def test_a_withheld_amount_shows_its_band(text: str) -> None:
    """The exact amount is nowhere in the text."""
    assert read(text, contract__arr=Hidden("$25–50k")) == "$25–50k"
    assert read(text, contract__arr=Hidden()) == "withheld"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Money(Decimal("2500.5"), "usd"), "$2,500.50"),
        (Money(Decimal("1200.4"), "jpy"), "¥1,200"),
        (Money(Decimal(-20), "eur"), "-€20"),
        (1500.0, "$1,500"),
    ],
)
def test_money_has_the_decimals_of_its_currency(amount: object, shown: str) -> None:
    """Whole amounts have none; a bare number is in the workspace's currency."""
    assert read("{{ money(contract.arr) }}", contract__arr=amount) == shown


def test_an_instant_falls_on_a_day_of_the_workspace() -> None:
    """Half past eleven at night in UTC is already today in Berlin."""
    template = parse_template("{{ days_since(usage.last_seen_at) }}")[0]

    assert fill(template, values("UTC"), FACTS, "en") == "1"
    assert fill(template, values("Europe/Berlin"), FACTS, "en") == "0"


def test_an_incomplete_count_says_that_there_may_be_more() -> None:
    """`matches` of half a list reads 3+."""
    facts = TemplateFacts({}, {}, Count(3, more=True))

    assert read("{{ plural(matches, 'ticket', 'tickets') }}", facts=facts) == "3+ tickets"


@pytest.mark.parametrize(
    ("text", "code", "marked"),
    [
        ("{{ contract.seats }}", "template-field", "contract.seats"),
        ("{{ bug.subjct }}", "template-field", "bug.subjct"),
        ("{{ bug }}", "template-field", "bug"),
        ("{{ old.subject }}", "template-field", "old.subject"),
        ("{{ tickets }}", "template-field", "tickets"),
        ("{{ params.nope }}", "template-field", "params.nope"),
        ("{{ date(contract.arr) }}", "template-format", "contract.arr"),
        ("{{ money(health.score) }}", "template-format", "health.score"),
        ("{{ percent(account.name) }}", "template-format", "account.name"),
        ("{{ days_until(health.score) }}", "template-format", "health.score"),
        ("{{ upper(account.name) }}", "template-format", "{{ upper(account.name) }}"),
        ("{{ plural(matches, 'a') }}", "template-format", "{{ plural(matches, 'a') }}"),
        ("{{ money(contract.arr, 2) }}", "template-format", "{{ money(contract.arr, 2) }}"),
        ("{{ a + b }}", "template-format", "{{ a + b }}"),
        ("{{ money(money(contract.arr)) }}", "template-format", "{{ money(money(contract.arr)) }}"),
        ("{{ }}", "template-format", "{{ }}"),
        ("{{ account.name }", "template-format", "{{"),
        ("{% if x %}", "template-format", "{%"),
    ],
)
def test_refuses_what_cannot_be_shown(schema, text: str, code: str, marked: str) -> None:
    """Each mistake has its code and its place; nothing but the formatters is understood."""
    scope = TemplateScope(schema, {"days": 90}, {"bug": "tickets"}, counts=True)
    template, problems = parse_template(text)
    found = [*problems, *check_template(template, scope)][0]

    assert (found.code, text[found.start : found.end]) == (code, marked)


def test_matches_needs_exactly_one_filter(schema) -> None:
    """Without a filter there is nothing to count."""
    template, _ = parse_template("{{ matches }}")

    assert [found.code for found in check_template(template, TemplateScope(schema))] == [
        "template-field"
    ]


@given(st.text(alphabet="{} %'\",()abc.é", max_size=60))
def test_no_text_can_break_the_reader(text: str) -> None:
    """Whatever the text, it is read or refused, in linear time, and its words are kept."""
    template, problems = parse_template(text)
    kept = "".join(part for part in template.parts if isinstance(part, str))

    assert problems or template.slots() or kept == text


@pytest.mark.parametrize("what", ["{", "{{", "}}", "%}", "{{x y}}", "{{zz}}", "{{ money("])
def test_a_text_of_nothing_but_mistakes_is_read_once(what, schema):
    """80 kB of braces, or of slots that mean nothing: some twenty findings, and it ends."""
    text = what * (80_000 // len(what))
    template, findings = parse_template(text)
    unknown = list(bounded(check_template(template, TemplateScope(schema))))

    assert template.text == text
    assert len(findings) <= MOST_FINDINGS + 2
    assert len(unknown) <= MOST_FINDINGS + 1
    assert "template-more" in {finding.code for finding in (*findings, *unknown)}
