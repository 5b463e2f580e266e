"""Weigh the feeling in English text, from −1 to 1, or say that it cannot be told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from plugin.text import lexicon
from plugin.text.phrases import Finder, PhraseMatch
from plugin.text.tokens import Sentence

WORDS_MIN = 4
NEGATION_REACH = 3
FLIPPED = -0.5  # a negated word counts half, the other way round
BOOSTED, DAMPED = 1.4, 0.6
AFTER_BUT = 2.0
FRUSTRATED = -4.0
EVEN = 20.0  # so that one strong word reaches two thirds of the scale
NEGATIVE = -0.3


@dataclass(frozen=True, slots=True)
class Feeling:
    """The score, and the sentence and tokens (number, start, end) that pull it down most."""

    score: float
    worst: tuple[int, int, int] | None = None


@cache
def _weights() -> Finder:
    return Finder(lexicon.phrases("sentiment", "words"))


def _polite(sentence: Sentence) -> set[int]:
    return {
        at
        for found in lexicon.finder("sentiment", "nothing").find(sentence.words)
        for at in range(found.start, found.end)
    }


def _turns(sentence: Sentence) -> int | None:
    """Return where "but" stands, when something is said on both sides of it."""
    for at in range(1, len(sentence.tokens) - 1):
        if sentence.has(at, "@swing"):
            return at
    return None


def _scaled(sentence: Sentence, found: PhraseMatch) -> float:
    weight = found.phrase.weight
    for at in range(max(0, found.start - 2), found.start):
        if sentence.has(at, "@boost"):
            weight *= BOOSTED
        elif sentence.has(at, "@damp"):
            weight *= DAMPED
    for at in range(found.start - 1, max(-1, found.start - 1 - NEGATION_REACH), -1):
        if sentence.tokens[at].mark:
            break
        if sentence.has(at, "@not") and not sentence.has(at + 1, "only"):
            return weight * FLIPPED
    return weight


def _in_sentence(sentence: Sentence) -> Iterator[tuple[float, int, int]]:
    polite, turn, taken = _polite(sentence), _turns(sentence), -1
    rows = sorted(
        _weights().find(sentence.words), key=lambda found: (found.start, found.start - found.end)
    )
    for found in rows:
        if found.start in polite or found.start < taken:
            continue
        taken = found.end
        doubled = AFTER_BUT if turn is not None and found.start > turn else 1.0
        yield _scaled(sentence, found) * doubled, found.start, found.end


def _rows(
    sentences: Sequence[Sentence], frustrated: Sequence[tuple[int, PhraseMatch]]
) -> Iterator[tuple[float, tuple[int, int, int]]]:
    covered: dict[int, set[int]] = {}
    for index, found in frustrated:
        places = covered.setdefault(index, set())
        if places.isdisjoint(range(found.start, found.end)):
            yield FRUSTRATED, (index, found.start, found.end)
        places.update(range(found.start, found.end))
    for index, sentence in enumerate(sentences):
        for weight, start, end in _in_sentence(sentence):
            if covered.get(index, set()).isdisjoint(range(start, end)):
                yield weight, (index, start, end)


def read(
    sentences: Sequence[Sentence], frustrated: Sequence[tuple[int, PhraseMatch]]
) -> Feeling | None:
    """Return the feeling of English sentences, None when there are too few words to tell."""
    words = sum(not token.mark for sentence in sentences for token in sentence.tokens)
    if words < WORDS_MIN:
        return None
    rows = list(_rows(sentences, frustrated))
    total = sum(weight for weight, _ in rows)
    score = total / math.sqrt(total * total + EVEN)
    worst = min(rows, default=None, key=lambda row: row[0])
    place = worst[1] if worst is not None and worst[0] < 0 else None
    if place is None:
        score = max(score, 0.0)
    return Feeling(round(score, 2) + 0.0, place)
