"""Read the past tickets of a whole account from Zendesk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from plugin.errors import Problem, UpstreamBroken, UpstreamNotFound
from plugin.proofs.basic import basic
from plugin.settings.secrets import Secret
from plugin.sources.ticketing.answers import Record, records, text
from plugin.sources.ticketing.checking import checked
from plugin.sources.ticketing.options import TicketOptions, subdomain
from plugin.sources.ticketing.reading import CSAT, FRESH, SECONDS, SUPPLIES, facts, limited
from plugin.upstream import AccountRef, Facts, Link, Upstream
from plugin.vendors.zendesk.accounts import ORGANIZATIONS, whose
from plugin.vendors.zendesk.api import TITLE, TicketPages, organization_tickets, tickets_of_people
from plugin.vendors.zendesk.tickets import raw_ticket

DOCS = "https://developer.zendesk.com/api-reference/ticketing/introduction/"
# What its API does not tell of a ticket.
NEVER = frozenset({"sla_breached", "escalated"})
PEOPLE_MOST = 10  # whose tickets are asked for where the organisation is unknown
OWNERS = ("organization_id", "requester_id")  # by which events name whose a ticket is
STAFF = frozenset({"agent", "admin"})


class ZendeskTicketsOptions(TicketOptions):
    """The settings of one connection of kind `zendesk_tickets`."""

    subdomain = subdomain("zendesk.com")
    email = fields.String(validate=validate.Email())
    token = Secret()
    oauth_token = Secret()

    @validates_schema
    def _check_proof(self, data: dict[str, Any], **_: Any) -> None:
        """Raise ValidationError unless exactly one way to sign in is set."""
        pair = ("email" in data, "token" in data)
        if pair == (True, True) and "oauth_token" not in data:
            return
        if pair != (False, False) or "oauth_token" not in data:
            raise ValidationError({"token": ["set email and token, or oauth_token alone"]})


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the credentials of each call.

    https://developer.zendesk.com/api-reference/introduction/security-and-auth/
    """
    if "oauth_token" in options:
        return {"Authorization": f"Bearer {options['oauth_token']}"}
    return basic(f"{options['email']}/token", options["token"])


def _read(listed: TicketPages, link: Link, *, is_part: bool) -> Facts:
    raw = [raw_ticket(row, listed, link) for row in listed.tickets]
    found = limited(
        facts(raw, link, TITLE, is_cut=listed.is_cut, is_part=is_part), NEVER, link.options
    )
    named = (text(row.get(name)) for row in listed.tickets for name in OWNERS)
    return replace(found, ids=frozenset(filter(None, named)))


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return the tickets of the account's organisation.

    Where it has none, those of the people who are known to belong to the account: a part.
    """
    key = ORGANIZATIONS.key(ref, link)
    if key is not None:
        own = _read(organization_tickets(link, key), link, is_part=False)
        return replace(own, ids=own.ids | {key})
    if not ref.emails:
        raise UpstreamNotFound("Zendesk has no single organization for this account")
    return _read(tickets_of_people(link, ref.emails[:PEOPLE_MOST]), link, is_part=True)


def _me(link: Link) -> Record:
    body = link.client.get("/api/v2/users/me.json")
    user = body.get("user") if isinstance(body, Mapping) else None
    if not isinstance(user, Mapping):
        raise UpstreamBroken("Zendesk does not say whose token it is")
    return user


def _proof(link: Link) -> str:
    """Return the key of the settings that a wrong token stands under."""
    name = "oauth_token" if "oauth_token" in link.options else "token"
    return f"upstreams.{link.name}.{name}"


def _rights(link: Link, key: str) -> Iterator[Problem]:
    """Yield what the token's owner cannot see."""
    user = _me(link)
    if user.get("id") is None:  # Zendesk answers a stranger with its anonymous user
        yield Problem(key, "Zendesk does not know it", "create a new one")
    elif user.get("role") not in STAFF:
        yield Problem(key, "belongs to no agent", "use an agent's or an admin's")
    elif user.get("ticket_restriction") is not None:
        said = f"its agent sees only some tickets: {user['ticket_restriction']}"
        yield Problem(key, said, "give the agent access to all tickets")
    else:
        asked = [("query", "type:ticket"), ("per_page", "1")]
        records(link.client.get("/api/v2/search.json", asked), "results", TITLE)


def check(link: Link) -> tuple[Problem, ...]:
    """Return what is wrong with the subdomain, the token or its owner's rights."""
    hint = "is token access on, and the token active? Admin Center → Apps and integrations"
    refused = Problem(_proof(link), "Zendesk refuses it", hint)
    absent = Problem(
        f"upstreams.{link.name}.subdomain",
        f"there is no Zendesk at {link.options['subdomain']}.zendesk.com",
        "write what stands before .zendesk.com",
    )
    looked, down = _rights(link, _proof(link)), "see status.zendesk.com"
    return checked(link, TITLE, looked, refused=refused, absent=absent, hint=down)


zendesk_tickets = Upstream(
    name="zendesk_tickets",
    title=TITLE,
    docs_url=DOCS,
    options=ZendeskTicketsOptions,
    supplies=SUPPLIES | CSAT,
    fetch=fetch,
    find=ORGANIZATIONS.find,
    check=check,
    whose=whose,
    base_url=lambda options: f"https://{options['subdomain']}.zendesk.com",
    headers=headers,
    hosts=("zendesk.com",),
    hook="zendesk",
    budget=FRESH,
    deadline=SECONDS,
    # 200 to 2,500 a minute, by plan; the headers of each answer say what is left.
    # https://developer.zendesk.com/api-reference/introduction/rate-limits/
    rate=400 / 60,
    per=60.0,
)
