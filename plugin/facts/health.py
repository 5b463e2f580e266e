"""An explained health score: what it is made of, how each part weighs, and what drags it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from plugin.account.context import HealthPart
from plugin.account.words import OPEN_TICKET
from plugin.facts.offers import Values
from plugin.settings.records import HealthWeights

VERSION = "sidelight-2"
RED_UP_TO = 50
YELLOW_UP_TO = 75
_RECENT = timedelta(days=90)
_WEEK = timedelta(days=7)
_FULL_USE = 1.1  # use that grows by a tenth is as good as it gets
_PER_OPEN = 15.0  # points that one open ticket costs
_PER_BUG = 10.0  # points that a bug costs on top
_WEEKS_NEEDED = 12
_PARTS_NEEDED = 2
_MAIN = "usage"
_PAYMENT = {"ok": 100.0, "past_due": 40.0, "failed": 10.0}


def _usage(values: Values, at: datetime, now: datetime) -> float | None:
    weeks = values.get("usage.weekly_active") or ()
    passed = (now - at) // _WEEK
    weeks = weeks[: len(weeks) - passed] if passed else weeks
    if len(weeks) < _WEEKS_NEEDED:
        return None
    before = sum(weeks[-12:-4]) / 8
    if before == 0:
        return None
    ratio = sum(weeks[-4:]) / 4 / before
    return max(0.0, min(100.0, 100.0 * ratio / _FULL_USE))


def _was_open(ticket: Any, at: datetime, now: datetime) -> bool:
    if ticket.created_at is None or ticket.created_at > at:
        return False
    if ticket.solved_at is not None:
        return bool(ticket.solved_at > at)
    return ticket.status in OPEN_TICKET if ticket.status else at == now


def _support(values: Values, at: datetime, now: datetime) -> float | None:
    tickets = values.get("tickets")
    if tickets is None:
        return None
    waiting = [ticket for ticket in tickets if _was_open(ticket, at, now)]
    bugs = sum(1 for ticket in waiting if ticket.kind == "bug")
    return max(0.0, 100.0 - _PER_OPEN * len(waiting) - _PER_BUG * bugs)


def _sentiment(values: Values, at: datetime) -> float | None:
    """Return 100 unless people sound unhappy: who writes plainly is no worry."""
    felt = [
        ticket.sentiment
        for ticket in values.get("tickets") or ()
        if ticket.sentiment is not None
        and ticket.created_at is not None
        and at - _RECENT <= ticket.created_at <= at
    ]
    return 100.0 + 100.0 * min(0.0, sum(felt) / len(felt)) if felt else None


def _survey(values: Values, at: datetime) -> float | None:
    nps, answered = values.get("survey.nps"), values.get("survey.nps_at")
    if nps is None or answered is None or answered > at.date():
        return None
    return float(nps) * 10.0


def _scores(values: Values, at: datetime, now: datetime) -> dict[str, float]:
    """Return the score of each component that is known for the moment `at`."""
    payment = values.get("contract.payment_status") if at == now else None
    found = {
        "usage": _usage(values, at, now),
        "support": _support(values, at, now),
        "payment": _PAYMENT.get(payment) if payment else None,
        "sentiment": _sentiment(values, at),
        "survey": _survey(values, at),
    }
    return {name: score for name, score in found.items() if score is not None}


def _total(scores: Mapping[str, float], weights: HealthWeights) -> float | None:
    known: dict[str, float] = {name: getattr(weights, name) for name in scores}
    total = sum(known.values())
    if total == 0:
        return None
    return sum(score * known[name] for name, score in scores.items()) / total


def _past(values: Values, days: int, now: datetime, weights: HealthWeights) -> float | None:
    """Return the score of the past, None where its main component is not known for then.

    A component without a past, such as the payment state, counts on both sides as it is today, so
    that only what is known to have changed moves the score.
    """
    then = _scores(values, now - timedelta(days=days), now)
    today = _scores(values, now, now)
    shared = then.keys() & today.keys()
    if not shared or (weights.usage > 0 and _MAIN not in shared):
        return None
    return _total({name: then.get(name, score) for name, score in today.items()}, weights)


def parts(values: Values, now: datetime, weights: HealthWeights) -> tuple[HealthPart, ...]:
    """Return the components that are known today, the biggest drag first."""
    scores = _scores(values, now, now)
    total: float = sum(getattr(weights, name) for name in scores) or 1.0
    found = [
        HealthPart(name, round(score, 1), weight, round((100.0 - score) * weight / total, 1))
        for name, score in scores.items()
        if (weight := getattr(weights, name)) > 0
    ]
    return tuple(sorted(found, key=lambda part: -part.drag))


def band(score: float) -> str:
    """Return the health band of a score."""
    if score <= RED_UP_TO:
        return "red"
    return "yellow" if score <= YELLOW_UP_TO else "green"


def health(values: Values, now: datetime, weights: HealthWeights) -> dict[str, Any]:
    """Return the health fields that can be derived, where the main component is known.

    Who pays and asks little may have stopped using it, so nothing is said without use; a
    workspace that gives use no weight has another main component.
    """
    known = parts(values, now, weights)
    lacks_main = weights.usage > 0 and all(part.name != _MAIN for part in known)
    if lacks_main or len(known) < _PARTS_NEEDED:
        return {}
    score = _total(_scores(values, now, now), weights)
    if score is None:
        return {}
    found: dict[str, Any] = {"health.score": round(score), "health.version": VERSION}
    if known and known[0].drag > 0:
        found["health.drag"] = known[0].name
    for name, days in (("health.score_7d_ago", 7), ("health.score_30d_ago", 30)):
        past = _past(values, days, now, weights)
        if past is not None:
            found[name] = round(past)
    return found


def inputs(known: Sequence[HealthPart]) -> tuple[str, ...]:
    """Return the paths that the known components read."""
    read = {
        "usage": "usage.weekly_active",
        "support": "tickets",
        "payment": "contract.payment_status",
        "sentiment": "tickets",
        "survey": "survey.nps",
    }
    return tuple(dict.fromkeys(read[part.name] for part in known))
