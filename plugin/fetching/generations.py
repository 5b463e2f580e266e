"""Tell an answer that was asked for before an invalidation from one that came after it."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.fetching.entries import EVERYTHING

Scope = tuple[str, str]  # workspace, upstream


class Generations:
    """One ever-rising counter, and for each invalidated tag the value it had then.

    Not thread-safe: the source cache calls it under its own lock. Tags forgotten for lack of
    room count as invalidated when they were forgotten, so no old value ever becomes valid.
    """

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._now = 1
        self._base = 0
        self._floors: dict[tuple[Scope, str], int] = {}
        self._latest: dict[str, int] = {}

    @property
    def now(self) -> int:
        """Return the generation of what is asked for from now on."""
        return self._now

    def latest(self, workspace: str) -> int:
        """Return a number that rises whenever something of a workspace becomes invalid."""
        return max(self._base, self._latest.get(workspace, 0))

    def invalidate(self, scope: Scope, tag: str) -> None:
        """Make everything under `tag` that was asked for until now invalid."""
        self._now += 1
        self._floors.pop((scope, tag), None)  # dicts keep the order of insertion: oldest first
        self._floors[scope, tag] = self._latest[scope[0]] = self._now
        if len(self._floors) > self._most:
            self._base = max(self._base, self._floors.pop(next(iter(self._floors))))

    def invalidate_all(self) -> None:
        """Make everything that was asked for until now invalid."""
        self._now += 1
        self._base = self._now
        self._floors.clear()

    def holds(self, scope: Scope, tags: Iterable[str], generation: int) -> bool:
        """Return whether an answer asked for at `generation` is still valid under its tags."""
        if generation < self._base:
            return False
        if not self._floors:
            return True
        named = (EVERYTHING, *tags)
        return all(self._floors.get((scope, tag), 0) <= generation for tag in named)
