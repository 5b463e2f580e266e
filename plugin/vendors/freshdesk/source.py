"""Read the past tickets of a whole account from Freshdesk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from plugin.account.words import TICKET_STATUS
from plugin.errors import UpstreamNotFound
from plugin.proofs.basic import basic
from plugin.settings.secrets import Secret
from plugin.sources.ticketing.answers import Record, text
from plugin.sources.ticketing.csat import WINDOW
from plugin.sources.ticketing.options import TicketOptions, subdomain
from plugin.sources.ticketing.reading import CSAT, FRESH, SECONDS, SUPPLIES, facts, limited, rated
from plugin.upstream import AccountRef, Facts, Link, Upstream
from plugin.vendors.freshdesk.accounts import COMPANIES, whose
from plugin.vendors.freshdesk.api import TITLE, contacts, tickets
from plugin.vendors.freshdesk.check import check
from plugin.vendors.freshdesk.ratings import satisfied
from plugin.vendors.freshdesk.tickets import ARCHIVED, may_be_archived, raw_ticket

DOCS = "https://developers.freshdesk.com/api/"
# What its API does not tell of a ticket.
NEVER = frozenset({"csat", "reopens"})
PEOPLE_MOST = 3  # whose tickets are asked for where the company is unknown


class FreshdeskTicketsOptions(TicketOptions):
    """The settings of one connection of kind `freshdesk_tickets`."""

    domain = subdomain("freshdesk.com")
    key = Secret(required=True)
    external_id = fields.String(
        validate=validate.Regexp(
            r"[a-z][a-z0-9_]{0,99}\Z",
            error='write the name of a contact field, such as "cf_account_id"',
        )
    )
    statuses = fields.Dict(
        keys=fields.String(
            validate=validate.Regexp(r"[0-9]{1,9}\Z", error='write its number, such as "7"')
        ),
        values=fields.String(validate=validate.OneOf(TICKET_STATUS)),
        load_default=dict,
    )
    ratings = fields.Boolean(load_default=True)
    archives = fields.Boolean(load_default=True)


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the credentials of each call: https://developers.freshdesk.com/api/#authentication."""
    return basic(options["key"], "X")


def _listed(ref: AccountRef, link: Link) -> tuple[list[Record], bool, bool]:
    """Return the account's tickets, whether older ones are left, and whether others may be."""
    key = COMPANIES.key(ref, link)
    if key is not None:
        return *tickets(link, "company_id", key), False
    people = [row for email in ref.emails[:PEOPLE_MOST] for row in contacts(link, "email", email)]
    if not people:
        raise UpstreamNotFound("Freshdesk has no single company for this account")
    keys = dict.fromkeys(text(row["id"]) for row in people)
    pages = [tickets(link, "requester_id", key) for key in keys]
    return [row for rows, _ in pages for row in rows], any(cut for _, cut in pages), True


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return the tickets of the account's company, and how satisfied its people are.

    Where it has none, those of the people who are known to belong to the account: a part.
    """
    rows, is_cut, is_part = _listed(ref, link)
    hides = link.options["archives"] and may_be_archived(rows, link)
    since = link.now - (ARCHIVED if hides else WINDOW)
    scores, means = satisfied(rows, link, None if is_part or is_cut else since)
    raw = [raw_ticket(row, scores, link) for row in rows]
    return limited(
        facts(raw, link, TITLE, is_cut=is_cut, is_part=is_part or hides, satisfied=means),
        NEVER,
        link.options,
    )


freshdesk_tickets = Upstream(
    name="freshdesk_tickets",
    title=TITLE,
    docs_url=DOCS,
    options=FreshdeskTicketsOptions,
    supplies=SUPPLIES | CSAT,
    supplies_by=rated,
    fetch=fetch,
    find=COMPANIES.find,
    check=check,
    whose=whose,
    base_url=lambda options: f"https://{options['domain']}.freshdesk.com",
    headers=headers,
    hosts=("freshdesk.com",),
    budget=FRESH,
    deadline=SECONDS,
    # 100 to 700 a minute, by plan; the headers of each answer say what is left.
    # https://developers.freshdesk.com/api/#ratelimit
    rate=200 / 60,
    per=60.0,
)
