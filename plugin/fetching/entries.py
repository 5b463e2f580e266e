"""What the source cache keeps: keys, entries, and how long each kind of answer lives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

DAY = 86_400.0
EVERYTHING = "*"  # the tag that each entry of a connection carries


@dataclass(frozen=True, slots=True)
class Key:
    """One record of one connection of one workspace: no two tenants ever share an entry."""

    workspace: str
    upstream: str
    record: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer; `reason` is a gap word, `until` epoch seconds.

    `local` says that only this process knows: its own breaker or its full pool.
    """

    reason: str
    until: float | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """One answer, as bytes; the times are epoch seconds.

    `body` None: there is no usable answer, and `failure` says why. Both set: a copy that an
    upstream's failure did not replace. A failure is not asked about again before `retry_at`.
    `generation` rises with each invalidation; `tags` name what the answer is about.
    """

    fetched_at: float
    fresh_until: float = 0.0
    stale_until: float = 0.0
    body: bytes | None = None
    failure: Failure | None = None
    retry_at: float = 0.0
    tags: tuple[str, ...] = ()
    generation: int = 0

    def expires_at(self) -> float:
        """Return when the entry has nothing left to say."""
        return max(self.stale_until if self.body is not None else 0.0, self.retry_at)

    def is_usable(self, now: float) -> bool:
        """Return whether the answer may be shown, fresh or stale."""
        return self.body is not None and now < self.stale_until

    def is_fresh(self, now: float) -> bool:
        """Return whether the answer needs no refresh."""
        return self.body is not None and self.failure is None and now < self.fresh_until


@dataclass(frozen=True, slots=True)
class Windows:
    """How long answers of one connection live, in seconds.

    fresh    served without a question: the freshness budget.
    kept     served as stale while it is refreshed or cannot be: at most a day past the budget.
    absent   "no such account": somebody may be creating it.
    failing  timeouts and other failures.
    """

    fresh: float
    kept: float
    absent: float = 45.0
    failing: float = 3.5


def windows(fresh: float, stale_for: float = DAY) -> Windows:
    """Return the windows of a freshness budget; an old copy stands in for `stale_for` seconds.

    They are counted from the answer, or from the end of a budget that is longer.
    """
    return Windows(fresh=fresh, kept=stale_for if fresh < stale_for else fresh + stale_for)


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """What asking an upstream came to: a body, or a failure."""

    body: bytes | None = None
    tags: tuple[str, ...] = ()
    failure: Failure | None = None


def entry_of(
    outcome: FetchOutcome, lives: Windows, asked_at: float, now: float, stretch: Callable[[], float]
) -> CacheEntry:
    """Date an outcome; `stretch` gives 0.9 to 1.1 so that entries do not expire together."""
    if outcome.failure is None:
        return CacheEntry(
            fetched_at=asked_at,
            fresh_until=asked_at + lives.fresh * stretch(),
            stale_until=asked_at + lives.kept * min(1.0, stretch()),
            body=outcome.body,
            tags=outcome.tags,
        )
    wait = lives.absent if outcome.failure.reason == "not_found" else lives.failing
    retry_at = max(now + wait * stretch(), outcome.failure.until or 0.0)
    return CacheEntry(asked_at, failure=outcome.failure, retry_at=retry_at, tags=outcome.tags)


def keep(old: CacheEntry | None, new: CacheEntry, now: float) -> CacheEntry:
    """Return what to hold after a refresh: a failure never removes a usable copy.

    "No such account" is an answer, not a failure: it does replace the copy.
    """
    if new.failure is None or new.body is not None or new.failure.reason == "not_found":
        return new
    if old is None or not old.is_usable(now):
        return new
    return replace(old, failure=new.failure, retry_at=new.retry_at)
