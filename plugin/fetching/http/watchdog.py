"""End what takes too long: one thread that breaks off reads whose time is up."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(order=True, slots=True)
class TimedRead:
    """One read under watch: `stop` breaks it off at `due`, unless it is over by then."""

    due: float
    number: int
    stop: Callable[[], object] = field(compare=False)
    over: bool = field(default=False, compare=False)
    fired: bool = field(default=False, compare=False)


class Watchdog:
    """A socket's timeout holds for each receive; this holds for all of them together.

    Without it an upstream that drips its headers keeps a thread for as long as it likes. The
    thread starts with the first watch, so that it lives in the process that needs it.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._changed = threading.Condition()
        self._watches: list[TimedRead] = []
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def limit(self, seconds: float, stop: Callable[[], object]) -> Iterator[TimedRead]:
        """Call `stop` if the block lasts longer; then `fired` is true."""
        watch = TimedRead(self._monotonic() + seconds, next(self._numbers), stop)
        with self._changed:
            self._wake(watch)
        try:
            yield watch
        finally:
            with self._changed:
                watch.over = True

    def _wake(self, watch: TimedRead) -> None:
        heapq.heappush(self._watches, watch)
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
            self._thread.start()
        elif self._watches[0] is watch:
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while True:
                self._fire_due()
                wait = self._watches[0].due - self._monotonic() if self._watches else None
                self._changed.wait(wait)

    def _fire_due(self) -> None:
        while self._watches and (self._watches[0].over or self._is_due(self._watches[0])):
            watch = heapq.heappop(self._watches)
            if not watch.over:
                watch.fired = True
                # Closed or back in its pool in between: then there is nothing to break off.
                with suppress(OSError, ValueError, RuntimeError):
                    watch.stop()

    def _is_due(self, watch: TimedRead) -> bool:
        return watch.due <= self._monotonic()
