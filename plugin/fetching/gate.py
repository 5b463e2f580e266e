"""Decide before each call whether one connection may be asked at all, and say why not."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugin.errors import (
    UpstreamBroken,
    UpstreamError,
    UpstreamLimited,
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from plugin.fetching.breaker import Breaker
from plugin.fetching.clock import Clock
from plugin.fetching.limits import CallRate, CoolDown, RetryAllowance
from plugin.upstream import ConnectionMemory

FAILURES = (UpstreamTimeout, UpstreamUnavailable, UpstreamBroken)


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one connection is doing, for the footer and `sidelight check`.

    `state` is ok, resting (its breaker is open), limited (429) or needs_credentials; `reason`
    the gap word that goes with it; `until` when it is asked again, where that is known.
    """

    name: str
    title: str
    state: str = "ok"
    reason: str | None = None
    until: datetime | None = None
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    problem: str | None = None


class Gate:
    """The memory of one connection: breaker, cool-down, call rate, refused credentials.

    `proof` is a fingerprint of the credentials: refused ones are never sent again, new ones
    open the gate. `rate` is shared by the connections that use the same credentials; `memory`
    is what the connection's questions share. `rests`: it is left alone after failures; what
    lies on this machine is spared by nobody's waiting.
    """

    def __init__(
        self, clock: Clock, proof: str = "", rate: CallRate | None = None, *, rests: bool = True
    ) -> None:
        self._rests = rests
        self._clock = clock
        self.proof = proof
        self.breaker = Breaker(clock.monotonic)
        self.cool_down = CoolDown(clock.monotonic)
        self.retries = RetryAllowance()
        self.rate = rate
        self.memory = ConnectionMemory()
        self._lock = threading.Lock()
        self._refused = False
        self._answered_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._problem: str | None = None

    def enter(self) -> None:
        """Let a question pass, or raise the error that stands for not asking it."""
        if self._refused:
            raise UpstreamRefused("these credentials were refused before; it needs new ones")
        resting = self.cool_down.remaining()
        if resting > 0:
            raise UpstreamLimited("asked to wait", self._after(resting))
        if not self.breaker.enter():
            raise UpstreamUnavailable("failed too often just now; it is tried again soon")

    def take(self, patience: float) -> float:
        """Book one call under the rate and return the seconds to wait before it goes out."""
        if self.rate is None:
            return 0.0
        wait = self.rate.take(patience)
        if wait is None:
            raise UpstreamLimited("our own call rate is used up", self._after(1.0))
        return wait

    def heard(self, calls_left: float | None) -> None:
        """Believe the vendor's own count of the calls that are left."""
        if self.rate is not None and calls_left is not None:
            self.rate.correct(calls_left)

    def answered(self) -> None:
        """Note a question that got its answer, be it that there is no such record."""
        self.breaker.succeed()
        with self._lock:
            self._answered_at, self._problem = self._clock.now(), None

    def failed(self, error: UpstreamError) -> None:
        """Note a question that got none, in the way its kind asks for."""
        if isinstance(error, FAILURES) and self._rests:
            self.breaker.fail()
        else:
            self.breaker.abandon()
        if isinstance(error, UpstreamLimited) and error.until is not None:
            self.cool_down.rest_for((error.until - self._clock.now()).total_seconds())
        with self._lock:
            self._refused = self._refused or isinstance(error, UpstreamRefused)
            self._failed_at, self._problem = self._clock.now(), str(error)

    def reopen(self) -> None:
        """Ask again at the next question: the credentials or their rights were changed."""
        with self._lock:
            self._refused, self._problem = False, None
        self.cool_down.clear()
        self.breaker.succeed()

    def state(self, name: str, title: str) -> SourceState:
        """Return how the connection is doing."""
        state, reason, wait = self._word()
        until = None if wait is None else self._after(wait)
        with self._lock:
            seen = (self._answered_at, self._failed_at, self._problem)
        return SourceState(name, title, state, reason, until, *seen)

    def _word(self) -> tuple[str, str | None, float | None]:
        resumes = self.breaker.resumes_in()
        resting = self.cool_down.remaining()
        if self._refused:
            return "needs_credentials", "refused", None
        if resting > 0:
            return "limited", "rate_limited", resting
        return ("ok", None, None) if resumes is None else ("resting", "broken", resumes)

    def _after(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)
