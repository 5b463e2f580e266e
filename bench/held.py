"""Goals 11, 12, 13 and 18: what the source cache costs, holds and shows, inside one process."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from marshmallow import Schema

from bench.rounds import interleaved, seconds_of
from bench.servers import status
from bench.table import Row
from plugin.fetching.asking import Tenant
from plugin.fetching.clock import Clock, system_clock
from plugin.fetching.lookups import Sources
from plugin.fetching.resources import ResourceOptions, Resources
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Facts, Link, Upstream

NAMES = ("crm", "billing", "analytics", "helpdesk", "survey")
TTL = 900.0
MB = 1024 * 1024
MANY, FEW, LOOKS = 100_000, 1_000, 2_000


@dataclass
class Hands:
    """The real clock, moved on by hand."""

    shift: float = 0.0
    real: Clock = field(default_factory=system_clock)

    def clock(self) -> Clock:
        """Return the clock."""
        return Clock(
            lambda: self.real.now() + timedelta(seconds=self.shift),
            lambda: self.real.monotonic() + self.shift,
            self.real.pause,
        )


def _fetch(name: str, size: int) -> Callable[[AccountRef, Link], Facts]:
    def fetch(ref: AccountRef, link: Link) -> Facts:
        words = f"{ref.id} {name} says something else of everybody; ".encode().hex()
        return Facts({"account.industry": (words * 40)[:size]}, link.now)

    return fetch


def sources(resources: Resources, names: tuple[str, ...] = NAMES, size: int = 1_200) -> Sources:
    """Return connections that answer at once with so many bytes each."""
    supplies = frozenset({"account.industry"})
    connections = {
        name: (
            Upstream(name, name, "https://example.com", Schema, supplies, _fetch(name, size)),
            Connection(name, name, ttl=TTL),
        )
        for name in names
    }
    return Sources(Tenant("bench"), connections, resources)


def _ref(number: int) -> AccountRef:
    return AccountRef(str(number), f"Account {number}", f"a{number}.example")


def _fill(of: Sources, count: int) -> None:
    for number in range(count):
        of.gather(_ref(number), time.monotonic() + 60)


def _resident() -> float:
    return status(os.getpid())[0]


def _memory() -> Row:
    resources = Resources(ResourceOptions(max_bytes=512 * MB))
    of = sources(resources)
    _fill(of, 10)
    before = _resident()
    _fill(of, 10_000)
    grown, (entries, held) = _resident() - before, resources.cache.size()
    resources.close()
    note = f"{entries} entries, {held / MB:.0f} MB by the cache's own count"
    return Row("12", "memory of 10,000 accounts, 6 KB each", grown, 35, 80, unit=" MB", note=note)


def _scale() -> Row:
    """Compare warm look-ups over many accounts; one small source each, so that all of it fits."""
    runtimes = {name: Resources(ResourceOptions(max_bytes=1024 * MB)) for name in ("few", "many")}
    made = {name: sources(one, ("crm",), 50) for name, one in runtimes.items()}
    _fill(made["few"], FEW)
    _fill(made["many"], MANY)

    def looks(of: Sources, count: int) -> Callable[[], object]:
        step = max(1, count // LOOKS)
        return lambda: [of.version(_ref(n * step % count)) for n in range(LOOKS)]

    took = interleaved(
        {
            "few": seconds_of(looks(made["few"], FEW)),
            "many": seconds_of(looks(made["many"], MANY)),
        }
    )
    for one in runtimes.values():
        one.close()
    note = "look-ups in the source cache, not whole frames"
    ratio = took["few"] / took["many"]
    name = "warm at 100,000 accounts ÷ 1,000"
    return Row("13", name, ratio, 0.9, 0.8, more_is_better=True, note=note)


def _stale() -> Row:
    hands = Hands()
    resources = Resources(clock=hands.clock())
    of = sources(resources)
    _fill(of, 100)
    hands.shift = TTL * 2
    shown = 0
    for number in range(100):
        found = of.gather(_ref(number), hands.clock().monotonic() + 60)
        shown += all(one.facts is not None and one.freshness == "stale" for one in found.values())
    time.sleep(0.5)  # noqa: TID251 - the refreshes behind
    fresh = sum(
        one.freshness == "fresh"
        for number in range(100)
        for one in of.gather(_ref(number), hands.clock().monotonic() + 60).values()
    )
    resources.close()
    note = f"marked stale; {fresh} of 500 fresh half a second later"
    name = "stale copies shown at once"
    return Row("18", name, shown, 100, None, more_is_better=True, unit=" %", note=note)


def _dead_cache() -> Iterator[Row]:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{unused.getsockname()[1]}/0"
        dead = Resources(ResourceOptions(shared_url=url, secrets=("made-up",)))
        alone = Resources()
        took: dict[str, list[float]] = {"dead": [], "alone": []}
        pairs = (("dead", sources(dead)), ("alone", sources(alone)))
        for number in range(200):
            for name, of in pairs:
                began = time.perf_counter()
                of.gather(_ref(number), time.monotonic() + 60)
                took[name].append((time.perf_counter() - began) * 1000)
        dead.close()
        alone.close()
    first = max(took["dead"][:3])
    middle = {name: sorted(times[20:])[90] for name, times in took.items()}
    added = middle["dead"] - middle["alone"]
    note = f"{middle['dead']:.2f} ms against {middle['alone']:.2f} ms a cold account"
    yield Row("11", "dead shared cache adds, breaker open", added, 1, 50, unit=" ms", note=note)
    yield Row("11", "… its first failures", first, 60, None, unit=" ms")


def rows() -> Iterator[Row]:
    """Measure one after another; the memory first, while the process is small."""
    yield _memory()
    yield _scale()
    yield _stale()
    yield from _dead_cache()
