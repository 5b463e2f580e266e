"""The shape of sidelight.toml in marshmallow: types, ranges, and what to do about a wrong one."""

from __future__ import annotations

import os
import re
import stat
import zoneinfo
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies
from marshmallow import RAISE, Schema, ValidationError, fields, validate

from plugin.account import words
from plugin.account.domains import read_domain
from plugin.settings.records import API_SCOPES, RETENTION

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)", re.ASCII)
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}


class Duration(fields.Field[float]):
    """A time such as "2.5s", "500ms", "15min", "24h" or "7d", in seconds."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        del attr, data, kwargs
        match = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise ValidationError('write a time such as "500ms", "2.5s", "15min", "24h" or "7d"')
        return float(match[1]) * _SECONDS[match[2]]


SHORTEST_OWN = 32  # bytes of what we sign with, and of what opens the API: https://www.rfc-editor.org/rfc/rfc7518#section-3.2
SHORTEST = 5  # characters of what a vendor gives out or lets an admin type; none gives fewer

# What a copy brings along at either end: it is no part of any secret.
_AROUND = " \t\r\n\v\f\u00a0\ufeff\u200b\u200e\u200f\u2060"
_QUOTES = "\"'`“”„‘’«»"
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u0080-\u00a0\u200b-\u200f\u2028\u2029\u2060\ufeff]")
SPACE_INSIDE = "has a space inside: paste it again, without spaces"
HAS_LINES = ("-----BEGIN", "{", "[")  # keys in PEM form and JSON


def _pasted(text: str, *, spaces: bool) -> None:
    """Raise what is wrong with a secret as it was pasted; it is never part of the message."""
    if text[0] in _QUOTES or text[-1] in _QUOTES:
        raise ValidationError("stands in quotes of its own: take them out of the value")
    if "\n" in text or "\r" in text:
        raise ValidationError("has a line break inside: paste it again, as one line")
    if _UNSEEN.search(text):
        raise ValidationError("has a character inside that cannot be seen: paste it again")
    if " " in text and not spaces:
        raise ValidationError(SPACE_INSIDE)


class Secret(fields.String):
    """A secret: never empty, never with what a copy brought along.

    White space and a byte order mark at its ends are taken off. What can be no part of it and
    stands inside is named; `spaces` says that a space may be part of it.
    """

    def __init__(self, *, spaces: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spaces = spaces

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs).strip(_AROUND)
        if not text:
            raise ValidationError("is empty: set it, or take it out of the list")
        if not text.startswith(HAS_LINES):
            _pasted(text, spaces=self.spaces)
        return text


class Folder(fields.String):
    """A folder; a relative one lies beside the settings file, wherever the service is started."""


class ProvingSecret(Secret):
    """What proves a helpdesk's or an upstream's requests: the vendor's, but no guess."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text.strip()) < SHORTEST:
            raise ValidationError(
                f"is shorter than {SHORTEST} characters, so anybody guesses it: copy it whole"
            )
        return text


class OwnSecret(Secret):
    """A secret of our own: long enough that nobody guesses it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text.strip().encode()) < SHORTEST_OWN:
            raise ValidationError(
                f"is shorter than {SHORTEST_OWN} bytes: `sidelight secret` prints a fresh one"
            )
        return text


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


_NAME = validate.Regexp(
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

    name = fields.String(required=True, validate=_NAME)
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
    confirm_by = fields.String(validate=_NAME)
    confirm_required = fields.Boolean()


NAME = _NAME
_LARGEST = 1_000_000  # bytes of the settings, or of a secret's file
_DOTS = 20  # of one key, deeper than any setting lies
_DEEP = re.compile(rf"(?:[\"']?[\w-]{{1,64}}[\"']?[ \t]{{0,4}}\.[ \t]{{0,4}}){{{_DOTS}}}")


class NoFile(ValueError):
    """What is named is no file of a sensible size and shape."""


def bounded_text(path: Path) -> str:
    """Return a file's text; one that has no end, or is no file, is refused at once."""
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NoFile("it is no ordinary file")
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise NoFile(f"it is larger than {_LARGEST // 1_000_000} MB")
    return data.decode("utf-8-sig")


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # opening a pipe would wait for its writer


def shallow(text: str) -> str:
    """Return settings as they are; refuse keys so deep that reading them has no end."""
    if _DEEP.search(text):
        raise NoFile(f"a key has {_DOTS} dots or more")
    return text
