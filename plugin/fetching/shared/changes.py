"""What changed, as all processes hear of it: one stream, in one order, on the shared server."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from plugin.fetching.entries import EVERYTHING
from plugin.fetching.shared.sealing import Position

START: Position = (0, 0)


@dataclass(frozen=True, slots=True)
class SharedChange:
    """What one tag of a workspace's connection stands for changed; `at` once it is told."""

    workspace: str
    upstream: str
    tag: str
    at: Position = START


class Changes:
    """The changes that this process knows of: which shared entries are outdated by them.

    An entry holds if no change of its tags is later than what its fill knew when it began.
    Changes forgotten for lack of room outdate everything that is older than they are.
    """

    def __init__(self, most: int = 20_000) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._latest: dict[tuple[str, str, str], Position] = {}
        self._horizon = START
        self.position = START

    def hear(self, change: SharedChange) -> bool:
        """Take note of the next change of the stream; False if it was heard before."""
        with self._lock:
            if change.at <= self.position:
                return False
            self.position = change.at
            name = (change.workspace, change.upstream, change.tag)
            self._latest.pop(name, None)  # dicts keep the order of insertion: oldest first
            self._latest[name] = change.at
            if len(self._latest) > self._most:
                forgotten = self._latest.pop(next(iter(self._latest)))
                self._horizon = max(self._horizon, forgotten)
            return True

    def miss_before(self, position: Position) -> None:
        """Take note that changes before `position` may not all have been heard."""
        with self._lock:
            self._horizon = max(self._horizon, position)

    def hold(self, workspace: str, upstream: str, tags: Iterable[str], seen: Position) -> bool:
        """Return whether an entry is not outdated."""
        with self._lock:
            named = (EVERYTHING, *tags)
            return seen >= self._horizon and all(
                self._latest.get((workspace, upstream, tag), START) <= seen for tag in named
            )
