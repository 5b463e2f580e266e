"""How phrases of the lexicons match."""

from __future__ import annotations

import pytest

from plugin.text.phrases import Finder, Word, phrase


def words(text: str) -> list[Word]:
    """Return plain words; a comma is a mark."""
    return [Word(frozenset({word, f"={word}"}), mark=word == ",") for word in text.split()]


def spans(source: str, text: str) -> list[tuple[int, int]]:
    """Return where a phrase is found."""
    return [(each.start, each.end) for each in Finder([phrase(source)]).find(words(text))]


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("a b", "x a b", [(1, 3)]),
        ("a b", "a x b", []),
        ("a|c b", "c b a b", [(0, 2), (2, 4)]),
        ("a b? c", "a c a b c", [(0, 2), (2, 5)]),
        ("a *2 b", "a x x b", [(0, 4)]),
        ("a *2 b", "a x x x b", []),
        ("a *2 b", "a , b", []),
        ("a b*3 c", "a b b c", [(0, 4)]),
        ("^ a", "a x a , a", [(0, 1), (4, 5)]),
        ("a $", "a x a , a", [(2, 3), (4, 5)]),
        ("a *3", "a x y", [(0, 3)]),
    ],
)
def test_elements(source: str, text: str, found: list[tuple[int, int]]) -> None:
    """Words, alternatives, optional ones, gaps, repetitions and clause bounds match as written."""
    assert spans(source, text) == found


def test_phrase_that_begins_with_a_gap_is_refused() -> None:
    """A gap at the beginning would match everywhere."""
    with pytest.raises(ValueError, match="cannot begin with a gap"):
        Finder([phrase("*2 a")])
