"""The record as JSON: the shape that `sidelight account --format json` and the read API answer."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from plugin.account.context import AccountContext, AccountMatch, Gap, Source
from plugin.account.money import Money
from plugin.account.vocabulary import ROOTS
from plugin.view.signal_view import Reason, Seen, SeenSignals


def instant(moment: datetime) -> str:
    """Return an instant in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@functools.singledispatch
def value_json(value: Any) -> Any:
    """Return a fact as JSON: money exact, dates ISO 8601, missing fields left out."""
    if not dataclasses.is_dataclass(value):
        return value
    pairs = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    return {name: value_json(part) for name, part in pairs if part is not None}


@value_json.register
def _(value: Money) -> Any:
    amount = str(value.rounded())
    return {"amount": amount, "currency": value.currency, "approximate": value.approximate}


@value_json.register
def _(value: date) -> Any:
    return instant(value) if isinstance(value, datetime) else value.isoformat()


@value_json.register
def _(value: Decimal) -> Any:
    return str(value)


@value_json.register(Mapping)
def _(value: Mapping[Any, Any]) -> Any:
    return {str(name): value_json(part) for name, part in value.items()}


@value_json.register(list)
@value_json.register(tuple)
@value_json.register(frozenset)
def _(value: Iterable[Any]) -> Any:
    return [value_json(part) for part in value]


def context_json(context: AccountContext) -> dict[str, Any]:
    """Return one key for each root that holds a fact; an answered empty list is a fact."""
    found = {root: getattr(context, root) for root in (*ROOTS, "custom")}
    rendered = {root: value_json(value) for root, value in found.items() if value is not None}
    if context.health_parts:
        rendered["health"]["components"] = value_json(context.health_parts)
    return {root: value for root, value in rendered.items() if value != {}}


def _answer(match: AccountMatch) -> dict[str, Any]:
    """Return status and reason, each in one word: nobody is not "nobody could be asked"."""
    if match.status == "none" and match.reason is None:
        reason = match.gaps[0].reason if match.gaps else "not_configured"
        return {"status": "unavailable", "reason": reason}
    if match.status == "ambiguous":
        return {"reason": match.reason or "several_accounts"}
    return {}


def _match_json(match: AccountMatch) -> dict[str, Any]:
    plain = value_json(match) | {
        name: getattr(match, name) for name in ("account_id", "name", "by", "confidence", "reason")
    }
    plain |= _answer(match)
    return {name: value for name, value in plain.items() if name != "gaps" or value}


def _source_json(source: Source) -> dict[str, Any]:
    plain: dict[str, Any] = value_json(source)
    return {name: value for name, value in plain.items() if name != "inputs" or value}


def gap_json(gap: Gap) -> dict[str, Any]:
    """Return a gap: field, upstream, reason and, after a 429, until when."""
    rendered: dict[str, Any] = value_json(gap)
    return rendered


def _reason_json(reason: Reason) -> dict[str, Any]:
    return {
        "condition": reason.condition,
        "def": reason.definition,
        "span": list(reason.span),
        "value": "unknown" if reason.value is None else reason.value,
        "read": value_json(dict(reason.read)),
        "items": list(reason.items),
        "stale": [{"field": path, "as_of": instant(at)} for path, at in reason.stale.items()],
        "missing": [gap_json(gap) for gap in reason.missing],
    }


def _signal_json(seen: Seen) -> dict[str, Any]:
    signal, text = seen.signal, seen.text
    return {
        "rule": signal.rule,
        "version": signal.version,
        "kind": signal.kind,
        "severity": signal.severity,
        "state": signal.state,
        "headline": text.headline,
        "detail": text.detail,
        "play": {"text": text.play, "owner": text.owner} if text.play else None,
        "because": [_reason_json(reason) for reason in seen.because],
        "since": instant(signal.since) if signal.since else None,
    }


def record_json(match: AccountMatch, context: AccountContext, signals: SeenSignals) -> Any:
    """Return the whole record as this viewer may see it."""
    gaps = (*match.gaps, *context.gaps)
    return {
        "match": _match_json(match),
        "context": context_json(context),
        "completeness": dict(context.completeness),
        "sources": {path: _source_json(source) for path, source in context.sources.items()},
        "gaps": [gap_json(gap) for gap in gaps],
        "withheld": [
            {"field": entry.field, "roles": list(entry.roles)} for entry in context.withheld
        ],
        "signals": [_signal_json(signal) for signal in signals.in_answer()],
        "as_of": instant(context.as_of) if context.as_of else None,
    }
