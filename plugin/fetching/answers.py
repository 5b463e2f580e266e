"""What a question to a connection came to: facts or accounts with their age, or a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from plugin.fetching.encoding import Unreadable, decode
from plugin.fetching.entries import CacheEntry
from plugin.fetching.questions import Held
from plugin.frame import Requester
from plugin.upstream import AccountRef, Facts

NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Lookup:
    """What one connection says of an account.

    facts       None when there are none to show; then `reason` (a gap word) says why.
    fetched_at  when they were fetched (UTC); `freshness` is fresh, or stale past `budget` seconds.
    reason      beside facts: why they could not be refreshed just now.
    until       when a rate-limited upstream may be asked again.
    loading     an answer is still on its way: it will be there at the next opening.
    version     differs whenever the facts, their freshness or the reason do.
    """

    name: str
    budget: float
    facts: Facts | None = None
    fetched_at: datetime | None = None
    freshness: str = "fresh"
    reason: str | None = None
    until: datetime | None = None
    loading: bool = False
    version: str = ""


@dataclass(frozen=True, slots=True)
class FindResult:
    """Which accounts a connection knows under an identity; () without a reason: none.

    `asked` is false where the connection cannot answer such questions; the other fields are
    those of Lookup.
    """

    name: str
    accounts: tuple[AccountRef, ...] = ()
    fetched_at: datetime | None = None
    freshness: str = "fresh"
    reason: str | None = None
    until: datetime | None = None
    loading: bool = False
    asked: bool = True


@dataclass(frozen=True, slots=True)
class TicketWriter:
    """Who wrote a ticket, as a connection says; None for a `reason` (a gap word)."""

    requester: Requester | None = None
    fetched_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ToldFacts:
    """One entry as an answer reads it: its body, or the reason for having none."""

    body: bytes | None
    fetched_at: datetime | None
    freshness: str
    reason: str | None
    until: datetime | None
    loading: bool
    version: str


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _entry(held: Held) -> CacheEntry | None:
    if held.entry is None and held.coming is not None and held.coming.done():
        return held.coming.result()
    return held.entry


def _told(held: Held, now: datetime) -> ToldFacts:
    entry = _entry(held)
    loading = held.coming is not None and not held.coming.done()
    if entry is None:
        return ToldFacts(None, None, "fresh", "timed_out", None, loading=True, version="loading")
    body = entry.body if entry.is_usable(now.timestamp()) else None
    freshness = "fresh" if entry.is_fresh(now.timestamp()) or body is None else "stale"
    reason = None if entry.failure is None else entry.failure.reason
    until = None if entry.failure is None else _moment(entry.failure.until)
    fetched_at = None if body is None else _moment(entry.fetched_at)
    version = f"{entry.fetched_at:.6f} {freshness} {reason}"
    if body is None and reason is None:  # it outlived its window while it was waited for
        reason = "timed_out"
    return ToldFacts(body, fetched_at, freshness, reason, until, loading, version)


def lookup(name: str, budget: float, held: Held, now: datetime) -> Lookup:
    """Return what `held` says as facts."""
    told = _told(held, now)
    facts, reason = None, told.reason
    if told.body is not None:
        try:
            facts = decode(told.body, Facts)
        except Unreadable:
            reason = "broken"
    return Lookup(
        name,
        budget,
        facts,
        told.fetched_at,
        told.freshness,
        reason,
        told.until,
        told.loading,
        told.version,
    )


def find_result(name: str, held: Held, now: datetime) -> FindResult:
    """Return what `held` says as accounts."""
    told = _told(held, now)
    accounts: tuple[AccountRef, ...] = ()
    reason = None if told.reason == NOT_FOUND else told.reason
    if told.body is not None:
        try:
            accounts = decode(told.body, tuple)
        except Unreadable:
            reason = "broken"
    return FindResult(
        name,
        accounts,
        told.fetched_at,
        told.freshness,
        reason,
        told.until,
        told.loading,
    )


def writer(held: Held, now: datetime) -> TicketWriter:
    """Return what `held` says as the writer of a ticket."""
    told = _told(held, now)
    if told.body is None:
        return TicketWriter(reason=told.reason)
    try:
        return TicketWriter(Requester(**decode(told.body, dict)), told.fetched_at)
    except (Unreadable, TypeError):
        return TicketWriter(reason="broken")


def version(held: Sequence[Held], now: datetime) -> str | None:
    """Return one word for all that is held; None while something is still on its way."""
    if any(_entry(each) is None for each in held):
        return None
    return joined(_told(each, now).version for each in held)


def joined(versions: Iterable[str]) -> str:
    """Return one word for the versions of several lookups, in their order."""
    told = "\n".join(versions)
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
