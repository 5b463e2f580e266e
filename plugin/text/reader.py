"""Decide what sentences say: grammar and phrases propose, the weights decide and say how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from plugin.text import cancel, foreign, intent, weights
from plugin.text.features import SeenSentence, see
from plugin.text.frames import Frame, seen
from plugin.text.own import Own
from plugin.text.phrases import PhraseMatch
from plugin.text.rivalry import Named
from plugin.text.tokens import Sentence

SURE, LIKELY = "sure", "likely"
PHRASE = 1.5  # logits that a known phrase adds
NAMED = 2.5  # logits that a rival's name has, or lacks where phrases take it for context
LIKELY_FROM, SURE_FROM = 0.5, 2.0  # logits
DEEDS: Mapping[str, frozenset[str]] = {  # what some word must stand for
    "cancel": frozenset(("end", "delete", "leave", "stop", "switch", "renew", "alternative")),
    "upgrade": frozenset(("up", "seat", "planname", "price", "more")),
    "downgrade": frozenset(("down", "dear", "planname", "seat", "price")),
    "frustration": frozenset(("feel", "bad", "reply", "long", "again", "charge")),
}
NEGATED: Mapping[str, frozenset[str]] = {  # … when it is negated
    "cancel": frozenset(("keep", "use", "need")),
    "downgrade": frozenset(("need", "use")),
}
_IT = frozenset(("it", "that", "this", "them", "es", "das", "ihn", "lo", "la", "le", "les", "ca"))
_NO_WEIGHT = (0,) * len(weights.HEADS)


class Said(NamedTuple):
    """One kind that a sentence says: the rival or plan, the logit, the tokens that decided."""

    kind: str
    name: str | None
    score: float
    start: int
    end: int
    known: bool = False  # a known phrase says it, too

    @property
    def confidence(self) -> str:
        """How surely it is said."""
        return SURE if self.score >= SURE_FROM else LIKELY


class Weighed(NamedTuple):
    """What is seen of a sentence, and the logit of each kind and topic."""

    seen: SeenSentence
    scores: Mapping[str, float]


def weigh(sentence: Sentence) -> Weighed:
    """Return what is seen of a sentence and how much it weighs."""
    found = see(sentence)
    scores = weights.shipped().scores(found.features)
    return Weighed(found, dict(zip(weights.HEADS, scores, strict=True)))


class Proposed(NamedTuple):
    """What the phrases find: kind → tokens [start, end) and the plan that is named."""

    start: int
    end: int
    name: str | None = None


def _phrases(
    rows: Sequence[Named], annoyed: Sequence[tuple[int, PhraseMatch]]
) -> dict[tuple[int, str], Proposed]:
    """Return what the phrases find in each sentence, the first of each kind."""
    found: dict[tuple[int, str], Proposed] = {}
    sentences = [row.sentence for row in rows]
    for index, each in cancel.find(sentences):
        found.setdefault((index, "cancel"), Proposed(each.start, each.end))
    for index, start, end in foreign.find(sentences):
        found.setdefault((index, "cancel"), Proposed(start, end))
    for index, hit in intent.find(sentences):
        plan = hit.plan.title() if hit.plan else None
        found.setdefault((index, hit.kind), Proposed(hit.start, hit.end, plan))
    for index, each in annoyed:
        found.setdefault((index, "frustration"), Proposed(each.start, each.end))
    return found


def _fits(frame: Frame, kind: str) -> bool:
    if frame.deed in DEEDS[kind]:
        return True
    if kind == "cancel" and frame.deed == "another":
        return frame.thing == "vendor"
    if kind == "cancel" and frame.deed == "charge":
        return frame.negated and frame.mood in ("wish", "please")
    return frame.negated and frame.deed in NEGATED.get(kind, ())


def deciding(found: SeenSentence, kind: str) -> Frame | None:
    """Return the frame of this kind that weighs most, None when no word could say it."""
    column, rows = weights.KINDS.index(kind), weights.shipped().rows
    return max(
        (frame for frame in found.frames if _fits(frame, kind)),
        key=lambda frame: sum(rows.get(each, _NO_WEIGHT)[column] for each in seen(frame)),
        default=None,
    )


def _of_it(sentence: Sentence, frame: Frame) -> bool:
    """Return whether the thing is only "it": what that is, the phrases know."""
    after = sentence.tokens[frame.at + 1 : frame.at + 3]
    return frame.thing == "-" and any(token.form in _IT for token in after)


def _intents(
    sentence: Sentence,
    found: SeenSentence,
    scores: Mapping[str, float],
    phrases: Mapping[str, Proposed],
) -> Iterator[Said]:
    totals = {kind: scores[kind] + (PHRASE if kind in phrases else 0.0) for kind in DEEDS}
    other = {"upgrade": totals["downgrade"], "downgrade": totals["upgrade"]}
    for kind, score in totals.items():
        phrase = phrases.get(kind)
        if score <= max(LIKELY_FROM, other.get(kind, LIKELY_FROM)):
            continue
        if phrase is not None:
            yield Said(kind, phrase.name, score, phrase.start, phrase.end, known=True)
        elif (frame := deciding(found, kind)) is not None and not _of_it(sentence, frame):
            yield Said(kind, None, score, frame.at, frame.at + 1)


def _rivals(row: Named, score: float) -> Iterator[Said]:
    """Yield the rivals that are meant as such; the phrases' own verdict is one voice of two."""
    for name in row.names:
        total = score + (NAMED if name in row.hits else -NAMED)
        if total > 0:
            yield Said("competitor", name.name, max(total, LIKELY_FROM), name.start, name.end)


def _added(sentence: Sentence, own: Own) -> Iterator[Said]:
    """Yield what the workspace's own phrases say; they need no weighing."""
    for found in own.find(sentence):
        yield Said(found.phrase.key, None, SURE_FROM, found.start, found.end, known=True)


def find(
    rows: Sequence[Named],
    weighed: Sequence[Weighed],
    annoyed: Sequence[tuple[int, PhraseMatch]],
    own: Own,
    *,
    judged: bool,
) -> Iterator[tuple[int, Said]]:
    """Yield what sentences say, each with the sentence's number.

    `annoyed` are phrases of frustration; not `judged`: only rivals are read, as in any language.
    """
    phrases = _phrases(rows, annoyed) if judged else {}
    for index, (row, (found, scores)) in enumerate(zip(rows, weighed, strict=True)):
        sentence = row.sentence
        if own.ignores(sentence):
            continue
        yield from ((index, said) for said in _added(sentence, own))
        known = {kind: phrases[index, kind] for kind in DEEDS if (index, kind) in phrases}
        if not found.frames and not known:
            continue
        yield from ((index, said) for said in _rivals(row, scores["competitor"]))
        if judged:
            yield from ((index, said) for said in _intents(sentence, found, scores, known))
