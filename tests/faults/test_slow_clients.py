"""Clients that say nothing, drip, or never read take no answer from anybody else."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.demo import EMAIL, signed, written
from bench.load import once
from bench.servers import Server, free_port, gunicorn
from plugin.helpdesk import Trial

MANY = 150  # more than both workers have threads
HEAD = b"POST /hooks/a/b HTTP/1.1\r\nHost: here\r\n"
BEGINNINGS = {
    "nothing": b"",
    "half a line": b"GET /hea",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: he",
    "a body that drips": HEAD + b"Content-Length: 1000\r\n\r\nab",
    "a body that is announced": HEAD + b"Content-Length: 10\r\nExpect: 100-continue\r\n\r\n",
    "a chunk that drips": HEAD + b"Transfer-Encoding: chunked\r\n\r\n40\r\nab",
    "chunks without an end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
    "trailers without an end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n",
    "a client that never reads": b"GET /static/frame.css HTTP/1.1\r\nHost: here\r\n\r\n" * 400,
    "an end that never comes": b"garbage\r\n\r\n",
    "too large a body": HEAD + b"Content-Length: 9000000\r\n\r\nab",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run the demo under gunicorn."""
    port = free_port()
    path, settings = written(tmp_path_factory.mktemp("served"), port)
    with gunicorn("wsgi:create_app()", {"SIDELIGHT_CONFIG": str(path)}, port) as server:
        shot = signed(settings, "demo-intercom", Trial(EMAIL, ticket_id="NW-31"))
        for _ in range(10):
            assert once(server.url, shot)[0] == http.client.OK
        yield server


def _line(stack: ExitStack, server: Server, *, deaf: bool = False) -> socket.socket:
    line = stack.enter_context(socket.socket())
    if deaf:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    line.settimeout(10)
    line.connect(("127.0.0.1", server.port))
    return line


def _longest(server: Server, times: int = 20) -> float:
    """Return the longest of some waits for an answer, each on a connection of its own."""
    longest = 0.0
    for _ in range(times):
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        line.request("GET", "/healthz")
        assert line.getresponse().status == http.client.OK
        line.close()
        longest = max(longest, time.monotonic() - began)
    return longest


@pytest.mark.parametrize("what", BEGINNINGS)
def test_slow_clients_take_no_thread(served: Server, what: str) -> None:
    """Whatever they began, however often a byte more comes, others are answered at once."""
    with ExitStack() as stack:
        deaf = what == "a client that never reads"
        lines = [_line(stack, served, deaf=deaf) for _ in range(MANY)]
        for line in lines:
            line.settimeout(0)
            line.send(BEGINNINGS[what])
        assert _longest(served) < 3


def test_more_clients_than_there_is_room_for_keep_nobody_out(tmp_path: Path) -> None:
    """When all places are taken, whoever has waited longest without a request goes."""
    port = free_port()
    path, _ = written(tmp_path, port)
    few = {"SIDELIGHT_CONFIG": str(path), "GUNICORN_CMD_ARGS": "--worker-connections 40"}
    with gunicorn("wsgi:create_app()", few, port) as server, ExitStack() as stack:
        lines = [_line(stack, server) for _ in range(120)]
        assert _longest(server, 5) < 3
        for line in lines[:20]:
            assert line.recv(1) == b""


def test_a_kept_connection_takes_what_was_sent_ahead(served: Server) -> None:
    """Requests in one piece are answered in their order, whether or not they have bodies."""
    asked = HEAD + b"Content-Length: 5\r\n\r\nhello"
    asked += HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    asked += b"GET /healthz HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    with ExitStack() as stack:
        line = _line(stack, served)
        line.sendall(asked)
        told = b"".join(iter(lambda: line.recv(65536), b""))

    assert [part[:3] for part in told.split(b"HTTP/1.1 ")[1:]] == [b"401", b"401", b"200"]


def test_a_client_that_asks_is_told_to_go_on_once(served: Server) -> None:
    """Where its body would be refused, it is not told to send it."""
    with ExitStack() as stack:
        line = _line(stack, served)
        line.sendall(HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(b"hello")
        assert line.recv(100).startswith(b"HTTP/1.1 401")

        other = _line(stack, served)
        other.sendall(HEAD + b"Content-Length: 9000000\r\nExpect: 100-continue\r\n\r\n")
        assert other.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(("more", "status"), [(0, 401), (1, 413)])
@pytest.mark.parametrize("piece", [0, 700, 65_536])
def test_bodies_are_taken_up_to_the_limit(
    served: Server, more: int, status: int, piece: int
) -> None:
    """Of known length or in chunks: one byte more is too large, and the client hears it."""
    body = b"x" * (262_144 + more)
    pieces = (body[at : at + piece] for at in range(0, len(body), piece)) if piece else None
    line = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    line.request(
        "POST",
        "/hooks/a/b",
        pieces or body,
        encode_chunked=bool(piece),
        headers={"Transfer-Encoding": "chunked"} if piece else {},
    )
    answer = line.getresponse()
    answer.read()
    line.close()

    assert answer.status == status


def test_what_follows_a_refused_body_is_no_request(served: Server) -> None:
    """A body that was not read to its end would else be taken for the next request."""
    hidden = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
    with ExitStack() as stack:
        line = _line(stack, served)
        line.sendall(HEAD + b"Content-Length: 9000000\r\n\r\n" + hidden)
        told = b"".join(iter(lambda: line.recv(65536), b""))

    assert told.startswith(b"HTTP/1.1 413")
    assert told.count(b"HTTP/1.1") == 1
