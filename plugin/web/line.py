"""One connection of a client: what came over it, what is still to be sent, until when it may wait.

Nothing here ever waits for the client: bytes are taken and given as far as they go.
"""

from __future__ import annotations

import socket
import ssl
from typing import Any

from gunicorn.http.parser import RequestParser

from plugin.web.framing import Arrived, Framing

PIECE = 65_536  # bytes that are read at once
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_LATER = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Outlet:
    """What gunicorn writes answers to: kept until the client takes them."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self.rest = bytearray()

    def sendall(self, data: bytes) -> None:
        """Keep what is to be sent; `flush` sends it."""
        self.rest += data

    def flush(self) -> bool:
        """Send what the client takes now; tell whether that was all. Raise OSError: it is gone."""
        while self.rest:
            try:
                sent = self._plain.send(self.rest)
            except _LATER:
                return False
            del self.rest[:sent]
        return True

    def shutdown(self, how: int) -> None:
        """Leave the end of the connection to the worker; gunicorn asks for it after a fault."""
        del how

    def settimeout(self, seconds: float) -> None:
        """Take no timeout: nothing here waits."""
        del seconds

    def recv(self, size: int) -> bytes:
        """Return that nothing more comes: the request is here already."""
        del size
        return b""

    def close(self) -> None:
        """Leave the end to the worker."""


class ClientLine:
    """A connection; `sock`, `client` and `server` are what gunicorn calls them.

    `due` is the monotonic second at which its wait is over, `size` the bytes that it holds.
    """

    def __init__(self, plain: socket.socket, client: Any, server: Any, max_body: int) -> None:
        self.plain, self.client, self.server = plain, client, server
        self.sock = Outlet(plain)
        self.held = bytearray()
        self.due = 0.0
        self.size = 0
        self.answered = self.is_cut = self.is_kept = self.is_over = False
        self._max_body = max_body
        self._parser: Any = None  # gunicorn's published types are older than it
        self.framing = Framing(max_body)

    def take(self) -> bool:
        """Take what has come; tell whether the client may send more. Raise OSError: it is gone."""
        while True:
            try:
                data = self.plain.recv(PIECE)
            except _LATER:
                return True
            self.held += data
            if not isinstance(self.plain, ssl.SSLSocket) or not data or not self.plain.pending():
                return bool(data)

    def look(self) -> Arrived:
        """Return what is here of the request; a client that asks is told to go on."""
        arrived = self.framing.look(self.held)
        if arrived is Arrived.PART and self.framing.asks:
            self.framing.asks = False
            self.sock.sendall(_CONTINUE)
            self.sock.flush()
        self.is_cut = arrived is not Arrived.WHOLE
        self.size = len(self.held)
        return arrived

    def request(self, settings: Any) -> Any:
        """Return the request that is here as gunicorn reads it; raise what it raises."""
        if self._parser is None:
            self._parser = RequestParser(settings, (), self.client)
        self._parser.unreader.unread(bytes(self.held))
        self.held.clear()
        request: Any = next(self._parser)
        request._expected_100_continue = False  # noqa: SLF001 - told already, or not to be told
        if self.is_cut:
            request.force_close()
        return request

    def turn(self) -> bool:
        """Get ready for the next request; tell whether where it begins is known."""
        self.answered, self.framing = True, Framing(self._max_body)
        if self.is_cut or self._parser is None or not self._parser.finish_body():
            return False
        self.held += self._parser.unreader.take_buffered()
        self.size = len(self.held)
        return True
