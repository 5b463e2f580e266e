"""Remember launches that count once: those whose proof has no end of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cachetools import TTLCache

from plugin.errors import ExpiredSignature

MOST = 50_000  # launches remembered; each is a digest of 64 letters


class Launches:
    """The proofs that were taken, by their digest; forgotten after `life` seconds."""

    def __init__(self, monotonic: Callable[[], float], life: float) -> None:
        self._taken: TTLCache[str, bool] = TTLCache(MOST, life, monotonic)
        self._lock = threading.Lock()

    def take(self, digest: str | None) -> None:
        """Take a launch; raise ExpiredSignature when it was taken before. None always passes."""
        if digest is None:
            return
        with self._lock:
            if digest in self._taken:
                raise ExpiredSignature("this launch was used before")
            self._taken[digest] = True
