"""A clock that only tests move, and a cache with an upstream that answers when told to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from plugin.context.cache import SourceCache
from plugin.context.clock import Clock
from plugin.context.entries import Entry, Failure, Key, Outcome, Windows
from plugin.context.questions import Held, Question
from plugin.context.tally import Tally

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
    answer: Callable[[], Outcome] = lambda: Outcome(b"facts")
    full: bool = False

    def __post_init__(self) -> None:
        self.calls = 0
        self.jobs: list[Callable[[], None]] = []
        self.lane: Callable[[Callable[[], None]], None] = self.jobs.append
        self.tally = Tally()
        self.cache = SourceCache(
            self.ticking.clock, max_bytes=self.max_bytes, stretch=lambda: 1.0, tally=self.tally
        )

    def _called(self) -> Outcome:
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

    def read(self, record: str = "acme", workspace: str = "north") -> Entry:
        """Ask, let the upstream answer if it is asked, and return what there is."""
        held = self.ask(record, workspace)
        self.run()
        if held.entry is not None:
            return held.entry
        assert held.coming is not None
        return held.coming.result(timeout=0)

    def fail(self, reason: str = "broken", until: float | None = None) -> None:
        """Let the upstream fail from now on."""
        self.answer = lambda: Outcome(failure=Failure(reason, until))

    def say(self, body: bytes) -> None:
        """Let the upstream answer so from now on."""
        self.answer = lambda: Outcome(body)


@pytest.fixture
def ticking() -> ManualClock:
    """Return a clock at 21 November 2026, 09:00 UTC."""
    return ManualClock()


@pytest.fixture
def ledger(ticking: ManualClock) -> Ledger:
    """Return an upstream that answers `facts`, fresh for a minute, kept for an hour."""
    return Ledger(ticking)
