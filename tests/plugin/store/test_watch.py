"""What another process changed is noticed behind the answers, while somebody asks."""

from __future__ import annotations

import threading

from plugin.store import audit, pins
from plugin.store.memory import Memory
from plugin.store.pins import PinKey, StoredPin
from plugin.store.watch import WHILE, StoreWatch
from tests.plugin.store.conftest import NOW, OTHER, WORKSPACE


class Looker:
    """Counts looks, and lets a test wait for the next one."""

    def __init__(self) -> None:
        self.seen = threading.Semaphore(0)

    def look(self) -> None:
        """Be looked at."""
        self.seen.release()

    def was_seen(self) -> bool:
        """Wait for a look."""
        return self.seen.acquire(timeout=10)


def test_it_looks_again_and_again_and_rests_when_nobody_asks_any_more(ticks):
    """A service without visitors leaves its store alone."""
    watch, looker = StoreWatch(lambda: ticks[0], every=0.01), Looker()
    watch.keep("acme", looker.look)
    assert looker.was_seen()
    assert looker.was_seen()

    ticks[0] += WHILE + 1
    last = Looker()
    watch.keep("rival", last.look)
    assert last.was_seen()
    while looker.seen.acquire(blocking=False):
        pass
    assert last.was_seen()
    assert not looker.seen.acquire(blocking=False)
    watch.close()


def test_a_look_that_fails_does_not_end_the_looking(ticks):
    """The next one may succeed."""
    watch, looker = StoreWatch(lambda: ticks[0], every=0.01), Looker()

    def fail() -> None:
        looker.look()
        raise ZeroDivisionError

    watch.keep("acme", fail)
    assert looker.was_seen()
    assert looker.was_seen()
    watch.close()


def _pin(memory: Memory) -> None:
    with memory.act() as connection:
        key = PinKey("contact", "jo@example.com")
        pins.put(connection, memory.workspace, StoredPin(key, "a1", "One", "kim", NOW))
        memory.append(connection, "a1", audit.AuditEvent(NOW, "kim", "pinned"))


def test_an_act_in_another_process_is_noticed_and_a_view_is_not(
    open_store, store_url, memory, writer
):
    """What nobody sees differently leaves answers as they are."""
    elsewhere = Memory(WORKSPACE, open_store(store_url), writer)
    elsewhere.look()
    first = elsewhere.turns()
    _pin(memory)
    elsewhere.look()
    second = elsewhere.turns()
    memory.keep_event("a1", audit.AuditEvent(NOW, "kim", "viewed_restricted"))
    assert writer.flush()
    elsewhere.look()

    assert first != second == elsewhere.turns()
    elsewhere.watch.close()


def test_an_act_in_another_workspace_changes_nothing_here(memory, rival):
    """Each has its own count."""
    _pin(memory)
    memory.look()
    rival.look()

    assert (memory.turns(), rival.turns(), rival.workspace) == (1, 0, OTHER)
    memory.watch.close()
    rival.watch.close()
