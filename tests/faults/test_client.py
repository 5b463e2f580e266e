"""Whatever an upstream does on the wire, the client ends in time with one of a few errors."""

from __future__ import annotations

import gzip
import socket
import zlib
from decimal import Decimal

import pytest

from plugin.errors import UpstreamBroken, UpstreamTimeout, UpstreamUnavailable
from tests.faults.conftest import answer

GZIP = {"Content-Encoding": "gzip"}


def chunk(data: bytes) -> bytes:
    """Return one piece of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_returns_the_json_of_a_good_answer(faults):
    """Fractions are exact, as money must be."""
    value = faults.ask(lambda talk: talk.send(answer(b'{"mrr": 12.10}')))

    assert value == {"mrr": Decimal("12.10")}


def test_reads_chunks_and_gzip(faults):
    """Both ways to send a body of unknown length, at once."""
    body = gzip.compress(b'{"seats": 7}')
    head = CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")

    def script(talk):
        talk.send(head + chunk(body[:9]) + chunk(body[9:]) + b"0\r\n\r\n")

    assert faults.ask(script) == {"seats": 7}


def test_refused_connection_is_unavailable(faults):
    """Nobody listens: known at once."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(UpstreamUnavailable):
            faults.client(url).get("/")


def test_reset_before_any_answer_is_unavailable(faults):
    """The upstream hung up."""
    with pytest.raises(UpstreamUnavailable):
        faults.ask(lambda talk: talk.reset())


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda talk: talk.hang(), id="before the headers"),
        pytest.param(lambda talk: talk.drip(b"HTTP/1.1 200 OK\r\n" * 9, 0.05), id="status drips"),
        pytest.param(
            lambda talk: talk.drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 40, 0.02),
            id="headers drip",
        ),
        pytest.param(lambda talk: (talk.send(answer(b"{}")[:-2]), talk.hang()), id="body hangs"),
        pytest.param(
            lambda talk: (talk.send(answer(b" " * 99)[:-99]), talk.drip(b" " * 99, 0.05)),
            id="body drips",
        ),
        pytest.param(
            lambda talk: (talk.send(CHUNKED), talk.drip(chunk(b" ") * 40, 0.02)), id="chunks drip"
        ),
    ],
)
def test_ends_in_time(faults, stopwatch, script):
    """The total time holds for names, connection, headers and body together."""
    with pytest.raises(UpstreamTimeout):
        faults.ask(script, seconds=0.3)

    assert stopwatch() < 1.5


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda talk: talk.send(b"\x16\x03garbage\r\n\r\n"), id="garbage"),
        pytest.param(
            lambda talk: talk.send(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"),
            id="too many headers",
        ),
        pytest.param(
            lambda talk: talk.send(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000 + b"\r\n\r\n"),
            id="header too long",
        ),
        pytest.param(
            lambda talk: (talk.send(answer(b'{"a": 1}')[:-3]), talk.reset()), id="reset in the body"
        ),
        pytest.param(
            lambda talk: (talk.send(answer(b'{"a": 1}')[:-3]), talk.connection.close()),
            id="body too short",
        ),
        pytest.param(
            lambda talk: (talk.send(CHUNKED + b"zz\r\n{}"), talk.connection.close()), id="bad chunk"
        ),
        pytest.param(
            lambda talk: talk.send(answer(b"no gzip at all", headers=GZIP)), id="bad gzip"
        ),
        pytest.param(lambda talk: talk.send(answer(b"")), id="empty"),
        pytest.param(lambda talk: talk.send(answer(b"{'a': 1}")), id="not JSON"),
        pytest.param(lambda talk: talk.send(answer(b'{"a": NaN}')), id="NaN"),
        pytest.param(lambda talk: talk.send(answer(b'{"a": 1e99999}')), id="absurd number"),
        pytest.param(lambda talk: talk.send(answer(b"9" * 9_999)), id="absurd integer"),
        pytest.param(lambda talk: talk.send(answer(b"[" * 99_999)), id="too deep"),
        pytest.param(lambda talk: talk.send(answer(b'{"a": "\xff"}')), id="not UTF-8"),
        pytest.param(
            lambda talk: talk.send(answer(headers={"Content-Type": "text/html"})), id="HTML"
        ),
        pytest.param(
            lambda talk: talk.send(
                answer(headers={"Content-Type": "application/json; charset=iso-8859-1"})
            ),
            id="another charset",
        ),
        pytest.param(
            lambda talk: talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
            id="no content type",
        ),
        pytest.param(lambda talk: talk.send(answer(status="418 I'm a teapot")), id="odd status"),
        pytest.param(lambda talk: talk.send(answer(status="204 No Content", body=b"")), id="204"),
    ],
)
def test_an_unusable_answer_is_broken(faults, script):
    """Anything but good JSON is one error, and never an exception of a library."""
    with pytest.raises(UpstreamBroken):
        faults.ask(script, seconds=2.0)


@pytest.mark.parametrize("length", [True, False], ids=["with a length", "without"])
def test_gives_up_an_answer_that_is_too_large(faults, stopwatch, length):
    """A body of 100 MB is broken off at 2 MB."""
    sent = []

    def script(talk):
        size = 100 * 1024 * 1024
        head = answer(headers={"Content-Length": str(size)})[:-2] if length else CHUNKED
        talk.send(head)
        block = b" " * 65_536 if length else chunk(b" " * 65_536)
        for _ in range(size // 65_536):
            talk.send(block)
            sent.append(1)

    with pytest.raises(UpstreamBroken, match="larger"):
        faults.ask(script, seconds=3.0)

    assert stopwatch() < 2
    assert len(sent) * 65_536 < 50 * 1024 * 1024


def test_gives_up_a_gzip_bomb(faults):
    """What counts is the size after decoding, and no more than needed is decoded."""
    bomb = gzip.compress(b" " * 50 * 1024 * 1024)

    with pytest.raises(UpstreamBroken, match="larger"):
        faults.ask(lambda talk: talk.send(answer(bomb, headers=GZIP)), seconds=3.0)


def test_half_a_character_does_not_reach_the_page(faults):
    """A lone surrogate could not be written out again."""
    value = faults.ask(lambda talk: talk.send(answer(rb'{"name": "a\ud800b \ud83d\ude00"}')))

    assert value == {"name": "a�b 😀"}


def test_deflate_is_not_asked_for_and_still_no_crash(faults):
    """An upstream that compresses as it likes is read or refused."""
    body = zlib.compress(b"{}")

    assert faults.ask(
        lambda talk: talk.send(answer(body, headers={"Content-Encoding": "deflate"}))
    ) in ({}, None)
