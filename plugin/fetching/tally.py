"""Count what happens, by word and connection, for the metrics page and the tests."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict


class Tally:
    """Thread-safe counters: (word, label) → how often, and seconds spent where they are timed.

    Words of the source cache: hit, stale_hit, miss, coalesced, negative_hit, refused_store, shed,
    failure, fill (timed). Of the shared cache: shared_hit, shared_miss, shared_command,
    shared_error, shared_forged. Of the lookups: late, crowded. The label is a connection's name.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()
        self._seconds: defaultdict[tuple[str, str], float] = defaultdict(float)

    def add(self, word: str, label: str, times: int = 1) -> None:
        """Count `word` for `label`."""
        with self._lock:
            self._counts[word, label] += times

    def took(self, word: str, label: str, seconds: float) -> None:
        """Count `word` and add up the seconds that it took."""
        with self._lock:
            self._counts[word, label] += 1
            self._seconds[word, label] += seconds

    def counts(self) -> dict[tuple[str, str], int]:
        """Return a copy of the counters."""
        with self._lock:
            return dict(self._counts)

    def seconds(self) -> dict[tuple[str, str], float]:
        """Return a copy of the seconds spent."""
        with self._lock:
            return dict(self._seconds)

    def total(self, word: str) -> int:
        """Return how often `word` happened over all labels."""
        return sum(times for (counted, _), times in self.counts().items() if counted == word)
