"""Judge doubts about going on: "on the fence about renewing", "no longer use the tool"."""

from __future__ import annotations

from plugin.text import guards
from plugin.text.objects import NOTHING, OTHER, OURS, THEIRS, object_after
from plugin.text.phrases import PhraseMatch
from plugin.text.tokens import Sentence

_OPEN = ("when", "how", "what", "which", "where", "why", "date")


def _of_us(sentence: Sentence) -> bool:
    return any(
        sentence.has(at, "@we", "@inside", "=your", "=you") for at in range(len(sentence.tokens))
    )


def doubted(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether it is the contract's going on that is doubted."""
    last = found.end - 1
    if any(sentence.has(at, *_OPEN) for at in range(found.start, last)) or not _of_us(sentence):
        return False
    asks_leave = sentence.has(found.start, "whether") and any(
        sentence.has(at, "can", "could", "may") for at in range(found.start, last)
    )
    if asks_leave or guards.negated(sentence, found.start) or _fails(sentence):
        return False
    if sentence.has(last, "customer", "client"):
        return sentence.has(last - 1, "=a", "=your")
    return _goes_on(sentence, found, last)


def _goes_on(sentence: Sentence, found: PhraseMatch, last: int) -> bool:
    """Return whether the last word is a going on of ours: "to renew", "keeping the contract"."""
    kind = object_after(sentence, found.end)
    if sentence.has(last, "renewal"):
        return True
    if sentence.has(last, "renew"):
        return kind not in {OTHER, THEIRS}
    if sentence.has(last, "stay", "remain", "continue"):
        return kind == OURS or (kind == NOTHING and _subject_is_we(sentence, found))
    if sentence.has(last, "@keepon"):
        return kind == OURS
    return sentence.has(found.start, "lean", "renewal", "extension")


def _fails(sentence: Sentence) -> bool:
    return any(sentence.has(at, "@trouble") for at in range(len(sentence.tokens)))


def _subject_is_we(sentence: Sentence, found: PhraseMatch) -> bool:
    last = found.end - 1
    infinitive = sentence.has(last - 1, "to") or sentence.tokens[last].form.endswith("ing")
    between = range(found.start + 1, last)
    return infinitive or any(sentence.has(at, "=we", "=i", "=us") for at in between)


def unused(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether they will not use, or no longer need, the product."""
    if not guards.negated(sentence, found.start) or sentence.has(found.end, "to"):
        return False
    clause = guards.clause_start(sentence, found.start)
    before = range(clause, found.start)
    if any(sentence.has(at, "can", "could", "able") for at in before):
        return False
    if not any(sentence.has(at, "=we", "=i", "@inside") for at in before):
        return False
    unwanted = sentence.has(found.start, "want")
    return _product_after(sentence, found.end) and (unwanted or _for_good(sentence, clause))


def _product_after(sentence: Sentence, at: int) -> bool:
    """Return whether "your tool", "this service" or the contract comes next, and not a part."""
    if not sentence.has(at, "=your", "=this", "=the", "=our"):
        return sentence.has(at, "=you") and not sentence.has(at + 1, "to")
    noun = at + 1
    while sentence.has(noun, "@npskip") and not sentence.has(noun, "@planname"):
        noun += 1
    if sentence.has(noun + 1, "to") or not sentence.has(
        noun, "@product", "subscription", "contract", "plan", "workspace"
    ):
        return False
    end = noun + 1
    return end >= len(sentence.tokens) or sentence.tokens[end].mark or sentence.has(end, "@npend")


def _for_good(sentence: Sentence, clause: int) -> bool:
    end = clause + 1
    while end < len(sentence.tokens) and not sentence.tokens[end].mark:
        end += 1
    return any(sentence.has(at, "@nomore") for at in range(clause, end))
