"""What changed, as the workers of one gunicorn tell each other: a page of memory they share."""

from __future__ import annotations

import fcntl
import mmap
import struct
import tempfile
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from plugin.context.shared.changes import Change

PLACES = 2_048  # changes that the page holds; whoever missed more forgets everything
_PLACE = 192  # bytes: two names of 63 letters, a tag, what keeps them apart
_HEAD = struct.Struct("=Q")
_SEPARATOR = "\n"


class Board:
    """The last changes in the order in which they were told, and how many there ever were.

    Processes share a board that was made before they were forked. Its lock belongs to the
    kernel, which gives it back when a worker is killed.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        weakref.finalize(self, self._file.close)
        self._file.truncate(_PLACE * (PLACES + 1))
        self._page = mmap.mmap(self._file.fileno(), 0)
        self._threads = threading.Lock()  # the kernel's lock is one for all threads of a process

    @property
    def count(self) -> int:
        """Return how many changes were ever told: looked at before every answer, so cheap."""
        found: int = _HEAD.unpack_from(self._page)[0]
        return found

    def tell(self, changes: Sequence[Change]) -> tuple[int, int]:
        """Tell changes; return the count before and after."""
        with self._alone():
            before = after = self.count
            for change in changes:
                self._put(after, change)
                after += 1
            _HEAD.pack_into(self._page, 0, after)
            return before, after

    def since(self, heard: int) -> tuple[int, Sequence[Change] | None]:
        """Return the count, and the changes after the first `heard`; None when some are gone."""
        with self._alone():
            count = self.count
            if count - heard > PLACES:
                return count, None
            return count, [self._get(number) for number in range(heard, count)]

    def _put(self, number: int, change: Change) -> None:
        text = _SEPARATOR.join((change.workspace, change.upstream, change.tag))
        self._page[self._place(number)] = text.encode().ljust(_PLACE, b"\0")

    def _get(self, number: int) -> Change:
        text = self._page[self._place(number)].rstrip(b"\0").decode()
        workspace, upstream, tag = text.split(_SEPARATOR)
        return Change(workspace, upstream, tag)

    def _place(self, number: int) -> slice:
        start = _PLACE * (1 + number % PLACES)
        return slice(start, start + _PLACE)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)


# Made when this module is first imported: gunicorn's master does that before it forks.
OF_THE_WORKERS = Board()
