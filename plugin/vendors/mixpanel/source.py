"""Read the properties of an account's group from Mixpanel, in one batch for all accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from marshmallow import Schema, fields, validate

from plugin.errors import Problem, UpstreamError, UpstreamNotFound
from plugin.proofs.basic import basic
from plugin.settings.secrets import Secret
from plugin.sources.analytics import is_asked, key_field, key_of, reference
from plugin.sources.mapping.mapped import custom_of, paths_of, sources_of
from plugin.sources.mapping.options import FieldMap, known_currency
from plugin.sources.mapping.reading import place_of, read
from plugin.sources.mapping.sampling import SAMPLE, sampled
from plugin.upstream import AccountRef, Facts, Identity, Link, Upstream
from plugin.vendors.mixpanel.api import page, some
from plugin.vendors.mixpanel.batch import Page, profile

DOCS = "https://docs.mixpanel.com/reference/engage-query"
TITLE = "Mixpanel"
HOSTS = {"us": "mixpanel.com", "eu": "eu.mixpanel.com", "in": "in.mixpanel.com"}


class MixpanelOptions(Schema):
    """The settings of one connection of kind `mixpanel`."""

    username = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^[^\s:]+$",
            error='write a service account, such as "sidelight.1a2b3c.mp-service-account"',
        ),
    )
    secret = Secret(required=True)
    project = fields.Integer(strict=True, required=True, validate=validate.Range(min=1))
    # https://docs.mixpanel.com/reference/query-api-authentication: `workspace_id` in its words
    data_view = fields.Integer(strict=True, validate=validate.Range(min=1))
    region = fields.String(load_default="us", validate=validate.OneOf(list(HOSTS)))
    data_group_id = fields.String(
        required=True,
        validate=validate.Regexp(
            r"^-?[0-9]{1,20}$", error='write the number as text, such as "-12345"'
        ),
    )
    group_key = key_field()
    name_from = fields.String(load_default="$name", validate=validate.Length(1, 200))
    currency = fields.String(validate=known_currency)
    mapping = FieldMap(data_key="fields", required=True, validate=validate.Length(min=1))


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the credentials of each call: those of a service account."""
    return basic(options["username"], options["secret"])


def _profile(key: str, link: Link) -> tuple[Mapping[str, Any], Any]:
    """Return a group's properties from the batch, and the time for which they hold."""
    names = tuple(dict.fromkeys((link.options["name_from"], *sources_of(link.options["mapping"]))))

    def ask(number: int, session: str) -> Page:
        return page(link, names, number, session)

    return profile(link, key, ask)


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what Mixpanel says of one account."""
    said, as_of = _profile(key_of(ref, link), link)
    found = read(link.options["mapping"], said.get, place_of(link, TITLE))
    return Facts(
        found.values,
        min(as_of, link.now),
        found.fields,
        found.partial,
        found.bad,
        untold=found.untold,
    )


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return the account whose group has this key: an external id, or a domain."""
    if not is_asked(identity, link):
        return ()
    try:
        said, _ = _profile(identity.value, link)
    except UpstreamNotFound:
        return ()
    return (reference(identity.value, link, said.get),)


def _checked(link: Link) -> Iterator[Problem]:
    """Yield what is wrong with the mapping, by a sample of whole profiles: two queries in all."""
    key = f"upstreams.{link.name}"
    keys = [each for each, _ in page(link, [link.options["name_from"]]).profiles]
    if not keys:
        hint = "see Project Settings → Group Keys; is the project's region right?"
        yield Problem(f"{key}.data_group_id", "Mixpanel has no profiles of this group", hint)
        return
    said = [properties for _, properties in some(link, keys[:SAMPLE]).profiles]
    yield from sampled(f"{key}.fields", link.options["mapping"], said, place_of(link, TITLE))


def _explained(link: Link, error: UpstreamError) -> Problem:
    key, region = f"upstreams.{link.name}", link.options["region"]
    said: Mapping[int | None, tuple[str, str, str]] = {
        HTTPStatus.UNAUTHORIZED: (
            f"{key}.secret",
            "Mixpanel does not know this service account",
            f"is the project in the region {region}? A service account is known in one alone",
        ),
        HTTPStatus.FORBIDDEN: (
            f"{key}.username",
            f"the service account may not read project {link.options['project']}",
            "add it to the project; where that has data views, write the global one's number",
        ),
        HTTPStatus.PAYMENT_REQUIRED: (
            f"{key}.project",
            "the project's plan has no Query API",
            "ask Mixpanel, or read its data from your warehouse",
        ),
        HTTPStatus.BAD_REQUEST: (
            f"{key}.data_group_id",
            "Mixpanel does not understand the question",
            "is it the number of a group of this project?",
        ),
        HTTPStatus.NOT_FOUND: (
            f"{key}.project",
            f"Mixpanel has no project {link.options['project']} in the region {region}",
            "its number stands under Project Settings",
        ),
    }
    usual = (key, f"Mixpanel did not answer: {error}", "see status.mixpanel.com")
    return Problem(*said.get(error.status, usual))


def check(link: Link) -> tuple[Problem, ...]:
    """Return a wrong account, project, region or group, and mapped properties that are not."""
    try:
        return tuple(_checked(link))
    except UpstreamError as error:
        return (_explained(link, error),)


mixpanel = Upstream(
    name="mixpanel",
    title=TITLE,
    docs_url=DOCS,
    options=MixpanelOptions,
    supplies=frozenset(),
    supplies_by=lambda options: paths_of(options["mapping"]),
    custom_by=lambda options: custom_of(options["mapping"]),
    fetch=fetch,
    find=find,
    check=check,
    base_url=lambda options: f"https://{HOSTS[options['region']]}/api/query",
    headers=headers,
    hosts=tuple(HOSTS.values()),
    budget=43_200.0,  # the batch is up to twelve hours old by itself
    deadline=4.0,
    # Sixty queries an hour for a project: https://docs.mixpanel.com/reference/rate-limits.
    # Thirty at once and thirty more as the hour goes on are never more.
    rate=30 / 3600,
    per=3600.0,
)
