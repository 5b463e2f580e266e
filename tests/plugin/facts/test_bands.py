"""Bands of ARR."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.account.money import Money
from plugin.facts.bands import band
from plugin.settings.records import ARR_BANDS


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("30000", "usd", "$25–50k"),
        ("25000", "usd", "$25–50k"),
        ("4999.99", "usd", "under $5k"),
        ("0", "eur", "under €5k"),
        ("600000", "usd", "$250k–1M"),
        ("1000000", "usd", "over $1M"),
        ("70000", "chf", "CHF 50–100k"),
    ],
)
def test_an_amount_falls_into_one_band_of_its_currency(amount, currency, text):
    """An amount on an edge is in the band above."""
    assert band(Money(Decimal(amount), currency), ARR_BANDS) == text


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_no_band_gives_the_amount_away(amount):
    """There are as many texts as bands, whatever the amount."""
    edges = ("5k", "25k", "1M")

    assert band(Money(amount, "usd"), edges) in {"under $5k", "$5–25k", "$25k–1M", "over $1M"}
