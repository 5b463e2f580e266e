"""Keep for a while what a connection was told: in its own memory, never in another's."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import TypeVar

from plugin.upstream import Link

KEPT_MOST = 1_000  # answers; the one that was kept first goes first
Answer = TypeVar("Answer")


def recalled(
    link: Link, about: Hashable, ask: Callable[[], Answer], life: Callable[[Answer], timedelta]
) -> Answer:
    """Return what `ask` answered about something, asking anew when its life is over.

    A failure is not kept. Nobody waits for another's question: two at once ask twice.
    """
    with link.memory.lock:
        known: dict[Hashable, tuple[Answer, datetime]] = link.memory.value or {}
        kept = known.get(about)
    if kept is not None and kept[1] > link.now:
        return kept[0]
    answer = ask()
    with link.memory.lock:
        others = list((link.memory.value or {}).items())[-KEPT_MOST:]
        link.memory.value = {**dict(others), about: (answer, link.now + life(answer))}
    return answer
