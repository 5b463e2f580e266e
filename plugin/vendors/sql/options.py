"""The settings of a connection to a database: its URL, its queries, what may be asked."""

from __future__ import annotations

from marshmallow import Schema, ValidationError, fields, validate

from plugin.errors import UpstreamUnset
from plugin.settings.schema import Duration
from plugin.settings.secrets import Secret
from plugin.sources.mapping.options import known_currency
from plugin.sources.mapping.queries import NamedQuery
from plugin.vendors.sql.engines import kind_of
from plugin.vendors.sql.queries import BadQuery, check_query


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


class _Query(NamedQuery):
    """One named query of SQL."""

    sql = fields.String(required=True, validate=_query)


class _Find(Schema):
    """A query for each identity question; each answers id, and may answer name and domain."""

    external_id = fields.String(validate=_query)
    organization = fields.String(validate=_query)
    contact_email = fields.String(validate=_query)
    domain = fields.String(validate=_query)


class SqlOptions(Schema):
    """The settings of one connection of kind `sql`."""

    url = Secret(spaces=True, required=True, validate=_url)
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
