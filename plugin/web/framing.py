"""How much of a request has arrived: found out as its bytes come, without waiting for one.

It decides only when a request is handed on, never what it says: gunicorn's parser reads and judges
the same bytes afterwards. What is wrong for certain is handed on at once, so that it is refused.
https://www.rfc-editor.org/rfc/rfc9112#section-6
"""

from __future__ import annotations

import re
from enum import Enum

HEAD_MAX = 65_536  # bytes of request line and headers
_LINE_MAX = 8_190  # bytes of a chunk's first line
_TRAILER_MAX = 16_380
_ENDS = b"\r\n\r\n"
_BARE = re.compile(rb"(?<!\r)\n")
_BEGINS = re.compile(rb"(?:\r|\r\n)?\Z|(?:\r\n)?[^\x00-\x20a-z\x7f-\xff]{1,20}(?: |\Z)")
_FIELD = re.compile(
    rb"\r\n(content-length|transfer-encoding|expect)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE
)
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?")


class Arrived(Enum):
    """What is here of a request; `CUT`: enough to refuse it, its end will not be waited for."""

    PART = "part"
    WHOLE = "whole"
    CUT = "cut"
    HEAD_TOO_LARGE = "head too large"
    TOO_LARGE = "too large"


class Framing:
    """Follows one request; `asks` tells that its client waits to be told to send the body."""

    def __init__(self, max_body: int) -> None:
        self._max_body = max_body
        self._seen = 0
        self._end: int | None = None  # where a body of known length ends
        self._chunk: int | None = None  # where the next chunk begins
        self._body = 0
        self.asks = False

    @property
    def in_body(self) -> bool:
        """Tell whether the head is complete."""
        return self._body > 0

    def look(self, held: bytearray) -> Arrived:
        """Return what `held`, all bytes from the request's first one, comes to."""
        if not self.in_body:
            found = self._head(held)
            if found is not None:
                return found
        if self._end is not None:
            return Arrived.WHOLE if len(held) >= self._end else Arrived.PART
        return self._chunks(held)

    def _head(self, held: bytearray) -> Arrived | None:
        """Return what is known before the body; None once there is one to look for."""
        at = held.find(_ENDS, max(0, self._seen - len(_ENDS)))
        if at < 0:
            is_wrong = not _BEGINS.match(held[:24]) or _BARE.search(held, self._seen)
            self._seen = len(held)
            if is_wrong:
                return Arrived.CUT
            return Arrived.HEAD_TOO_LARGE if len(held) > HEAD_MAX else Arrived.PART
        if at > HEAD_MAX:
            return Arrived.HEAD_TOO_LARGE
        self._body = at + len(_ENDS)
        return self._lengths(bytes(held[:at]))

    def _lengths(self, head: bytes) -> Arrived | None:
        said: dict[bytes, list[bytes]] = {}
        for name, value in _FIELD.findall(head):
            said.setdefault(name.lower(), []).append(value.strip())
        lengths, codings = said.get(b"content-length", []), said.get(b"transfer-encoding", [])
        self.asks = said.get(b"expect", [b""])[0].lower() == b"100-continue"
        if codings:
            if lengths or codings[-1].lower().rpartition(b",")[2].strip() != b"chunked":
                return Arrived.CUT
            self._chunk = self._body
            return None
        length = lengths[0] if lengths else b"0"
        if len(lengths) > 1 or not length.isdigit():
            return Arrived.CUT
        if len(length.lstrip(b"0")) > len(str(self._max_body)) or int(length) > self._max_body:
            return Arrived.CUT  # refused by its head alone
        self._end = self._body + int(length)
        return None

    def _chunks(self, held: bytearray) -> Arrived:
        """Step from chunk to chunk; many small ones may take as much again as they carry."""
        while self._chunk is not None and (end := held.find(b"\r\n", self._chunk)) >= 0:
            size = _SIZE.fullmatch(held[self._chunk : end])
            if size is None:
                return Arrived.CUT
            if int(size[1], 16) == 0:
                return self._trailers(held, end)
            following = end + 2 + int(size[1], 16)
            if following - self._body > 2 * self._max_body + _LINE_MAX:
                return Arrived.TOO_LARGE
            if len(held) < following + 2:
                return Arrived.PART
            if held[following : following + 2] != b"\r\n":
                return Arrived.CUT
            self._chunk = following + 2
        is_long = self._chunk is not None and len(held) - self._chunk > _LINE_MAX
        return Arrived.CUT if is_long else Arrived.PART

    def _trailers(self, held: bytearray, end: int) -> Arrived:
        if held[end + 2 : end + 4] == b"\r\n" or held.find(_ENDS, end) >= 0:
            return Arrived.WHOLE
        is_wrong = _BARE.search(held, end) or len(held) - end > _TRAILER_MAX
        return Arrived.CUT if is_wrong else Arrived.PART
