"""Show again what was made, for as long as nothing that it was made from has changed.

Two short memories stand in front of the story of a ticket: answers as bytes, and the widgets that
they were drawn from. The second opening of a ticket costs a look-up; another ticket of the same
requester, or another format, costs a drawing. Both are keyed by everything that they may differ
by, the tenant first, so that nothing made for one is ever found for another.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from cachetools import TLRUCache

from plugin.fetching.clock import Clock
from plugin.frame import FrameRequest
from plugin.settings.records import Install
from plugin.upstream import AccountRef
from plugin.workspace.answering import Record
from plugin.workspace.runtime import WorkspaceRuntime
from widgets.widget import Widget

LIFE = timedelta(seconds=30)  # "4 min ago" is never wrong by more
CHECKED_EVERY = 1.0  # seconds; what an upstream told meanwhile shows by then
MAX_BYTES = 32 * 1024 * 1024
OVERHEAD = 1_500  # bytes of a key and of its place, measured
WIDGET_BYTES = 60_000  # of one full widget, measured
T = TypeVar("T")
_EXTRA = json.JSONEncoder(sort_keys=True, default=repr)

# Workers of one gunicorn share this page, because it is made before they are forked: whatever one
# of them writes, all of them read. Each workspace and each viewer has a mark on it; where two
# have the same place, one makes the other anew more often than it must. See turn().
_PLACES, _MARK = 65_536, 8
_PAGE = mmap.mmap(-1, _PLACES * _MARK)
Marks = tuple[tuple[int, bytes], ...]


@lru_cache(20_000)
def _place(*words: str) -> int:
    digest = hashlib.sha256("".join(f"{len(word)}:{word}" for word in words).encode())
    return int.from_bytes(digest.digest()[:4], "big") % _PLACES * _MARK


def _mark(place: int) -> bytes:
    return _PAGE[place : place + _MARK]


def _marks(*places: int) -> Marks:
    return tuple((place, _mark(place)) for place in places)


def invalidate(workspace: str) -> None:
    """Forget, in every worker, all that was made for a workspace: what is shown there changed."""
    _turn(_place(workspace))


def turn_for(asked: FrameRequest) -> None:
    """Forget, in every worker, what was made for who asks: how they see it changed."""
    _turn(_viewer_place(asked))


def _turn(place: int) -> None:
    _PAGE[place : place + _MARK] = os.urandom(_MARK)


def _viewer_place(asked: FrameRequest) -> int:
    return _place(asked.install_id, asked.viewer.id or "")


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of an answer, and their type."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What something was made from; while it stays as it was, making it anew says the same.

    Without `account` it was made from the request and the settings alone.
    """

    ends_at: datetime
    generation: Hashable
    marks: Marks
    account: AccountRef | None = None
    version: str | None = None

    def on(self, record: Record) -> MadeFrom | None:
        """Return this basis with an account; None where something on its way will change it."""
        if record.account is None or record.version is None or record.loading:
            return None
        return replace(self, account=record.account, version=record.version)


@dataclass(frozen=True, slots=True)
class ShownWidget:
    """A widget, and what it was made from."""

    widget: Widget
    basis: MadeFrom | None


@dataclass(frozen=True, slots=True)
class _Kept(Generic[T]):
    """Something made, with its basis, and when that was last compared (monotonic seconds)."""

    made: T
    basis: MadeFrom
    checked_at: float


def widget_key(runtime: WorkspaceRuntime, install: Install, asked: FrameRequest) -> Hashable:
    """Return what tells widgets apart: tenant, rules, about whom, who looks.

    The ticket only where a rule reads it: nothing else of a widget depends on it.
    """
    ticket = asked.ticket if runtime.reads_ticket else None
    who = (asked.requester, asked.viewer, asked.proven, asked.confirmation)
    return (runtime.workspace.id, install.id, runtime.rules.hash, ticket, *who, asked.locale)


def key_of(runtime: WorkspaceRuntime, install: Install, asked: FrameRequest, form: str) -> Hashable:
    """Return what tells answers apart: the widget, the ticket, and how it is drawn."""
    extra = _EXTRA.encode(dict(asked.extra)) if asked.extra else ""
    drawn = (form, asked.stage, asked.ticket, asked.theme, extra)
    return (*drawn, widget_key(runtime, install, asked))


def _midnight_after(now: datetime, zone: str) -> datetime:
    """Return when "today" becomes another day for the workspace."""
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), ZoneInfo(zone)).astimezone(now.tzinfo)


class AnswerCache(Generic[T]):
    """What one process made, bounded by bytes.

    `generation` of a workspace is another one after each change there.
    """

    def __init__(
        self,
        clock: Clock,
        generation: Callable[[str], Hashable],
        size: Callable[[T], int],
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._clock = clock
        self._generation = generation
        self._lock = threading.Lock()
        self._kept: TLRUCache[Hashable, _Kept[T]] = TLRUCache(
            max_bytes,
            ttu=lambda _key, kept, _now: kept.basis.ends_at.timestamp(),
            timer=lambda: clock.now().timestamp(),
            getsizeof=lambda kept: size(kept.made) + OVERHEAD,
        )

    def get(self, key: Hashable, runtime: WorkspaceRuntime) -> T | None:
        """Return what was made before, if making it anew would say the same."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is None:
            return None
        basis, now = kept.basis, self._clock.monotonic()
        if any(_mark(place) != mark for place, mark in basis.marks):
            return None
        if basis.generation != self._generation(runtime.workspace.id):
            return None
        if now - kept.checked_at < CHECKED_EVERY or basis.account is None:
            return kept.made
        if runtime.sources.version(basis.account) != basis.version:
            return None
        self._keep(key, replace(kept, checked_at=now))
        return kept.made

    def basis(self, runtime: WorkspaceRuntime, asked: FrameRequest) -> MadeFrom:
        """Return where things stand before something is made; `put` wants it."""
        now = self._clock.now()
        ends_at = min(now + LIFE, _midnight_after(now, runtime.workspace.time_zone))
        workspace = runtime.workspace.id
        marks = _marks(_place(workspace), _viewer_place(asked))
        return MadeFrom(ends_at, self._generation(workspace), marks)

    def put(self, key: Hashable, made: T, basis: MadeFrom | None) -> None:
        """Keep what was made; not without a basis: something will change it in a moment."""
        if basis is not None:
            self._keep(key, _Kept(made, basis, self._clock.monotonic()))

    def size(self) -> tuple[int, int]:
        """Return how much is kept, and its bytes."""
        with self._lock:
            return len(self._kept), int(self._kept.currsize)

    def _keep(self, key: Hashable, kept: _Kept[T]) -> None:
        with self._lock:
            try:
                self._kept[key] = kept
            except ValueError:  # larger than all that may be kept
                return
