"""The settings of a connection to PostHog, and what they make of an account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from plugin.account.shared_domains import shared_by
from plugin.errors import UpstreamNotFound
from plugin.settings.secrets import Secret
from plugin.sources.analytics import key_field, key_of
from plugin.sources.mapping.mapped import paths_of
from plugin.sources.mapping.options import FieldMap, known_currency
from plugin.sources.mapping.queries import NamedQuery, queries_of
from plugin.upstream import AccountRef, Link
from plugin.vendors.posthog.activity_facts import EXPORTS, USAGE
from plugin.vendors.posthog.activity_spec import Spec
from plugin.vendors.posthog.hogql import BadHogQL, check_hogql

_NAMES = fields.List(fields.String(validate=validate.Length(1, 200)), validate=validate.Length(1))


def _query(value: str) -> None:
    try:
        check_hogql(value)
    except BadHogQL as error:
        raise ValidationError(str(error)) from error


def _url(value: str) -> None:
    """Raise ValidationError for the hosts that take events and answer no questions."""
    host = urlsplit(value).hostname or ""
    if host.endswith(".i.posthog.com") or host == "app.posthog.com":
        raise ValidationError("write https://us.posthog.com or https://eu.posthog.com")


class _Query(NamedQuery):
    """One named query of HogQL."""

    sql = fields.String(required=True, validate=_query)


class PostHogOptions(Schema):
    """The settings of one connection of kind `posthog`."""

    key = Secret(required=True)
    project = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    url = fields.String(load_default="https://us.posthog.com", validate=_url)
    group_type = fields.Integer(strict=True, load_default=None, validate=validate.Range(0, 4))
    group_key = key_field()
    name_from = fields.String(load_default="name", validate=validate.Length(1, 200))
    activity = fields.Boolean(load_default=True)
    contacts = fields.Boolean(load_default=True)
    active = _NAMES
    exports = _NAMES
    modules = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 80)),
        values=_NAMES,
        validate=validate.Length(1, 30),
    )
    queries = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 63)), values=fields.Nested(_Query)
    )
    rows = fields.Integer(strict=True, load_default=200, validate=validate.Range(1, 10_000))
    currency = fields.String(validate=known_currency)
    mapping = FieldMap(data_key="fields", load_default=())

    @validates_schema
    def _check_reads(self, data: dict[str, Any], **_: Any) -> None:
        """Want something to read."""
        if not supplies_by(data):
            raise ValidationError(
                "nothing is read: switch activity on, or write fields", "activity"
            )

    @validates_schema
    def _check_groups(self, data: dict[str, Any], **_: Any) -> None:
        """Want a group where its properties are mapped."""
        if data.get("mapping") and data.get("group_type") is None:
            raise ValidationError("fields are read from a group: write its group_type", "fields")


def supplies_by(options: Mapping[str, Any]) -> frozenset[str]:
    """Return what a connection with these options fills."""
    found = paths_of(options.get("mapping") or ())
    for one in queries_of(options):
        found |= one.paths
    if options.get("activity", True):
        found |= USAGE
        found |= EXPORTS if options.get("exports") else frozenset()
        found |= frozenset(["usage.modules"] if options.get("modules") else [])
    return found | frozenset(["contacts"] if options.get("contacts", True) else [])


def _keys(ref: AccountRef, link: Link) -> tuple[str, ...]:
    """Return by what the account's events are known: its group, else its people's domains.

    A domain of free mail is nobody's.
    """
    if link.options["group_type"] is not None:
        return (key_of(ref, link),)
    named = dict.fromkeys(domain.lower() for domain in (ref.domain, *ref.domains) if domain)
    domains = tuple(domain for domain in named if not shared_by(domain))
    if not domains:
        raise UpstreamNotFound("the account has no domain of its own")
    return domains


def hour_of(now: datetime) -> datetime:
    """Return the last full hour.

    A question that is asked again within the hour then is the same one, and PostHog answers it
    from its own cache: https://posthog.com/docs/api/queries#caching-and-execution-modes.
    """
    return now.replace(minute=0, second=0, microsecond=0)


def spec_of(ref: AccountRef, link: Link) -> Spec:
    """Return what is counted of an account."""
    options = link.options
    return Spec(
        group_type=options["group_type"],
        keys=_keys(ref, link),
        active=tuple(options.get("active") or ()),
        modules=options.get("modules") or {},
        exports=tuple(options.get("exports") or ()),
        staff=tuple(sorted(domain.lower() for domain in link.own_domains)),
        until=hour_of(link.now),
        zone=link.time_zone,
    )
