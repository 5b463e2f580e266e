"""The setting `mapping` of a folder of files: columns, words, numbers and dates of each table."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from plugin.sources.numbers import MARKS
from plugin.sources.tabular.binding import NUMBERS, TIMES, column_of
from plugin.sources.tabular.problems import BadCell
from plugin.sources.tabular.sheets import SHEETS
from plugin.sources.tabular.table_map import ColumnMap, TableMap
from plugin.sources.times import ORDERS, UNITS
from plugin.sources.values import read_currency

DELIMITERS = (",", ";", "\t", "|")
FOUND = "auto"  # the delimiter is found in the file
AMOUNTS = ("all", "each")


def known_encoding(value: str) -> None:
    """Raise ValidationError unless Python can read a text in this encoding."""
    try:
        is_text = codecs.lookup(value)._is_text_encoding  # noqa: SLF001 -- nothing else says it
    except LookupError:
        is_text = False
    if not is_text:
        raise ValidationError(f'{value!r} is no encoding; write one such as "windows-1252"')


def _zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(f'unknown time zone {value!r}; write one such as "Europe/Berlin"')


class _Currency(fields.String):
    """A currency in lower case."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        try:
            return read_currency(super()._deserialize(value, attr, data, **more))
        except BadCell as error:
            raise ValidationError(str(error)) from error


class _Strict(Schema):
    """Refuse what nobody reads."""

    class Meta:
        """Unknown keys are errors."""

        unknown = RAISE


class FileSchema(_Strict):
    """What may be said of all files, or of one."""

    delimiter = fields.String(validate=validate.OneOf([FOUND, *DELIMITERS]))
    encoding = fields.String(validate=known_encoding)
    decimal = fields.String(validate=validate.OneOf(MARKS))
    date_order = fields.String(validate=validate.OneOf(ORDERS))
    time_zone = fields.String(validate=_zone)
    currency = _Currency()


class _ColumnSchema(_Strict):
    """The long form of one column."""

    source = fields.String(data_key="from", validate=validate.Length(1, 300))
    also = fields.List(fields.String(validate=validate.Length(1, 300)))
    values = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    value = fields.String(validate=validate.Length(1, 300))
    scale = fields.Decimal(validate=validate.Range(min=0, min_inclusive=False))
    split = fields.String(validate=validate.Length(1, 8))
    currency = _Currency()
    decimal = fields.String(validate=validate.OneOf(MARKS))
    date_order = fields.String(validate=validate.OneOf(ORDERS))
    time = fields.String(validate=validate.OneOf(UNITS))


class TableSchema(FileSchema):
    """`mapping.<table>`: what may be said of one table."""

    columns = fields.Dict(keys=fields.String(), values=fields.Raw(), load_default=dict)
    amount = fields.String(validate=validate.OneOf(AMOUNTS))
    seats = fields.List(fields.String(validate=validate.Length(min=1)))
    list_at = fields.String(data_key="list", validate=validate.Length(1, 200))


def _check_use(kind: str, said: Mapping[str, Any]) -> None:
    """Raise ValidationError for a word that means nothing for a column of this kind."""
    fits = {
        "scale": NUMBERS,
        "decimal": NUMBERS,
        "currency": {"money"},
        "date_order": TIMES,
        "time": TIMES,
    }
    wrong = next((word for word, kinds in fits.items() if word in said and kind not in kinds), None)
    if wrong or ("split" in said and not kind.startswith(("list", "words"))):
        raise ValidationError(f"{wrong or 'split'} means nothing for a {kind}")


def _column(table: str, name: str, value: Any) -> ColumnMap:
    column = column_of(SHEETS[table], name)
    if column is None:
        known = ", ".join(one.name for one in SHEETS[table].columns)
        raise ValidationError(f"is no column of {table}; its columns are {known}")
    said = dict(_ColumnSchema().load({"from": value} if isinstance(value, str) else value))
    if "source" not in said and "value" not in said:
        raise ValidationError('write from = "their column", or value for every row')
    _check_use(column.kind, said)
    words = tuple(sorted(said.pop("values").items()))
    also = tuple(said.pop("also", ()))
    return ColumnMap(name, said.pop("source", ""), also, words, **said)


def table_map(table: str, value: Any, general: Mapping[str, Any]) -> TableMap:
    """Return what the settings say of one table; `general` holds for all files."""
    said = dict(TableSchema().load(value))
    columns, problems = [], {}
    for name, one in said.pop("columns").items():
        try:
            columns.append(_column(table, name, one))
        except ValidationError as error:
            problems[name] = error.messages
    if problems:
        raise ValidationError({"columns": problems})
    if "amount" in said and table != "subscriptions":
        raise ValidationError({"amount": ["is said of subscriptions only"]})
    merged = {**general, **said, "seats": tuple(said.get("seats", ()))}
    if merged.get("delimiter") == FOUND:
        del merged["delimiter"]
    return TableMap(tuple(columns), **merged)


class TableMaps(fields.Field[dict[str, Any]]):
    """`mapping`: a table of our tables, each with what is said of its file."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> dict[str, Any]:
        del attr, data
        if not isinstance(value, Mapping):
            raise ValidationError("write a table such as [mapping.accounts.columns]")
        problems: dict[str, Any] = {}
        for name, said in value.items():
            try:
                if name not in SHEETS:
                    raise ValidationError(f"is no table; the tables are {', '.join(SHEETS)}")  # noqa: TRY301 -- gathered
                table_map(name, said, {})
            except ValidationError as error:
                problems[name] = error.messages
        if problems:
            raise ValidationError(problems)
        return dict(value)


def maps_of(options: Mapping[str, Any]) -> tuple[tuple[str, TableMap], ...]:
    """Return table → what the options of a connection say of its file."""
    general = {name: options[name] for name in FileSchema().fields if options.get(name)}
    said = options.get("mapping") or {}
    return tuple((name, table_map(name, said.get(name, {}), general)) for name in SHEETS)
