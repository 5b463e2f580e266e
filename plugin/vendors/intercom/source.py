"""Read the past conversations and tickets of a whole account from Intercom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from marshmallow import fields, validate

from plugin.errors import Problem, UpstreamNotFound, UpstreamRefused
from plugin.settings.secrets import Secret
from plugin.sources.ticketing.answers import Record, record_of, records, text, under
from plugin.sources.ticketing.checking import checked
from plugin.sources.ticketing.options import TicketOptions
from plugin.sources.ticketing.reading import CSAT, FRESH, SECONDS, SUPPLIES, facts, limited
from plugin.upstream import AccountRef, Facts, Link, Upstream
from plugin.vendors.intercom.accounts import COMPANIES, whose
from plugin.vendors.intercom.api import TITLE, contacts, people, taken_part
from plugin.vendors.intercom.tickets import together

DOCS = "https://developers.intercom.com/docs/references/rest-api/api.intercom.io"
# What its API does not tell of a ticket.
NEVER = frozenset({"escalated"})
BASES = {
    "us": "https://api.intercom.io",
    "eu": "https://api.eu.intercom.io",
    "au": "https://api.au.intercom.io",
}
ADDRESSES_MOST = 3  # that are asked for where the company is unknown


class IntercomTicketsOptions(TicketOptions):
    """The settings of one connection of kind `intercom_tickets`."""

    token = Secret(required=True)
    region = fields.String(load_default="us", validate=validate.OneOf(list(BASES)))
    version = fields.String(
        load_default="2.15",
        validate=validate.Regexp(r"2\.[0-9]{1,2}\Z", error="write a version such as 2.15"),
    )
    app_id = fields.String(
        validate=validate.Regexp(
            r"[a-z0-9]{4,32}\Z",
            error='write what stands after /apps/ in Intercom\'s addresses, such as "ab12cd34"',
        )
    )
    tickets = fields.Boolean(load_default=True)


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the credentials of each call, and the version that it is written for."""
    return {
        "Authorization": f"Bearer {options['token']}",
        "Intercom-Version": str(options["version"]),
    }


def _people(ref: AccountRef, link: Link, key: str | None) -> tuple[list[Record], bool]:
    """Return the account's people, and whether others may belong to it."""
    if key is not None:
        return people(link, key)
    if not ref.emails:
        raise UpstreamNotFound("Intercom has no single company for this account")
    addresses = ref.emails[:ADDRESSES_MOST]
    return [row for email in addresses for row in contacts(link, "email", email)], True


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what the people of the account's company wrote.

    Where it has none, what those wrote who are known to belong to the account: a part.
    """
    company = COMPANIES.key(ref, link)
    members, is_part = _people(ref, link, company)
    addresses = {text(row["id"]): text(row.get("email")) for row in members}
    keys = list(addresses)
    conversations, is_cut = taken_part(link, "conversations", keys)
    tickets: list[Record] = []
    if link.options["tickets"]:
        tickets, cut = taken_part(link, "tickets", keys)
        is_cut = is_cut or cut
    raw = together(conversations, tickets, addresses, link)
    found = limited(facts(raw, link, TITLE, is_cut=is_cut, is_part=is_part), NEVER, link.options)
    return replace(found, ids=frozenset(filter(None, (*keys, company))))


def _whose_token(link: Link, key: str) -> Iterator[Problem]:
    app = under(record_of(link.client.get("/me"), TITLE), "app")
    region, own = text(app.get("region")).lower(), link.options["region"]
    if region in BASES and region != own:
        yield Problem(f"{key}.region", f"the token belongs to a workspace in {region}", region)
    code = text(app.get("id_code"))
    if code and "app_id" not in link.options:
        yield Problem(f"{key}.app_id", "is not set: tickets have no link", code, is_note=True)


def _can_search(link: Link, key: str, kind: str, holds: str) -> Iterator[Problem]:
    """Yield a problem where the token may not search; the answer itself does not matter."""
    query = {"field": "created_at", "operator": ">", "value": 0}
    body = {"query": query, "pagination": {"per_page": 1}}
    try:
        records(link.client.post(f"/{kind}/search", body), holds, TITLE)
    except UpstreamRefused:
        hint = f"give the app the right to read {kind}"
        more = ", or set tickets = false" if kind == "tickets" else ""
        yield Problem(f"{key}.token", f"Intercom refuses it for {kind}", hint + more)


def _all(link: Link, key: str) -> Iterator[Problem]:
    yield from _whose_token(link, key)
    yield from _can_search(link, key, "contacts", "data")
    yield from _can_search(link, key, "conversations", "conversations")
    if link.options["tickets"]:
        yield from _can_search(link, key, "tickets", "tickets")


def check(link: Link) -> tuple[Problem, ...]:
    """Return what is wrong with the token, its region or its rights."""
    key = f"upstreams.{link.name}"
    hint = f"is it whole, and is your workspace in region {link.options['region']}?"
    refused = Problem(f"{key}.token", "Intercom refuses it", hint)
    down = "see www.intercomstatus.com"
    return checked(link, TITLE, _all(link, key), refused=refused, hint=down)


intercom_tickets = Upstream(
    name="intercom_tickets",
    title=TITLE,
    docs_url=DOCS,
    options=IntercomTicketsOptions,
    supplies=SUPPLIES | CSAT,
    fetch=fetch,
    find=COMPANIES.find,
    check=check,
    whose=whose,
    base_url=lambda options: BASES[options["region"]],
    headers=headers,
    hosts=("intercom.io",),
    hook="intercom",
    budget=FRESH,
    deadline=SECONDS,
    # 10,000 a minute for an app, counted in windows of ten seconds.
    # https://developers.intercom.com/docs/references/rest-api/errors/rate-limiting
    rate=10_000 / 60,
    per=10.0,
)
