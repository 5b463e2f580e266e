"""Count what operators watch, for Prometheus; over all workers where gunicorn shares a folder.

Labels are words of the settings (connections, workspaces, kinds of helpdesk): never an address,
a ticket or a secret. https://prometheus.github.io/client_python/multiprocess/
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

from plugin.fetching.resources import Resources
from plugin.store.writer import Writer
from plugin.web.seats import seat
from plugin.workspace.runtime import WorkspaceRuntime

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
PUBLISHED_EVERY = 1.0  # seconds
STATES = ("ok", "resting", "limited", "needs_credentials")
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

if FOLDER in os.environ:  # before the first metric is made
    values.ValueClass = values.MultiProcessValue(seat)  # type: ignore[no-untyped-call]  # as below

_own = CollectorRegistry()
FRAMES = Histogram(
    "sidelight_frame_seconds",
    "Seconds from a helpdesk's request to our answer",
    ["helpdesk", "outcome"],
    buckets=_BUCKETS,
    registry=_own,
)
CONFIRMATIONS = Counter(
    "sidelight_confirmations",
    "Requesters that the helpdesk's own API was asked about",
    ["helpdesk", "outcome"],
    registry=_own,
)
HOOKS = Counter(
    "sidelight_hook_deliveries",
    "Webhooks by the kind of connection: accepted, duplicate, ignored, refused",
    ["upstream", "outcome"],
    registry=_own,
)
CACHE = Counter(
    "sidelight_cache_events", "What the caches did", ["event", "connection"], registry=_own
)
CACHE_SECONDS = Counter(
    "sidelight_fill_seconds", "Seconds spent asking upstreams", ["connection"], registry=_own
)
HELD = Gauge(
    "sidelight_cache_bytes",
    "Bytes of upstream answers held",
    multiprocess_mode="livesum",
    registry=_own,
)
STORE = Counter(
    "sidelight_store_entries",
    "Entries of memory that were written behind answers, or dropped",
    ["event"],
    registry=_own,
)
SOURCE = Gauge(
    "sidelight_source_state",
    "1 while any worker sees a connection in this state",
    ["workspace", "connection", "state"],
    multiprocess_mode="livemax",
    registry=_own,
)


class Publisher:
    """Carries a process's own counters into the metrics, at most once a second."""

    def __init__(self, resources: Resources, writer: Writer) -> None:
        self._runtime = resources
        self._writer = writer
        self._lock = threading.Lock()
        self._told: dict[tuple[str, str], int] = {}
        self._seconds: dict[tuple[str, str], float] = {}
        self._stored: dict[str, int] = {}
        self._due = 0.0

    def publish(self, runtimes: Mapping[str, WorkspaceRuntime], *, at_once: bool = False) -> None:
        """Publish what was counted since the last time, unless that was a moment ago."""
        now = self._runtime.clock.monotonic()
        if (now < self._due and not at_once) or not self._lock.acquire(blocking=False):
            return
        try:
            self._due = now + PUBLISHED_EVERY
            self._counters()
            HELD.set(self._runtime.cache.size()[1])
            _states(runtimes.values())
        finally:
            self._lock.release()

    def _counters(self) -> None:
        for key, times in self._runtime.tally.counts().items():
            CACHE.labels(*key).inc(times - self._told.get(key, 0))
            self._told[key] = times
        for key, seconds in self._runtime.tally.seconds().items():
            CACHE_SECONDS.labels(key[1]).inc(seconds - self._seconds.get(key, 0.0))
            self._seconds[key] = seconds
        for event, entries in self._writer.counts().items():
            STORE.labels(event).inc(entries - self._stored.get(event, 0))
            self._stored[event] = entries


def _states(runtimes: Iterable[WorkspaceRuntime]) -> None:
    for runtime in runtimes:
        for state in runtime.sources.states():
            for word in STATES:
                SOURCE.labels(runtime.workspace.id, state.name, word).set(word == state.state)


def exposition() -> bytes:
    """Return all metrics as text: of every worker, or of this process where it is alone."""
    if FOLDER not in os.environ:
        return generate_latest(_own)
    everyone = CollectorRegistry()
    MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]  # the library has no types here
    return generate_latest(everyone)
