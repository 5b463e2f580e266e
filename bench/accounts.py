"""Made-up accounts of which everything is known, the same ones at each run."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from plugin.rules.binding import Binding, bind_mapping
from plugin.rules.conversion import Moment
from plugin.rules.schema import FieldSpec, Schema, vocabulary_schema

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENT = Moment(NOW)
ITEMS = 8  # of each list
WORDS: Mapping[str, tuple[str, ...]] = {
    "status": ("new", "open", "pending", "solved", "closed", "won", "paid", "failed"),
    "kind": ("bug", "question", "cancel", "competitor", "upgrade", "plan_down", "renewal"),
    "priority": ("low", "normal", "high", "urgent"),
    "topics": ("billing", "bug", "onboarding"),
    "role": ("admin", "executive_sponsor", "end_user"),
    "seniority": ("c_level", "vp", "ic"),
    "stage": ("customer", "churned", "onboarding"),
    "payment_status": ("ok", "past_due"),
    "tier": ("1", "2", "3"),
}
ABSENT = ("duplicate_of", "sentiment_quote")  # fields of items whose absence is an answer
_RARE = 0.5


def _number(rng: random.Random, name: str) -> float:
    if "ratio" in name or "share" in name:
        return round(rng.uniform(0.1, 1.8), 3)
    if name == "sentiment":
        return round(rng.uniform(-1, 1), 2)
    return rng.randint(0, 100)


def _value(rng: random.Random, name: str, spec: FieldSpec) -> Any:
    kind = str(spec.type)
    if kind == "number":
        return _number(rng, name)
    if kind == "bool":
        return rng.random() < _RARE
    if kind == "timestamp":
        at = NOW - timedelta(hours=rng.randint(-2_400, 5_000))
        return at.date() if spec.unit == "date" else at
    words = WORDS.get(name, ("one", "two", "three"))
    if kind == "list<string>":
        return rng.sample(words, 1)
    return [_number(rng, name) for _ in range(12)] if kind == "list<number>" else rng.choice(words)


def _item(rng: random.Random, spec: FieldSpec) -> dict[str, Any]:
    return {
        name: _value(rng, name, field)
        for name, field in spec.items.items()
        if name not in ABSENT or rng.random() < _RARE
    }


def account(rng: random.Random, schema: Schema) -> Binding:
    """Return one account with a value in every field."""
    values = {
        path: [_item(rng, spec) for _ in range(ITEMS)]
        if spec.items
        else _value(rng, path.rpartition(".")[2], spec)
        for path, spec in schema.items()
    }
    return bind_mapping(values, schema, MOMENT)


def accounts(count: int, seed: int = 7) -> list[Binding]:
    """Return so many accounts."""
    rng, schema = random.Random(seed), vocabulary_schema()  # noqa: S311 - made-up data, no secret
    return [account(rng, schema) for _ in range(count)]
