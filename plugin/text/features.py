"""What the weighing reader sees of a sentence: words, what they stand for, and their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from plugin.text import lexicon
from plugin.text.concepts import concepts
from plugin.text.frames import CLAUSE, Frame, frames, seen
from plugin.text.tokens import Sentence, TextToken
from plugin.text.turns import turns

NAMES = {"@competitor": "RIVAL", "@own": "OWN"}  # tokens that stand for a name of the workspace
REACH = 5  # words between two concepts that are seen together
STEM = 6  # letters of a long word that are seen without its ending
TOKENS_MAX = 60  # of a sentence
REMEMBERED = 20_000
_MARKS = {"?": ("?",), ",": (CLAUSE,), ";": (CLAUSE,), ":": (CLAUSE,), "–": (CLAUSE,)}


@lru_cache(maxsize=REMEMBERED)
def _word(form: str) -> tuple[str, tuple[str, ...]]:
    """Return a word without its English ending, and what it stands for."""
    if form in NAMES:
        return NAMES[form], (NAMES[form],)
    if form.isdecimal():
        return "#", ("number",)
    if not form[:1].isalnum():
        return form, _MARKS.get(form[:1], ())
    known = [each for each in lexicon.forms().symbols(form) if each and each[0] not in "=@"]
    return min(known, default=form), concepts(form)


def _pairs(stand: list[tuple[str, ...]]) -> Iterator[str]:
    for at, firsts in enumerate(stand):
        if firsts:
            for seconds in stand[at + 1 : at + 1 + REACH]:
                for second in seconds:
                    for first in firsts:
                        yield f"{first}>{second}"


def _rows(stand: list[tuple[str, ...]]) -> Iterator[str]:
    said = ["", *(row[0] for row in stand if row), ""]
    for first, second, third in zip(said, said[1:], said[2:], strict=False):
        yield f"{first}+{second}+{third}"


def _turned(tokens: Sequence[TextToken], stand: list[tuple[str, ...]]) -> Iterator[str]:
    there = {concept for row in stand for concept in row}
    for turn in turns(tokens):
        yield turn
        yield from (f"{turn} {thing}" for thing in ("seat", "plan", "planname") if thing in there)


class SeenSentence(NamedTuple):
    """What is seen of a sentence: features, each once, and the frames among them."""

    features: list[str]
    frames: tuple[Frame, ...]


def see(sentence: Sentence) -> SeenSentence:
    """Return what is seen of a sentence, in an order that never changes."""
    tokens = sentence.tokens[:TOKENS_MAX]
    read = [_word(token.form) for token in tokens]
    words = ["^", *(word for word, _ in read), "$"]
    stand = [row for _, row in read]
    there = tuple(frames(stand))
    found = [f"w {word}" for word in words[1:-1]]
    found += [
        f"s {token.form[:STEM]}" for token in tokens if len(token.form) > STEM and not token.mark
    ]
    found += [f"{one} {two}" for one, two in pairwise(words)]
    found += [concept for row in stand for concept in row]
    found += _pairs(stand)
    found += _rows(stand)
    found += [each for frame in there for each in seen(frame)]
    found += _turned(tokens, stand)
    return SeenSentence(list(dict.fromkeys(found)), there)
