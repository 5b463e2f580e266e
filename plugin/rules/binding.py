"""An account as the evaluator reads it: values by path, a gap for each that is missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from plugin.account.context import AccountContext, Gap
from plugin.rules.conversion import Moment, UnusableValue, convert
from plugin.rules.schema import FieldSpec, Schema, spec_at
from plugin.rules.silence import fill_gaps, paths

ITEM_GAPS = "?"  # no field's name: under it an item keeps field → reason for what it lacks


@dataclass(frozen=True, slots=True)
class Binding:
    """What is known of one account at one moment.

    `values` maps a path to its value; a list of records is a tuple of dicts without nulls.
    `gaps` has each path that is not in `values`, and item fields (`tickets[].csat`) that no
    item's silence may explain. `empty` has, as False, the paths whose absence is an answer:
    what `has()` says of them. `partial` names lists of which a part is unread, `stale` the
    values past their freshness budget.
    """

    schema: Schema = field(repr=False)
    now: datetime
    today: datetime
    zone: str = "UTC"
    values: Mapping[str, Any] = field(default_factory=dict)
    gaps: Mapping[str, Gap] = field(default_factory=dict, repr=False)
    empty: Mapping[str, bool] = field(default_factory=dict, repr=False)
    partial: frozenset[str] = frozenset()
    as_of: Mapping[str, datetime] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Draft:
    """A binding while it is made."""

    moment: Moment
    schema: Schema
    values: dict[str, Any] = field(default_factory=dict)
    gaps: dict[str, Gap] = field(default_factory=dict)
    partial: set[str] = field(default_factory=set)
    flawed: set[str] = field(default_factory=set)  # item fields that some item has unusable

    def add(self, path: str, spec: FieldSpec, raw: Any) -> None:
        try:
            value = self._records(path, spec, raw) if spec.items else self._plain(path, spec, raw)
        except UnusableValue as error:
            self.gaps[path] = Gap(path, spec.upstream, error.reason)
        else:
            self.values[path] = value

    def _plain(self, path: str, spec: FieldSpec, raw: Any) -> Any:
        value = convert(spec, raw, self.moment)
        return self._cut(path, spec, value) if value.__class__ is tuple else value

    def _cut(self, path: str, spec: FieldSpec, items: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(items) > spec.max_items:
            self.partial.add(path)
        return items[: spec.max_items]

    def _records(self, path: str, spec: FieldSpec, raw: Any) -> tuple[dict[str, Any], ...]:
        if isinstance(raw, str | bytes | Mapping) or not isinstance(raw, Iterable):
            raise UnusableValue
        records = self._cut(path, spec, tuple(item for item in raw if item is not None))
        return tuple(self._items(path, spec, records))

    def _items(self, path: str, spec: FieldSpec, records: tuple[Any, ...]) -> Iterator[Any]:
        for record in records:
            if isinstance(record, Mapping):
                yield self._item(path, spec, record)
            elif dataclasses.is_dataclass(record):
                yield self._item(path, spec, _facts(record, spec))
            else:
                self.partial.add(path)  # it is something, but nothing that can be read

    def _item(self, path: str, spec: FieldSpec, record: Mapping[str, Any]) -> dict[str, Any]:
        item: dict[str, Any] = {}
        for name, field_spec in spec.items.items():
            raw = record.get(name)
            if raw is None:
                continue
            try:
                item[name] = self._plain(f"{path}[].{name}", field_spec, raw)
            except UnusableValue as error:
                item.setdefault(ITEM_GAPS, {})[name] = error.reason
                self.flawed.add(f"{path}[].{name}")
        return item


def _facts(record: Any, spec: FieldSpec) -> dict[str, Any]:
    return {name: getattr(record, name, None) for name in spec.items}


def _finish(draft: _Draft, as_of: Mapping[str, datetime], stale: frozenset[str]) -> Binding:
    silent = {path for path, gap in draft.gaps.items() if gap.reason == "empty"}
    return Binding(
        schema=draft.schema,
        now=draft.moment.now,
        today=draft.moment.today(),
        zone=draft.moment.zone,
        values=draft.values,
        gaps=draft.gaps,
        empty=dict.fromkeys(silent - draft.flawed, False),
        partial=frozenset(draft.partial),
        as_of=as_of,
        stale=stale,
    )


def _attribute(context: AccountContext, path: str) -> Any:
    root, _, name = path.partition(".")
    if root == "custom":
        return context.custom.get(name)
    value: Any = context
    for part in path.split("."):
        value = getattr(value, part, None)
    return value


def _too_old(spec: FieldSpec, as_of: datetime | None, now: datetime) -> bool:
    return spec.max_age is not None and as_of is not None and now - as_of > spec.max_age


def bind(context: AccountContext, schema: Schema, moment: Moment) -> Binding:
    """Bind what is known of an account; nothing in it can make this fail."""
    draft = _Draft(moment, schema)
    as_of = {path: source.as_of for path, source in context.sources.items()}
    for path, spec in schema.items():
        if _too_old(spec, as_of.get(path), moment.now):
            draft.gaps[path] = Gap(path, spec.upstream, "stale")
        elif (raw := _attribute(context, path)) is not None:
            draft.add(path, spec, raw)
    cut = {gap.field for gap in context.gaps if gap.reason == "incomplete"}
    draft.partial |= {path for path in cut | context.partial if path in draft.values}
    answered = frozenset(state.name for state in context.upstreams if state.reason is None)
    givers = {path: one.upstream for path, one in context.sources.items() if path in draft.values}
    told = answered if moment.answered is None else moment.answered
    fill_gaps(draft.schema, draft.values, draft.gaps, context.gaps, told, givers)
    late = {path for path, source in context.sources.items() if source.freshness == "stale"}
    return _finish(draft, as_of, frozenset(late & draft.values.keys()))


def _nested(values: Mapping[str, Any], path: str) -> Any:
    found: Any = values
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return values.get(path) if found is None else found


def bind_mapping(
    values: Mapping[str, Any],
    schema: Schema,
    moment: Moment,
    gaps: Iterable[Gap] = (),
    partial: Iterable[str] = (),
) -> Binding:
    """Bind plain values as a rule test writes them: nested by root, or keyed by whole path.

    What is absent and has no gap is `empty` if its upstream answered.
    """
    draft = _Draft(moment, schema)
    for path, spec in schema.items():
        raw = _nested(values, path)
        if raw is not None:
            draft.add(path, spec, raw)
    draft.partial |= set(partial)
    everyone = frozenset(spec.upstream for _, spec in paths(schema))
    answered = everyone if moment.answered is None else moment.answered
    fill_gaps(draft.schema, draft.values, draft.gaps, gaps, answered, {})
    return _finish(draft, {}, frozenset())


def _lacking(item: dict[str, Any], name: str) -> dict[str, Any]:
    lacking = {key: item[key] for key in item if key not in (name, ITEM_GAPS)}
    if reasons := {key: why for key, why in item.get(ITEM_GAPS, {}).items() if key != name}:
        lacking[ITEM_GAPS] = reasons
    return lacking


def with_gap(binding: Binding, path: str, reason: str) -> Binding:
    """Return the binding as if this field, or this field of every item, were missing."""
    spec = spec_at(binding.schema, path)
    gap = Gap(path, spec.upstream if spec else "", reason)
    values = {key: value for key, value in binding.values.items() if key != path}
    outer, _, name = path.partition("[].")
    if name and outer in values:
        values[outer] = tuple(_lacking(item, name) for item in values[outer])
    empty = {key: False for key in binding.empty if key != path}
    if reason == "empty":
        empty[path] = False
    gaps = {**binding.gaps, path: gap}
    return dataclasses.replace(binding, values=values, gaps=gaps, empty=empty)


def with_partial(binding: Binding, path: str) -> Binding:
    """Return the binding as if a part of this list were unread."""
    return dataclasses.replace(binding, partial=binding.partial | {path})
