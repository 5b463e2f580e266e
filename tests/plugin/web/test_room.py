"""Who waits in a worker, until when, and who goes first: with a clock that the test turns."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from plugin.web.framing import Arrived
from plugin.web.line import ClientLine
from plugin.web.room import BODY_WITHIN, HEAD_WITHIN, HELD_MAX, IDLE, Room


@pytest.fixture
def lines() -> Iterator[list[ClientLine]]:
    """Return three connections to nobody."""
    with ExitStack() as stack:
        yield [ClientLine(stack.enter_context(socket.socket()), "", "", 100) for _ in range(3)]


def _waiting(room: Room, line: ClientLine, now: float = 0.0) -> ClientLine:
    room.enter(line)
    room.wait(line, now)
    return line


def test_each_part_of_a_request_has_its_deadline(lines: list[ClientLine]) -> None:
    """From the first byte on for the head, from its end on for the body; drips move neither."""
    room, line = Room(3), lines[0]
    _waiting(room, line)
    assert line.due == IDLE

    line.held += b"POST / HTTP/1.1\r\n"
    assert room.look(line, 5.0) is Arrived.PART
    line.held += b"Content-Length: 3\r\n"
    room.look(line, 9.0)
    assert line.due == 5.0 + HEAD_WITHIN
    assert room.late(14.9) == []
    assert room.late(15.0) == [line]

    line.held += b"\r\na"
    room.look(line, 10.0)
    line.held += b"b"
    room.look(line, 20.0)
    assert line.due == 10.0 + BODY_WITHIN


def test_strangers_go_first_and_the_longest_waiting_of_them(lines: list[ClientLine]) -> None:
    """Whoever sent a request before keeps the connection as long as a stranger is there."""
    room = Room(3)
    known, first, second = lines
    known.answered = True
    for line in lines:
        _waiting(room, line)
    assert room.is_full()

    for expected in (first, second, known):
        assert room.patient() is expected
        room.leave(expected)
    assert room.patient() is None
    assert not room.is_full()


def test_a_connection_that_is_answered_is_not_sent_away(lines: list[ClientLine]) -> None:
    """A thread has it: it is neither late nor in the way."""
    room = Room(1)
    room.work(_waiting(room, lines[0]))

    assert room.patient() is None
    assert room.late(1e9) == []


def test_requests_that_are_not_whole_share_one_limit_of_memory(lines: list[ClientLine]) -> None:
    """Whose request is the largest goes first, and what it held is free again."""
    room = Room(3)
    for line, size in zip(lines, (5, 9, 7), strict=True):
        _waiting(room, line)
        line.held += b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n" + b"a" * size
        room.look(line, 0.0)
    assert not room.is_heavy()
    assert room.heaviest() is lines[1]
    lines[1].size += HELD_MAX + 1
    room._held += HELD_MAX + 1  # noqa: SLF001 - nobody wants 64 MB here
    assert room.is_heavy()

    room.leave(lines[1])
    assert not room.is_heavy()
    assert room.heaviest() is lines[2]
