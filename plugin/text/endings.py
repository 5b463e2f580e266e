"""Judge a verb of ending: whether it stands as one, and whether what it ends is ours."""

from __future__ import annotations

from plugin.text import guards
from plugin.text.objects import IT, NOTHING, OTHER, OURS, THEIRS, object_after
from plugin.text.phrases import PhraseMatch
from plugin.text.tokens import Sentence

_TRANSACTIONS = ("contract", "deal", "agreement", "engagement")


def _is_noun(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether the verb stands as a noun: "the end of", "click cancel", "cancel button"."""
    at = found.start
    if sentence.has(at - 1, "@click") or sentence.has(at - 1, '="'):
        return True
    if sentence.has(found.end, "@ui") and not sentence.has(found.end, "@ours", "@npend"):
        return True
    article = sentence.has(
        at - 1,
        "=the",
        "=a",
        "=an",
        "=our",
        "=my",
        "=your",
        "=this",
        "=at",
        "=year",
        "=month",
        "=week",
        "=high",
    )
    return article and not sentence.tokens[at].form.endswith("ing")


def _is_passive(sentence: Sentence, found: PhraseMatch) -> bool:
    form = sentence.tokens[found.start].form
    before = found.start - 1
    while sentence.has(before, "@adverb", "already", "not"):
        before -= 1
    return form.endswith("ed") and sentence.has(before, "be", "get")


def _to_be_ended(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether a passive is asked for: "should be cancelled", "want it cancelled"."""
    clause = guards.clause_start(sentence, found.start)
    before = range(clause, found.start)
    ours = any(sentence.has(at, "@ours") for at in before)
    if ours and not sentence.asks and any(_on_the_way(sentence, at) for at in before):
        return True
    asked = any(
        sentence.has(
            at, "should", "must", "shall", "want", "like", "need", "please", "wish", "request"
        )
        for at in before
    )
    return ours and asked


def _on_the_way(sentence: Sentence, at: int) -> bool:
    """Return whether "our plan" stands before "is being" or "will be", which tells a will."""
    own = sentence.has(at, "@ours") and sentence.has(at - 1, "=our", "=my", "=the", "=this")
    told = sentence.has(at + 1, "=is", "=are", "=will") and sentence.has(at + 2, "=being", "=be")
    return own and told


def _left_open(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether "leave" has another object than the vendor: "leave the plan as it is"."""
    kept = any(
        sentence.has(at, "plan", "account", "subscription", "workspace", "licence", "trial", "seat")
        for at in range(found.end, found.end + 4)
    )
    return kept or not sentence.has(found.end, "=you", "=your", "=this", "=the")


def _bare_leave(sentence: Sentence, found: PhraseMatch) -> bool:
    ends = found.end >= len(sentence.tokens) or sentence.tokens[found.end].mark
    reason = sentence.has(
        found.end,
        "if",
        "because",
        "unless",
        "when",
        "once",
        "at",
        "by",
        "after",
        "over",
        "and",
        "or",
        "due",
        "as",
        "soon",
        "next",
        "altogether",
    )
    for_good = sentence.has(found.end, "for") and sentence.has(
        found.end + 1, "a", "another", "good"
    )
    together = any(sentence.has(at, "=we", "company", "team") for at in range(found.start))
    return together and (ends or reason or for_good)


def verb_ends(sentence: Sentence, found: PhraseMatch, earlier: str | None) -> bool:
    """Return whether a verb of ending has an object of ours; `earlier` is what "it" would be."""
    if _is_noun(sentence, found) or _signs(sentence, found):
        return False
    if found.end == found.start + 1 and _is_passive(sentence, found):
        return _to_be_ended(sentence, found)
    own = sentence.has(found.start, "@end")
    kind = object_after(sentence, found.end, strict=not own)
    if sentence.has(found.start, "leave", "walk", "bail") and found.end == found.start + 1:
        left = kind == OURS and not _left_open(sentence, found)
        return left or _bare_leave(sentence, found)
    return _object_ends(sentence, found, kind, earlier)


def _signs(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether a contract or deal is "closed", which is to win it."""
    return sentence.has(found.start, "close") and any(
        sentence.has(at, *_TRANSACTIONS) for at in range(found.end, found.end + 4)
    )


def _object_ends(sentence: Sentence, found: PhraseMatch, kind: str, earlier: str | None) -> bool:
    own = sentence.has(found.start, "@end")
    if kind == OURS:
        return own or _possessed(sentence, found)
    if kind in {OTHER, THEIRS}:
        return kind == OTHER and _wanted_ended(sentence, found)
    return own and _bare(sentence, found, kind, earlier)


def _possessed(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether "stop" or "close" has an object that is somebody's, or is a bare order."""
    lower = sentence.has(found.start, "drop") and any(
        sentence.has(at, "to", "down") for at in range(found.end, found.end + 5)
    )
    opens = found.start == 0 or sentence.tokens[found.start - 1].mark
    mine = any(
        sentence.has(
            at,
            "=our",
            "=my",
            "=the",
            "=this",
            "=your",
            "=you",
            "=all",
            "@theirs",
            "=auto",
            "=using",
            "=with",
            "=paying",
            "=on",
        )
        for at in range(found.start, found.end + 2)
    )
    return not lower and (mine or opens or sentence.has(found.start - 1, "please", "to"))


def _wanted_ended(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether the participle follows its object: "want our plan cancelled"."""
    form = sentence.tokens[found.start].form
    return (
        form.endswith("ed")
        and sentence.has(found.start - 1, "@ours")
        and guards.wished(sentence, found.start - 3)
    )


def _bare(sentence: Sentence, found: PhraseMatch, kind: str, earlier: str | None) -> bool:
    """Return whether a verb without an object of its own means the relationship."""
    if sentence.has(found.start - 1, "@ours") and sentence.tokens[found.start].form.endswith("ed"):
        return guards.wished(sentence, found.start - 2) or guards.wished(sentence, found.start - 3)
    if earlier == OTHER and not _by_us(sentence, found.start):
        return False
    if (
        kind == IT
        and not sentence.has(found.end, "everything")
        and not sentence.has(found.end + 1, "all")
    ):
        return earlier == OURS
    if sentence.has(found.start, "unsubscribe") and earlier != OURS:
        return False
    whole = sentence.has(found.end, "everything", "all") or sentence.has(found.end + 1, "all")
    orders = found.start == 0 and (earlier == OURS or whole or _alone(sentence, found))
    stated = (
        sentence.has(found.start - 1, "=we", "=i", "=have", "just", "=am", "=are")
        and kind == NOTHING
    )
    return orders or stated or guards.wished(sentence, found.start)


def _alone(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether the order is all there is: "Cancel please."."""
    return all(
        token.mark or sentence.has(at, "please", "now", "asap", "immediately", "today", "thanks")
        for at, token in enumerate(sentence.tokens[found.end :], found.end)
    )


def _by_us(sentence: Sentence, start: int) -> bool:
    """Return whether "we" is the subject: they speak of the relationship, not of a job."""
    at = start - 1
    while sentence.has(at, "@wish", "@aux", "@adverb", "to", "of"):
        at -= 1
    return sentence.has(at, "=we")


def kept(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether a negated verb of going on says that it ends."""
    if not guards.negated(sentence, found.start):
        return False
    kind = object_after(sentence, found.end)
    if kind in {OTHER, THEIRS}:
        return False
    renews = sentence.has(found.start, "renew")
    if kind != OURS and not renews and not (kind == NOTHING and _goes_on_bare(sentence, found)):
        return False
    return _meant(sentence, found)


def _goes_on_bare(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether "we will not continue" stands for itself, and is no failing attempt."""
    if not sentence.has(found.start, "continue", "extend", "prolong", "proceed", "carry", "re"):
        return False
    clause = guards.clause_start(sentence, found.start)
    before = range(clause, found.start)
    able = any(sentence.has(at, "can", "could", "able", "unable", "it") for at in before)
    waits = any(sentence.has(at, "until", "because") for at in range(found.end, found.end + 3))
    past = any(sentence.has(at, "=was", "=were", "=has", "=had", "=did") for at in before)
    ours = any(sentence.has(at, "=we", "=i", "=us", "@ours") for at in before)
    return not able and not waits and not past and (ours or clause == 0)


def _meant(sentence: Sentence, found: PhraseMatch) -> bool:
    """Return whether not renewing is a will, and no failure of a machine."""
    clause = guards.clause_start(sentence, found.start)
    before = range(clause, found.start)
    if any(sentence.has(at, "@trouble") for at in range(len(sentence.tokens))):
        return False
    itself = any(sentence.has(at, "@ours", "it", "certificate", "token") for at in before)
    willed = any(
        sentence.has(at, "=we", "=i", "will", "shall", "should", "want", "please", "must", "let")
        for at in before
    )
    return willed or not itself
