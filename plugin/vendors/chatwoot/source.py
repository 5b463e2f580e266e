"""Read the past conversations of an account's people from Chatwoot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields, validate

from plugin.errors import Problem, UpstreamNotFound
from plugin.settings.secrets import Secret
from plugin.sources.tabular.found import RowFindings
from plugin.sources.ticketing.checking import checked
from plugin.sources.ticketing.options import TicketOptions
from plugin.sources.ticketing.reading import FRESH, SECONDS, SUPPLIES, facts, limited
from plugin.upstream import AccountRef, Facts, Link, Upstream
from plugin.vendors.chatwoot.api import TITLE, account_roles, conversations, people
from plugin.vendors.chatwoot.conversations import raw_ticket, whose

DOCS = "https://developers.chatwoot.com/api-reference/introduction"
# What its API does not tell of a ticket.
NEVER = frozenset({"kind", "solved_at", "reopens", "csat", "sla_breached", "escalated"})
PEOPLE_MOST = 3  # whose conversations are asked for


class ChatwootTicketsOptions(TicketOptions):
    """The settings of one connection of kind `chatwoot_tickets`."""

    base_url = fields.String(
        load_default="https://app.chatwoot.com",
        validate=validate.Regexp(
            r"https://[A-Za-z0-9.-]+\Z|http://(localhost|127\.0\.0\.1)(:\d{1,5})?\Z",
            error="write scheme and host only, such as https://chat.acme.example",
        ),
    )
    account_id = fields.String(
        required=True,
        validate=validate.Regexp(
            r"[0-9]{1,20}\Z",
            error='write the number after /accounts/ in Chatwoot\'s addresses, such as "3"',
        ),
    )
    token = Secret(required=True)


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the credentials of each call."""
    return {"api_access_token": options["token"]}


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return the latest conversations of the people who are known to belong to the account.

    Chatwoot knows people, not their firms: the list is always a part.
    """
    found = [who for email in ref.emails[:PEOPLE_MOST] for who in people(link, email)]
    if not found:
        raise UpstreamNotFound(f"{TITLE} knows nobody of this account")
    rows = [row for who in found for row in conversations(link, who)]
    raw = [raw_ticket(row, link) for row in rows]
    return limited(
        facts(raw, link, TITLE, is_part=True, satisfied=RowFindings()), NEVER, link.options
    )


def _membership(link: Link, key: str) -> Iterator[Problem]:
    known, account = account_roles(link), link.options["account_id"]
    if account not in known:
        said = f"the token's owner does not belong to account {account}"
        yield Problem(f"{key}.account_id", said, f"it belongs to: {', '.join(known) or 'none'}")


def check(link: Link) -> tuple[Problem, ...]:
    """Return what is wrong with the token, or the account that it should see."""
    key = f"upstreams.{link.name}"
    hint = "copy it from Profile settings → Access token"
    refused = Problem(f"{key}.token", f"{TITLE} refuses it", hint)
    down = "see that Chatwoot runs"
    return checked(link, TITLE, _membership(link, key), refused=refused, hint=down)


chatwoot_tickets = Upstream(
    name="chatwoot_tickets",
    title=TITLE,
    docs_url=DOCS,
    options=ChatwootTicketsOptions,
    supplies=SUPPLIES,
    fetch=fetch,
    check=check,
    whose=whose,
    base_url=lambda options: str(options["base_url"]),
    headers=headers,
    budget=FRESH,
    deadline=SECONDS,
)
