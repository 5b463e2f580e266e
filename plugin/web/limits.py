"""Count what one person asks for within a while, and say when it is too much.

Counted over all workers of a host, and over all hosts that share a cache; a single process counts
by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

from cachetools import TTLCache

from plugin.errors import TooMany
from plugin.fetching.counts import Counts

MOST = 50_000  # counters that one process keeps at once
Elsewhere = Callable[[str, float], int | None]


class _Own:
    """The counters of one process."""

    def __init__(self, monotonic: Callable[[], float], seconds: float) -> None:
        self._counts: TTLCache[str, list[int]] = TTLCache(MOST, seconds, monotonic)
        self._lock = threading.Lock()

    def count(self, what: str) -> int:
        """Count once more, and return how often it came."""
        with self._lock:
            count = self._counts.get(what)
            if count is None:
                count = self._counts[what] = [0]
            count[0] += 1
            return count[0]


class RequestLimit:
    """At most `most` requests within `seconds` for one key; counters end by themselves.

    `host` counts over the workers of this host; `elsewhere` over several hosts, given a name and
    seconds: None while it is out of reach, and then this host counts alone. `is_rough` spares warm
    answers the lock between workers.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        most: int,
        seconds: float,
        host: Counts | None = None,
        elsewhere: Elsewhere | None = None,
        *,
        is_rough: bool = False,
    ) -> None:
        self._is_rough = is_rough
        self._most, self._seconds = most, seconds
        self._monotonic, self._host, self._elsewhere = monotonic, host, elsewhere
        self._own = _Own(monotonic, seconds)

    def _count(self, key: Hashable) -> int:
        name = f"{self._most}/{self._seconds}:{key!r}"
        here = (
            self._own.count(name)
            if self._host is None
            else self._host.count(name, self._seconds, self._monotonic(), is_rough=self._is_rough)
        )
        if self._elsewhere is None or here > self._most:
            return here
        return max(here, self._elsewhere(name, self._seconds) or 0)

    def allows(self, key: Hashable) -> bool:
        """Count a request, and tell whether there were not too many."""
        return self._count(key) <= self._most

    def take(self, key: Hashable) -> None:
        """Count a request; raise TooMany when there were too many."""
        if not self.allows(key):
            raise TooMany(f"more than {self._most} requests in a while")
