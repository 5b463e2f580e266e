"""The one reader of foreign values: what could be two values is none until somebody says which."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.account import words as account_words
from plugin.sources import numbers, times, words
from plugin.sources.refused import BadCell
from plugin.sources.values import (
    Convention,
    is_empty,
    read_bool,
    read_currency,
    read_date,
    read_id,
    read_instant,
    read_money,
    read_number,
    read_text,
    settled,
)

GROUPS = {".": [",", "'", " ", "\u202f", ""], ",": [".", "'", " ", "\u00a0", ""]}
AMOUNT = st.decimals("0", "99999999", places=3) | st.decimals("0", "99999", places=2)


def written(value: Decimal, mark: str, group: str, places: int) -> str:
    """Return a number as a country writes it."""
    text = f"{value:,.{places}f}"
    return text.replace(",", "g").replace(".", mark).replace("g", group)


@given(
    st.lists(st.tuples(AMOUNT, st.sampled_from([0, 2, 3])), min_size=1, max_size=4),
    st.sampled_from([".", ","]),
    st.data(),
)
def test_a_number_of_one_country_is_read_as_it_is_or_refused(
    drawn: list[tuple[Decimal, int]], mark: str, data: st.DataObject
):
    """A column of one convention, with one cell that proves it, is never read wrong."""
    group = data.draw(st.sampled_from(GROUPS[mark]))
    column = [(round(value, places), places) for value, places in drawn]
    cells = [(value, written(value, mark, group, places)) for value, places in column]
    cells.append((Decimal("1234.5"), written(Decimal("1234.5"), mark, group, 1)))
    admitted = [numbers.evidence(cell) for _, cell in cells]

    for given_mark in (None, ".", ","):
        how = Convention(decimal=settled(given_mark, admitted))
        for value, cell in cells:
            try:
                assert read_number(cell, how) == value
            except BadCell:
                assert given_mark != mark


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2099, 12, 31)), min_size=1, max_size=4),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d"]),
)
def test_a_date_of_one_country_is_read_as_it_is_or_refused(days: list[date], form: str):
    """A column of one order, with one day that proves it, is never read wrong."""
    drawn = [*days, date(2027, 1, 20)]
    cells = [day.strftime(form) for day in drawn]

    for given_order in (None, *times.ORDERS):
        how = Convention(date_order=settled(given_order, [times.evidence(cell) for cell in cells]))
        for day, cell in zip(drawn, cells, strict=True):
            try:
                assert read_date(cell, how) == day
            except BadCell:
                assert given_order is not None


@given(st.dates(date(1981, 1, 1), date(2099, 12, 31)), st.sampled_from(times.UNITS))
def test_a_bare_number_is_the_only_time_that_it_can_be(day: date, unit: str):
    """The units of bare numbers are told apart by what is plausible."""
    since = (day - date(1970, 1, 1)).days
    number = {
        "yyyymmdd": int(day.strftime("%Y%m%d")),
        "serial": (day - date(1899, 12, 30)).days,
        "seconds": since * 86_400,
        "milliseconds": since * 86_400_000,
    }[unit]

    assert read_date(number) == read_date(str(number)) == day
    assert read_date(number, Convention(time=unit)) == day


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("48.000", "'48.000' is 48 or 48000: countries read it differently"),
        ("1,250", "'1,250' is 1250 or 1.25: countries read it differently"),
        ("12 seats", "'12 seats' is not a number"),
        ("1.23457E+17", "'1.23457E+17' is not a number: it was shortened by a spreadsheet"),
        ("1.2.3", "'1.2.3' is not a number"),
        (True, "'True' is not a number"),
    ],
)
def test_a_number_that_is_refused_says_why(cell: Any, said: str):
    """The sentence shows the value and what it could be."""
    with pytest.raises(BadCell) as refused:
        read_number(cell)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("20271320", "'20271320' is no date"),
        ("2027", "'2027' is no date"),
        ("99999999999999999", "'99999999999999999' is no date"),
        ("03/04/2027", "'03/04/2027' is 2027-04-03 or 2027-03-04: countries read it differently"),
        ("2027-02-30", "'2027-02-30' is not a date"),
        ("20 jan 27 9 pm", "'20 jan 27 9 pm' is not a date"),
    ],
)
def test_a_date_that_is_refused_says_why(cell: str, said: str):
    """No number becomes 1970, and no order is assumed."""
    with pytest.raises(BadCell) as refused:
        read_date(cell)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    "cell",
    [
        "20.1.2027",
        "1/20/27 9:30 PM",
        "20 Jan 2027",
        "January 20, 2027",
        "20. Januar 2027",
        "20 janvier 2027",
        "Wed, 20 Jan 2027 09:30:00 +0000",
        "2027-01-20T00:00:00.000+0000",
        "2027-01-20 09:30:00 +0100",
        "20270120",
        "46407",
        "46407.5",
    ],
)
def test_a_day_is_read_in_every_common_form(cell: str):
    """What only one day can be is that day."""
    assert read_date(cell) == date(2027, 1, 20)


def test_an_instant_keeps_its_zone():
    """An offset counts; without one the column's zone does."""
    berlin = Convention(zone="Europe/Berlin")

    assert read_instant("2027-01-20 09:30 +0100").isoformat() == "2027-01-20T08:30:00+00:00"
    assert read_instant("2027-01-20 09:30", berlin) == read_instant("2027-01-20T08:30Z")
    assert read_instant("2027-01-20") - read_instant("2027-01-20", berlin) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("cell", "amount", "codes"),
    [
        ("1.234,50 €", "1234.50", {"eur"}),
        ("CHF 1'234.50", "1234.50", {"chf"}),
        ("(1,234.50)", "-1234.50", set()),
        ("-£5", "-5", {"gbp"}),
        ("₹12,34,567", "1234567", {"inr"}),
    ],
)
def test_an_amount_says_its_currency(cell: str, amount: str, codes: set[str]):
    """A sign or a code beside the digits is read with them."""
    assert read_money(cell) == (Decimal(amount), frozenset(codes))


