"""Find phrases of words, word classes and short gaps in a sentence, in linear time.

A phrase is written as a row of elements: `word` (any of its forms), `=word` (this form only),
`@class`, `a|b` (either), `x?` (may be left out), `x*3` (up to three of it), `*3` (up to three
words of any kind), `^` and `$` (start and end of the clause).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

START, END = "^", "$"
REMEMBERED = 20_000  # distinct words whose phrases are kept
_REPEATED = re.compile(r"(.*)\*(\d+)")


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase: the symbols that fit it, none for any word."""

    symbols: frozenset[str]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as written, with what it says when it is found."""

    source: str
    elements: tuple[Element, ...]
    key: str = ""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class PhraseMatch:
    """A phrase found: the tokens [start, end) of the sentence."""

    start: int
    end: int
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Word:
    """A token as the matcher sees it: its symbols, and whether it is a mark between clauses."""

    symbols: frozenset[str]
    mark: bool = False


def _element(written: str) -> tuple[Element, ...]:
    if repeated := _REPEATED.fullmatch(written):
        symbols = frozenset(repeated[1].split("|")) if repeated[1] else frozenset()
        return (Element(symbols, optional=True),) * int(repeated[2])
    optional = written.endswith("?")
    return (Element(frozenset(written.removesuffix("?").split("|")), optional),)


def phrase(source: str, key: str = "", weight: float = 1.0) -> Phrase:
    """Read a phrase as it is written in a lexicon."""
    elements = tuple(part for written in source.split() for part in _element(written))
    return Phrase(source, elements, key, weight)


def _fits(element: Element, words: Sequence[Word], at: int) -> int | None:
    """Return how many words the element takes at a place, None when it does not fit."""
    if START in element.symbols and (at == 0 or words[at - 1].mark):
        return 0
    if END in element.symbols and (at == len(words) or words[at].mark):
        return 0
    if at >= len(words) or words[at].mark:
        return None
    if not element.symbols or not element.symbols.isdisjoint(words[at].symbols):
        return 1
    return None


def _reach(elements: tuple[Element, ...], words: Sequence[Word], at: int, states: set[int]) -> None:
    """Add the places of the phrase that are reached without taking a word."""
    for index in range(len(elements)):
        if index in states and (elements[index].optional or _fits(elements[index], words, at) == 0):
            states.add(index + 1)


def _longest(found: Phrase, words: Sequence[Word], start: int) -> int | None:
    elements, states, best, at = found.elements, {0}, None, start
    while states:
        _reach(elements, words, at, states)
        if len(elements) in states:
            best = at
        states = {
            index + 1
            for index in states
            if index < len(elements) and _fits(elements[index], words, at) == 1
        }
        at += 1
    return best


def _needed(found: Phrase) -> tuple[frozenset[str], ...]:
    """Return what each word that cannot be left out may be: one of each must be there somewhere."""
    return tuple(
        element.symbols
        for element in found.elements
        if element.symbols and not element.optional and element.symbols.isdisjoint({START, END})
    )


class Finder:
    """Phrases by the symbols that they can begin with."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self.by_first: dict[str, list[Phrase]] = {}
        self._remembered: dict[frozenset[str], tuple[Phrase, ...]] = {}
        self._needed = {each.source: _needed(each) for each in phrases}
        for each in phrases:
            for symbol in _first_symbols(each):
                self.by_first.setdefault(symbol, []).append(each)

    def find(self, words: Sequence[Word]) -> Iterator[PhraseMatch]:
        """Yield each phrase at each place, as long as it can be there."""
        there = frozenset[str]().union(*(word.symbols for word in words))
        possible: dict[str, bool] = {}  # most phrases lack a word in most sentences
        for start, word in enumerate(words):
            for each in self._beginning(word):
                source = each.source
                if source not in possible:
                    possible[source] = not any(map(there.isdisjoint, self._needed[source]))
                end = _longest(each, words, start) if possible[source] else None
                if end is not None and end > start:
                    yield PhraseMatch(start, end, each)

    def _beginning(self, word: Word) -> tuple[Phrase, ...]:
        if (found := self._remembered.get(word.symbols)) is not None:
            return found
        known = sorted(word.symbols & self.by_first.keys())
        found = tuple(dict.fromkeys(each for symbol in known for each in self.by_first[symbol]))
        if len(self._remembered) < REMEMBERED:
            self._remembered[word.symbols] = found
        return found


def _first_symbols(found: Phrase) -> frozenset[str]:
    symbols: set[str] = set()
    for element in found.elements:
        symbols |= element.symbols - {START, END}
        if not element.symbols:
            raise ValueError(f"{found.source}: a phrase cannot begin with a gap")
        if not element.optional and START not in element.symbols:
            break
    return frozenset(symbols)
