"""What a verb of ending ends: something of ours with the vendor, or another thing."""

from __future__ import annotations

from plugin.text import lexicon
from plugin.text.tokens import Sentence

NOUNS_MAX = 7  # tokens in which the object must come

OURS = "ours"  # the contract, the service, the vendor
OTHER = "other"
NOTHING = "nothing"  # "we want to cancel"
IT = "it"
THEIRS = "theirs"  # a third party's


def _ends(sentence: Sentence, at: int) -> bool:
    return at >= len(sentence.tokens) or sentence.tokens[at].mark


def _of_third(sentence: Sentence, at: int) -> bool:
    """Return whether what stands here belongs to a third party: "for one of our customers"."""
    if not sentence.has(at, "of", "for", "by", "from"):
        return False
    return any(
        sentence.has(place, "@third") and not sentence.has(place, "who")
        for place in range(at + 1, min(at + 6, len(sentence.tokens)))
        if not any(sentence.tokens[i].mark for i in range(at, place))
    )


def _of_letters(sentence: Sentence, at: int) -> bool:
    """Return whether the "subscription" is one to letters: "to your newsletter"."""
    return sentence.has(at, "to", "for") and any(
        sentence.has(place, "@letters") for place in range(at + 1, at + 8)
    )


def _with_others(sentence: Sentence, at: int) -> bool:
    """Return whether the contract is one with somebody else: "with the old agency"."""
    other = sentence.has(at + 1, "=the", "=an", "=our", "=another", "=their", "previous", "old")
    when = any(sentence.has(at + step, "effect", "end", "start", "expiry") for step in (2, 3))
    return sentence.has(at, "with") and other and not when


def _on_machine(sentence: Sentence, at: int) -> bool:
    """Return whether a "service" runs on a machine: "the service on the test server"."""
    return sentence.has(at, "on", "in") and any(
        sentence.has(at + step, "server", "cluster", "host", "machine", "container", "node", "vm")
        for step in range(1, 5)
    )


def _head(sentence: Sentence, at: int) -> str:
    """Return what a noun of ours at a place amounts to, with what is behind it."""
    after = at + 1
    while sentence.has(after, "@ours", "@product") and not sentence.has(after, "@npend"):
        after += 1
    if sentence.has(after, "id", "number") and not _ends(sentence, after + 1):
        return OURS
    if sentence.has(after, "@compound") and not _ends(sentence, after):
        return OTHER
    if _with_others(sentence, after) or _on_machine(sentence, after):
        return OTHER
    if sentence.has(after, "'s"):
        return OTHER
    if _of_third(sentence, after):
        return THEIRS
    return OTHER if _of_letters(sentence, after) else OURS


def _pronoun(sentence: Sentence, at: int) -> str | None:
    if sentence.has(at, "with") and sentence.has(at + 1, "you", "your"):
        return OURS
    if sentence.has(at, "=you", "=yours"):
        gift = sentence.has(at + 1, "a", "the", "some", "my", "alone", "with", "feedback", "to")
        return OTHER if gift else OURS
    if sentence.has(at, "=us", "=me") and any(
        sentence.has(place, "@letters") for place in range(at + 1, at + 6)
    ):
        return OTHER
    if sentence.has(at, "=us", "=me") and (
        _ends(sentence, at + 1) or sentence.has(at + 1, "@npend")
    ):
        return OURS
    alone = _ends(sentence, at + 1) or sentence.has(at + 1, "@npend")
    if sentence.has(at, "=it", "=this", "=that", "=everything", "=these", "=all") and alone:
        return IT
    return None


def _somebody(sentence: Sentence, at: int) -> bool:
    """Return whether an ordinary noun owns the object; a name may be the customer's own."""
    own = sentence.has(at, "year", "month", "quarter", "company", "team", "firm", "organisation")
    return sentence.tokens[at].form in lexicon.common() and not own


def _own_company(sentence: Sentence, at: int) -> bool:
    """Return whether "its" is their own company's: "our group ends its contract with you"."""
    if not sentence.has(at, "=its", "=their", "=whose"):
        return False
    inside = any(sentence.has(place, "@inside") for place in range(at))
    with_you = any(
        sentence.has(place, "with", "to", "of", "from") and sentence.has(place + 1, "you", "your")
        for place in range(at + 1, at + NOUNS_MAX)
    )
    return with_you or (inside and not any(sentence.has(p, "@third") for p in range(at)))


def _first(sentence: Sentence, at: int) -> str | None:
    """Return what the word at a place decides, None when one must read on."""
    if _ends(sentence, at):
        return NOTHING
    if sentence.has(at, "@theirs"):
        return None if _own_company(sentence, at) else THEIRS
    if sentence.has(at + 1, "'s") and _somebody(sentence, at):
        return THEIRS
    more = not _ends(sentence, at + 1) and not sentence.has(at + 1, "@npend")
    if sentence.has(at, "@minor", "@competitor") and more:
        return OTHER
    if sentence.has(at, "@ours"):
        return _head(sentence, at)
    return None


def object_after(sentence: Sentence, start: int, *, strict: bool = False) -> str:
    """Return what kind of object begins at a place; `strict` wants nothing behind its noun."""
    kind, at = _object(sentence, start)
    loose = at < len(sentence.tokens) and not sentence.has(at, "@npend", "@adverb", "@ours")
    if strict and kind == OURS and loose and not sentence.tokens[at].mark:
        return OTHER
    return kind


def _some_seats(sentence: Sentence, at: int) -> bool:
    """Return whether a number of seats is meant, which is less of the contract and no end."""
    counted = sentence.has(at + 1, "of", "seat", "licence", "user")
    return counted and sentence.tokens[at].form.isdecimal()


def _object(sentence: Sentence, start: int) -> tuple[str, int]:
    """Return the kind of object, and the place behind its noun."""
    if (pronoun := _pronoun(sentence, start)) is not None:
        return pronoun, len(sentence.tokens)
    strange = False
    lays = sentence.has(start - 1, "@lay") or sentence.has(start - 2, "@lay")
    vendors = lays and sentence.has(start, "=the")
    for at in range(start, start + NOUNS_MAX):
        if (found := _first(sentence, at)) is not None:
            return (OTHER if found == NOTHING and strange else found), at + 1
        vendors = vendors or sentence.has(at, "=your", "=this")
        if vendors and sentence.has(at, "@product") and not (lays and sentence.has(at, "company")):
            return _head(sentence, at), at + 1
        if (strange and sentence.has(at, "of")) or _some_seats(sentence, at):
            return OTHER, at
        if (
            sentence.has(at, "@npskip", "@planname", "@theirs")
            or sentence.tokens[at].form.isdecimal()
        ):
            continue
        if sentence.has(at, "@npend"):
            return (OTHER if strange else NOTHING), at
        strange = True
    return OTHER, start
