"""Count what one person asks for within a while, and say when it is too much."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

from cachetools import TTLCache

from plugin.errors import TooMany

MOST = 50_000  # counters that are kept at once


class RequestLimit:
    """At most `most` requests within `seconds` for one key; counters end by themselves."""

    def __init__(self, monotonic: Callable[[], float], most: int, seconds: float) -> None:
        self._most = most
        self._counts: TTLCache[Hashable, list[int]] = TTLCache(MOST, seconds, monotonic)
        self._lock = threading.Lock()

    def allows(self, key: Hashable) -> bool:
        """Count a request, and tell whether there were not too many."""
        with self._lock:
            count = self._counts.get(key)
            if count is None:
                count = self._counts[key] = [0]
            count[0] += 1
            return count[0] <= self._most

    def take(self, key: Hashable) -> None:
        """Count a request; raise TooMany when there were too many."""
        if not self.allows(key):
            raise TooMany(f"more than {self._most} requests in a while")
