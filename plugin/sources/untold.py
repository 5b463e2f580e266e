"""Which fields of a list's items a source has no place for: their silence is no answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from plugin.account.vocabulary import FIELDS

TEXT = "text"  # the customer's own words: no field of a ticket, but several follow from them

# Field of an item → what it follows from; any of these is enough for its silence to mean none.
_FOLLOWS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "contacts": {"role": ("title",), "role_inferred": ("title", "role"), "seniority": ("title",)},
    "tickets": {
        "topics": ("subject", TEXT),
        "component": ("subject", TEXT),
        "sentiment": (TEXT,),
        "sentiment_quote": (TEXT,),
        "repeats_90d": ("topics", "component", "subject", TEXT),
    },
    "invoices": {"days_overdue": ("due_at",)},
    "usage.limits": {"ratio": ("used",)},
}
# A ticket repeats none, and an invoice waits for nobody, unless somebody says so.
_UNLESS_SAID = frozenset({"tickets[].duplicate_of", "invoices[].on_hold"})


def untold(root: str, told: Iterable[str]) -> frozenset[str]:
    """Return the item fields (`tickets[].reopens`) that a source of the list `root` never tells.

    `told` names the fields that it has a place for, and TEXT where it gives the words of tickets.
    """
    known = frozenset(told)
    follows = _FOLLOWS.get(root, {})
    return frozenset(
        path
        for field in FIELDS[root].items
        if (path := f"{root}[].{field.path}") not in _UNLESS_SAID
        and field.path not in known
        and known.isdisjoint(follows.get(field.path, ()))
    )
