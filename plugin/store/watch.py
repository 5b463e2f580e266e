"""Look behind the answers for what other processes and hosts changed, while it matters."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("sidelight.store")
EVERY = 1.0  # seconds between two looks
WHILE = 40.0  # seconds after the last question; what is shown again from before ends sooner
Look = Callable[[], object]


class StoreWatch:
    """One background thread for all workspaces; it starts with the first question, and rests.

    So no request waits for the store only to learn that nothing has changed.
    """

    def __init__(self, monotonic: Callable[[], float], every: float = EVERY) -> None:
        self._monotonic = monotonic
        self._every = every
        self._until: dict[str, tuple[float, Look]] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def keep(self, workspace: str, look: Look) -> None:
        """Go on looking for this workspace for a while."""
        until = self._monotonic() + WHILE
        with self._changed:
            rested = not self._until
            self._until[workspace] = (until, look)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="store-watch", daemon=True)
                self._thread.start()
            elif rested:
                self._changed.notify_all()

    def close(self) -> None:
        """Look no more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout=10)

    def _due(self) -> list[Look]:
        """Wait for the next time to look, and return for whom; () when it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed, timeout=self._every)
            now = self._monotonic()
            self._until = {name: one for name, one in self._until.items() if one[0] > now}
            self._changed.wait_for(lambda: self._until or self._closed)
            return [] if self._closed else [look for _, look in self._until.values()]

    def _run(self) -> None:
        while looks := self._due():
            for look in looks:
                try:
                    look()
                except Exception as error:  # noqa: BLE001 - one bad look must not end the thread
                    log.error("a look failed", extra={"kind": type(error).__name__})  # noqa: TRY400 - a trace quotes values
