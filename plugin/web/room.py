"""The waiting room of a worker: who waits, until when, and who goes first when it is full.

Times are monotonic seconds. One thread alone, the poller's, comes in here.
"""

from __future__ import annotations

from collections.abc import Iterator

from plugin.web.framing import Arrived
from plugin.web.line import ClientLine

IDLE = 30.0  # seconds that a connection may say nothing between requests
HEAD_WITHIN = 10.0  # seconds from the first byte to the end of the headers
BODY_WITHIN = 20.0  # seconds more for the body
ANSWER_WITHIN = 20.0  # seconds to take an answer
LINGER = 2.0  # seconds for a farewell
HELD_MAX = 67_108_864  # bytes of requests that are not answered yet


class Room:
    """All connections of a worker. At most `seats` are meant to be in it."""

    def __init__(self, seats: int) -> None:
        self._seats = seats
        self._held = 0
        self.count = 0
        # In the order in which they came to wait, oldest first.
        self._new: dict[ClientLine, None] = {}  # that never sent a whole request
        self._known: dict[ClientLine, None] = {}
        self.sending: dict[ClientLine, None] = {}

    def enter(self, line: ClientLine) -> None:
        """Count a connection."""
        del line
        self.count += 1

    def leave(self, line: ClientLine) -> None:
        """Forget a connection."""
        self.count -= 1
        self._held -= line.size
        line.size = 0
        self._out(line)

    def _out(self, line: ClientLine) -> None:
        for waiting in (self._new, self._known, self.sending):
            waiting.pop(line, None)

    def wait(self, line: ClientLine, now: float) -> None:
        """Let a connection wait for a request."""
        self._out(line)
        (self._known if line.answered else self._new)[line] = None
        line.due = now + IDLE

    def send(self, line: ClientLine, due: float) -> None:
        """Let a connection wait until its client has taken the answer, or said farewell."""
        self._out(line)
        self.sending[line] = None
        line.due = due

    def work(self, line: ClientLine) -> None:
        """Note that a thread has a connection now: it is not late, and is not sent away."""
        self._out(line)

    def look(self, line: ClientLine, now: float) -> Arrived:
        """Return what is here of a request; its first bytes and its head set its deadline."""
        had, was_in_body = line.size, line.framing.in_body
        arrived = line.look()
        self._held += line.size - had
        if had == 0:
            line.due = now + HEAD_WITHIN
        if line.framing.in_body and not was_in_body:
            line.due = now + BODY_WITHIN
        return arrived

    def late(self, now: float) -> list[ClientLine]:
        """Return whose time is over."""
        return [line for line in self._everybody() if line.due <= now]

    def hurry(self, due: float) -> None:
        """Let nobody who owes no request wait longer than until then."""
        for line in self._everybody():
            if not line.held:
                line.due = min(line.due, due)

    def _everybody(self) -> Iterator[ClientLine]:
        for waiting in (self._new, self._known, self.sending):
            yield from waiting

    def is_full(self) -> bool:
        """Tell whether somebody must go before somebody else comes."""
        return self.count >= self._seats

    def patient(self) -> ClientLine | None:
        """Return who has waited longest: of strangers first; None where all are being answered."""
        return next(self._everybody(), None)

    def is_heavy(self) -> bool:
        """Tell whether requests that are not answered yet take too much memory."""
        return self._held > HELD_MAX

    def heaviest(self) -> ClientLine | None:
        """Return whose unfinished request holds most."""
        waiting = [line for line in (*self._new, *self._known) if line.size]
        return max(waiting, key=lambda line: line.size, default=None)
