"""Named queries that an admin wrote: which of their columns fill which facts, and what rows say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from plugin.account.domains import read_domain
from plugin.account.ids import same_id
from plugin.errors import UpstreamBroken
from plugin.sources.mapping.mapped import Entries, paths_of
from plugin.sources.mapping.options import FieldMap
from plugin.sources.mapping.reading import Properties, PropertyPlace, instant, read, read_items
from plugin.sources.mapping.targets import LISTS
from plugin.sources.tabular.found import RowFindings
from plugin.upstream import BadValue

COLUMN = r"[A-Za-z_][A-Za-z0-9_$]{0,127}"


class NamedQuery(Schema):
    """One named query, and which of its columns fills which fact; `sql` is each kind's own."""

    items = fields.String(validate=validate.OneOf(list(LISTS)))
    as_of = fields.String(
        validate=validate.Regexp(
            f"^{COLUMN}$", error='write the name of a column, such as "updated_at"'
        )
    )
    mapping = fields.Raw(data_key="fields", required=True)

    @validates_schema
    def _check_mapping(self, data: dict[str, Any], **_: Any) -> None:
        """Type the mapping, which depends on whether items of a list are mapped."""
        try:
            mapped = FieldMap(root=data.get("items", ""), source=COLUMN)
            data["mapping"] = mapped.deserialize(data.get("mapping"))
        except ValidationError as error:
            raise ValidationError({"fields": error.messages}) from error


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query answered: rows by the lower-case names of its columns."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class QueryResult:
    """One query with its mapping."""

    name: str
    sql: str
    mapped: Entries
    root: str | None
    as_of: str | None

    @property
    def paths(self) -> frozenset[str]:
        """Return what the query fills."""
        return frozenset([self.root]) if self.root else paths_of(self.mapped)


def queries_of(options: Mapping[str, Any]) -> list[QueryResult]:
    """Return the queries of a connection."""
    return [
        QueryResult(name, one["sql"], one["mapping"], one.get("items"), one.get("as_of"))
        for name, one in (options.get("queries") or {}).items()
    ]


def column_of(row: Mapping[str, Any]) -> Properties:
    """Return the columns of a row, found in any case."""
    return lambda name: row.get(name.lower())


def _is_same(name: str, said: str, asked: str) -> bool:
    if name == "domain":
        return read_domain(said) == read_domain(asked)
    return same_id(said, asked)


def check_own(rows: Rows, wanted: Collection[str], values: Mapping[str, Any]) -> None:
    """Refuse rows that carry another account's key than the one that was asked for.

    A column named like a value that the query wants must hold that value.
    """
    for name in sorted(set(wanted) & set(rows.columns)):
        asked = str(values[name])
        if not all(_is_same(name, str(row[name]), asked) for row in rows.rows):
            raise UpstreamBroken(f"a query answered with the row of another {name}")


def found_in(one: QueryResult, rows: Rows, place: PropertyPlace) -> RowFindings:
    """Return the facts in the rows of one query; two rows of one account are a gap."""
    if one.root:
        found = read_items(one.root, one.mapped, [column_of(row) for row in rows.rows], place)
        partial = found.partial | (frozenset([one.root]) if rows.is_cut else frozenset())
        return replace(found, partial=partial)
    if len(rows.rows) > 1 or rows.is_cut:
        why = f"the query {one.name} answered with several rows for one account"
        return RowFindings(bad=tuple(BadValue(path, one.name, why) for path in sorted(one.paths)))
    return read(one.mapped, column_of(rows.rows[0]), place) if rows.rows else RowFindings()


def as_of(one: QueryResult, rows: Rows, now: datetime) -> datetime:
    """Return the time for which the rows of a query hold: the oldest that they say, else now."""
    times = [instant(column_of(row)(one.as_of)) for row in rows.rows] if one.as_of else []
    return min([*(time for time in times if time is not None), now])
