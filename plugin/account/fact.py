"""What is known about a field of the vocabulary: its label, type, unit, meaning and layer."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from plugin.account.money import Money


@dataclass(frozen=True, slots=True)
class Meaning:
    """The metadata that a field of a record carries."""

    label: str
    doc: str
    upstream: str | None = None  # the customary connection; None inherits the record's
    unit: str | None = None
    word: tuple[str, ...] = ()  # the closed list it takes its values from
    layer: str | None = None
    restricted: bool = False
    derived_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One path of the vocabulary, ready for the rule schema, the docs and the widget.

    `type` is one of: string, number, bool, money, date, date-time, list of string,
    list of number, list of record. `items` holds the fields of a list's records.
    """

    path: str
    type: str
    meaning: Meaning
    items: tuple[Field, ...] = ()


def fact(label: str, doc: str, **meaning: Any) -> Any:
    """Declare a field of the vocabulary: missing (None) until an upstream gives it."""
    return dataclasses.field(default=None, metadata={"fact": Meaning(label, doc, **meaning)})


_SIMPLE = {
    str: "string",
    bool: "bool",
    int: "number",
    float: "number",
    Money: "money",
    date: "date",
    datetime: "date-time",
}


def _without_none(hint: Any) -> list[Any]:
    return [kind for kind in (typing.get_args(hint) or (hint,)) if kind is not type(None)]


def _expand(path: str, hint: Any, meaning: Meaning) -> Iterator[Field]:
    kind = _without_none(hint)[0]
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)[0]
        if dataclasses.is_dataclass(inner):
            items = tuple(fields_of("", inner, meaning))
            yield Field(path, "list of record", meaning, items)
        else:
            yield Field(path, "list of " + ("string" if inner is str else "number"), meaning)
    elif kind in _SIMPLE:
        yield Field(path, _SIMPLE[kind], meaning)
    else:
        yield from fields_of(path, kind, meaning)


def fields_of(root: str, record: Any, inherited: Meaning) -> Iterator[Field]:
    """Yield each field of `record` under `root`, nested records as their own paths."""
    hints = typing.get_type_hints(record)
    for field in dataclasses.fields(record):
        meaning: Meaning = field.metadata["fact"]
        meaning = dataclasses.replace(
            meaning,
            upstream=meaning.upstream or inherited.upstream,
            layer=meaning.layer or inherited.layer,
            restricted=meaning.restricted or inherited.restricted,
        )
        path = f"{root}.{field.name}" if root else field.name
        yield from _expand(path, hints[field.name], meaning)
