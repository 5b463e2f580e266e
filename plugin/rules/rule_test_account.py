"""The account of a rule test: what the fixture says, with the test's own changes."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from plugin.rules.binding import Binding, bind_mapping, with_gap, with_partial
from plugin.rules.conversion import Moment
from plugin.rules.rule_tests import RuleTest, TestFile
from plugin.rules.rules import RuleSet
from plugin.rules.schema import Schema
from plugin.rules.states import StoredState


def moment_of(tests: TestFile) -> Moment:
    """Return the moment at which every test of a file happens."""
    return Moment(tests.now, tests.zone, tests.currency, tests.rates)


def _set(values: dict[str, Any], path: str, value: Any) -> None:
    *parents, name = path.split(".")
    for parent in parents:
        inner = values.get(parent)
        values[parent] = inner if isinstance(inner, dict) else {}
        values = values[parent]
    values[name] = value


def _get(values: Mapping[str, Any], path: str) -> Any:
    found: Any = values
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _append(values: dict[str, Any], path: str, items: Any) -> None:
    added = items if isinstance(items, list) else [items]
    before = _get(values, path)
    _set(values, path, [*(before if isinstance(before, list) else []), *added])


def _values(account: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    values = copy.deepcopy(dict(account))
    for path, value in (changes.get("set") or {}).items():
        _set(values, path, value)
    for path, items in (changes.get("append") or {}).items():
        _append(values, path, items)
    return values


def _inside(path: str, schema: Schema) -> Iterator[str]:
    """Yield the fields that a path stands for: itself, or those of a whole record."""
    if path in schema or "[]" in path:
        yield path
    yield from (name for name in schema if name.startswith(f"{path}."))


def _supplied(upstream: str, schema: Schema) -> Iterator[str]:
    for path, spec in schema.items():
        if spec.upstream == upstream:
            yield path
        for name, item in spec.items.items():
            if item.upstream == upstream and spec.upstream != upstream:
                yield f"{path}[].{name}"


def _gaps(changes: Mapping[str, Any], schema: Schema) -> Iterator[tuple[str, str]]:
    for path in changes.get("drop") or ():
        yield from ((name, "empty") for name in _inside(path, schema))
    for path, reason in (changes.get("gap") or {}).items():
        yield from ((name, reason) for name in _inside(path, schema))
    for upstream in changes.get("down") or ():
        yield from ((name, "timed_out") for name in _supplied(upstream, schema))


def _without(binding: Binding, gaps: Iterable[tuple[str, str]]) -> Binding:
    for path, reason in gaps:
        binding = with_gap(binding, path, reason)
    return binding


def bind_account(
    account: Mapping[str, Any], changes: Mapping[str, Any], schema: Schema, moment: Moment
) -> Binding:
    """Return a fixture with its changes, as rules read it."""
    binding = bind_mapping(_values(account, changes), schema, moment)
    binding = _without(binding, _gaps(changes, schema))
    for path in changes.get("partial") or ():
        binding = with_partial(binding, path)
    ages = changes.get("age") or {}
    as_of = {name: moment.now - age for path, age in ages.items() for name in _inside(path, schema)}
    too_old = [
        (path, "stale")
        for path, at in as_of.items()
        if (limit := schema[path].max_age) is not None and moment.now - at > limit
    ]
    return _without(dataclasses.replace(binding, as_of=as_of), too_old)


def stored_states(test: RuleTest, rules: RuleSet, moment: Moment) -> dict[str, StoredState]:
    """Return the rows of a test; what a row leaves out is as if it were observed just now."""
    return {row["rule"]: _row(row, rules, moment) for row in test.states}


def _row(row: Mapping[str, Any], rules: RuleSet, moment: Moment) -> StoredState:
    rule = rules.rule(row["rule"])
    version = rule.version if rule is not None else ""
    holds = row["state"] in {"pending", "lit", "recovering"}
    last_true = row.get("last_true_at", moment.now if holds else None)
    return StoredState(
        rule=row["rule"],
        state=row["state"],
        since=row.get("since", moment.now),
        true_since=row.get("true_since", row.get("since", moment.now) if holds else None),
        last_true_at=last_true,
        last_eval_at=row.get("last_eval_at", last_true),
        version=str(row.get("version", version)),
        severity=row.get("severity", rule.base.severity if rule is not None else "info"),
        snoozed_until=row.get("snoozed_until"),
        dismissed=row.get("dismissed"),
        marked_severity=row.get("severity"),
        marked_version=row.get("version"),
    )
