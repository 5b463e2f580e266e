"""Tell which way a change of plan or seats goes, by the plans' ranks and the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from plugin.text.phrases import PhraseMatch
from plugin.text.tokens import Sentence

RANKS: Mapping[str, int] = {
    **dict.fromkeys(("free", "hobby", "personal", "individual"), 0),
    **dict.fromkeys(("starter", "basic", "lite", "light", "solo", "essential", "essentials"), 1),
    **dict.fromkeys(("bronze", "core"), 1),
    **dict.fromkeys(("standard", "growth", "team", "plus", "silver"), 2),
    **dict.fromkeys(("pro", "professional", "business", "premium", "gold"), 3),
    **dict.fromkeys(("advanced", "scale", "corporate"), 4),
    **dict.fromkeys(("enterprise", "ultimate", "unlimited", "elite", "platinum"), 5),
}
LOW_RANK = 1
NUMBER_DIGITS = 9


def _plans(sentence: Sentence, start: int, end: int) -> list[tuple[int, str]]:
    rows = []
    for at in range(start, min(end, len(sentence.tokens))):
        form = sentence.tokens[at].form
        if form in RANKS and (
            sentence.has(at + 1, "@planword")
            or sentence.has(
                at - 1, "to", "from", "the", "our", "a", "on", "in", "with", "for", "your"
            )
        ):
            rows.append((at, form))
    return rows


def clause_end(sentence: Sentence, at: int) -> int:
    """Return where the clause around a place ends."""
    while at < len(sentence.tokens) and not sentence.tokens[at].mark:
        at += 1
    return at


def target(sentence: Sentence, found: PhraseMatch) -> str | None:
    """Return the plan that is named as the one to have."""
    plans = _plans(sentence, found.start, clause_end(sentence, found.end))
    away = [
        form
        for at, form in plans
        if not sentence.has(at - 1, "from", "our") and not sentence.has(at - 2, "from")
    ]
    return away[-1] if away else None


def _moves_down(sentence: Sentence, found: PhraseMatch) -> bool | None:
    """Return which way a change between named plans goes, None when none can be told."""
    plans = _plans(sentence, found.start, clause_end(sentence, found.end))
    origin = [
        form
        for at, form in plans
        if sentence.has(at - 1, "from", "our") or sentence.has(at - 2, "from")
    ]
    wanted = target(sentence, found)
    if wanted is None:
        return None
    if origin and origin[0] != wanted:
        return RANKS[wanted] < RANKS[origin[0]]
    return RANKS[wanted] <= LOW_RANK


def numbers(sentence: Sentence, found: PhraseMatch) -> tuple[int, int] | None:
    """Return the numbers of "from 10 to 15" or "15 instead of 10", the old one first."""
    end = clause_end(sentence, found.end)
    rows = [
        (at, int(sentence.tokens[at].form))
        for at in range(found.start, end)
        if _small(sentence, at)
    ]
    for (one, first), (two, second) in pairwise(rows):
        between = range(one, two)
        if any(sentence.has(at, "instead", "not", "rather") for at in between):
            return second, first
        if sentence.has(one - 1, "from") and any(sentence.has(at, "to") for at in between):
            return first, second
    return None


def _small(sentence: Sentence, at: int) -> bool:
    form = sentence.tokens[at].form
    return form.isdecimal() and len(form) <= NUMBER_DIGITS


def direction(sentence: Sentence, found: PhraseMatch) -> str:
    """Return upgrade or downgrade, by what is named before the phrase's own kind."""
    key = found.phrase.key
    if (change := numbers(sentence, found)) is not None:
        return "downgrade" if change[1] < change[0] else "upgrade"
    explicit = any(sentence.has(at, "@up", "@down") for at in range(found.start, found.end))
    down = _moves_down(sentence, found)
    moves = "@gomove" in found.phrase.source or found.phrase.source.startswith("from")
    if not explicit and moves and down is not None:
        return "downgrade" if down else "upgrade"
    return key
