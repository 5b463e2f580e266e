"""A text is read once: what it said is remembered, the text is not."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from plugin.fetching.read_once import ReadOnce
from plugin.upstream import Mined


class Reader:
    """A miner that counts what it reads."""

    def __init__(self) -> None:
        self.read: list[tuple[str, str, tuple[str, ...]]] = []

    def __call__(self, ticket_id: str, subject: str, texts: Sequence[str]) -> Mined:
        self.read.append((ticket_id, subject, tuple(texts)))
        return Mined(topics=(subject,))


def test_the_same_text_is_read_once() -> None:
    """A ticket that is fetched anew says what it said."""
    reader = Reader()
    once = ReadOnce(reader)

    assert once("1", "billing", ["Hello"]) == once("1", "billing", ("Hello",))
    assert len(reader.read) == 1


@pytest.mark.parametrize(
    "other",
    [
        ("2", "billing", ["Hello"]),
        ("1", "access", ["Hello"]),
        ("1", "billing", ["Hello", ""]),
        ("1", "billing", ["Hell", "o"]),
        ("1", "billing", ['Hello", "']),
        ("1", "billing", ["\ud800"]),
    ],
)
def test_anything_else_is_read(other: tuple[str, str, list[str]]) -> None:
    """A new message, a new subject or another ticket is another text."""
    reader = Reader()
    once = ReadOnce(reader)
    once("1", "billing", ["Hello"])
    once(*other)

    assert len(reader.read) == 2


def test_what_was_long_ago_is_forgotten() -> None:
    """The memory has a limit; what is used stays."""
    reader = Reader()
    once = ReadOnce(reader, most=2)
    for key in ("a", "b", "a", "c", "a", "b"):
        once(key, "", [])

    assert [key for key, _, _ in reader.read] == ["a", "b", "c", "b"]


def test_no_text_is_kept() -> None:
    """Only what the miner quotes stays in memory."""
    once = ReadOnce(Reader())
    once("1", "billing", ["my secret words"])

    assert "my secret words" not in repr(vars(once))
    assert "my secret words" not in repr(once._known.items())  # noqa: SLF001 — that is the point


def test_threads_may_read_together() -> None:
    """Whoever asks gets the answer for its own text."""
    once = ReadOnce(Reader(), most=3)
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda n: once(str(n % 5), f"topic {n % 5}", []).topics, range(400)))

    assert said == [(f"topic {n % 5}",) for n in range(400)]
