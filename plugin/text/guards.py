"""What keeps a phrase from being an intent: negation, other people, questions of how."""

from __future__ import annotations

from plugin.text import lexicon
from plugin.text.tokens import Sentence

NEGATION_REACH = 9
WISH_REACH = 8
_JOINS = (
    "=because",
    "=as",
    "=since",
    "=so",
    "=and",
    "=or",
    "=but",
    "=while",
    "=otherwise",
    "=then",
    "=else",
)
_SUBJECTS = ("=we", "=i", "=our", "=please", "=my", "=the", "=it", "=they", "=you", "=then")


def clause_start(sentence: Sentence, at: int) -> int:
    """Return where the clause around a place begins."""
    start = at
    while start > 0 and not sentence.tokens[start - 1].mark:
        if sentence.has(start - 1, *_JOINS) and sentence.has(start, *_SUBJECTS):
            break
        start -= 1
    return start


def _why_not(sentence: Sentence, at: int) -> bool:
    """Return whether a negation only asks: "why don't we", "can't you just"."""
    why = any(sentence.has(place, "why") for place in range(max(0, at - 4), at))
    return why or (sentence.asks and at <= 1 and sentence.has(at - 1, "@aux"))


def _averse(sentence: Sentence, at: int) -> bool:
    """Return whether what follows is to be avoided: "instead of", "rather than", "avoid"."""
    return sentence.has(at, "avoid", "prevent", "against", "refuse", "instead", "without") or (
        sentence.has(at, "than") and sentence.has(at - 1, "rather")
    )


def negated(sentence: Sentence, start: int) -> bool:
    """Return whether a negation of the same clause reaches the phrase at a place."""
    for at in range(start - 1, max(-1, start - 1 - NEGATION_REACH), -1):
        if sentence.tokens[at].mark:
            return False
        if sentence.has(at, "@not"):
            only = sentence.has(at + 1, "only") or sentence.has(at - 1, "if", "whether", "or")
            return not (only or _why_not(sentence, at))
        if _averse(sentence, at):
            return True
        if not sentence.has(at, "@linker", "@wish", "longer", "than", "@adverb"):
            return False
    return False


def wished(sentence: Sentence, start: int) -> bool:
    """Return whether somebody of theirs wants, plans or considers the phrase at a place."""
    for at in range(start - 1, max(-1, start - 1 - WISH_REACH), -1):
        if sentence.tokens[at].mark:
            return False
        if sentence.has(at, "@wish", "let", "have"):
            return True
        if not sentence.has(at, "@linker", "@adverb", "@we", "or", "and", "whether", "not"):
            return False
    return False


def by_others(sentence: Sentence, start: int) -> bool:
    """Return whether the nearest subject before a place is a third party."""
    if sentence.has(start, "=we", "=i"):
        return False
    for at in range(start - 1, -1, -1):
        if sentence.tokens[at].form in {".", ";", "(", "–", "—"}:
            return False
        if sentence.has(at, "=we", "=i", "=us", "please"):
            return False
        ours = sentence.has(at, "@ours") and sentence.has(at - 1, "=our", "=your", "=this")
        if ours and not sentence.has(at - 2, "of", "from", "for", "to", "with", "in"):
            return False
        spoken_to = sentence.has(at + 1, "about", "in", "from", "on", "at", "to", "regarding")
        if spoken_to and sentence.has(at, "someone", "somebody", "anyone"):
            continue
        if sentence.has(at, "@third") and not _themselves(sentence, at):
            return True
    return False


def _themselves(sentence: Sentence, at: int) -> bool:
    """Return whether the word names themselves: "as a customer", "our CFO, she"."""
    if sentence.has(at, "=she", "=he", "=they", "=who", "=people", "=everyone"):
        return any(sentence.has(place, "@inside") for place in range(at))
    return any(
        sentence.has(place, "as", "your", "you", "than") for place in range(max(0, at - 3), at)
    )


def asked(sentence: Sentence, start: int) -> bool:
    """Return whether the clause asks for terms or for the way, before or around the phrase."""
    if sentence.has(start - 1, "=you") and sentence.has(start - 2, "can", "could", "will", "would"):
        return False
    clause = clause_start(sentence, start)
    finder = lexicon.finder("cancel", "weak")
    for found in finder.find(sentence.words[:start]):
        if found.start >= clause:
            return True
    supposed = any(
        sentence.has(
            at, "if", "suppose", "assuming", "case", "should", "when", "once", "after", "before"
        )
        for at in range(clause, start)
    )
    return sentence.asks and supposed and _questions(sentence)


def _questions(sentence: Sentence) -> bool:
    """Return whether the sentence asks for something that depends: "what", "do we", "is there"."""
    for at in range(len(sentence.tokens)):
        opens = at == 0 or sentence.tokens[at - 1].mark
        if sentence.has(at, "@ask") or (opens and sentence.has(at, "@aux")):
            return True
    return any(
        sentence.has(at, "=do", "=does", "=is", "=are", "=will", "=would", "=can")
        and sentence.has(at + 1, "=we", "=i", "=you", "=our", "=there", "=the", "=it")
        for at in range(len(sentence.tokens))
    )
