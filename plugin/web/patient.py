"""A worker's poller: clients wait here, and a thread sees a request once it is whole.

gunicorn's own gthread worker gives each new connection a thread, which then waits for the request:
a few clients that say nothing, or drip, stop it. Here no thread ever waits for a client, neither
for its request nor until it takes its answer; whoever is too slow meets a deadline.
https://gunicorn.org/design/
"""

from __future__ import annotations

import errno
import resource
import selectors
import socket
import time
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.sock import ssl_wrap_socket
from gunicorn.workers.gthread import ThreadWorker

from plugin.web.curt import curt
from plugin.web.framing import Arrived
from plugin.web.line import ClientLine
from plugin.web.room import ANSWER_WITHIN, LINGER, Room

SWEEP = 1.0  # seconds between looks at who is late
SHORTEST = 0.001  # seconds that the poller waits at least
FILES = 256  # that a worker needs beside its connections
AHEAD = 65_536  # bytes that may be sent to a client before it takes them
FILES_MAX = 65_536
MAX_BODY = 262_144  # where the application says nothing
_ENOUGH = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class Patient(ThreadWorker):
    """gunicorn's gthread worker, whose threads wait for no client."""

    _accepting: bool  # gunicorn's own; its published types are older

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin without connections; `run` gets to know the application."""
        super().__init__(*args, **kwargs)
        self._swept = self._rests_until = 0.0
        self._max_body, self._is_https = MAX_BODY, False
        self._room = Room(self.worker_connections)

    def run(self) -> None:
        """Serve until told to stop, then finish what is under way."""
        told = getattr(self.wsgi, "config", {})
        self._max_body = int(told.get("MAX_CONTENT_LENGTH") or MAX_BODY)
        self._is_https = told.get("PREFERRED_URL_SCHEME") == "https"
        self._room = Room(max(1, min(self.worker_connections, _most_files() - FILES)))
        calls: Any = self.method_queue
        self.poller.register(calls.fileno(), selectors.EVENT_READ, calls.run_callbacks)
        for listener in self.sockets:  # what its connections inherit
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, AHEAD)
        self.set_accept_enabled(True)
        self.serve_from_now_on()
        while self.alive and self.is_parent_alive():
            self._step()
        self._stop()

    def serve_from_now_on(self) -> None:
        """Take note, in a kind of worker that does, that connections are accepted now."""

    def _stop(self) -> None:
        self.set_accept_enabled(False)
        over = time.monotonic() + self.cfg.graceful_timeout
        self._room.hurry(time.monotonic() + LINGER)
        while self._room.count and time.monotonic() < over:
            self._step(sweep=0.1)
        self.tpool.shutdown(wait=False)
        self.poller.close()
        self.method_queue.close()
        for listener in self.sockets:
            listener.close()

    def _step(self, sweep: float = SWEEP) -> None:
        """Do what there is to do now, or wait for it."""
        rests = self.alive and not self._accepting
        rest = max(SHORTEST, self._rests_until - time.monotonic())
        self.wait_for_and_dispatch_events(rest if rests else sweep)
        now = time.monotonic()
        if self.alive and not self._accepting and now >= self._rests_until:
            self.set_accept_enabled(True)
        if now - self._swept >= sweep:
            self._swept = now
            self.notify()
            for line in self._room.late(now):
                self._give_up(line, 408)

    def accept(self, listener: socket.socket) -> None:
        """Take one new connection, then leave the next one to others for a moment."""
        try:
            plain, client = listener.accept()
        except OSError as error:
            if error.errno in _ENOUGH:
                self.rest(SWEEP)
                self._make_room()
            return
        try:
            plain.settimeout(0)
            if self.cfg.is_ssl:
                plain = ssl_wrap_socket(plain, self.cfg)
            line = ClientLine(plain, client, listener.getsockname(), self._max_body)
        except OSError:  # gone already
            plain.close()
            return
        if self._room.is_full():
            self._make_room()
        self._room.enter(line)
        self._wait(line)

    def rest(self, seconds: float) -> None:
        """Accept nobody for a moment."""
        self.set_accept_enabled(False)
        self._rests_until = time.monotonic() + seconds

    def _make_room(self) -> None:
        line = self._room.patient()
        if line is not None:
            self._end(line)

    def _wait(self, line: ClientLine) -> None:
        """Let a connection wait for its client, who owes the (rest of the) next request."""
        self._room.wait(line, time.monotonic())
        if not self.alive:
            line.due = min(line.due, time.monotonic() + LINGER)
        self.poller.register(line.plain, selectors.EVENT_READ, partial(self._readable, line))

    def _readable(self, line: ClientLine, _socket: Any) -> None:
        try:
            is_open = line.take()
        except OSError:
            self._end(line)
            return
        if line.is_over:  # only its client's farewell is awaited; what it says is nothing to us
            line.held.clear()
            if not is_open:
                self._end(line)
            return
        self._look(line, is_open=is_open)
        while self._room.is_heavy() and (heaviest := self._room.heaviest()) is not None:
            self._give_up(heaviest, 408)

    def _look(self, line: ClientLine, *, is_open: bool) -> None:
        """Hand on what is whole, refuse what never will be."""
        try:
            arrived = self._room.look(line, time.monotonic())
        except OSError:
            self._end(line)
            return
        if arrived is Arrived.TOO_LARGE:
            self._give_up(line, 413)
        elif arrived is Arrived.HEAD_TOO_LARGE:
            self._give_up(line, 431)
        elif arrived is not Arrived.PART:
            self._leave_poller(line)
            self._room.work(line)
            self._hand_on(line)
        elif not is_open:
            self._give_up(line, 400)

    def _hand_on(self, line: Any) -> None:
        self.enqueue_req(line)

    def _leave_poller(self, line: ClientLine) -> None:
        try:
            self.poller.unregister(line.plain)
        except (KeyError, ValueError):  # it is not there
            return

    def _give_up(self, line: ClientLine, status: int) -> None:
        """Refuse what came of a request; a connection that owes none just ends."""
        if line.is_over or line.sock.rest or not line.held:
            self._end(line)
            return
        self._leave_poller(line)
        line.held.clear()
        line.sock.sendall(curt(status, https=self._is_https))
        line.is_kept = False
        self._send(line)

    def _send(self, line: ClientLine, _socket: Any = None) -> None:
        """Send what the client takes of its answer; what is left waits for it."""
        self._leave_poller(line)
        try:
            is_sent = line.sock.flush()
        except OSError:
            self._end(line)
            return
        if not is_sent:
            if line.due <= (now := time.monotonic()) or line not in self._room.sending:
                self._room.send(line, now + ANSWER_WITHIN)
            self.poller.register(line.plain, selectors.EVENT_WRITE, partial(self._send, line))
        elif line.is_kept and line.turn():
            self._wait(line)
            if line.held:
                self._look(line, is_open=True)
        else:
            self._take_leave(line)

    def _take_leave(self, line: ClientLine) -> None:
        """End after an answer: what the client still sends must not cost it the answer.

        https://www.rfc-editor.org/rfc/rfc9112#section-9.6
        """
        try:
            line.plain.shutdown(socket.SHUT_WR)
        except OSError:
            self._end(line)
            return
        line.is_over = True
        self._room.send(line, time.monotonic() + LINGER)
        self.poller.register(line.plain, selectors.EVENT_READ, partial(self._readable, line))

    def _end(self, line: ClientLine) -> None:
        self._leave_poller(line)
        self._room.leave(line)
        line.plain.close()

    def finish_request(self, conn: Any, fs: Future[bool]) -> None:
        """Go on with a connection after a thread has answered; called by the poller's thread."""
        line: ClientLine = conn
        line.is_kept = not fs.cancelled() and fs.result()
        line.due = 0.0
        self._send(line)


def _most_files() -> int:
    """Allow this process as many files as the system lets it have; return how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = max(soft, FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, FILES_MAX))
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most
