"""H01, judged from the age of each source: no condition could read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugin.account.context import AccountContext
from plugin.rules.durations import short_duration
from plugin.rules.language.result import Because
from plugin.rules.templates import Template


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source past its freshness budget; `budget` is None where nobody named it."""

    upstream: str
    title: str
    as_of: datetime
    budget: timedelta | None = None

    def text(self, now: datetime) -> str:
        """Return how old it is, as people say it."""
        age = f"{self.title} data is {short_duration(now - self.as_of)} old"
        return f"{age} (budget {short_duration(self.budget)})" if self.budget else age


def stale_sources(
    context: AccountContext, budgets: Mapping[str, timedelta] | None = None
) -> tuple[StaleSource, ...]:
    """Return the sources of an account that are past their budget, the oldest first."""
    found = (
        StaleSource(state.name, state.title, state.as_of, (budgets or {}).get(state.name))
        for state in context.upstreams
        if state.freshness == "stale" and state.as_of is not None
    )
    return tuple(sorted(found, key=lambda source: source.as_of))


def words(text: str) -> Template:
    """Return a text that is shown as it is."""
    return Template(text, (text,))


def because_stale(source: StaleSource) -> Because:
    """Return the source as the condition that decided."""
    condition = f"{source.upstream} is within its freshness budget"
    read = {f"{source.upstream}.as_of": source.as_of}
    return Because(condition, None, (0, 0), value=False, read=read, items=(source.upstream,))
