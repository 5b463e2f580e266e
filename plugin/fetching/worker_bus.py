"""The worker bus: what the workers of one gunicorn tell each other, in shared memory.

A notice is a few words, of which the first is its kind. Who looks at the bus looks at a number
first, which costs next to nothing: it tells whether there is any news.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import struct
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

PLACES = 2_048  # notices that the page holds
LARGEST = 512  # bytes of a notice
_HEAD = struct.Struct("=Q")
_EMPTY = b"\0"  # no JSON holds it

Notice = tuple[str, ...]


def _written(notice: Notice) -> bytes:
    return json.dumps(notice, separators=(",", ":")).encode()


class WorkerBus:
    """The last notices in the order in which they were told, and how many there ever were.

    Processes share a bus that was made before they were forked. Its lock belongs to the
    kernel, which gives it back when a worker is killed.
    """

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, LARGEST * (PLACES + 1))
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - to be locked, as long as the process
        weakref.finalize(self, self._file.close)
        self._threads = threading.Lock()  # the kernel's lock is one for all threads of a process

    @property
    def count(self) -> int:
        """Return how many notices were ever told."""
        found: int = _HEAD.unpack_from(self._page)[0]
        return found

    def tell(self, notices: Sequence[Notice]) -> tuple[int, int]:
        """Tell notices; return the count before and after. One that is too large is left out."""
        written = [text for text in map(_written, notices) if len(text) <= LARGEST]
        with self._alone():
            before = self.count
            for number, text in enumerate(written, before):
                self._page[_place(number)] = text.ljust(LARGEST, _EMPTY)
            after = before + len(written)
            _HEAD.pack_into(self._page, 0, after)
            return before, after

    def since(self, heard: int) -> tuple[int, Sequence[Notice] | None]:
        """Return the count, and the notices after the first `heard`; None when some are gone."""
        with self._alone():
            count = self.count
            if count - heard > PLACES:
                return count, None
            return count, [self._read(number) for number in range(heard, count)]

    def _read(self, number: int) -> Notice:
        return tuple(json.loads(self._page[_place(number)].rstrip(_EMPTY)))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


def _place(number: int) -> slice:
    start = LARGEST * (1 + number % PLACES)
    return slice(start, start + LARGEST)


class BusListener:
    """What one process has heard of one kind of notice; it does not hear itself."""

    def __init__(self, board: WorkerBus, kind: str) -> None:
        self._board = board
        self._kind = kind
        self._lock = threading.Lock()
        self._heard = board.count

    @property
    def has_news(self) -> bool:
        """Tell whether anything was told since the last time."""
        return self._board.count != self._heard

    def tell(self, notices: Sequence[Notice]) -> None:
        """Tell the other processes."""
        with self._lock:
            before, after = self._board.tell([(self._kind, *notice) for notice in notices])
            if before == self._heard:  # nothing but our own
                self._heard = after

    def news(self) -> Sequence[Notice] | None:
        """Return what was told since the last time; None when some of it is gone."""
        with self._lock:
            self._heard, told = self._board.since(self._heard)
        if told is None:
            return None
        return [notice[1:] for notice in told if notice[0] == self._kind]


# Made when this module is first imported: gunicorn's master does that before it forks.
OF_THE_WORKERS = WorkerBus()
