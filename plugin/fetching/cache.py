"""Keep what upstreams answered: fresh, stale or absent; each question is asked once at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from random import SystemRandom

from cachetools import TLRUCache

from plugin.fetching.clock import Clock
from plugin.fetching.entries import CacheEntry, Failure, Key, entry_of, keep
from plugin.fetching.generations import Generations
from plugin.fetching.questions import Fill, Flight, Held, Prefetch, Question
from plugin.fetching.tally import Tally

MAX_BYTES = 128 * 1024 * 1024
OVERHEAD = 1_000  # bytes of an entry's key, times and place in the container, measured
TAG = 75  # bytes of a tag
_chance = SystemRandom()


def jitter() -> float:
    """Return 0.9 to 1.1: entries made together must not expire together."""
    return _chance.uniform(0.9, 1.1)


def fill_alone(question: Question, ask: Callable[[], CacheEntry]) -> CacheEntry:
    """Fill without a shared cache: just ask."""
    del question
    return ask()


class SourceCache:
    """The in-process cache of upstream answers, bounded by bytes.

    A stale answer is returned at once and refreshed behind (RFC 5861 stale-while-revalidate and
    stale-if-error); failures are answers too, with a short life.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        max_bytes: int = MAX_BYTES,
        stretch: Callable[[], float] = jitter,
        tally: Tally | None = None,
    ) -> None:
        self._clock = clock
        self._stretch = stretch
        self._tally = tally or Tally()
        self._lock = threading.RLock()
        self._flights: dict[Key, Flight] = {}
        self._generations = Generations()
        self._entries: TLRUCache[Key, CacheEntry] = TLRUCache(
            max_bytes,
            ttu=lambda _key, entry, _now: entry.expires_at(),
            timer=self._now,
            getsizeof=lambda entry: len(entry.body or b"") + TAG * len(entry.tags) + OVERHEAD,
        )
        self._fill: Fill = fill_alone
        self._prefetch: Prefetch = lambda _flights: {}

    def share(self, prefetch: Prefetch, fill: Fill) -> None:
        """Put a shared cache between a miss and the upstream."""
        self._prefetch, self._fill = prefetch, fill

    def ask(self, questions: Sequence[Question]) -> dict[Key, Held]:
        """Return at once what is known of each question; start a fill for what is not."""
        started: list[Flight] = []
        with self._lock:
            held = {question.key: self._look(question, started) for question in questions}
        self._take_off(started, held)
        return held

    def invalidate(self, workspace: str, upstream: str, tag: str) -> None:
        """Forget what is known under `tag`; fills under way will not be kept either."""
        with self._lock:
            self._generations.invalidate((workspace, upstream), tag)
            for key, flight in list(self._flights.items()):
                if not self._holds(key, flight.question.tags, flight.generation):
                    del self._flights[key]

    def invalidate_all(self) -> None:
        """Forget everything: invalidations were missed."""
        with self._lock:
            self._generations.invalidate_all()
            self._flights.clear()
            self._entries.clear()

    def purge(self, workspace: str, upstream: str | None = None) -> None:
        """Drop every byte held for a workspace or one of its connections."""

        def is_meant(key: Key) -> bool:
            return key.workspace == workspace and upstream in {None, key.upstream}

        with self._lock:
            for key in [key for key in self._flights if is_meant(key)]:
                del self._flights[key]
            for key in [key for key in self._entries if is_meant(key)]:
                self._drop(key)

    def generation(self, workspace: str) -> int:
        """Return a number that rises with each invalidation in a workspace."""
        return self._generations.latest(workspace)

    def size(self) -> tuple[int, int]:
        """Return how many entries are held, and their bytes."""
        with self._lock:
            return len(self._entries), int(self._entries.currsize)

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _holds(self, key: Key, tags: Sequence[str], generation: int) -> bool:
        return self._generations.holds((key.workspace, key.upstream), tags, generation)

    def _get(self, key: Key) -> CacheEntry | None:
        try:
            entry = self._entries[key]
        except KeyError:
            return None
        if self._holds(key, entry.tags, entry.generation):
            return entry
        self._drop(key)
        return None

    def _drop(self, key: Key) -> None:
        with suppress(KeyError):  # it expired in between, and is gone just the same
            del self._entries[key]

    def _look(self, question: Question, started: list[Flight]) -> Held:
        key, now, label = question.key, self._now(), question.key.upstream
        entry = self._get(key)
        if entry is not None and entry.is_fresh(now):
            self._tally.add("hit", label)
            return Held(entry)
        usable = entry is not None and entry.is_usable(now)
        if entry is not None and now < entry.retry_at:
            self._tally.add("stale_hit" if usable else "negative_hit", label)
            return Held(entry)
        flight = self._flights.get(key)
        word = "stale_hit" if usable else "miss" if flight is None else "coalesced"
        self._tally.add(word, label)
        if flight is None:
            flight = self._flights[key] = Flight(question, self._generations.now)
            started.append(flight)
        return Held(entry if usable else None, flight.landed)

    def _take_off(self, flights: Sequence[Flight], held: dict[Key, Held]) -> None:
        cold = [flight for flight in flights if held[flight.question.key].entry is None]
        known = self._prefetch(cold) if cold else {}
        for flight in flights:
            key = flight.question.key
            if key in known:
                self._land(flight, known[key])
            elif not self._submit(flight, urgent=held[key].entry is None):
                self._shed(flight)
        for flight in cold:
            if self._is_aged(flight, known, self._now()):
                self._refresh(flight.question)  # another process left a stale copy

    def _refresh(self, question: Question) -> None:
        with self._lock:
            if question.key in self._flights:
                return
            flight = self._flights[question.key] = Flight(question, self._generations.now)
        if not self._submit(flight, urgent=False):
            self._shed(flight)

    def _is_aged(self, flight: Flight, known: dict[Key, CacheEntry], now: float) -> bool:
        entry = known.get(flight.question.key)
        return entry is not None and not entry.is_fresh(now) and now >= entry.retry_at

    def _submit(self, flight: Flight, *, urgent: bool) -> bool:
        return flight.question.submit(partial(self._fly, flight), urgent=urgent)

    def _fly(self, flight: Flight) -> None:
        entry = CacheEntry(self._now(), failure=Failure("broken", local=True))
        try:
            entry = self._fill(flight.question, lambda: self._ask(flight.question))
        finally:  # whatever happened, nobody waits for a fill that is over
            self._land(flight, entry)

    def _ask(self, question: Question) -> CacheEntry:
        began, asked_at = self._clock.monotonic(), self._now()
        outcome = question.ask()
        tags = tuple(dict.fromkeys((*question.tags, *outcome.tags)))
        self._tally.took("fill", question.key.upstream, self._clock.monotonic() - began)
        if outcome.failure is not None:
            self._tally.add("failure", question.key.upstream)
        outcome = replace(outcome, tags=tags)
        return entry_of(outcome, question.windows, asked_at, self._now(), self._stretch)

    def _land(self, flight: Flight, entry: CacheEntry) -> None:
        entry = replace(entry, generation=flight.generation)
        with self._lock:
            entry = self._settle(flight, entry)
        flight.landed.set_result(entry)

    def _settle(self, flight: Flight, entry: CacheEntry) -> CacheEntry:
        key = flight.question.key
        if self._flights.get(key) is not flight:  # invalidated under way: it may be outdated
            self._tally.add("refused_store", key.upstream)
            return entry
        del self._flights[key]
        if not self._holds(key, entry.tags, entry.generation):
            self._tally.add("refused_store", key.upstream)
            return entry
        entry = keep(self._get(key), entry, self._now())
        self._store(key, entry)
        return entry

    def _shed(self, flight: Flight) -> None:
        key = flight.question.key
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
            entry = self._get(key)
        self._tally.add("shed", key.upstream)
        flight.landed.set_result(
            entry or CacheEntry(self._now(), failure=Failure("broken", local=True))
        )

    def _store(self, key: Key, entry: CacheEntry) -> None:
        try:
            self._entries[key] = entry
        except ValueError:  # larger than the whole cache
            self._tally.add("refused_store", key.upstream)
