"""Stay within what an upstream admits: cool-downs after a 429, a call rate, a retry allowance."""

from __future__ import annotations

import threading
from collections.abc import Callable


class CoolDown:
    """No call before a given time; the latest time wins."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._until = 0.0

    def rest_for(self, seconds: float) -> None:
        """Let no call out for so many seconds from now."""
        with self._lock:
            self._until = max(self._until, self._monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds until calls are welcome again; 0 when they are."""
        with self._lock:
            return max(0.0, self._until - self._monotonic())

    def clear(self) -> None:
        """Forget the rest: the credentials changed."""
        with self._lock:
            self._until = 0.0


class CallRate:
    """A token bucket: `rate` calls a second on average, at most `burst` at once.

    The vendor counts a credential over all processes, so `rate` is this process's share.
    """

    def __init__(self, rate: float, burst: float, monotonic: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = max(1.0, burst)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._tokens = self._burst
        self._at = monotonic()

    def _refill(self) -> None:
        now = self._monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now

    def take(self, patience: float) -> float | None:
        """Book a call and return the seconds to wait before it; None if that exceeds `patience`."""
        with self._lock:
            self._refill()
            wait = max(0.0, (1.0 - self._tokens) / self._rate)
            if wait > patience:
                return None
            self._tokens -= 1.0
            return wait

    def correct(self, left: float) -> None:
        """Believe the vendor when it says that fewer calls are left than counted here."""
        with self._lock:
            self._refill()
            self._tokens = min(self._tokens, left)


class RetryAllowance:
    """Retries stay a small share of the calls, so that they never add to an outage."""

    def __init__(self, share: float = 0.1, most: float = 10.0) -> None:
        self._share = share
        self._most = most
        self._lock = threading.Lock()
        self._tokens = 1.0  # a service that has just started may retry once

    def earn(self) -> None:
        """Count a call."""
        with self._lock:
            self._tokens = min(self._most, self._tokens + self._share)

    def spend(self) -> bool:
        """Return whether one more retry is within the share, and count it."""
        with self._lock:
            if self._tokens < 1.0:
                return False
            self._tokens -= 1.0
            return True
