"""Accounts of which a part is known, and the same accounts with everything answered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from plugin.account.context import Gap
from plugin.rules.binding import Binding, bind_mapping
from tests.plugin.rules.language.cast import MOMENT, NOW, SCHEMA
from tests.plugin.rules.language.strategies import DOMAINS, FIELDS, NUMBERS, PLANS, RECORDS, WORDS


def _value(rng: random.Random, path: str) -> Any:
    name = path.rpartition(".")[2]
    if path in WORDS or name == "topics":
        return rng.sample(("bug", "billing") if "topics" in name else DOMAINS, rng.randint(0, 2))
    if name in ("is_reference", "in_dunning", "escalated", "entitled"):
        return rng.random() < 0.5
    if name == "renewal_at":
        return (NOW + timedelta(days=rng.randint(-40, 120))).date()
    if name.endswith("_at"):
        return NOW - timedelta(hours=rng.randint(0, 3_000))
    return rng.choice(
        {"plan": PLANS, "kind": ("bug", "task"), "status": ("open", "solved")}.get(
            name, (0, 1, 2, 3, 58, 3.5) if path in NUMBERS or "_90d" in name or name == "reopens"
            else DOMAINS
        )
    )  # fmt: skip


def _item(rng: random.Random, path: str) -> dict[str, Any]:
    return {name: _value(rng, f"x.{name}") for name in RECORDS[path] if rng.random() < 0.85}


def answered(rng: random.Random) -> dict[str, Any]:
    """Return an account of which everything was asked: a value, or answered empty."""
    values = {path: _value(rng, path) for path in FIELDS if rng.random() < 0.8}
    for path in RECORDS:
        if rng.random() < 0.9:
            values[path] = [_item(rng, path) for _ in range(rng.randint(0, 4))]
    return values


def less_known(rng: random.Random, values: dict[str, Any], share: float = 0.3) -> Binding:
    """Return an account of which a part was not asked, as if its source had not answered."""
    known: dict[str, Any] = {}
    gaps: list[Gap] = []
    partial: set[str] = set()
    for path in (*FIELDS, *RECORDS):
        if rng.random() < share:
            gaps.append(Gap(path, "crm", "timed_out"))
        elif path in values:
            known[path] = values[path]
    for path in RECORDS:
        if path in known:
            known[path] = [_without_some(rng, item, share) for item in known[path]]
            if rng.random() < share:
                partial.add(path)
                known[path] = known[path][: rng.randint(0, len(known[path]))]
    silent = [name for name in ("duplicate_of", "reopens") if rng.random() < share]
    gaps += [Gap(f"tickets[].{name}", "helpdesk", "timed_out") for name in silent]
    return bind_mapping(known, SCHEMA, MOMENT, gaps, partial)


def _without_some(rng: random.Random, item: dict[str, Any], share: float) -> dict[str, Any]:
    """Return an item some of whose fields are unusable: known to be there, not known what."""
    return {name: object() if rng.random() < share else item[name] for name in item}


class Accounts:
    """Accounts that print as what is known of them, without the whole schema."""

    def __init__(self, *accounts: Binding) -> None:
        self.accounts = accounts

    def __iter__(self) -> Iterator[Binding]:
        """Yield the accounts."""
        return iter(self.accounts)

    def __repr__(self) -> str:
        """Return the values and what is incomplete."""
        known = [(dict(one.values), sorted(one.partial)) for one in self.accounts]
        return f"Accounts({known})"


@st.composite
def account_pairs(draw: DrawFn) -> Accounts:
    """Return an account of which a part is known, and the same with everything answered."""
    rng = draw(st.randoms(use_true_random=False))
    values = answered(rng)
    return Accounts(less_known(rng, values), bind_mapping(values, SCHEMA, MOMENT))
