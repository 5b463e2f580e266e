"""The grammar: who does what to which thing, in which mood, whatever the language.

A frame stands around each word that could decide (cancel, move to, reduce). Its slots are filled
by the nearest words of their concept within the reach; the order of words differs by language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

DEEDS = (
    *(
        "end",
        "delete",
        "leave",
        "stop",
        "switch",
        "renew",
        "alternative",
        "another",
        "keep",
        "use",
        "need",
    ),
    *("charge", "up", "down", "dear", "price", "seat", "planname", "more", "feel", "bad", "reply"),
    *("long", "again", "RIVAL"),
)
THINGS = (
    *("ours", "OWN", "RIVAL", "recurring", "charge", "order", "content", "ui", "seat"),
    *("planname", "plan", "alternative", "vendor", "relation", "number"),
)
CLAUSE = "|"  # what a comma stands for
ENDS = frozenset((CLAUSE, "if"))  # behind them another thing is spoken of
HEADS = ("order", "content", "ui")  # things that another thing may be named before
AFTER, BEFORE = 7, 4  # words in which a thing is sought behind and before the deed
NEAR_NOT = 4  # words in which a negation is sought
OPENING = 3  # words at the beginning that tell a question from a wish


class Frame(NamedTuple):
    """One deed with its slots; each is a concept or "-"."""

    at: int
    deed: str
    thing: str
    who: str
    mood: str
    negated: bool


Stand = Sequence[tuple[str, ...]]


def _thing(stand: Stand, at: int) -> str:
    """Return the nearest thing behind the deed, else the nearest before it."""
    for places in (
        range(at + 1, min(len(stand), at + 1 + AFTER)),
        range(at - 1, max(-1, at - 1 - BEFORE), -1),
    ):
        for place in places:
            if not ENDS.isdisjoint(stand[place]):
                break
            for thing in THINGS:
                if thing in stand[place]:
                    return _head(stand, place, thing)
    return "-"


def _head(stand: Stand, place: int, thing: str) -> str:
    """Return what the last word of "contract meeting" is: it is what is meant."""
    behind = stand[place + 1] if place + 1 < len(stand) else ()
    return next((other for other in HEADS if other in behind), thing)


def _who(stand: Stand, at: int) -> str:
    """Return who does it: the nearest person before the deed; nobody where it is an order."""
    for place in range(at - 1, -1, -1):
        for who in ("me", "third", "you"):
            if who in stand[place]:
                return who
    if at <= 1:
        return "order"
    return "me" if any("me" in row for row in stand[at + 1 : at + 3]) else "-"  # "kündige ich"


def _mood(stand: Stand, at: int, *, asks: bool) -> str:
    before = {concept for row in stand[:at] for concept in row}
    opening = {concept for row in stand[:OPENING] for concept in row}
    for mood in ("story", "test"):
        if mood in opening:
            return mood
    if "mistake" in before:
        return "mistake"
    if "ask" in opening and (asks or "wish" not in before):
        return "ask"
    for mood in ("if", "wish", "please", "past"):
        if mood in before:
            return mood
    return "asked" if asks else "-"


def _negated(stand: Stand, at: int) -> bool:
    around = (*stand[max(0, at - NEAR_NOT) : at], *stand[at + 1 : at + 3])
    return any("neg" in row for row in around)


def frames(stand: Stand) -> Iterator[Frame]:
    """Yield the frame of each deed in a sentence, given what its words stand for."""
    asks = any("?" in row for row in stand)
    for at, row in enumerate(stand):
        for deed in DEEDS:
            if deed in row:
                mood = _mood(stand, at, asks=asks)
                yield Frame(at, deed, _thing(stand, at), _who(stand, at), mood, _negated(stand, at))


def seen(frame: Frame) -> Iterator[str]:
    """Yield what the weighing sees of a frame, from the general to the particular."""
    no = " not" if frame.negated else ""
    deed = f"[{frame.deed}{no}"
    yield f"{deed}]"
    yield f"{deed} {frame.thing}]"
    yield f"{deed} {frame.thing} {frame.who}]"
    yield f"{deed} {frame.thing} {frame.mood}]"
    yield f"{deed} {frame.who} {frame.mood}]"
    yield f"{deed} {frame.thing} {frame.who} {frame.mood}]"
