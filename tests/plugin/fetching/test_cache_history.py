"""Whatever happens in whatever order, and in however many threads: no outdated answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from plugin.fetching.cache import SourceCache
from plugin.fetching.entries import FetchOutcome, Key, Windows
from plugin.fetching.generations import Generations
from plugin.fetching.questions import Question
from tests.plugin.fetching.conftest import Ledger, ManualClock


def test_a_thousand_threads_cause_one_call(ticking):
    """A stampede on a cold account reaches the upstream once."""
    release, calls = threading.Event(), []

    def answer() -> FetchOutcome:
        calls.append(1)
        release.wait(10)
        return FetchOutcome(b"facts")

    cache = SourceCache(ticking.clock)
    with ThreadPoolExecutor(2) as pool:
        key = Key("north", "billing", "acme")

        def submit(job: Callable[[], None], *, urgent: bool) -> bool:
            return bool(urgent and pool.submit(job))

        question = Question(key, Windows(60, 3600), answer, submit)
        with ThreadPoolExecutor(64) as callers:
            held = list(callers.map(lambda _: cache.ask([question])[key], range(1000)))
        release.set()
        bodies = {each.coming.result(10).body for each in held if each.coming}

    assert (len(calls), bodies) == (1, {b"facts"})


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=40))
def test_an_old_generation_never_becomes_valid_again(steps):
    """Tags forgotten for lack of room still count as invalidated."""
    generations = Generations(most=2)
    scope = ("north", "billing")
    asked: list[tuple[str, int]] = []
    outdated: set[tuple[str, int]] = set()
    for tag, invalidates in steps:
        if invalidates:
            generations.invalidate(scope, tag)
            outdated |= {each for each in asked if each[0] == tag}
        else:
            asked.append((tag, generations.now))

    assert not any(generations.holds(scope, (tag,), number) for tag, number in outdated)


class CacheHistory(RuleBasedStateMachine):
    """Any order of questions, answers, invalidations and time keeps the promises."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger(ManualClock(), max_bytes=3_000)
        self.version = self.seen = 0
        self.floor = {("north", "a"): 0, ("north", "b"): 0, ("south", "a"): 0, ("south", "b"): 0}
        self.ledger.answer = lambda: FetchOutcome(str(self.seen).encode())
        self.ledger.lane = self._lane

    def _lane(self, job: Callable[[], None]) -> None:
        # The upstream reads the account when it is asked, and answers whenever it likes.
        version = self.version

        def answer() -> None:
            self.seen = version
            job()

        self.ledger.jobs.append(answer)

    @rule(workspace=st.sampled_from(["north", "south"]), record=st.sampled_from("ab"))
    def ask(self, workspace: str, record: str) -> None:
        """An answer that is served was asked for after the last invalidation."""
        entry = self.ledger.ask(record, workspace).entry
        if entry is not None and entry.body is not None:
            assert int(entry.body) >= self.floor[workspace, record]
            assert self.ledger.ticking.now().timestamp() < entry.stale_until

    @rule()
    def answer_one(self) -> None:
        """The oldest question is answered."""
        if self.ledger.jobs:
            self.ledger.jobs.pop(0)()

    @rule()
    def answer_latest(self) -> None:
        """The latest question is answered first."""
        if self.ledger.jobs:
            self.ledger.jobs.pop()()

    @rule(workspace=st.sampled_from(["north", "south"]), record=st.sampled_from("ab"))
    def change(self, workspace: str, record: str) -> None:
        """The account changes upstream, and a webhook says so."""
        self.version += 1
        self.floor[workspace, record] = self.version
        self.ledger.cache.invalidate(workspace, "billing", record)

    @rule(seconds=st.sampled_from([1.0, 50.0, 61.0, 4000.0]))
    def tick(self, seconds: float) -> None:
        """Time goes by."""
        self.ledger.ticking.tick(seconds)

    @invariant()
    def stays_within_its_room(self) -> None:
        """The bound holds at every moment."""
        assert self.ledger.cache.size()[1] <= 3_000


CacheHistory.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


test_any_history_keeps_the_promises = CacheHistory.TestCase
