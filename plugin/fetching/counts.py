"""Count what is asked for within a while, over all workers of one host, in memory they share.

A counter is a place in a page: a digest of what is counted, when it began, how often it came. It
ends by itself; where all places of a digest are taken, the oldest makes room.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import struct
import tempfile
import threading
import weakref

PLACES = 65_536  # counters that are kept at once
NEAR = 8  # places where one counter may stand
_PLACE = struct.Struct("=QdQ")  # digest, beginning in monotonic seconds, count


class Counts:
    """Counters that processes share when they are forked after it was made.

    Its lock belongs to the kernel, which gives it back when a worker is killed.
    """

    def __init__(self) -> None:
        self._page = mmap.mmap(-1, _PLACE.size * (PLACES + NEAR))
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - to be locked, as long as the process
        weakref.finalize(self, self._file.close)
        self._threads = threading.Lock()  # the kernel's lock is one for all threads of a process

    def count(self, what: str, seconds: float, now: float, *, is_rough: bool = False) -> int:
        """Count `what` once more, and return how often it came since it first did.

        A counter lives for `seconds`; `now` is the host's monotonic time. A rough count takes no
        lock: workers that count in the very same moment may be counted as one.
        """
        raw = hashlib.blake2b(what.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        digest = int.from_bytes(raw, "big") | 1  # 0 is an empty place
        if is_rough:
            return self._count(digest, seconds, now)
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                return self._count(digest, seconds, now)
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _count(self, digest: int, seconds: float, now: float) -> int:
        place, began, count = self._held(digest)
        if not 0 <= now - began < seconds:
            began, count = now, 0
        _PLACE.pack_into(self._page, place, digest, began, count + 1)
        return count + 1

    def _held(self, digest: int) -> tuple[int, float, int]:
        """Return where a counter stands, since when, and its count; else the oldest's place."""
        first = (digest >> 1) % PLACES * _PLACE.size
        oldest, oldest_at = first, float("inf")
        for place in range(first, first + NEAR * _PLACE.size, _PLACE.size):
            known, began, count = _PLACE.unpack_from(self._page, place)
            if known == digest:
                return place, began, count
            if began < oldest_at:
                oldest, oldest_at = place, began
        return oldest, float("-inf"), 0


# Made when this module is first imported: gunicorn's master does that before it forks.
OF_THE_WORKERS = Counts()