def test_ids_keep_their_digits():
    """A spreadsheet's marks around an id go; an id that it shortened is refused."""
    assert [read_id(raw) for raw in ('="00456"', "'00789", 9001, Decimal("9001.0"), "00123")] == [
        "00456",
        "00789",
        "9001",
        "9001",
        "00123",
    ]
    with pytest.raises(BadCell, match="an id that a spreadsheet shortened"):
        read_id("3.60001E+11")


def test_yes_no_and_nothing_are_read_in_many_languages():
    """Y, WAHR and ja are yes; N/A and #REF! are nothing, 0 and no are values."""
    assert [read_bool(raw) for raw in ("Y", "WAHR", "ja", "oui", True, "1")] == [True] * 6
    assert [read_bool(raw) for raw in ("N", "FAUX", "nein", "f", False, "0")] == [False] * 6
    assert all(is_empty(raw) for raw in ("", " ", None, "#N/A", "n/a", "NULL", "-", "#REF!"))
    assert not any(is_empty(raw) for raw in (0, False, "0", "no", "none of it"))


def test_a_sign_of_several_currencies_is_none_of_them():
    """€ is one currency, kr is four."""
    assert read_currency("€") == read_currency("EUR") == "eur"
    with pytest.raises(BadCell, match="sign of several currencies"):
        read_currency("kr")


def test_a_damaged_text_is_refused():
    """A NUL byte is no letter."""
    with pytest.raises(BadCell, match="NUL byte"):
        read_text("Ce\x00dar")


@pytest.mark.parametrize(
    ("word", "known", "ours"),
    [
        ("Canceled", words.SUBSCRIPTION_STATUS, "cancelled"),
        ("incomplete_expired", words.SUBSCRIPTION_STATUS, "cancelled"),
        ("In Trial", words.SUBSCRIPTION_STATUS, "trialing"),
        ("Semi-Annual", words.INTERVALS, "half_year"),
        ("jährlich", words.INTERVALS, "year"),
        ("Past Due", words.INVOICE_STATUS, "open"),
        ("Waiting on Customer", account_words.TICKET_STATUS, "pending"),
        ("Medium", account_words.PRIORITY, "normal"),
    ],
)
def test_a_vendors_word_is_ours(word: str, known: tuple[str, ...], ours: str):
    """Every common system's words for our closed lists are known, in any case."""
    assert words.read_word(word, known) == ours


def test_no_vendors_word_means_two_of_ours():
    """Within one list a foreign word stands for one of our words only."""
    for said in words._SAID.values():  # noqa: SLF001 -- the table itself is what is looked at
        listed = [words.plain(word) for text in said.values() for word in text.split()]
        assert len(listed) == len(set(listed))
