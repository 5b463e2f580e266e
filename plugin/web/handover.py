"""A reload hands over from old workers to new ones: one goes only once another serves.

gunicorn by itself ends the old ones as soon as it has forked the new ones, which then still have
to start: for as long as that takes nobody answers. https://docs.gunicorn.org/en/stable/signals.html
"""

from __future__ import annotations

import signal
from typing import Any


class Handover:
    """Stands between gunicorn's first process and its workers; `reload` begins one."""

    def __init__(self, server: Any) -> None:
        """Take the place of what `server`, gunicorn's arbiter, does itself."""
        self._server = server
        self._reload, self._manage = server.reload, server.manage_workers
        self._reap, self._spawn = server.reap_workers, server.spawn_worker
        self._before, self._begins = 0, False
        self._told: set[int] = set()  # the ages of those who were told to go
        server.reload, server.manage_workers = self.reload, self.manage
        server.reap_workers, server.spawn_worker = self.reap, self.spawn

    def reload(self) -> None:
        """Read the settings anew; from now on all workers there are count as old."""
        self._before, self._begins = self._server.worker_age, True
        try:
            self._reload()
        finally:
            self._begins = False

    def spawn(self) -> Any:
        """Start a worker; not all at once in a reload, where the old ones need the processor."""
        return None if self._begins else self._spawn()

    def reap(self) -> None:
        """Look who ended; while gunicorn waits for the old workers, go on with the new ones."""
        self._reap()
        if self._begins:
            self.manage()

    def manage(self) -> None:
        """Start the next new worker once the last one serves, and let an old one go for it."""
        workers = sorted(self._server.WORKERS.values(), key=lambda worker: worker.age)
        old = [worker for worker in workers if worker.age <= self._before]
        if not old:
            self._manage()
            return
        new = [worker for worker in workers if worker.age > self._before]
        serve, wanted = sum(worker.is_ready() for worker in new), self._server.num_workers
        if serve == len(new) < wanted:
            self._spawn()
        for worker in old[: max(0, len(old) + serve - wanted)]:
            if worker.age not in self._told:
                self._told.add(worker.age)
                self._server.kill_worker(worker.pid, signal.SIGTERM)
