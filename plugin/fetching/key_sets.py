"""Keep the keys that a helpdesk publishes: fetched from its address, never from a token's word.

A key set that was fetched stays good while its address is down, for a day at most. A token that
names an unknown key makes us look again, and only so often: whoever sends made-up names cannot
make us fetch. What is asked for may be new, so a look that finds it does not count.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from plugin.errors import UpstreamBroken, UpstreamError
from plugin.fetching.gate import Gate
from plugin.fetching.http.addresses import LOOPBACK_HOSTS, check_base
from plugin.fetching.resources import Resources

log = logging.getLogger("sidelight.keys")

KIND = "key-sets"
FRESH = 3600.0  # seconds after which a set is fetched anew behind the answer
KEPT = 86_400.0  # seconds for which the last set serves while its address is down
AGAIN = 30.0  # seconds between two looks for a key that was not there
RETRY = 10.0  # seconds after a failure
SECONDS = 2.0  # one fetch in all
MOST = 100  # keys of one set; a vendor publishes two or three

Key = Mapping[str, Any]


@dataclass(slots=True)
class _Held:
    """What is known of one address; times are monotonic seconds."""

    gate: Gate
    keys: tuple[Key, ...] = ()
    fetched_at: float = 0.0
    asked_again_at: float = 0.0  # not before; whatever is wanted
    flight: Future[None] | None = field(default=None)

    def has(self, key_id: str) -> bool:
        return any(key.get("kid") == key_id for key in self.keys)


class KeySets:
    """The key sets of one process, by their addresses; they are public, so nobody's own."""

    def __init__(self, resources: Resources) -> None:
        self._runtime = resources
        self._lock = threading.Lock()
        self._held: dict[str, _Held] = {}

    def keys(self, url: str, key_id: str, deadline: float) -> tuple[Key, ...]:
        """Return the keys at `url`, of which one may be `key_id`'s; () while there are none.

        Waits until `deadline` (monotonic seconds) only where that key is not known yet.
        """
        with self._lock:
            held = self._look(url)
            known = held.has(key_id)
            if held.flight is None and self._is_due(held, known=known):
                self._start(url, held, key_id)
            flight = held.flight
        if flight is not None and not known:
            wait([flight], timeout=max(0.0, deadline - self._now()))
        return held.keys

    def fetch(self, url: str) -> tuple[Key, ...]:
        """Return the keys at `url` as they are now; raise UpstreamError where they cannot be had.

        Nothing is kept: this is what `sidelight check` does.
        """
        with self._lock:
            gate = self._look(url).gate
        return self._fetch(url, gate)

    def _now(self) -> float:
        return self._runtime.clock.monotonic()

    def _look(self, url: str) -> _Held:
        held = self._held.setdefault(url, _Held(Gate(self._runtime.clock)))
        if held.keys and self._now() - held.fetched_at >= KEPT:
            held.keys = ()
        return held

    def _is_due(self, held: _Held, *, known: bool) -> bool:
        now = self._now()
        is_stale = now - held.fetched_at >= FRESH
        return now >= held.asked_again_at and (is_stale or not known)

    def _start(self, url: str, held: _Held, key_id: str) -> None:
        held.flight = Future()
        job = partial(self._fly, url, held, key_id, held.flight)
        if not self._runtime.submit(KIND, urlsplit(url).netloc, job, urgent=True):
            held.flight = None

    def _fly(self, url: str, held: _Held, key_id: str, flight: Future[None]) -> None:
        keys: tuple[Key, ...] = ()
        try:
            keys = self._fetch(url, held.gate)
        except UpstreamError as error:
            log.warning("key set failed: host=%s: %s", urlsplit(url).netloc, error)
        finally:  # whatever happened, nobody waits for a flight that is over
            with self._lock:
                self._land(held, keys, key_id)
            flight.set_result(None)

    def _land(self, held: _Held, keys: tuple[Key, ...], key_id: str) -> None:
        held.flight, pause = None, RETRY
        if keys:
            held.keys, held.fetched_at = keys, self._now()
            pause = 0.0 if held.has(key_id) else AGAIN
        held.asked_again_at = self._now() + pause

    def _fetch(self, url: str, gate: Gate) -> tuple[Key, ...]:
        parts = urlsplit(url)
        loopback = parts.hostname in LOOPBACK_HOSTS
        base = check_base(f"{parts.scheme}://{parts.netloc}", (), loopback=loopback)
        client = self._runtime.public_client(KIND, base, gate, SECONDS, loopback=loopback)
        answer = client.get(parts.path)
        found = answer.get("keys") if isinstance(answer, Mapping) else None
        keys = [key for key in found if isinstance(key, Mapping)] if isinstance(found, list) else []
        if not keys:
            raise UpstreamBroken("its answer holds no keys")
        return tuple(keys[:MOST])
