"""The fields a rule may read, taken from the vocabulary's own metadata."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from plugin.account.fact import Field, Meaning
from plugin.account.vocabulary import FIELDS, ROOTS

MAX_ITEMS = 100
MAX_TICKETS = 200

# Type of the vocabulary → type in a rule, and the unit that tells how a value is bound.
_TYPES = {
    "string": ("string", None),
    "bool": ("bool", None),
    "number": ("number", None),
    "money": ("number", "money"),
    "date": ("timestamp", "date"),
    "date-time": ("timestamp", None),
    "list of string": ("list<string>", None),
    "list of number": ("list<number>", None),
    "list of record": ("list<record>", None),
}
TYPES = tuple(_TYPES)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field as rules see it.

    `path` is the whole path, for a field of an item its name alone. `type` is one of bool,
    number, string, timestamp, list<string>, list<number>, list<record>; `unit` "money" and
    "date" say what the number or timestamp was. `items` holds the fields of a list's records.
    """

    path: str
    type: str
    label: str = ""
    upstream: str = ""
    enum: tuple[str, ...] = ()
    unit: str | None = None
    max_age: timedelta | None = None
    restricted: bool = False
    doc: str = ""
    items: Mapping[str, FieldSpec] = field(default_factory=dict)
    max_items: int = MAX_ITEMS


Schema = Mapping[str, FieldSpec]


def roots(schema: Schema) -> frozenset[str]:
    """Return the first words of all paths: none of them may name a variable, def or param."""
    return frozenset(path.partition(".")[0] for path in schema) | frozenset(ROOTS) | {"custom"}


def spec_at(schema: Schema, path: str) -> FieldSpec | None:
    """Return what is known of a path, items written as `tickets[].created_at`."""
    outer, _, name = path.partition("[].")
    spec = schema.get(outer)
    return spec.items.get(name) if spec and name else spec


def _customary(source: Field, inherited: str = "") -> FieldSpec:
    kind, unit = _TYPES[source.type]
    meaning = source.meaning
    upstream = meaning.upstream or inherited
    return FieldSpec(
        path=source.path,
        type=kind,
        label=meaning.label,
        upstream=upstream,
        enum=meaning.word,
        unit=unit or meaning.unit,
        restricted=meaning.restricted,
        doc=meaning.doc,
        items={item.path: _customary(item, upstream) for item in source.items},
        max_items=MAX_TICKETS if source.path == "tickets" else MAX_ITEMS,
    )


_VOCABULARY: Schema = {path: _customary(source) for path, source in FIELDS.items()}


def _mapped(path: str, upstreams: Mapping[str, str]) -> str | None:
    root = path.partition("[")[0].partition(".")[0]
    return upstreams.get(path) or upstreams.get(root)


def _in_workspace(
    spec: FieldSpec, upstreams: Mapping[str, str], max_ages: Mapping[str, timedelta]
) -> FieldSpec:
    upstream = _mapped(spec.path, upstreams) or spec.upstream
    items = {
        name: dataclasses.replace(
            item,
            upstream=upstreams.get(f"{spec.path}[].{name}")
            or (upstream if item.upstream == spec.upstream else item.upstream),
        )
        for name, item in spec.items.items()
    }
    max_age = max_ages.get(spec.path)
    return dataclasses.replace(spec, upstream=upstream, max_age=max_age, items=items)


def vocabulary_schema(
    custom: Mapping[str, str] | None = None,
    plans: Sequence[str] = (),
    upstreams: Mapping[str, str] | None = None,
    max_ages: Mapping[str, timedelta] | None = None,
) -> Schema:
    """Return the schema of one workspace.

    `custom` maps the name of a custom field to its type in the vocabulary, `plans` closes the
    list of plan names, `upstreams` maps a path or a root to the connection that supplies it,
    and `max_ages` says from which age on a field's value no longer counts.
    """
    fields = dict(_VOCABULARY)
    for name, kind in (custom or {}).items():
        path = f"custom.{name}"
        fields[path] = _customary(Field(path, kind, Meaning(name, "custom field", "custom")))
    if plans:
        fields["contract.plan"] = dataclasses.replace(fields["contract.plan"], enum=tuple(plans))
    if not upstreams and not max_ages:
        return fields
    return {
        path: _in_workspace(spec, upstreams or {}, max_ages or {}) for path, spec in fields.items()
    }
