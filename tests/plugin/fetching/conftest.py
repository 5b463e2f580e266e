"""A clock that only tests move, and a cache with an upstream that answers when told to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from marshmallow import Schema

from plugin.fetching.asking import Tenant
from plugin.fetching.cache import SourceCache
from plugin.fetching.clock import Clock
from plugin.fetching.entries import CacheEntry, Failure, FetchOutcome, Key, Windows
from plugin.fetching.lookups import Sources
from plugin.fetching.questions import Held, Question
from plugin.fetching.resources import Resources
from plugin.fetching.tally import Tally
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Facts, Link, Upstream

# A busy machine is no finding; the examples stay as many.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

ACME = AccountRef("7", "Acme", "acme.example", emails=("ann@acme.example",))
LATER = 1e9  # a deadline that nobody reaches
START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass
class ManualClock:
    """Time stands still until a test ticks; a pause is a tick."""

    seconds: float = 0.0

    def tick(self, seconds: float) -> None:
        self.seconds += seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.monotonic, self.tick)


@dataclass
class Ledger:
    """One upstream behind one cache; its jobs wait until the test runs them."""

    ticking: ManualClock
    max_bytes: int = 1_000_000
    windows: Windows = field(default_factory=lambda: Windows(fresh=60, kept=3600))
    answer: Callable[[], FetchOutcome] = lambda: FetchOutcome(b"facts")
    full: bool = False

    def __post_init__(self) -> None:
        self.calls = 0
        self.jobs: list[Callable[[], None]] = []
        self.lane: Callable[[Callable[[], None]], None] = self.jobs.append
        self.tally = Tally()
        self.cache = SourceCache(
            self.ticking.clock, max_bytes=self.max_bytes, stretch=lambda: 1.0, tally=self.tally
        )

    def _called(self) -> FetchOutcome:
        self.calls += 1
        return self.answer()

    def submit(self, job: Callable[[], None], *, urgent: bool) -> bool:
        del urgent
        if not self.full:
            self.lane(job)
        return not self.full

    def question(
        self, record: str = "acme", workspace: str = "north", tags: tuple[str, ...] = ("acme",)
    ) -> Question:
        key = Key(workspace, "billing", record)
        return Question(key, self.windows, self._called, self.submit, tags)

    def ask(self, record: str = "acme", workspace: str = "north") -> Held:
        question = self.question(record, workspace, (record,))
        return self.cache.ask([question])[question.key]

    def run(self) -> None:
        jobs = self.jobs.copy()
        self.jobs.clear()
        for job in jobs:
            job()

    def read(self, record: str = "acme", workspace: str = "north") -> CacheEntry:
        """Ask, let the upstream answer if it is asked, and return what there is."""
        held = self.ask(record, workspace)
        self.run()
        if held.entry is not None:
            return held.entry
        assert held.coming is not None
        return held.coming.result(timeout=0)

    def fail(self, reason: str = "broken", until: float | None = None) -> None:
        """Let the upstream fail from now on."""
        self.answer = lambda: FetchOutcome(failure=Failure(reason, until))

    def say(self, body: bytes) -> None:
        """Let the upstream answer so from now on."""
        self.answer = lambda: FetchOutcome(body)


@pytest.fixture
def ticking() -> ManualClock:
    """Return a clock at 21 November 2026, 09:00 UTC."""
    return ManualClock()


@pytest.fixture
def ledger(ticking: ManualClock) -> Ledger:
    """Return an upstream that answers `facts`, fresh for a minute, kept for an hour."""
    return Ledger(ticking)


def source(
    fetch: Callable[[AccountRef, Link], Facts], name: str = "billing", **more: Any
) -> tuple[Upstream, Connection]:
    """Return a connection whose upstream answers so."""
    supplies = more.pop("supplies", frozenset({"contract.plan"}))
    connection = Connection(name, name, **more.pop("connection", {}))
    return Upstream(name, name.title(), "https://x", Schema, supplies, fetch, **more), connection


def says(plan: str = "gold") -> Callable[[AccountRef, Link], Facts]:
    """Return a fetch that answers with this plan."""
    return lambda _ref, link: Facts({"contract.plan": plan}, link.now)


def raises(error: Exception) -> Callable[..., Any]:
    """Return a fetch that fails so."""

    def fetch(*_args: object) -> Any:
        raise error

    return fetch


def first_of(answers: list[Callable[..., Facts]]) -> Callable[[AccountRef, Link], Facts]:
    """Return a fetch that answers as the first of `answers` does by then."""

    def fetch(ref: AccountRef, link: Link) -> Facts:
        return answers[0](ref, link)

    return fetch


@pytest.fixture
def resources(ticking: ManualClock):
    """Return a runtime whose clock stands still."""
    made = Resources(clock=ticking.clock)
    yield made
    made.close()


@pytest.fixture
def sources(resources):
    """Return a maker of a workspace's connections."""

    def make(*connections: tuple[Upstream, Connection], workspace: str = "north") -> Sources:
        named = {connection.name: (upstream, connection) for upstream, connection in connections}
        return Sources(Tenant(workspace), named, resources)

    return make


@pytest.fixture
def hang():
    """Return a fetch that hangs until the test is over, and the event that ends it."""
    over = threading.Event()

    def fetch(_ref, link):
        over.wait(10)
        return Facts({"contract.plan": "late"}, link.now)

    yield fetch, over
    over.set()
