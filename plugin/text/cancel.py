"""Find where the customer states or considers to end the relationship."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plugin.text import guards, lexicon
from plugin.text.endings import kept, verb_ends
from plugin.text.goingon import doubted, unused
from plugin.text.objects import OTHER, OURS
from plugin.text.phrases import PhraseMatch
from plugin.text.tokens import Sentence

_PARTS = ("idea", "noun", "verb", "keep", "doubt", "unused")
_JUDGES = {"keep": kept, "doubt": doubted, "unused": unused}
_FORCED = ("please", "asap", "immediately", "immediate")


def _settled(sentences: Sequence[Sentence], index: int, found: PhraseMatch) -> bool:
    """Return whether the intent was dropped, or the end was a mistake or is long past."""
    sentence = sentences[index]
    finder = lexicon.finder("cancel", "settled")
    rest = sentence.words[found.end :]
    if next(iter(finder.find(rest)), None) is not None:
        return True
    clause = guards.clause_start(sentence, found.start)
    before = range(clause, found.start)
    form = sentence.tokens[found.start].form
    if any(
        sentence.has(at, "almost", "nearly", "accidentally", "mistakenly", "inadvertently")
        for at in before
    ):
        return True
    past = form.endswith("ed") or form == "left" or any(sentence.has(at, "@past") for at in before)
    if not past:
        return False
    later = [word for each in sentences[index + 1 : index + 3] for word in each.words]
    after = [*rest, *later]
    return any("@resolved" in word.symbols for word in after) or any(
        True for _ in finder.find(later)
    )


def _mentioned(sentence: Sentence, end: int) -> str | None:
    """Return what "it" would mean: the last of ours or of other things that was named."""
    for at in range(end - 1, -1, -1):
        if sentence.has(at, "@ours") and not sentence.has(at + 1, "@compound"):
            return OURS
        if sentence.has(at, "@cancellable"):
            return OTHER
    return None


def _guarded(sentences: Sequence[Sentence], index: int, found: PhraseMatch) -> bool:
    sentence = sentences[index]
    if guards.by_others(sentence, found.start):
        return True
    if guards.asked(sentence, found.start) and not _forced(sentence):
        return True
    return _settled(sentences, index, found)


def _forced(sentence: Sentence) -> bool:
    return sentence.has(0, "can", "could") and any(
        sentence.has(at, *_FORCED) for at in range(len(sentence.tokens))
    )


def _candidates(sentence: Sentence, earlier: str | None) -> Iterator[PhraseMatch]:
    for found in lexicon.finder("cancel", *_PARTS).find(sentence.words):
        key = found.phrase.key
        if key in _JUDGES:
            if _JUDGES[key](sentence, found):
                yield found
        elif key == "verb":
            seen = _mentioned(sentence, found.start) or earlier
            if verb_ends(sentence, found, seen) and not guards.negated(sentence, found.start):
                yield found
        elif not guards.negated(sentence, found.start) and not _of_other(sentence, found):
            yield found


def _of_other(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether a noun or idea turns out to be another thing by the word behind it."""
    if found.phrase.key == "noun":
        return sentence.has(found.end, "@ui", "@compound") and not sentence.has(
            found.end, "request", "notice"
        )
    if found.phrase.source.startswith(("look", "@seek")) and _other_search(sentence, found):
        return True
    verbal = sentence.has(found.end, "to") and sentence.tokens[found.end + 1 : found.end + 2] != ()
    gerund = verbal and sentence.tokens[found.end + 1].form.endswith("ing")
    return gerund or sentence.has(found.end, "@byway")


def _other_search(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether a search is part of the product, or for something small: "phone system"."""
    small = sentence.has(found.end - 2, "@minor") and not sentence.has(found.end - 2, "@other")
    return small or sentence.has(found.start - 1, "=the", "=your")


def _never(sentence: Sentence) -> bool:
    return next(iter(lexicon.finder("cancel", "never").find(sentence.words)), None) is not None


def find(sentences: Sequence[Sentence]) -> Iterator[tuple[int, PhraseMatch]]:
    """Yield each strong phrase with the number of its sentence."""
    earlier: str | None = None
    for index, sentence in enumerate(sentences):
        if not _never(sentence):
            for found in _candidates(sentence, earlier):
                if not _guarded(sentences, index, found):
                    yield index, found
        earlier = _mentioned(sentence, len(sentence.tokens)) or earlier
