"""Goals 1 to 4 and 15: a warm frame against a bare Flask view on the same server."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path

from bench import weight
from bench.demo import EMAIL, signed, written
from bench.load import GENERATOR, Outcome, Shot, once, run, widget_shot
from bench.rounds import interleaved
from bench.servers import Server, free_port, gunicorn
from bench.table import Row
from plugin.helpdesk import Trial
from plugin.settings.records import Settings

OK = 200
SECONDS, ROUNDS = 1, 11  # short and many: what else the machine does spoils a few
FRESH = 3_000  # tickets a round, more than it can open, none of them twice: each is drawn anew
CLAIMS = {"ticket": {"id": "NW-31", "subject": "CSV export fails"}, "requester": {"email": EMAIL}}


@dataclass(frozen=True, slots=True)
class Place:
    """Both servers, and the settings of ours."""

    ours: Server
    constant: Server
    settings: Settings

    def measure(self, rounds: Iterable[list[Shot]], kept: list[Outcome]) -> Callable[[], float]:
        """Return a measure of the rate at which our server answers; outcomes are kept."""
        return _measure(self.ours.url, rounds, kept)


def _measure(url: str, rounds: Iterable[list[Shot]], kept: list[Outcome]) -> Callable[[], float]:
    shots = iter(rounds)

    def measure() -> float:
        kept.append(run(url, next(shots), seconds=SECONDS))
        return kept[-1].rate

    return measure


def _middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _checked(place: Place, shot: Shot, holds: bytes) -> bytes:
    for _ in range(40):  # every worker gets warm
        status, body, _ = once(place.ours.url, shot)
    if status != OK or holds not in body:
        raise RuntimeError(f"{shot.path} is not answered as expected: {status}")
    return body


def _afresh(settings: Settings) -> Iterator[list[Shot]]:
    """Yield the tickets of one round after the other; they are signed before it begins."""
    for first in count(0, FRESH):
        yield [
            signed(settings, "demo-intercom", Trial(EMAIL, ticket_id=f"F-{number}"))
            for number in range(first, first + FRESH)
        ]


def _shots(place: Place) -> dict[str, Shot]:
    settings = place.settings
    warm = signed(settings, "demo-intercom", Trial(EMAIL, ticket_id="NW-31"))
    launch = signed(settings, "demo-zendesk", Trial(EMAIL, ticket_id="NW-31"))
    _checked(place, warm, b"Northwind")
    page = _checked(place, launch, b"data-token")
    return {"warm": warm, "launch": launch, "part": widget_shot(page, CLAIMS)}


def _ratio(number: str, name: str, share: float, bounds: tuple[float, float], note: str) -> Row:
    return Row(number, f"{name} ÷ constant", share, *bounds, more_is_better=True, note=note)


def _speeds(place: Place, shots: dict[str, Shot]) -> Iterator[Row]:
    kept: dict[str, list[Outcome]] = {name: [] for name in (*shots, "fresh", "constant")}
    measures = {name: place.measure(repeat([shot]), kept[name]) for name, shot in shots.items()}
    measures["fresh"] = place.measure(_afresh(place.settings), kept["fresh"])
    bare = repeat([Shot("/", body=b"x" * 400)])
    measures["constant"] = _measure(place.constant.url, bare, kept["constant"])
    rate = interleaved(measures, ROUNDS)
    base = rate["constant"]
    failed = sum(one.failed for outcomes in kept.values() for one in outcomes)
    note = f"{GENERATOR}, 16 connections, {failed} failed"
    yield _ratio("1", "warm HMAC frame", rate["warm"] / base, (0.65, 0.5), note)
    yield _ratio("2", "widget afresh", rate["fresh"] / base, (0.38, 0.3), "")
    yield _ratio("3", "warm signed-JWT launch", rate["launch"] / base, (0.55, 0.28), "")
    yield _ratio("19", "warm second step of a page", rate["part"] / base, (0.65, 0.5), "")
    p99 = {name: _middle([one.p99 for one in outcomes]) for name, outcomes in kept.items()}
    note = f"{p99['warm']:.1f} ms against {p99['constant']:.1f} ms"
    yield Row("4", "warm p99 ÷ the constant's", p99["warm"] / p99["constant"], 2, 3, note=note)


def rows() -> Iterator[Row]:
    """Measure on two servers of two workers each."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="sidelight-bench-") as folder:
        path, settings = written(Path(folder), port)
        with (
            gunicorn("wsgi:create_app()", {"SIDELIGHT_CONFIG": str(path)}, port) as ours,
            gunicorn("bench.constant:create_app()", {}) as constant,
        ):
            place = Place(ours, constant, settings)
            shots = _shots(place)
            yield from _speeds(place, shots)
            page = once(ours.url, shots["launch"])[1]
            part = once(ours.url, shots["part"])[1]
            yield from weight.rows(page + part)
