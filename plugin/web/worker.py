"""How the workers of one gunicorn get along: they share connections, and none ends the others.

All workers wait at one socket. When a proxy opens many connections at once, the worker that wakes
first would take most of them, be overrun for as long as they are kept, and leave the others idle:
twice the time for each answer, measured. So each takes one, then lets others go first.

A worker that cannot start makes gunicorn stop. That is right at the first start; later, when one
worker is replaced while somebody edits a rule, it would end all the others.
https://gunicorn.org/design/
"""

from __future__ import annotations

import socket
import sys
import time

from gunicorn.workers.gthread import ThreadWorker

PAUSE = 0.001  # seconds: a worker that sleeps wakes up and takes the next connection meanwhile
RETRY = 1.0  # seconds until the next try to replace a worker


class SharingWorker(ThreadWorker):
    """gunicorn's gthread worker, in consideration of the others."""

    def init_process(self) -> None:
        """Serve; one that replaces another and cannot start leaves the others to their work."""
        try:
            super().init_process()
        except Exception as error:
            if self.booted or self.age <= self.cfg.workers:  # among the first: nobody serves yet
                raise
            said = "A worker cannot start, the others go on; next try in a second: %s"
            self.log.error(said, error)  # noqa: TRY400 - a trace quotes values
            time.sleep(RETRY)  # noqa: TID251 - nothing else may be done meanwhile
            sys.exit(1)

    def accept(self, listener: socket.socket) -> None:
        """Take one new connection, then leave the next one to others for a moment."""
        super().accept(listener)
        if self.cfg.workers > 1:
            time.sleep(PAUSE)  # noqa: TID251 - nothing else may be done meanwhile
