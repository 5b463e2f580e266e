"""A question to one connection, and its answer while that is on its way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from plugin.fetching.entries import CacheEntry, FetchOutcome, Key, Windows


class Submit(Protocol):
    """Runs a job behind a connection's bulkhead."""

    def __call__(self, job: Callable[[], None], *, urgent: bool) -> bool:
        """Return False when there is no room; a job that is not urgent gives way first."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask one connection, and how.

    `ask` calls the upstream and never raises; it may take `patience` seconds in all.
    """

    key: Key
    windows: Windows
    ask: Callable[[], FetchOutcome]
    submit: Submit
    tags: tuple[str, ...] = ()
    patience: float = 2.5


@dataclass(frozen=True, slots=True)
class Held:
    """What the cache can say at once: `entry`, or None while the first answer is on its way.

    `coming` ends with the entry of the fill that is under way, if there is one; it never raises.
    """

    entry: CacheEntry | None
    coming: Future[CacheEntry] | None = None


@dataclass(frozen=True, slots=True)
class Flight:
    """One fill under way: its callers share `landed`, be it an answer or a failure."""

    question: Question
    generation: int
    landed: Future[CacheEntry] = field(default_factory=Future)


Fill = Callable[[Question, Callable[[], CacheEntry]], CacheEntry]
Prefetch = Callable[[Sequence[Flight]], dict[Key, CacheEntry]]
