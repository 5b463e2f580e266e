"""Read what Amplitude knows of the people of an account whose addresses are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from plugin.errors import Problem, UpstreamError, UpstreamNotFound
from plugin.settings.secrets import Secret
from plugin.sources.mapping.mapped import Entries, Mapped, custom_of, laid_over, paths_of
from plugin.sources.mapping.options import FieldMap, entries, known_currency
from plugin.sources.mapping.reading import Properties, PropertyPlace, place_of, read, read_items
from plugin.sources.mapping.sampling import sampled
from plugin.sources.tabular.found import RowFindings, merge
from plugin.upstream import AccountRef, BadValue, Facts, Link, Upstream
from plugin.vendors.amplitude.api import properties

DOCS = "https://amplitude.com/docs/apis/analytics/user-profile"
TITLE = "Amplitude"
BASE = "https://profile-api.amplitude.com"
MOST_PEOPLE = 5  # one call each
PERSON = entries(
    {"email": "sidelight:email", "first_seen_at": "first_used", "last_seen_at": "last_used"},
    "contacts",
)


def _region(value: str) -> None:
    """Raise ValidationError for a region in which the API does not exist."""
    if value == "eu":
        raise ValidationError(
            "Amplitude has no User Profile API in its EU region;"
            ' read its data from your warehouse with kind = "sql"'
        )
    if value != "us":
        raise ValidationError('write "us"')


class AmplitudeOptions(Schema):
    """The settings of one connection of kind `amplitude`."""

    secret_key = Secret(required=True)
    region = fields.String(load_default="us", validate=_region)
    currency = fields.String(validate=known_currency)
    mapping = FieldMap(data_key="fields", load_default=())
    contact_fields = FieldMap(root="contacts", load_default=())
    sample = fields.List(
        fields.String(validate=validate.Length(1, 320)), validate=validate.Length(1, 20)
    )


def _person_map(options: Mapping[str, Any]) -> Entries:
    return laid_over(PERSON, options.get("contact_fields") or ())


def _users(ref: AccountRef, link: Link) -> list[str]:
    """Return the people to ask about: the requester first, none of our own."""
    people = [one for one in ref.people if one.rpartition("@")[2].lower() not in link.own_domains]
    if not people:
        raise UpstreamNotFound("no address of the account's people is known")
    return people[:MOST_PEOPLE]


def _seen(link: Link, user: str) -> dict[str, Any] | None:
    """Return a user's properties, None where Amplitude has not seen them: ids mind the case."""
    for spelling in dict.fromkeys((user, user.lower())):
        try:
            return {**properties(link, spelling), "sidelight:email": user}
        except UpstreamNotFound:
            continue
    return None


def _agreed(one: Mapped, said: Iterable[Properties], place: PropertyPlace) -> RowFindings:
    """Return a fact of the account that its people carry: where they differ, it is unknown."""
    found = [read([one], each, place) for each in said]
    values: list[Any] = []
    for each in found:
        values += [value for value in each.values.values() if value not in values]
    if len(values) == 1:
        return RowFindings({one.path: values[0]}, {one.path: one.source})
    if values:
        bad = BadValue(one.path, f"{TITLE}, {one.source}", "the account's people differ in it")
        return RowFindings(bad=(bad,))
    return RowFindings(bad=next((each.bad for each in found if each.bad), ()))


def _facts(link: Link, said: Sequence[Properties]) -> RowFindings:
    place = place_of(link, TITLE)
    people = read_items("contacts", _person_map(link.options), said, place)
    return merge([people, *(_agreed(one, said, place) for one in link.options["mapping"])])


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what Amplitude says of the account's known people.

    The list of people is always partial: Amplitude cannot be asked who belongs to an account.
    """
    found = [_seen(link, user) for user in _users(ref, link)]
    said = [each.get for each in found if each is not None]
    if not said:
        raise UpstreamNotFound("Amplitude has seen none of the account's known people")
    whole = _facts(link, said)
    return Facts(
        whole.values,
        link.now,
        whole.fields,
        frozenset(["contacts"]),
        whole.bad,
        untold=whole.untold,
    )


def _sampled(link: Link) -> Iterator[Problem]:
    """Yield mapped properties that no sampled user has, and how full the others are."""
    key, place = f"upstreams.{link.name}", place_of(link, TITLE)
    found = {user: _seen(link, user) for user in link.options["sample"]}
    for at, user in enumerate(found):
        if found[user] is None:
            yield Problem(f"{key}.sample", f"Amplitude has not seen user {at + 1} of it", "mend it")
    said = [each for each in found.values() if each is not None]
    if said:
        yield from sampled(f"{key}.fields", link.options["mapping"], said, place)
        yield from sampled(f"{key}.contact_fields", link.options["contact_fields"], said, place)


def _checked(link: Link) -> Iterator[Problem]:
    if link.options.get("sample"):
        yield from _sampled(link)
        return
    where, hint = (
        f"upstreams.{link.name}.sample",
        'name users to try: sample = ["ada@acme.example"]',
    )
    yield Problem(where, "is not set: no property was looked at", hint, is_note=True)
    try:
        properties(link, "sidelight-check")
    except UpstreamNotFound as error:
        if error.status is not None:  # it says "not seen" in words, and 404 of a path alone
            yield Problem(f"upstreams.{link.name}", "Amplitude does not answer", f"see {DOCS}")


def check(link: Link) -> tuple[Problem, ...]:
    """Return a wrong key, and mapped properties that no sampled user has."""
    key = f"upstreams.{link.name}"
    try:
        return tuple(_checked(link))
    except UpstreamError as error:
        if error.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            hint = "it is the secret key, not the API key, of a project outside the EU region"
            return (Problem(f"{key}.secret_key", "Amplitude refuses this key", hint),)
        said = f"Amplitude did not answer: {error}"
        return (Problem(key, said, "see status.amplitude.com"),)


amplitude = Upstream(
    name="amplitude",
    title=TITLE,
    docs_url=DOCS,
    options=AmplitudeOptions,
    supplies=frozenset({"contacts"}),
    supplies_by=lambda options: paths_of(options["mapping"]) | {"contacts"},
    custom_by=lambda options: custom_of(options["mapping"]),
    fetch=fetch,
    check=check,
    base_url=lambda _options: BASE,
    headers=lambda options: {"Authorization": f"Api-Key {options['secret_key']}"},
    hosts=("profile-api.amplitude.com",),
    personal=lambda _options: True,
    budget=86_400.0,
    deadline=4.0,
    rate=10.0,  # 600 a minute for an organisation
)
