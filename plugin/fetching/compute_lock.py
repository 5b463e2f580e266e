"""Let one thread of a process think at a time, and leave room for the answers that are ready.

Python runs one thread at a time anyway: threads that only compute gain nothing by taking turns of
milliseconds, and what is answered from memory meanwhile would wait for each of them. So one of
them thinks, and the others wait without a claim to the processor. Where answers are given from
memory all the while, each turn is followed by a rest: who opens a new account waits longer then,
and all others hardly do.
"""

from __future__ import annotations

import sys
import threading

from plugin.fetching.clock import Clock, system_clock

REST = 5.0  # times as long as the turn took: measured, see bench/README.md
LONGEST = 0.25  # seconds of one rest
# Seconds that a thread waits for one that computes. While somebody thinks, threads switch often, so
# that ready answers pass by; else seldom, because each switch costs as much as a part of an answer.
OFTEN, SELDOM = 0.001, sys.getswitchinterval()


class Turns:
    """A lock for those who judge and show facts: they rest in it, but never wait for facts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ready = 0
        self._seen = 0
        self._began = 0.0
        self._rests_until = 0.0

    def note_ready(self) -> None:
        """Note an answer that was given from memory."""
        self._ready += 1  # of two threads at once one may not be counted: it is no matter

    def __enter__(self) -> None:
        """Wait for a turn, and for the end of the rest before it."""
        self._lock.acquire()
        try:
            left = self._rests_until - self._clock.monotonic()
            if left > 0:
                self._clock.pause(left)
            self._began = self._clock.monotonic()
            sys.setswitchinterval(OFTEN)
        except BaseException:  # the worker is told to end: the others still get their turns
            self._lock.release()
            raise

    def __exit__(self, *_error: object) -> None:
        """End the turn; it is followed by a rest if others were answered since the last one."""
        sys.setswitchinterval(SELDOM)
        now = self._clock.monotonic()
        if self._ready != self._seen:
            self._seen = self._ready
            self._rests_until = now + min(LONGEST, REST * (now - self._began))
        self._lock.release()


compute_lock = Turns(system_clock())
