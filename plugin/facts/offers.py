"""What each connection offers for an account, and whose word counts for a field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from plugin.account.context import Source
from plugin.account.vocabulary import FIELDS
from plugin.upstream import Facts


@dataclass(frozen=True, slots=True)
class Offer:
    """One connection's answer: facts, or the gap reason in their place.

    `served_stale` says that the facts are an older copy because the upstream did not answer
    now, for `reason`. `budget` is the age in seconds past which its values are amber.
    """

    name: str
    title: str
    supplies: frozenset[str]
    facts: Facts | None = None
    reason: str | None = None
    served_stale: bool = False
    budget: float = 3600.0
    until: datetime | None = None

    def covers(self, path: str) -> bool:
        """Tell whether a good answer of this connection says something about `path`."""
        return path in self.supplies or path.partition(".")[0] in self.supplies

    def value(self, path: str) -> Any:
        """Return the value offered for `path`, None when there is none."""
        return None if self.facts is None else self.facts.values.get(path)

    def freshness(self, now: datetime) -> str:
        """Return fresh, or stale once the facts are older than the budget."""
        if self.facts is None:
            return "stale"
        return "stale" if now - self.facts.as_of > timedelta(seconds=self.budget) else "fresh"

    def source(self, path: str, now: datetime) -> Source:
        """Return where the value of `path` came from."""
        if self.facts is None:
            raise LookupError(path)
        field = self.facts.fields.get(path, path)
        return Source(self.name, field, self.facts.as_of, self.freshness(now))


def customary(path: str) -> str:
    """Return the name of the connection that usually supplies `path`."""
    field = FIELDS.get(path) or FIELDS.get(path.partition(".")[0])
    return (field.meaning.upstream if field else None) or "crm"


def preferred(path: str, offers: Sequence[Offer]) -> list[Offer]:
    """Return the offers that cover `path`, the customary connection first, then as configured."""
    root = path.partition(".")[0]
    covering = [offer for offer in offers if path in offer.supplies or root in offer.supplies]
    if len(covering) < 2:  # noqa: PLR2004 - nobody to prefer
        return covering
    usual = customary(path)
    return sorted(covering, key=lambda offer: offer.name != usual)


def values_of(path: str, offers: Sequence[Offer]) -> Iterator[tuple[Offer, Any]]:
    """Yield each offered value of `path`, the preferred one first."""
    for offer in preferred(path, offers):
        value = offer.value(path)
        if value is not None:
            yield offer, value


Values = dict[str, Any]
Sources = dict[str, Source]
