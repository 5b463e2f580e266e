"""Show again what was rendered, for as long as nothing that it was made from has changed.

A short memory in front of the story of a ticket: the second opening of the same ticket costs a
look-up. It is keyed by everything that the answer may differ by, the install first, so that
nothing made for one tenant is ever found for another.
"""

from __future__ import annotations

import json
import mmap
import os
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cachetools import TLRUCache

from plugin.answer import Desk, Record
from plugin.context.clock import Clock
from plugin.frame import FrameRequest
from plugin.settings import Install
from plugin.upstream import AccountRef

LIFE = timedelta(seconds=30)  # "4 min ago" is never wrong by more
CHECKED_EVERY = 1.0  # seconds; what an upstream told meanwhile shows by then
MAX_BYTES = 32 * 1024 * 1024
OVERHEAD = 1_500  # bytes of a key and of its place, measured

# Workers of one gunicorn share this page, because it is made before they are forked: whatever one
# of them writes, all of them read. See Presentations.turn.
_TIDE = mmap.mmap(-1, 16)


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of an answer, and their type."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer with what it was made from, and when that was last compared (monotonic)."""

    answer: Answer
    account: AccountRef
    version: str
    ends_at: datetime
    generation: int
    tide: bytes
    checked_at: float


def key_of(desk: Desk, install: Install, asked: FrameRequest, form: str) -> Hashable:
    """Return what tells answers apart: tenant, rules, who asks, about whom, who looks, how."""
    extra = json.dumps(dict(asked.extra), sort_keys=True, default=repr) if asked.extra else ""
    return (
        desk.workspace.id,
        install.id,
        desk.rules.hash,
        form,
        asked.stage,
        asked.ticket,
        asked.requester,
        asked.viewer,
        asked.locale,
        asked.theme,
        asked.proven,
        asked.confirmation,
        extra,
    )


def _midnight_after(now: datetime, zone: str) -> datetime:
    """Return when "today" becomes another day for the workspace."""
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), ZoneInfo(zone)).astimezone(now.tzinfo)


class Presentations:
    """The answers of one process, bounded by bytes; `generation` rises with each invalidation."""

    def __init__(
        self, clock: Clock, generation: Callable[[], int], max_bytes: int = MAX_BYTES
    ) -> None:
        self._clock = clock
        self._generation = generation
        self._lock = threading.Lock()
        self._kept: TLRUCache[Hashable, _Kept] = TLRUCache(
            max_bytes,
            ttu=lambda _key, kept, _now: kept.ends_at.timestamp(),
            timer=lambda: clock.now().timestamp(),
            getsizeof=lambda kept: len(kept.answer.body) + OVERHEAD,
        )

    def get(self, key: Hashable, desk: Desk) -> Answer | None:
        """Return the answer that was made before, if making it anew would say the same."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.tide != bytes(_TIDE) or kept.generation != self._generation():
            return None
        now = self._clock.monotonic()
        if now - kept.checked_at < CHECKED_EVERY:
            return kept.answer
        if desk.sources.version(kept.account) != kept.version:
            return None
        self._keep(key, replace(kept, checked_at=now))
        return kept.answer

    def mark(self) -> tuple[int, bytes]:
        """Return where things stand before an answer is made; `put` wants it."""
        return self._generation(), bytes(_TIDE)

    def put(
        self, key: Hashable, answer: Answer, record: Record, desk: Desk, mark: tuple[int, bytes]
    ) -> None:
        """Keep an answer, unless something is still on its way that would change it."""
        if record.account is None or record.version is None or record.loading:
            return
        now = self._clock.now()
        ends_at = min(now + LIFE, _midnight_after(now, desk.workspace.time_zone))
        checked_at = self._clock.monotonic()
        kept = _Kept(answer, record.account, record.version, ends_at, *mark, checked_at)
        self._keep(key, kept)

    def turn(self) -> None:
        """Forget everything, in every worker: a person changed what is shown."""
        _TIDE[:] = os.urandom(len(_TIDE))

    def size(self) -> tuple[int, int]:
        """Return how many answers are kept, and their bytes."""
        with self._lock:
            return len(self._kept), int(self._kept.currsize)

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        with self._lock:
            try:
                self._kept[key] = kept
            except ValueError:  # larger than all that may be kept
                return
