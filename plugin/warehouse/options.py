"""The settings of a connection to a database: its URL, its queries, what may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from plugin.errors import UpstreamUnset
from plugin.mapping.mapped import Entries, paths_of
from plugin.mapping.options import FieldMap, known_currency
from plugin.mapping.targets import LISTS
from plugin.settings_schema import Duration, Secret
from plugin.warehouse.engines import kind_of
from plugin.warehouse.queries import BadQuery, check_query

COLUMN = r"[A-Za-z_][A-Za-z0-9_$]{0,127}"


def _url(value: str) -> None:
    try:
        kind_of(value)
    except UpstreamUnset as error:
        raise ValidationError(str(error)) from error


def _query(value: str) -> None:
    try:
        check_query(value)
    except BadQuery as error:
        raise ValidationError(str(error)) from error


class _Query(Schema):
    """One named query, and which of its columns fills which fact."""

    sql = fields.String(required=True, validate=_query)
    items = fields.String(validate=validate.OneOf(list(LISTS)))
    as_of = fields.String(validate=validate.Regexp(f"^{COLUMN}$"))
    mapping = fields.Raw(data_key="fields", required=True)

    @validates_schema
    def _check_mapping(self, data: dict[str, Any], **_: Any) -> None:
        """Type the mapping, which depends on whether items of a list are mapped."""
        try:
            mapped = FieldMap(root=data.get("items", ""), source=COLUMN)
            data["mapping"] = mapped.deserialize(data.get("mapping"))
        except ValidationError as error:
            raise ValidationError({"fields": error.messages}) from error


class _Find(Schema):
    """A query for each identity question; each answers id, and may answer name and domain."""

    external_id = fields.String(validate=_query)
    organization = fields.String(validate=_query)
    contact_email = fields.String(validate=_query)
    domain = fields.String(validate=_query)


class SqlOptions(Schema):
    """The settings of one connection of kind `sql`."""

    url = Secret(required=True, validate=_url)
    queries = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 63)),
        values=fields.Nested(_Query),
        required=True,
        validate=validate.Length(min=1),
    )
    find = fields.Nested(_Find)
    seconds = Duration(load_default=3.0, validate=validate.Range(0.1, 30))
    rows = fields.Integer(strict=True, load_default=200, validate=validate.Range(1, 10_000))
    currency = fields.String(validate=known_currency)
    sample = fields.List(fields.String(), validate=validate.Length(1, 20))


@dataclass(frozen=True, slots=True)
class Asked:
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


def queries_of(options: Mapping[str, Any]) -> list[Asked]:
    """Return the queries of a connection."""
    return [
        Asked(name, one["sql"], one["mapping"], one.get("items"), one.get("as_of"))
        for name, one in options["queries"].items()
    ]
