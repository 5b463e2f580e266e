"""One JSON line an event, whole, however many threads tell at once."""

from __future__ import annotations

import io
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TextIO

import pytest

from plugin.log import JsonLines, Lines, tell


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
                tell(logger, "frame", {"who": number, "turn": turn, "text": "ü" * 300})

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
    tell(logger, "frame", {"text": "half a pair: \ud800"})
    logger.warning("refused", extra={"why": "jo@example.com"})

    first, second = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (first["event"], second["why"]) == ("frame", "<e-mail>")
