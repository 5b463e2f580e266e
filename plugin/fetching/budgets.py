"""How long an upstream's answers count as fresh, and how long one question to it may take."""

from __future__ import annotations

from collections import Counter

from plugin.account.vocabulary import FIELDS, ROOTS
from plugin.fetching.entries import DAY, Windows, windows
from plugin.settings.records import Connection
from plugin.upstream import Upstream

# By the customary upstream of most of what a source supplies.
FRESH = {"helpdesk": 60.0, "billing": 900.0, "crm": 3600.0}
SLOW = frozenset({"analytics", "health", "survey"})
SECONDS = 2.5
SLOW_SECONDS = 4.0  # goes on beyond the frame budget: a late answer fills the cache
FIND_FRESH = 3600.0  # whose account an address is


def _customary(path: str) -> str | None:
    field = FIELDS.get(path)
    if field is not None:
        return field.meaning.upstream
    root = ROOTS.get(path.partition(".")[0])
    return None if root is None else root[2].upstream


def kind_of(upstream: Upstream) -> str | None:
    """Return the customary upstream that most of its fields belong to; the freshest if even."""
    counted = Counter(_customary(path) for path in upstream.supplies)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], FRESH.get(item[0] or "", DAY)))
    return ranked[0][0] if ranked else None


def seconds(upstream: Upstream, connection: Connection) -> float:
    """Return the seconds that one question may take in all."""
    usual = SLOW_SECONDS if kind_of(upstream) in SLOW else SECONDS
    return connection.deadline or upstream.deadline or usual


def lives(upstream: Upstream, connection: Connection, stale_for: float = DAY) -> Windows:
    """Return how long answers about an account are kept; old ones for `stale_for` seconds."""
    usual = FRESH.get(kind_of(upstream) or "", DAY)
    return windows(connection.ttl or upstream.budget or usual, stale_for)


def find_lives(upstream: Upstream, connection: Connection, stale_for: float = DAY) -> Windows:
    """Return how long answers to "whose account is this" are kept."""
    return windows(min(lives(upstream, connection).fresh, FIND_FRESH), stale_for)
