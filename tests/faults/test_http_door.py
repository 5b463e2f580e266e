"""The door of HTTP under any bytes: no fault, no silence, the headers of every answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.demo import written
from bench.servers import Server, free_port
from bench.servers import gunicorn as _gunicorn
from plugin.web.headers import usual_headers

TOKENS = [
    *(b"GET ", b"POST ", b"/healthz", b"//", b"/frames/x", b"/hooks/a/b", b"/metrics", b"/api/v1/"),
    *(b"%2f", b"%00", b"?a=b", b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", b" HTTP/2.0\r\n", b"PRI * "),
    *(b"Host: here\r\n", b"Host: a\r\n", b"Content-Length: 3\r\n", b"Content-Length: -1\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip, chunked\r\n", b"\r\n"),
    *(b"Expect: 100-continue\r\n", b"Expect: tea\r\n", b"Connection: keep-alive\r\n", b" a\r\n"),
    *(b"SCRIPT_NAME: /healthz\r\n", b"X-Forwarded-Proto: https\r\n", b"PATH_INFO: /x\r\n"),
    *(
        b"Content-Type: application/json\r\n",
        b"3\r\nabc\r\n",
        b"0\r\n\r\n",
        b"zz\r\n",
        b"3;a=b\r\n",
    ),
    *(
        b"Authorization: Bearer \xff\r\n",
        b"Cookie: a\r\n",
        b"Upgrade: h2c\r\n",
        b"\n",
        b"\0",
        b"abc",
    ),
]
REFUSED = [
    b"nothing\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET /" + b"a" * 8500 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nExpect: tea\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 100 + b"\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: tea\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: tea, chunked\r\n\r\n0\r\n\r\n",
    b"GET /" + b"a" * 70_000,
]
CHUNKED = b"POST /hooks/a/b HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
BROKEN = [
    b"zz\r\n",
    b"-1\r\n",
    b"3\r\nabcd\r\n0\r\n\r\n",
    b"3 \r\nabc\r\n",
    b";\r\n",
    b"3\r\nabc\n",
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the server writes its log."""
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, log: Path) -> Iterator[Server]:
    """Run the demo under gunicorn."""
    port = free_port()
    path, _ = written(tmp_path_factory.mktemp("served"), port)
    noted = {"SIDELIGHT_CONFIG": str(path), "GUNICORN_CMD_ARGS": "--keep-alive 2"}
    with log.open("wb") as errors, _gunicorn("wsgi:create_app()", noted, port, errors) as server:
        yield server


def _told(server: Server, data: bytes) -> bytes:
    """Send bytes, say that no more come, and return all that is answered until the end."""
    with socket.create_connection(("127.0.0.1", server.port), 20) as line:
        sending = threading.Thread(target=_send, args=(line, data))
        sending.start()
        told = b""
        try:
            while data := line.recv(65_536):
                told += data
        except ConnectionResetError:
            pass
        sending.join(20)
    return told


def _send(line: socket.socket, data: bytes) -> None:
    try:
        line.sendall(data)
        line.shutdown(socket.SHUT_WR)
    except OSError:
        return


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(TOKENS) | st.binary(max_size=8), max_size=14).map(b"".join))
def test_any_bytes_are_answered_calmly_or_not_at_all(served: Server, data: bytes) -> None:
    """No fault, no redirect, and the end comes by itself."""
    told = _told(served, data)

    assert not told or told.startswith(b"HTTP/1.1 ")
    assert b"HTTP/1.1 500" not in told
    assert b"HTTP/1.1 3" not in told


@pytest.mark.parametrize("data", REFUSED)
def test_the_servers_own_refusals_carry_our_headers(served: Server, data: bytes) -> None:
    """They never reach the application, and say no more than it would."""
    head, _, body = _told(served, data).partition(b"\r\n\r\n")

    assert head.startswith((b"HTTP/1.1 4", b"HTTP/1.1 501"))
    for name, value in usual_headers(https=False):
        assert f"{name}: {value}".encode() in head
    assert body.startswith(b'{"error": {"code": ')


@pytest.mark.parametrize("broken", BROKEN)
def test_a_body_in_broken_chunks_is_refused_and_alarms_nobody(
    served: Server, log: Path, broken: bytes
) -> None:
    """Nobody proved anything: 400, and no fault in the log."""
    assert _told(served, CHUNKED + broken).startswith(b"HTTP/1.1 400 ")
    assert b'"fault"' not in log.read_bytes()
    assert b"could not be answered" not in log.read_bytes()


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script-Name", "PATH_INFO", "X-Script-Name"])
def test_no_header_moves_an_address(served: Server, name: str) -> None:
    """What a proxy in front keeps from strangers cannot be reached under another path."""
    asked = f"GET /public/healthz HTTP/1.1\r\n{name}: /public\r\nConnection: close\r\n\r\n"

    assert _told(served, asked.encode()).startswith(b"HTTP/1.1 404 ")
