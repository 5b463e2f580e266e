"""How the workers of one gunicorn get along: they share connections, and none ends the others.

All workers wait at one socket. When a proxy opens many connections at once, the worker that wakes
first would take most of them, be overrun for as long as they are kept, and leave the others idle:
twice the time for each answer, measured. So each takes one, then lets others go first.

A worker that cannot start makes gunicorn stop. That is right at the first start; later, when one
worker is replaced while somebody edits a rule, it would end all the others.
https://gunicorn.org/design/
"""

from __future__ import annotations

import io
import mmap
import socket
import sys
import time
from typing import Any

from plugin.web.curt import TooLarge, curt, status_of
from plugin.web.patient import Patient

PAUSE = 0.001  # seconds: a worker that accepts nothing lets others take the next connection
RETRY = 1.0  # seconds until the next try to replace a worker


class SharingWorker(Patient):
    """A patient worker, in consideration of the others."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Share one byte with gunicorn's first process: whether this worker serves."""
        super().__init__(*args, **kwargs)
        self._serves = mmap.mmap(-1, 1)

    def is_ready(self) -> bool:
        """Tell, also in gunicorn's first process, whether this worker takes connections."""
        return self._serves[0] == 1

    def serve_from_now_on(self) -> None:
        """Let gunicorn's first process know."""
        self._serves[0] = 1

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
            self.rest(PAUSE)

    def handle(self, conn: Any) -> bool:
        """Answer a request, in a thread; tell whether the connection may be kept."""
        request = None
        try:
            request = conn.request(self.cfg)
            _read_chunks(request, self._max_body)
            keep: bool = self.handle_request(request, conn)
            conn.sock.flush()
        except (StopIteration, BrokenPipeError, ConnectionResetError):
            return False
        except Exception as error:  # noqa: BLE001 - whatever it is, this connection alone ends
            self.handle_error(request, conn.sock, conn.client, error)
            return False
        return keep

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Refuse a request; the log says its kind alone, because a message quotes what came."""
        del req, addr
        status, kind = status_of(exc), type(exc).__name__
        if status == 500:  # noqa: PLR2004 - a fault of ours
            self.log.error("A request could not be answered: %s", kind)
        else:
            self.log.info("A request was refused: %s", kind)
        client.sendall(curt(status, https=self._is_https))


def _read_chunks(request: Any, max_body: int) -> None:
    """Read a body that comes in chunks, all of which are here; raise what is wrong with them.

    So the application meets right bodies only, of any length, and a wrong one is no fault of its.
    """
    if not any(name == "TRANSFER-ENCODING" for name, _ in request.headers):
        return
    body = request.body.read(max_body + 1)
    if len(body) > max_body:
        raise TooLarge
    request.body = io.BytesIO(body)
