"""The setting `fields`: a table of path = property, typed and checked when settings are read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from plugin.sources.mapping.mapped import Entries, Mapped
from plugin.sources.mapping.targets import CUSTOM_TYPES, BadTarget, target
from plugin.sources.numbers import MARKS
from plugin.sources.tabular.problems import BadCell
from plugin.sources.tabular.shape import Column
from plugin.sources.times import ORDERS, UNITS
from plugin.sources.values import read_currency

_FROM = ("from", "field")  # either word names the property
_NUMBERS = frozenset({"whole", "number", "money", "list of number"})
_TIMES = frozenset({"date", "date-time"})


def known_currency(value: str) -> None:
    """Raise ValidationError unless `value` is an ISO 4217 code."""
    try:
        read_currency(value)
    except BadCell as error:
        raise ValidationError(str(error)) from error


class _Entry(Schema):
    """The long form of one entry."""

    class Meta:
        """Refuse what nobody reads."""

        unknown = RAISE

    type = fields.String(validate=validate.OneOf(CUSTOM_TYPES))
    values = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    currency = fields.String(validate=known_currency)
    currency_from = fields.String(validate=validate.Length(min=1))
    split = fields.String(validate=validate.Length(1, 8))
    scale = fields.Decimal(validate=validate.Range(min=0, min_inclusive=False))
    approximate = fields.Boolean(load_default=False)
    decimal = fields.String(validate=validate.OneOf(MARKS))
    date_order = fields.String(validate=validate.OneOf(ORDERS))
    time = fields.String(validate=validate.OneOf(UNITS))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield path and entry; `fields.contract.arr = …` without quotes nests tables."""
    for key, value in table.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and not any(word in value for word in _FROM):
            yield from _flat(value, f"{path}.")
        else:
            yield path, value


def _check_use(said: Mapping[str, Any], column: Column) -> None:
    """Raise ValidationError for a word that means nothing for values of this type."""
    is_money = column.kind == "money"
    wrong = {
        "currency": not is_money,
        "currency_from": not is_money,
        "approximate": not is_money,
        "scale": column.kind not in _NUMBERS - {"list of number"},
        "decimal": column.kind not in _NUMBERS,
        "date_order": column.kind not in _TIMES,
        "time": column.kind not in _TIMES,
        "split": not column.kind.startswith(("list", "words")),
    }
    named = [word for word, is_wrong in wrong.items() if said.get(word) and is_wrong]
    if named:
        raise ValidationError(f"{named[0]} means nothing for a {column.kind}")
    if said.get("currency") and said.get("currency_from"):
        raise ValidationError("write currency or currency_from, not both")


class FieldMap(fields.Field[Entries]):
    """A mapping: path of the vocabulary → property, or → a table with `from` and more.

    `root` is the list whose items are mapped; `source` what a property's name must look like.
    """

    def __init__(self, *, root: str = "", source: str = r".{1,200}", **options: Any) -> None:
        self.list_of = root
        self.source = re.compile(source)
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Entries:
        del attr, data
        if not isinstance(value, Mapping):
            raise ValidationError('write a table such as { "contract.arr" = "arr__c" }')
        found: list[Mapped] = []
        problems: dict[str, Any] = {}
        for path, said in _flat(value):
            try:
                found.append(self._entry(path, said))
            except BadTarget as error:
                problems[path] = [str(error)]
            except ValidationError as error:
                problems[path] = error.messages
        if problems:
            raise ValidationError(problems)
        return tuple(found)

    def _property(self, name: Any) -> str:
        if not isinstance(name, str) or not self.source.fullmatch(name):
            raise ValidationError(f"{name!r} is not the name of a property")
        return name

    def _entry(self, path: str, value: Any) -> Mapped:
        said = dict(value) if isinstance(value, Mapping) else {"from": value}
        named = [said.pop(word) for word in _FROM if word in said]
        if len(named) != 1:
            raise ValidationError("write from or field, not both")
        more: dict[str, Any] = dict(_Entry().load(said))
        column = target(path, more.pop("type", None), self.list_of)
        _check_use(more, column)
        words = tuple(sorted(more.pop("values").items()))
        if "currency_from" in more:
            self._property(more["currency_from"])
        if "currency" in more:
            more["currency"] = more["currency"].lower()
        return Mapped(path, self._property(named[0]), column, words, **more)


def entries(table: Mapping[str, Any], root: str = "") -> Entries:
    """Return a connector's usual mapping, written as an admin would write it."""
    return tuple(FieldMap(root=root).deserialize(table) or ())
