"""Read the traits of an account's profile, and of its people, from Segment Unify."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from plugin.errors import Problem, UpstreamError, UpstreamNotFound
from plugin.proofs.basic import basic
from plugin.settings.secrets import Secret
from plugin.sources.analytics import is_asked, key_field, key_of, reference
from plugin.sources.mapping.mapped import Entries, custom_of, laid_over, paths_of
from plugin.sources.mapping.options import FieldMap, entries, known_currency
from plugin.sources.mapping.reading import Properties, PropertyPlace, place_of, read, read_items
from plugin.sources.mapping.sampling import sampled
from plugin.sources.tabular.found import RowFindings, merge
from plugin.upstream import AccountRef, Facts, Identity, Link, Upstream
from plugin.vendors.segment.api import check_own, traits, users_of

DOCS = "https://www.twilio.com/docs/segment/unify/profile-api"
TITLE = "Segment"
HOSTS = {"us": "profiles.segment.com", "eu": "profiles.euw1.segment.com"}
MOST_PEOPLE = 10  # one call each
# https://www.twilio.com/docs/segment/connections/spec/identify#traits
PERSON = entries(
    {"id": "sidelight:id", "email": "email", "name": "name", "title": "title"}, "contacts"
)
_ID_TYPE = validate.Regexp(
    r"^[A-Za-z0-9_.-]{1,100}$", error='write the type of an external id, such as "user_id"'
)


class SegmentOptions(Schema):
    """The settings of one connection of kind `segment`."""

    token = Secret(required=True)
    space = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Za-z0-9_-]{1,64}$", error='write its ID, such as "spa_2fZ"'),
    )
    region = fields.String(load_default="us", validate=validate.OneOf(list(HOSTS)))
    id_type = fields.String(load_default="group_id", validate=_ID_TYPE)
    group_key = key_field()
    name_from = fields.String(load_default="name", validate=validate.Length(1, 200))
    contacts = fields.Boolean(load_default=False)
    currency = fields.String(validate=known_currency)
    mapping = FieldMap(data_key="fields", required=True, validate=validate.Length(min=1))
    contact_fields = FieldMap(root="contacts", load_default=())
    sample = fields.List(
        fields.String(validate=validate.Length(1, 200)), validate=validate.Length(1, 20)
    )

    @validates_schema
    def _check_people(self, data: dict[str, Any], **_: Any) -> None:
        """Want people read where their traits are mapped."""
        if data.get("contact_fields") and not data.get("contacts"):
            raise ValidationError("means nothing without contacts = true", "contact_fields")


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the credentials of each call: the token is the user, without a password."""
    return basic(options["token"], "")


def supplies_by(options: Mapping[str, Any]) -> frozenset[str]:
    """Return what the mapping of this connection fills."""
    people = ["contacts"] if options["contacts"] else []
    return paths_of(options["mapping"]) | frozenset(people)


def _person_map(options: Mapping[str, Any]) -> Entries:
    return laid_over(PERSON, options.get("contact_fields") or ())


def _people(link: Link, key: str, place: PropertyPlace) -> RowFindings:
    """Return the account's linked people; one whose profile is gone is left out."""
    users, may_be_more = users_of(link, link.options["id_type"], key)
    said: list[Properties] = []
    for user in users[:MOST_PEOPLE]:
        try:
            own = traits(link, "users", "user_id", user)
        except UpstreamNotFound:
            continue
        said.append({**own, "sidelight:id": user}.get)
    found = read_items("contacts", _person_map(link.options), said, place)
    is_cut = may_be_more or len(users) > MOST_PEOPLE or len(said) < len(users)
    partial = found.partial | (frozenset(["contacts"]) if is_cut else frozenset())
    return replace(found, partial=partial)


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what Segment says of one account."""
    key, place = key_of(ref, link), place_of(link, TITLE)
    check_own(link, link.options["id_type"], key)
    said = traits(link, "accounts", link.options["id_type"], key)
    parts = [read(link.options["mapping"], said.get, place)]
    if link.options["contacts"]:
        parts.append(_people(link, key, place))
    found = merge(parts)
    return Facts(
        found.values, link.now, found.fields, found.partial, found.bad, untold=found.untold
    )


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the account whose profile has this key: an external id, or a domain."""
    if not is_asked(identity, link):
        return ()
    key, kind = identity.value, link.options["id_type"]
    try:
        check_own(link, kind, key)
        said = traits(link, "accounts", kind, key)
    except UpstreamNotFound:
        return ()
    return (reference(key, link, said.get),)


def _sampled(link: Link, key: str) -> Iterator[Problem]:
    """Yield mapped traits that no sampled account has, and how full the others are."""
    kind, said = link.options["id_type"], []
    for account in link.options["sample"]:
        try:
            said.append(traits(link, "accounts", kind, account))
        except UpstreamNotFound:
            yield Problem(f"{key}.sample", f"Segment has no profile {kind}:{account}", "mend it")
    if said:
        yield from sampled(f"{key}.fields", link.options["mapping"], said, place_of(link, TITLE))


def _checked(link: Link) -> Iterator[Problem]:
    key = f"upstreams.{link.name}"
    if link.options.get("sample"):
        yield from _sampled(link, key)
        return
    hint = 'name accounts to try: sample = ["…"]'
    yield Problem(f"{key}.sample", "is not set: no trait was looked at", hint, is_note=True)
    try:
        traits(link, "accounts", link.options["id_type"], "sidelight-check")
    except UpstreamNotFound as error:
        said = f"Segment has no space {link.options['space']}, or does not answer for it"
        code = error.answer.get("error") if isinstance(error.answer, Mapping) else None
        if not isinstance(code, Mapping) or code.get("code") != "not_found":
            yield Problem(f"{key}.space", said, "its ID stands under Unify settings → API access")


def check(link: Link) -> tuple[Problem, ...]:
    """Return a wrong token, region or space, and mapped traits that no sampled account has."""
    key, region = f"upstreams.{link.name}", link.options["region"]
    try:
        return tuple(_checked(link))
    except UpstreamError as error:
        if error.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            hint = (
                f"is the space {link.options['space']} in the region {region}, and the token its?"
            )
            return (Problem(f"{key}.token", "Segment refuses this token", hint),)
        said = f"Segment did not answer: {error}"
        return (Problem(key, said, "see status.segment.com"),)


segment = Upstream(
    name="segment",
    title=TITLE,
    docs_url=DOCS,
    options=SegmentOptions,
    supplies=frozenset(),
    supplies_by=supplies_by,
    custom_by=lambda options: custom_of(options["mapping"]),
    fetch=fetch,
    find=find,
    check=check,
    base_url=lambda options: f"https://{HOSTS[options['region']]}",
    headers=headers,
    hosts=tuple(HOSTS.values()),
    budget=86_400.0,
    deadline=4.0,
    rate=100.0,
)
