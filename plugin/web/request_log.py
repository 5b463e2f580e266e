"""Note each frame as it leaves; write its line and count it a moment later, many at once.

A note costs the answer a few microseconds, and nothing that others can hold up: a pipe that is
full stops the writing, never a frame. Written one after the other, notes cost a fifth of what
each would cost beside its own answer; a queue that wakes its writer for each of them (as logging's
own QueueHandler does) saves nothing.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from plugin.fetching.clock import Clock
from plugin.log import tell
from plugin.web.metrics import FRAMES

log = logging.getLogger("sidelight.frames")
EVERY = 0.1  # seconds; what a worker that is killed does not tell
MOST = 20_000  # notes that wait: minutes of a log that nobody reads
_count = lru_cache(256)(FRAMES.labels)


class Note(NamedTuple):
    """What is told of a frame; `took` in seconds."""

    at: datetime
    install: str
    helpdesk: str
    door: str | None
    status: int
    outcome: str
    took: float


def _write(note: Note) -> None:
    _count(note.helpdesk, note.outcome).observe(note.took)
    told = {
        "install": note.install,
        "helpdesk": note.helpdesk,
        "door": note.door,
        "status": note.status,
        "outcome": note.outcome,
        "ms": round(note.took * 1000, 1),
    }
    tell(log, "frame", told, note.at)


class RequestLog:
    """The notes that are not written yet; `publish` is called as often as they are written.

    Until `start` each note is written at once: a command or a test reads it then and there.
    """

    def __init__(self, publish: Callable[[], None]) -> None:
        self._publish = publish
        self._notes: deque[Note] = deque()
        self._lost = 0
        self._is_started = False

    def note(self, note: Note) -> None:
        """Keep a note for the next writing; nobody waits for it."""
        if len(self._notes) >= MOST:
            self._lost += 1
            return
        self._notes.append(note)
        if not self._is_started:
            self.settle()

    def settle(self) -> None:
        """Write all that was noted."""
        while True:
            try:
                note = self._notes.popleft()
            except IndexError:
                break
            _write(note)
        if self._lost:
            log.warning("frames were not noted", extra={"lost": self._lost})
            self._lost = 0
        self._publish()

    def start(self, clock: Clock) -> None:
        """Write every moment from now on, and what is left when the process ends."""
        self._is_started = True
        threading.Thread(
            target=self._always, args=(clock,), name="sidelight-request-log", daemon=True
        ).start()
        atexit.register(self.settle)

    def _always(self, clock: Clock) -> None:
        while True:
            clock.pause(EVERY)
            try:
                self.settle()
            except Exception as error:  # noqa: BLE001 — one bad note must not end the thread
                log.error("a note was not written", extra={"kind": type(error).__name__})  # noqa: TRY400 — a trace quotes values
