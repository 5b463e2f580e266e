"""Put the shared cache between a miss and the upstream: one call for all processes."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from plugin.fetching.clock import Clock
from plugin.fetching.entries import EVERYTHING, CacheEntry, Failure, Key, keep
from plugin.fetching.questions import Flight, Question
from plugin.fetching.shared.changes import Changes, SharedChange
from plugin.fetching.shared.lookout import Lookout
from plugin.fetching.shared.sealing import Position, Sealed, seal, unseal
from plugin.fetching.shared.server import MOST_CHANGES, PAGE, SharedServer
from plugin.fetching.tally import Tally

SLACK = 1.0  # seconds that a lease outlives its question
LISTEN_EVERY = 1.0
LARGEST = 1024 * 1024  # bytes; a larger value would hold up the others on the line
PREFIX = "sl1"


def name_of(key: Key) -> str:
    """Return the name of an entry on the server: the tenant is always part of it."""
    parts = (key.workspace, key.upstream, key.record)
    return f"{PREFIX}:{{{':'.join(quote(part, safe='') for part in parts)}}}"


@dataclass(frozen=True, slots=True)
class Local:
    """What the shared cache needs of its process; `invalidate` and `clear` act on its own cache."""

    clock: Clock
    tally: Tally
    invalidate: Callable[[str, str, str], None]
    clear: Callable[[], None]


class SharedCache:
    """Entries on a shared server, each signed; without the server everything works, just alone."""

    def __init__(self, store: SharedServer, keys: Sequence[bytes], local: Local) -> None:
        self._store = store
        self._keys = tuple(keys)
        self._local = local
        self._changes = Changes()
        self._lookout = Lookout(store.look, local.clock.pause)
        self._listening = threading.Lock()
        self._listened_at: float | None = None
        self._telling = threading.Lock()
        self._untold: deque[SharedChange] = deque(maxlen=MOST_CHANGES)
        self._own: set[Position] = set()

    def prefetch(self, flights: Sequence[Flight]) -> dict[Key, CacheEntry]:
        """Return what other processes know of these misses, in one trip."""
        questions = {name_of(flight.question.key): flight.question for flight in flights}
        answer = self._store.read(list(questions), self._changes.position)
        if answer is None:
            return {}
        values, changes = answer
        self._hear(changes)
        found = {}
        for (name, question), value in zip(questions.items(), values, strict=True):
            entry = self._open(question, name, value)
            self._count(question, entry)
            if entry is not None:
                found[question.key] = entry
        return found

    def fill(self, question: Question, ask: Callable[[], CacheEntry]) -> CacheEntry:
        """Return the entry that one of all processes fetches; by ourselves if need be."""
        name, token = name_of(question.key), secrets.token_hex(12)
        due = self._local.clock.monotonic() + question.patience
        while self._local.clock.monotonic() < due:
            lease = self._store.acquire(name, token, question.patience + SLACK)
            if lease is None:
                return ask()
            known = self._open(question, name, lease.value)
            if known is not None and self._is_settled(known):
                if lease.is_ours:
                    self._store.finish(name, token)
                return known
            if lease.is_ours:
                return self._fetch(name, token, ask, known)
            told = self._wait_for(question, name, due)
            if told is not None:
                return told
        failure = Failure("timed_out", local=True)
        return CacheEntry(self._now(), failure=failure, retry_at=self._now() + 1)

    def _wait_for(self, question: Question, name: str, due: float) -> CacheEntry | None:
        rounds = 0
        while self._local.clock.monotonic() < due:
            sight = self._lookout.next(name, rounds)
            known = self._open(question, name, sight.value)
            if known is not None and self._is_settled(known):
                return known
            if not sight.is_leased:  # its holder gave up or died: it is our turn
                return None
            rounds += 1
        return None

    def listen(self) -> None:
        """Hear of changes, once a second at most: what others invalidated is invalid here."""
        now = self._local.clock.monotonic()
        if self._listened_at is not None and now < self._listened_at + LISTEN_EVERY:
            return
        if not self._listening.acquire(blocking=False):
            return
        try:
            self._listened_at = now
            self._tell_all()
            self.catch_up()
        finally:
            self._listening.release()

    def tell(self, changes: Sequence[SharedChange]) -> None:
        """Tell every process what changed; while the server is away it is told later."""
        self._untold.extend(changes)
        self._tell_all()
        # What is fetched from now on must know of the change, or nobody would believe it.
        self.catch_up()

    def purge(self, workspace: str, upstream: str | None = None) -> bool:
        """Delete the entries of a workspace or connection; False if the server is out of reach."""
        parts = (workspace, *(() if upstream is None else (upstream,)))
        words = ":".join(_literal(quote(part, safe="")) for part in parts)
        return self._store.forget(f"{PREFIX}:{{{words}:*") is not None

    def count(self, name: str, seconds: float) -> int | None:
        """Count over all hosts; the name stands there by its digest, None if out of reach."""
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
        return self._store.count(f"{PREFIX}:count:{digest}", seconds)

    def is_up(self) -> bool:
        """Return whether the server answers now."""
        return self._store.is_up()

    def close(self) -> None:
        """End the connections to the server."""
        self._store.close()

    def _now(self) -> float:
        return self._local.clock.now().timestamp()

    def _open(self, question: Question, name: str, value: bytes | None) -> CacheEntry | None:
        if value is None:
            return None
        sealed = unseal(self._keys, name, value)
        if sealed is None:
            self._local.tally.add("shared_forged", question.key.upstream)
            return None
        key, entry = question.key, sealed.entry
        tags = (*question.tags, *entry.tags)
        holds = self._changes.hold(key.workspace, key.upstream, tags, sealed.seen)
        untold = any(
            (each.workspace, each.upstream) == (key.workspace, key.upstream)
            and each.tag in {EVERYTHING, *tags}
            for each in tuple(self._untold)
        )
        return entry if holds and not untold and entry.expires_at() > self._now() else None

    def _is_settled(self, entry: CacheEntry) -> bool:
        return entry.is_fresh(self._now()) or self._now() < entry.retry_at

    def _fetch(
        self, name: str, token: str, ask: Callable[[], CacheEntry], known: CacheEntry | None
    ) -> CacheEntry:
        seen = self._changes.position
        entry = ask()
        if entry.failure is not None and entry.failure.local:
            self._store.finish(name, token)
            return entry
        kept = keep(known, entry, self._now())
        value = seal(self._keys, name, Sealed(kept, seen))
        if len(value) <= LARGEST:
            self._store.finish(name, token, value, kept.expires_at() - self._now())
        else:
            self._store.finish(name, token)
        return kept

    def _count(self, question: Question, entry: CacheEntry | None) -> None:
        word = "shared_miss" if entry is None else "shared_hit"
        self._local.tally.add(word, question.key.upstream)

    def _tell_all(self) -> None:
        with self._telling:
            while self._untold:
                at = self._store.tell(self._untold[0])
                if at is None:
                    return
                self._own.add(at)
                self._untold.popleft()

    def _hear(self, changes: Sequence[SharedChange]) -> None:
        for change in changes:
            if not self._changes.hear(change):
                continue
            if change.at in self._own:  # it was invalid here when it was told
                self._own.discard(change.at)
            else:
                self._local.invalidate(change.workspace, change.upstream, change.tag)

    def catch_up(self) -> None:
        """Hear all that was told until now."""
        heard: list[SharedChange] = []
        while True:
            answer = self._store.read([], self._changes.position)
            if answer is None:
                return
            self._hear(answer[1])
            heard += answer[1]
            if len(answer[1]) < PAGE:
                break
        if len(heard) >= MOST_CHANGES:
            # As many as the stream keeps: earlier ones may be gone, unheard.
            self._changes.miss_before(heard[0].at)
            self._local.clear()


def _literal(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "*?[]^\\" else sign for sign in text)
