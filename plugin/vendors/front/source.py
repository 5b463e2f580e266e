"""Read the past conversations of a whole account from Front."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from plugin.errors import Problem, UpstreamNotFound, UpstreamRefused
from plugin.settings.secrets import Secret
from plugin.sources.tabular.found import RowFindings
from plugin.sources.ticketing.answers import Record, records, text
from plugin.sources.ticketing.checking import checked
from plugin.sources.ticketing.options import TicketOptions
from plugin.sources.ticketing.people import own_rows, writes_from
from plugin.sources.ticketing.reading import SECONDS, SUPPLIES, facts, limited
from plugin.sources.untold import TEXT
from plugin.upstream import AccountRef, Facts, Link, Upstream
from plugin.vendors.front.accounts import ACCOUNTS, whose
from plugin.vendors.front.api import (
    TITLE,
    addresses,
    contact_with_email,
    conversations,
    domains,
    people,
    writer_email,
    writer_id,
)
from plugin.vendors.front.tickets import is_ticket, raw_ticket

DOCS = "https://dev.frontapp.com/reference/introduction"
# What its API does not tell of a ticket.
NEVER = frozenset(
    {"kind", "priority", "solved_at", "reopens", "csat", "sla_breached", "escalated", TEXT}
)
PEOPLE_MOST = 8  # whose conversations are asked for: one call each, of 50 a minute
ADDRESSES_MOST = 3  # that are asked for where the account is unknown
FRESH = 300.0  # seconds: less often than elsewhere, as an account costs ten calls


class FrontTicketsOptions(TicketOptions):
    """The settings of one connection of kind `front_tickets`."""

    token = Secret(required=True)


def headers(options: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the credentials of each call: https://dev.frontapp.com/docs/authentication."""
    return {"Authorization": f"Bearer {options['token']}"}


def _people(ref: AccountRef, link: Link) -> tuple[list[Record], tuple[str, ...], bool]:
    """Return the account's people and domains, and whether others may belong to it."""
    row = ACCOUNTS.organisation(ref, link)
    if row is not None:
        members, is_cut = people(link, text(row["id"]))
        return members, domains(row), is_cut
    if not ref.emails:
        raise UpstreamNotFound("Front has no single account for this one")
    known = ref.emails[:ADDRESSES_MOST]
    return [one for email in known for one in contact_with_email(link, email)], (), True


def _taken_part(members: Sequence[Record], link: Link) -> tuple[list[Record], bool]:
    """Return what the people take part in, and whether some of it is left unread."""
    found: list[Record] = []
    is_cut = len(members) > PEOPLE_MOST
    for person in members[:PEOPLE_MOST]:
        rows, has_more = conversations(link, text(person["id"]))
        found += rows
        is_cut = is_cut or has_more
    return [row for row in found if is_ticket(row)], is_cut


def _own(
    rows: Sequence[Record], members: Sequence[Record], own: Collection[str]
) -> tuple[list[Record], bool]:
    """Return the conversations with the account's people, and whether others came along.

    In a conversation of somebody else one of ours may be in copy: it is not theirs.
    """
    keys = {text(person["id"]) for person in members}
    emails = {email for person in members for email in addresses(person)}

    def is_own(row: Record) -> bool:
        email = writer_email(row)
        return writer_id(row) in keys or email.lower() in emails or writes_from(email, own)

    return own_rows(rows, is_own, TITLE)


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what the people of the account wrote.

    Where Front has no such account, what those wrote who are known to belong to it: a part.
    """
    members, own, is_part = _people(ref, link)
    rows, is_cut = _taken_part(members, link)
    rows, is_mixed = _own(rows, members, own)
    raw = [raw_ticket(row, link) for row in rows]
    unread = is_part or is_cut or is_mixed
    return limited(
        facts(raw, link, TITLE, is_part=unread, satisfied=RowFindings()), NEVER, link.options
    )


PARTS = ("accounts", "contacts", "conversations")


def _rights(link: Link, key: str) -> Iterator[Problem]:
    """Yield what the token may not read."""
    for what in PARTS:
        try:
            records(link.client.get(f"/{what}", [("limit", "1")]), "_results", TITLE)
        except UpstreamRefused as error:
            if error.status == HTTPStatus.UNAUTHORIZED:
                raise
            hint = f"give it the scope {what}:read"
            yield Problem(f"{key}.token", f"Front refuses it for {what}", hint)


def check(link: Link) -> tuple[Problem, ...]:
    """Return what is wrong with the token or its scopes."""
    key = f"upstreams.{link.name}"
    hint = "create one: Settings → Developers → API tokens"
    refused = Problem(f"{key}.token", "Front refuses it", hint)
    down = "see www.frontstatus.com"
    return checked(link, TITLE, _rights(link, key), refused=refused, hint=down)


front_tickets = Upstream(
    name="front_tickets",
    title=TITLE,
    docs_url=DOCS,
    options=FrontTicketsOptions,
    supplies=SUPPLIES,
    fetch=fetch,
    find=ACCOUNTS.find,
    check=check,
    whose=whose,
    base_url=lambda _options: "https://api2.frontapp.com",
    headers=headers,
    hosts=("frontapp.com",),
    budget=FRESH,
    deadline=SECONDS,
    # 50 a minute for a company on the smallest plan; the headers of each answer say what is left.
    # https://dev.frontapp.com/docs/rate-limiting
    rate=50 / 60,
    per=60.0,
)
