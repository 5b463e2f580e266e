"""How the workers of one gunicorn share new connections: each takes one, then lets others go first.

All workers wait at one socket. When a proxy opens many connections at once, the worker that wakes
first would take most of them, be overrun for as long as they are kept, and leave the others idle:
twice the time for each answer, measured. https://gunicorn.org/design/
"""

from __future__ import annotations

import socket
import time

from gunicorn.workers.gthread import ThreadWorker

PAUSE = 0.001  # seconds: a worker that sleeps wakes up and takes the next connection meanwhile


class InTurn(ThreadWorker):
    """gunicorn's gthread worker, which takes connections in turn with the others."""

    def accept(self, listener: socket.socket) -> None:
        """Take one new connection, then leave the next one to others for a moment."""
        super().accept(listener)
        if self.cfg.workers > 1:
            time.sleep(PAUSE)  # noqa: TID251 - nothing else may be done meanwhile
