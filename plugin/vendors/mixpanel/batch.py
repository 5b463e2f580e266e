"""One batch of profiles for all accounts of a connection, for vendors that count each query.

The batch is the connection's own memory. One question at a time reads it, page by page, and the
others wait for their turn; what was read stays when its time is up, and the next question goes
on from there. An account that is found is answered at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from plugin.errors import UpstreamBroken, UpstreamNotFound, UpstreamTimeout
from plugin.upstream import ConnectionMemory, Link

LIFE = timedelta(hours=12)  # together with the cache's 12 hours a fact is at most a day old
ABSENT_LIFE = timedelta(hours=1)  # an account that is not in it may be a new one
MOST_BYTES = 32 * 1024 * 1024
OVERHEAD = 150  # bytes of a profile's key and its place
PATIENCE = 4.0  # seconds to wait for another question's turn to end


@dataclass(frozen=True, slots=True)
class Page:
    """One page of profiles: (id, properties), and the session in which the next one stands."""

    profiles: tuple[tuple[str, Mapping[str, Any]], ...]
    session: str
    is_last: bool


Read = Callable[[int, str], Page]


@dataclass(slots=True)
class Batch:
    """The profiles that were read so far, as bytes; None under an id that two of them have."""

    began: datetime
    profiles: dict[str, bytes | None] = field(default_factory=dict)
    size: int = 0
    pages: int = 0
    session: str = ""
    is_whole: bool = False

    def serves(self, key: str, now: datetime) -> bool:
        """Say whether the batch is young enough to answer about an account."""
        life = LIFE if key in self.profiles else ABSENT_LIFE
        return now - self.began < life

    def add(self, page: Page) -> None:
        """Take a page in."""
        for key, properties in page.profiles:
            body = json.dumps(properties, default=str).encode()
            self.size += len(body) + OVERHEAD
            self.profiles[key] = None if key in self.profiles else body
        if self.size > MOST_BYTES:
            raise UpstreamBroken(f"its profiles are more than {MOST_BYTES} bytes")
        self.pages, self.session, self.is_whole = self.pages + 1, page.session, page.is_last


@contextmanager
def _turn(memory: ConnectionMemory) -> Iterator[None]:
    if not memory.lock.acquire(timeout=PATIENCE):
        raise UpstreamTimeout("the batch of all accounts is still being read")
    try:
        yield
    finally:
        memory.lock.release()


def _current(link: Link, key: str) -> Batch:
    batch = link.memory.value
    if not isinstance(batch, Batch) or not batch.serves(key, link.now):
        batch = link.memory.value = Batch(link.now)
    return batch


def profile(link: Link, key: str, read: Read) -> tuple[dict[str, Any], datetime]:
    """Return an account's properties and the time for which they hold.

    `read` asks for a page by its number and the session before. UpstreamNotFound where no page
    has the account; a failing page keeps those before it, except where its answer is none.
    """
    with _turn(link.memory):
        batch = _current(link, key)
        try:
            while key not in batch.profiles and not batch.is_whole:
                batch.add(read(batch.pages, batch.session))
        except UpstreamBroken:  # a session that is over, an answer of another shape: anew
            link.memory.forget()
            raise
        if key not in batch.profiles:
            raise UpstreamNotFound("it has no such group")
        body = batch.profiles[key]
    if body is None:
        raise UpstreamBroken("it has two profiles of this account")
    said: dict[str, Any] = json.loads(body)
    return said, batch.began
