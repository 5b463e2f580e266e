"""A request is whole when gunicorn's own parser needs no more of it, however it arrives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.web.framing import HEAD_MAX, Arrived, Framing

HEAD = b"POST /hooks/a/b HTTP/1.1\r\nHost: here\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = {
    b"GET / HTTP/1.1\r\n\r\n",
    b"\r\nGET / HTTP/1.1\r\nHost: here\r\n\r\n",
    HEAD + b"Content-Length: 5\r\n\r\nhello",
    HEAD + b"content-length:  005\r\n\r\nhello",
    CHUNKED + b"5\r\nhello\r\n0\r\n\r\n",
    CHUNKED + b'5;a="b"\r\nhello\r\n0\r\n\r\n',
    CHUNKED + b"5\r\nhe\r\nl\r\n0\r\nDigest: a\r\nB: c\r\n\r\n",
    HEAD + b"Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
}
REFUSED = {
    b"hello",
    b"\x16\x03\x01\x00",
    b"GET / HTTP/1.1\nHost",
    b"GET / HTTP/1.1\r\nHost: here\nA",
    b"A" * 30,
    HEAD + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\n",
    HEAD + b"Content-Length: +1\r\n\r\n",
    HEAD + b"Content-Length: -1\r\n\r\n",
    HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
    HEAD + b"Content-Length: 101\r\n\r\n",
    HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    HEAD + b"Transfer-Encoding: gzip\r\n\r\n",
    CHUNKED + b"zz\r\n",
    CHUNKED + b"-5\r\n",
    CHUNKED + b"5\r\nhello!!",
    CHUNKED + b"f" * 9000,
    CHUNKED + b"0\r\nA: b\nC",
}


def _first(framing: Framing, data: bytes, sizes: list[int]) -> tuple[Arrived, int]:
    """Return the first verdict that is not PART, and after how many bytes it fell."""
    at = 0
    for size in [*sizes, *[1] * len(data)]:
        at = min(len(data), at + size)
        found = framing.look(bytearray(data[:at]))
        if found is not Arrived.PART or at == len(data):
            return found, at
    return Arrived.PART, at


@given(st.sampled_from(sorted(WHOLE)), st.lists(st.integers(1, 40)))
def test_a_request_is_whole_with_its_last_byte(data: bytes, sizes: list[int]) -> None:
    """Not a byte earlier, in whatever pieces it comes."""
    assert _first(Framing(100), data, sizes) == (Arrived.WHOLE, len(data))


@given(st.sampled_from(sorted(REFUSED)), st.lists(st.integers(1, 40)))
def test_what_is_wrong_is_not_waited_for(data: bytes, sizes: list[int]) -> None:
    """It is handed on to be refused, as soon as that is certain."""
    assert _first(Framing(100), data, sizes)[0] is Arrived.CUT


@pytest.mark.parametrize(
    ("data", "verdict"),
    [
        (b"GET /" + b"a" * HEAD_MAX, Arrived.HEAD_TOO_LARGE),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * HEAD_MAX + b"\r\n\r\n", Arrived.HEAD_TOO_LARGE),
        (CHUNKED + b"ffffff\r\n", Arrived.TOO_LARGE),
        (CHUNKED + b"1\r\na\r\n" * 9000, Arrived.TOO_LARGE),
    ],
)
def test_nothing_grows_without_end(data: bytes, verdict: Arrived) -> None:
    """Heads and chunks have a limit before their end is seen."""
    assert Framing(100).look(bytearray(data)) is verdict


@given(st.lists(st.binary(max_size=60), max_size=6), st.sampled_from([b"", HEAD, CHUNKED]))
def test_any_bytes_get_a_verdict(pieces: list[bytes], begin: bytes) -> None:
    """Whatever comes, looking at it raises nothing."""
    framing, held = Framing(100), bytearray(begin)
    for piece in pieces:
        held += piece
        if framing.look(held) is not Arrived.PART:
            break
