"""Time as an argument: what o'clock it is, how long something took, and how to wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """The three uses of time; tests bring their own and tick it.

    now        the time of day (UTC): ages that people read, and entries shared between hosts.
    monotonic  seconds that only ever grow: deadlines, cool-downs, durations.
    pause      wait for some seconds: the pause before a retry, the poll of a lease.
    """

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    pause: Callable[[float], None]


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 — the one place that reads the real clock


def system_clock() -> Clock:
    """Return the real clock; its pause is a wait on an event that nobody sets."""
    never = threading.Event()

    def pause(seconds: float) -> None:
        never.wait(seconds)

    return Clock(_now, time.monotonic, pause)
