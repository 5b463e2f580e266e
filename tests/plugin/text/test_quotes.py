"""Short quotes that name nobody."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.text.quotes import QUOTE_MAX, mask, quote


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to ann.b+x@mail.example.com now", "write to [e-mail] now"),
        ("call +49 170 1234567 now", "call [phone] now"),
        ("call (555) 123-4567 now", "call [phone] now"),
        ("card 4111 1111 1111 1111 ok", "card [card] ok"),
        ("card 4111-1111-1111-1111 ok", "card [card] ok"),
        ("card 4111111111111111 ok", "card [card] ok"),
        ("IBAN DE89 3704 0044 0532 0130 00 ok", "IBAN [account number] ok"),
        ("see https://example.com/?u=ann", "see [link]"),
        ("on 2026-11-03 we paid 1200 for 25 seats", "on 2026-11-03 we paid 1200 for 25 seats"),
    ],
)
def test_masks_what_names_people_and_cards(text: str, masked: str) -> None:
    """E-mails, phone, card and account numbers and links are masked, dates and amounts stay."""
    assert mask(text) == masked


def test_long_sentence_is_cut_around_the_phrase() -> None:
    """A quote holds the phrase, whole words, and at most 120 characters."""
    text = "word " * 100 + "we cancel the contract " + "word " * 100
    start = text.index("we cancel")
    found = quote(text, (0, len(text)), (start, start + 9))

    assert "we cancel" in found
    assert len(found) <= QUOTE_MAX
    assert set(found.split()) <= {"word", "we", "cancel", "the", "contract"}


@settings(max_examples=100)
@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_quotes_are_short_whatever_the_place(text: str, one: int, other: int) -> None:
    """Any span of any text gives a quote of at most 120 characters."""
    low, high = sorted((min(one, len(text)), min(other, len(text))))

    assert len(quote(text, (0, len(text)), (low, high))) <= QUOTE_MAX


@settings(max_examples=60)
@given(st.text(alphabet="ab ", max_size=200), st.text(alphabet="ab ", max_size=200))
def test_address_never_leaks_by_a_cut(before: str, after: str) -> None:
    """Wherever the window falls, no part of an e-mail address is in the quote."""
    text = f"{before} we cancel ann.secret@example.com {after}"
    start = text.index("we cancel")

    assert "secret" not in quote(text, (0, len(text)), (start, start + 9))
