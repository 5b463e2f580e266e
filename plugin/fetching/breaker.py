"""Stop calling an upstream that keeps failing, and notice when it is well again."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When a breaker opens and for how long; times in seconds.

    It opens at `share` failures of at least `least` calls within `window`, or after `row`
    failures in a row, for `rest` seconds, twice as long after each failed probe up to
    `longest_rest`. A probe that never reports is given up after `probe_limit`.
    """

    window: float = 60.0
    least: int = 8
    share: float = 0.5
    row: int = 5
    rest: float = 10.0
    longest_rest: float = 120.0
    probe_limit: float = 30.0


class Breaker:
    """Closed, open, or half open with one probe; the lock covers state, never the call.

    The pattern: https://martinfowler.com/bliki/CircuitBreaker.html
    """

    def __init__(
        self, monotonic: Callable[[], float], policy: BreakerPolicy = BreakerPolicy()
    ) -> None:
        self._monotonic = monotonic
        self._policy = policy
        self._lock = threading.Lock()
        self._calls: deque[tuple[float, bool]] = deque(maxlen=256)
        self._row = 0
        self._rest = policy.rest
        self._opens_until: float | None = None  # None while closed
        self._probe_until: float | None = None

    def enter(self) -> bool:
        """Return whether a call may go out now; after the rest exactly one may, as a probe."""
        with self._lock:
            if self._opens_until is None:
                return True
            now = self._monotonic()
            if now < self._opens_until or (self._probe_until or 0.0) > now:
                return False
            self._probe_until = now + self._policy.probe_limit
            return True

    def succeed(self) -> None:
        """Report a call that was answered, even if the answer was a refusal."""
        with self._lock:
            self._row = 0
            if self._opens_until is not None:
                self._close()
            self._calls.append((self._monotonic(), True))

    def fail(self) -> None:
        """Report a call that timed out, did not get through or gave nothing usable."""
        with self._lock:
            now = self._monotonic()
            self._row += 1
            self._calls.append((now, False))
            if self._probe_until is not None:
                self._rest = min(self._rest * 2, self._policy.longest_rest)
                self._open(now)
            elif self._opens_until is None and self._is_bad(now):
                self._open(now)

    def abandon(self) -> None:
        """Report a call that says nothing of the upstream's health: the probe is free again."""
        with self._lock:
            self._probe_until = None

    def resumes_in(self) -> float | None:
        """Return the seconds until a probe may go out; None while closed."""
        with self._lock:
            if self._opens_until is None:
                return None
            now = self._monotonic()
            return max(0.0, self._opens_until - now, (self._probe_until or now) - now)

    def _open(self, now: float) -> None:
        self._opens_until = now + self._rest
        self._probe_until = None
        self._calls.clear()

    def _close(self) -> None:
        self._opens_until = self._probe_until = None
        self._rest = self._policy.rest
        self._calls.clear()

    def _is_bad(self, now: float) -> bool:
        recent = [passed for at, passed in self._calls if at > now - self._policy.window]
        failures = recent.count(False)
        many = len(recent) >= self._policy.least and failures >= self._policy.share * len(recent)
        return many or self._row >= self._policy.row
