"""Inflections and typos."""

from __future__ import annotations

import pytest

from plugin.text import lexicon
from plugin.text.forms import one_slip


@pytest.mark.parametrize("form", ["cancels", "cancelled", "canceled", "cancelling", "canceling"])
def test_inflections_are_the_word(form: str) -> None:
    """British and American inflections of a verb are found by its base."""
    assert "cancel" in lexicon.forms().symbols(form)


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("cancle", "cancel"),
        ("cancell", "cancel"),
        ("subcription", "subscription"),
        ("subscripton", "subscription"),
        ("upgarde", "upgrade"),
        ("contarct", "contract"),
        ("integraton", "integration"),
    ],
)
def test_one_slip_is_forgiven(form: str, word: str) -> None:
    """A missing, added, changed or swapped letter does not hide a key word."""
    assert word in lexicon.forms().symbols(form)


@pytest.mark.parametrize("form", ["contact", "cancer", "chancel", "render", "counsel"])
def test_ordinary_words_are_no_slips(form: str) -> None:
    """A word of its own is never taken for a slip of another."""
    assert lexicon.forms().symbols(form).isdisjoint({"cancel", "contract", "renew"})


def test_irregular_forms_are_known() -> None:
    """Left is found as leave."""
    assert "leave" in lexicon.forms().symbols("left")


@pytest.mark.parametrize(
    ("written", "meant", "near"),
    [
        ("cancle", "cancel", True),
        ("cancel", "cancel", True),
        ("cance", "cancel", True),
        ("kancel", "cancel", False),
        ("canlec", "cancel", False),
    ],
)
def test_slips_are_single(written: str, meant: str, near: bool) -> None:  # noqa: FBT001 - a column of the table
    """Two slips, or another first letter, make another word."""
    assert one_slip(written, meant) is near
