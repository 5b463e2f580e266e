"""Wait for what other processes fetch: one look at the server for all who wait in this one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

SHORTEST = 0.01  # seconds between two looks; longer the longer one waits
LONGEST = 0.05
GROWTH = 1.5


@dataclass(frozen=True, slots=True)
class Sight:
    """What a name holds, and whether somebody is still fetching it."""

    value: bytes | None = None
    is_leased: bool = False


class Lookout:
    """Whoever comes first looks for all who join while it pauses; then the next one does."""

    def __init__(
        self,
        look: Callable[[Sequence[str]], Sequence[Sight] | None],
        pause: Callable[[float], None],
    ) -> None:
        self._look = look
        self._pause = pause
        self._lock = threading.Lock()
        self._waiting: dict[str, Future[Sight]] = {}

    def next(self, name: str, rounds: int) -> Sight:
        """Return what is seen under `name` at the next look; `rounds` looks went before."""
        with self._lock:
            on_duty = not self._waiting
            seen = self._waiting.setdefault(name, Future())
        if on_duty:
            try:
                self._pause(min(SHORTEST * GROWTH**rounds, LONGEST))
            finally:  # whatever happens: nobody waits for a look that never comes
                self._look_round()
        return seen.result()

    def _look_round(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        sights: Sequence[Sight] | None = None
        try:
            sights = self._look(list(waiting))
        finally:
            for number, seen in enumerate(waiting.values()):
                seen.set_result(Sight() if sights is None else sights[number])
