"""Frames are noted and written a moment later; whatever becomes of the log, no frame waits."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest

from plugin.fetching.clock import Clock
from plugin.log import JsonLines, Lines
from plugin.web import request_log
from plugin.web.request_log import Note, RequestLog

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def _note(number: int) -> Note:
    return Note(AT, "panel", "intercom", "frames.stage", 200, "warm", number / 1000)


def _clock(pause: Callable[[float], object]) -> Clock:
    def waits(seconds: float) -> None:
        pause(seconds)

    return Clock(lambda: AT, lambda: 0.0, waits)


@pytest.fixture
def pipe() -> Iterator[int]:
    """Send the log of frames to a pipe; return the end to read from."""
    reads, writes = os.pipe()
    log, stream = logging.getLogger("sidelight.frames"), os.fdopen(writes, "w")
    handler = Lines(stream)
    handler.setFormatter(JsonLines())
    before = (log.handlers[:], log.propagate, log.level)
    log.handlers[:], log.propagate = [handler], False
    log.setLevel(logging.INFO)
    yield reads
    log.handlers[:], log.propagate = before[0], before[1]
    log.setLevel(before[2])
    stream.close()
    os.close(reads)


def _lines(reads: int, count: int) -> list[dict[str, object]]:
    """Read so many lines; waits until they are there."""
    with os.fdopen(os.dup(reads), encoding="utf-8") as stream:
        return [json.loads(stream.readline()) for _ in range(count)]


def test_a_full_pipe_holds_up_no_frame(pipe):
    """Nobody reads the log: all is noted at once, and nothing is lost when somebody does."""
    told = 3_000  # ten times what a pipe holds
    book, due = RequestLog(lambda: None), threading.Semaphore(0)
    book.start(_clock(lambda _seconds: due.acquire()))
    for number in range(told):
        book.note(_note(number))
    due.release()

    assert [line["ms"] for line in _lines(pipe, told)] == [float(one) for one in range(told)]


def test_more_than_fits_is_told_as_lost(monkeypatch, caplog):
    """Memory is bounded; the log says how much is missing."""
    caplog.set_level(logging.INFO, "sidelight.frames")
    monkeypatch.setattr(request_log, "MOST", 3)
    published: list[bool] = []
    book = RequestLog(lambda: published.append(True))
    book.start(_clock(lambda _seconds: threading.Event().wait()))
    for number in range(5):
        book.note(_note(number))
    assert not caplog.records

    book.settle()
    assert [record.getMessage() for record in caplog.records] == [
        *["frame"] * 3,
        "frames were not noted",
    ]
    assert vars(caplog.records[-1])["lost"] == 2
    assert published == [True]


def test_a_note_that_fails_does_not_end_the_writing(caplog):
    """What comes after it is written all the same."""
    caplog.set_level(logging.INFO, "sidelight.frames")
    turns, done = count(), threading.Event()

    def publish() -> None:
        if next(turns) == 0:
            raise RuntimeError("secret")
        done.set()

    book, more = RequestLog(publish), threading.Semaphore(0)
    book.start(_clock(lambda _seconds: more.acquire()))
    for number in range(2):
        book.note(_note(number))
        more.release()

    assert done.wait(10)
    assert "secret" not in caplog.text
    assert [record.getMessage() for record in caplog.records].count("frame") == 2


def test_until_it_is_started_a_note_is_written_at_once(caplog):
    """Commands and tests read what was told."""
    caplog.set_level(logging.INFO, "sidelight.frames")
    RequestLog(lambda: None).note(_note(7))

    assert [vars(record)["ms"] for record in caplog.records] == [7.0]
