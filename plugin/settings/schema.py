"""The shape of sidelight.toml in marshmallow: types, ranges, and what to do about a wrong one."""

from __future__ import annotations

import re
import zoneinfo
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from plugin.account import words
from plugin.account.domains import read_domain
from plugin.settings.durations import seconds_of
from plugin.settings.records import API_SCOPES, RETENTION
from plugin.settings.secrets import OwnSecret, ProvingSecret


class Duration(fields.Field[float]):
    """A time such as "2.5s", "500ms", "15min", "24h" or "7d", in seconds."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        del attr, data, kwargs
        seconds = seconds_of(value) if isinstance(value, str) else None
        if seconds is None:
            raise ValidationError('write a time such as "500ms", "2.5s", "15min", "24h" or "7d"')
        return seconds


class FolderPath(fields.String):
    """A folder; a relative one lies beside the settings file, wherever the service is started."""


def _zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(f'unknown time zone {value!r}; write one such as "Europe/Berlin"')


def _locale(value: str) -> None:
    try:
        Locale.parse(value.replace("-", "_"))
    except (ValueError, UnknownLocaleError) as error:
        raise ValidationError(
            f'unknown locale {value!r}; write one such as "en" or "de-CH"'
        ) from error


def _domain(value: str) -> None:
    if read_domain(value) is None:
        raise ValidationError(f"{value!r} is no domain; write one such as acme.com")


def _currency(value: str) -> None:
    if value != value.lower() or value.upper() not in list_currencies():
        raise ValidationError(f'unknown currency {value!r}; write a code such as "usd"')


def _bands(value: list[str]) -> None:
    edges = [
        int(edge.rstrip("kM")) * {"k": 1_000, "M": 1_000_000}.get(edge[-1], 1) for edge in value
    ]
    if edges != sorted(set(edges)):
        raise ValidationError("write the edges in ascending order")


def _base_url(value: str) -> None:
    if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", value):
        raise ValidationError("write scheme and host only, such as https://sidelight.example.com")


NAME = validate.Regexp(
    r"^[a-z0-9][a-z0-9_-]{0,62}$", error="use lower-case letters, digits, - and _, at most 63"
)
_BIND = validate.Regexp(r"^[^\s:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$", error="write HOST:PORT")


class Strict(Schema):
    """Unknown keys are errors everywhere."""

    class Meta:
        """Refuse what nobody reads."""

        unknown = RAISE


class ServiceSchema(Strict):
    """`[service]`."""

    base_url = fields.String(validate=_base_url)
    bind = fields.String(validate=_BIND)
    trusted_proxies = fields.Integer(strict=True, validate=validate.Range(0, 9))
    log_level = fields.String(validate=validate.OneOf(["debug", "info", "warning", "error"]))
    frame_budget = Duration(validate=validate.Range(0.1, 30))
    token_life = Duration(validate=validate.Range(60, 3600))
    max_body = fields.Integer(strict=True, validate=validate.Range(4096, 8_388_608))
    frames_per_minute = fields.Integer(strict=True, validate=validate.Range(60, 100_000_000))
    demo = fields.Boolean()
    secrets = fields.List(OwnSecret(spaces=True), required=True, validate=validate.Length(min=1))
    metrics_token = OwnSecret()


class StoreSchema(Strict):
    """`[store]`."""

    url = fields.String(
        validate=validate.Regexp(
            r"^(sqlite:///|postgresql\+psycopg://)",
            error="write sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/DATABASE",
        )
    )
    retention = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(RETENTION))), values=Duration()
    )


class CacheSchema(Strict):
    """`[cache]`."""

    url = fields.String(
        validate=validate.Regexp(
            r"^$|^(valkeys?|rediss?|unix)://",
            error='write "", valkey://HOST:PORT/0 or, with TLS, valkeys://…',
        )
    )
    max_bytes = fields.Integer(strict=True, validate=validate.Range(1_048_576, 17_179_869_184))
    stale_for = Duration(validate=validate.Range(0, 86_400))


class CompetitorSchema(Strict):
    """One entry of `competitors`."""

    name = fields.String(required=True, validate=validate.Length(min=2, max=80))
    aliases = fields.List(fields.String(validate=validate.Length(min=2)))
    domains = fields.List(fields.String())
    case_sensitive = fields.Boolean()
    ignore_near = fields.List(fields.String())


class ApiKeySchema(Strict):
    """One entry of `api_keys`."""

    name = fields.String(required=True, validate=NAME)
    key = OwnSecret(spaces=True, required=True)
    role = fields.String(validate=validate.OneOf(words.VIEWER_ROLE))
    scopes = fields.List(
        fields.String(validate=validate.OneOf(API_SCOPES)), validate=validate.Length(min=1)
    )


_weight = validate.Range(0, 100)


class HealthSchema(Strict):
    """`[workspaces.<id>.health]`: the weight of each component."""

    usage = fields.Float(validate=_weight)
    support = fields.Float(validate=_weight)
    payment = fields.Float(validate=_weight)
    sentiment = fields.Float(validate=_weight)
    survey = fields.Float(validate=_weight)


_PEOPLE = fields.Dict(
    keys=fields.String(validate=validate.OneOf(words.VIEWER_ROLE)),
    values=fields.List(fields.String(validate=validate.Length(min=1))),
)


class WorkspaceSchema(Strict):
    """`[workspaces.<id>]` without its upstreams and installs."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=120))
    locale = fields.String(validate=_locale)
    currency = fields.String(validate=_currency)
    time_zone = fields.String(validate=_zone)
    own_domains = fields.List(fields.String(validate=_domain))
    shared_domains = fields.List(fields.String(validate=_domain))
    company_domains = fields.List(fields.String(validate=_domain))
    rules = fields.String()
    exchange_rates = fields.Dict(
        keys=fields.String(validate=_currency),
        values=fields.Decimal(validate=validate.Range(min=0, min_inclusive=False)),
    )
    freshness = fields.Dict(keys=fields.String(), values=Duration())
    roles = _PEOPLE
    grants = fields.Dict(
        keys=fields.String(validate=validate.OneOf(words.VIEWER_ROLE)),
        values=fields.List(fields.String()),
    )
    api_keys = fields.List(fields.Nested(ApiKeySchema))
    arr_policy = fields.Dict(keys=fields.String(), values=fields.String())
    arr_bands = fields.List(
        fields.String(validate=validate.Regexp(r"^\d+[kM]?$", error='write edges such as "25k"')),
        validate=[validate.Length(min=1, max=20), _bands],
    )
    health = fields.Nested(HealthSchema)
    competitors = fields.List(fields.Nested(CompetitorSchema))
    components = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))
    plans = fields.List(fields.String())
    own_names = fields.List(fields.String(validate=validate.Length(min=2, max=80)))
    phrases = fields.Dict(
        keys=fields.String(validate=validate.OneOf(words.PHRASES)),
        values=fields.List(fields.String(validate=validate.Length(min=3, max=120))),
    )
    account_url = fields.String(
        validate=validate.Regexp(
            r"^https://[^{}]*\{account_id\}[^{}]*$",
            error="write an https link with {{account_id}} where the id belongs",
        )
    )


class ConnectionSchema(Strict):
    """What every upstream connection has, whatever its kind."""

    ttl = Duration(validate=validate.Range(1, 86_400))
    deadline = Duration(validate=validate.Range(0.1, 30))
    webhook_secrets = fields.List(ProvingSecret())
    loopback = fields.Boolean()


class InstallSchema(Strict):
    """What every install has, whatever its helpdesk."""

    secrets = fields.List(ProvingSecret(spaces=True), validate=validate.Length(min=1))
    hosts = fields.List(
        fields.String(
            validate=validate.Regexp(
                r"^https://[A-Za-z0-9.*-]+(:\d+)?$|^http://(localhost|127\.0\.0\.1)(:\d+)?$",
                error="write an origin such as https://acme.zendesk.com",
            )
        )
    )
    frame_budget = Duration(validate=validate.Range(0.1, 30))
    roles = _PEOPLE
    default_role = fields.String(validate=validate.OneOf(words.VIEWER_ROLE))
    confirm_by = fields.String(validate=NAME)
    confirm_required = fields.Boolean()
