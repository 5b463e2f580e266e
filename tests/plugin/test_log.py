"""One JSON line an event, whole, however many threads tell at once."""

from __future__ import annotations

import io
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TextIO

import pytest

from plugin.log import JsonLines, Lines, tell

NOW = datetime(2026, 3, 1, 9, 30, 15, 250_000, UTC)


@pytest.fixture
def logger():
    """Return a logger of this test's own."""
    made = logging.getLogger("sidelight.whole_lines")
    made.setLevel(logging.INFO)
    yield made
    made.handlers.clear()


def _writes_to(logger: logging.Logger, stream: TextIO) -> None:
    handler = Lines(stream)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)


def test_lines_of_many_threads_stay_whole(logger, tmp_path):
    """Nobody waits for another, and no line is torn or lost."""
    path = tmp_path / "log"
    with path.open("a", encoding="utf-8") as file:
        _writes_to(logger, file)
        gate = threading.Barrier(8, timeout=30)

        def work(number: int) -> None:
            gate.wait()
            for turn in range(200):
                tell(logger, "frame", {"who": number, "turn": turn, "text": "ü" * 300}, NOW)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert {(one["who"], one["turn"]) for one in told} == {
        (who, turn) for who in range(8) for turn in range(200)
    }
    assert len(told) == 1600


def test_a_stream_that_is_no_file_is_written_to_as_well(logger):
    """Whoever reads what a command says may hold it in memory."""
    stream = io.StringIO()
    _writes_to(logger, stream)
    tell(logger, "frame", {"text": "half a pair: \ud800"}, NOW)
    logger.warning("refused", extra={"why": "jo@example.com"})

    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], second["why"]) == ("frame", "<e-mail>")


def test_an_event_of_a_frame_reads_like_any_other(logger):
    """The same names in the same order, whichever way it was told; each value as its kind."""
    stream = io.StringIO()
    _writes_to(logger, stream)
    fields = {"install": "one", "status": 200, "ms": 1.0, "known": True, "door": None}
    tell(logger, "frame", fields, NOW)
    tell(logger, "frame", {**fields, "ms": 1, "known": 1}, NOW)
    logger.info("frame", extra=fields)

    told, again, usual = stream.getvalue().splitlines()
    assert told == (
        '{"at": "2026-03-01T09:30:15.250+00:00", "level": "info", "event": "frame", '
        '"logger": "sidelight.whole_lines", "install": "one", "status": 200, "ms": 1.0, '
        '"known": true, "door": null}'
    )
    assert '"ms": 1, "known": 1,' in again
    assert usual.partition(", ")[2] == told.partition(", ")[2]


NOTE = "they will leave us in June"


def _failing() -> None:
    note = NOTE
    try:
        {"": 1}[note]
    except KeyError as error:
        raise ValueError(f"cannot keep {note!r}") from error


def test_a_fault_is_told_with_its_places_and_without_its_values(logger):
    """What a database or a parser says of a value quotes it: only kinds and places are told."""
    stream = io.StringIO()
    _writes_to(logger, stream)
    try:
        _failing()
    except ValueError:
        logger.exception("fault")
    line = stream.getvalue()

    assert NOTE not in line
    trace = json.loads(line)["trace"]
    assert all(word in trace for word in ("builtins.KeyError", "builtins.ValueError", "_failing"))


def test_no_sign_that_a_terminal_obeys_stands_in_the_log(logger):
    """Controls, directions and invisible signs are escaped; the line says the same."""
    unseen = "".join(
        chr(code)
        for code in (*range(0x20), *range(0x7F, 0xA0), 0x200E, *range(0x2028, 0x202F), 0x2066)
    )
    stream = io.StringIO()
    _writes_to(logger, stream)
    logger.warning("refused %s", unseen, extra={"why": f"é {unseen}", unseen: "name"})
    line = stream.getvalue().removesuffix("\n")

    assert not set(line) & set(unseen)
    assert "é" in line
    assert json.loads(line)["why"] == f"é {unseen}"
