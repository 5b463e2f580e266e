"""Find growth, contraction and frustration in the customer's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from plugin.text import guards, lexicon
from plugin.text.objects import OTHER, THEIRS, object_after
from plugin.text.phrases import PhraseMatch
from plugin.text.plans import clause_end, direction, numbers, target
from plugin.text.tokens import Sentence


class Intent(NamedTuple):
    """What was found: upgrade or downgrade, where, and the plan that is named."""

    kind: str
    start: int
    end: int
    plan: str | None


def _sold_version(sentence: Sentence) -> bool:
    """Return whether a "version" is one that is sold: paid, free, professional."""
    return any(
        sentence.has(at, "version") and sentence.has(at - 1, "@planname", "paid", "full", "trial")
        for at in range(len(sentence.tokens))
    )


def _is_machine(sentence: Sentence) -> bool:
    """Return whether a browser, a library or a version is meant, not the contract."""
    words = range(len(sentence.tokens))
    ours = _sold_version(sentence) or any(
        (
            sentence.has(at, "@planword", "@seat", "account", "enterprise", "paid", "commercial")
            and not sentence.has(at, "version", "@machine", "user")
        )
        or (sentence.has(at, "@planname") and sentence.has(at - 1, "to", "onto"))
        for at in words
    )
    return not ours and any(
        sentence.has(at, "@machine")
        or (sentence.has(at, "@number") and sentence.has(at - 1, "version", "v", "to"))
        for at in words
    )


def _is_group(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether people go into a group of the product, not into the contract."""
    end = clause_end(sentence, found.end)
    return any(
        sentence.has(at, "to", "from", "in", "into", "as", "on")
        and any(sentence.has(place, "@chair") for place in range(at + 1, min(at + 5, end)))
        for at in range(found.end - 1, end)
    )


def _covered(sentence: Sentence, part: str, found: PhraseMatch) -> bool:
    return any(
        each.start < found.end and found.start < each.end
        for each in lexicon.finder("intent", part).find(sentence.words)
    )


def _how_to_user(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether one asks how to add or remove somebody, without a number or "more"."""
    return not any(
        sentence.has(
            at, "@more", "@number", "seat", "seats", "licence", "licences", "@planname", "@planword"
        )
        for at in range(found.start, found.end)
    ) and sentence.has(found.end - 1, "user", "users")


def _turns_other(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether "upgrade" has another object than the plan, or tells of the past."""
    at = found.start
    if not sentence.has(at, "@up", "@down") or found.end > at + 1 or sentence.has(at - 1, "=a"):
        return False
    past = sentence.tokens[at].form.endswith("ed")
    if past and sentence.has(
        at - 1,
        "=we",
        "=i",
        "=you",
        "=they",
        "=it",
        "=have",
        "=has",
        "=was",
        "=were",
        "just",
        "already",
        "recently",
    ):
        return True
    end = clause_end(sentence, at)
    ours = any(
        sentence.has(place, "@planname", "@planword", "@seat", "account", "us", "me", "workspace")
        for place in range(at + 1, end)
    )
    return not ours and object_after(sentence, at + 1) in {OTHER, THEIRS}


def _undone(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether the change itself is called off, or held to be the limit: "only need"."""
    before = range(max(0, found.start - 4), found.start)
    if any(
        sentence.has(at, "cancel", "undo", "revert", "stop", "reverse", "avoid") for at in before
    ):
        return True
    return (
        found.phrase.key == "upgrade"
        and sentence.has(found.start - 1, "only", "just")
        and not sentence.has(found.start, "@up", "@gated")
        and numbers(sentence, found) is None
        and sentence.has(found.start, "need", "use")
    )


def _told_to_vendor(sentence: Sentence, start: int) -> bool:
    """Return whether the vendor is to do it, and not asked to: "either you lower the price"."""
    asked = sentence.has(start - 2, "can", "could", "would", "will")
    return sentence.has(start - 1, "=you") and not asked


def _negates_itself(found: PhraseMatch) -> bool:
    return found.phrase.source.startswith(("not", "no", "can", "without"))


def _turns(found: PhraseMatch) -> bool:
    return (
        "@up" in found.phrase.source
        or "@down" in found.phrase.source
        or "@gomove" in found.phrase.source
    )


def _guarded(sentence: Sentence, found: PhraseMatch, kind: str) -> bool:
    """Return whether the phrase is no intent of theirs with the contract."""
    part = "not_growth" if kind == "upgrade" else "not_shed"
    before = range(max(0, found.start - 4), found.start)
    return (
        (guards.negated(sentence, found.start) and not _negates_itself(found))
        or (guards.by_others(sentence, found.start) and not sentence.has(found.start, "@seat"))
        or _turns_other(sentence, found)
        or _undone(sentence, found)
        or _is_group(sentence, found)
        or _how_to_user(sentence, found)
        or (kind == "downgrade" and _told_to_vendor(sentence, found.start))
        or sentence.has(found.end, "@thingof")
        or (kind == "upgrade" and sentence.has(found.end, "off", "away", "out", "less"))
        or (_covered(sentence, part, found) and not _sold_version(sentence))
        or (_turns(found) and _is_machine(sentence))
        or any(sentence.has(at, "@competitor") for at in before)
    )


def find(sentences: Sequence[Sentence]) -> Iterator[tuple[int, Intent]]:
    """Yield upgrade and downgrade intents with the number of their sentence."""
    for index, sentence in enumerate(sentences):
        for found in lexicon.finder("intent", "upgrade", "downgrade").find(sentence.words):
            kind = direction(sentence, found)
            if not _guarded(sentence, found, kind):
                yield index, Intent(kind, found.start, found.end, target(sentence, found))


def frustration(sentences: Sequence[Sentence]) -> Iterator[tuple[int, PhraseMatch]]:
    """Yield phrases of frustration with the number of their sentence."""
    for index, sentence in enumerate(sentences):
        if any(True for _ in lexicon.finder("intent", "calm").find(sentence.words)):
            continue
        for found in lexicon.finder("intent", "frustration").find(sentence.words):
            if not guards.by_others(sentence, found.start) or found.start == 0:
                yield index, found
