"""Read the past conversations of a whole account from Help Scout."""

from __future__ import annotations

from collections.abc import Sequence

from marshmallow import fields

from plugin.errors import UpstreamNotFound
from plugin.settings.secrets import Secret
from plugin.sources.ticketing.answers import Record, refuse, text
from plugin.sources.ticketing.options import TicketOptions
from plugin.sources.ticketing.people import own_rows, writes_from
from plugin.sources.ticketing.reading import CSAT, FRESH, SECONDS, SUPPLIES, facts, limited, rated
from plugin.upstream import AccountRef, Facts, Link, Upstream
from plugin.vendors.helpscout.accounts import ORGANIZATIONS, whose
from plugin.vendors.helpscout.api import (
    TITLE,
    authorise,
    conversations,
    conversations_of,
    domains,
    people,
    writer_email,
    writer_id,
)
from plugin.vendors.helpscout.check import check
from plugin.vendors.helpscout.ratings import satisfied
from plugin.vendors.helpscout.tickets import is_ticket, raw_ticket

DOCS = "https://developer.helpscout.com/mailbox-api/"
# What its API does not tell of a ticket.
NEVER = frozenset({"priority", "reopens", "sla_breached", "escalated", "kind", "csat"})
PEOPLE_MOST = 10  # whose conversations are asked for where the organization is unknown


class HelpscoutTicketsOptions(TicketOptions):
    """The settings of one connection of kind `helpscout_tickets`."""

    app_id = Secret(required=True)
    app_secret = Secret(required=True)
    ratings = fields.Boolean(load_default=True)


def _own(rows: Sequence[Record], account: Record, link: Link) -> tuple[list[Record], bool]:
    """Return the conversations of the organization's people, and whether others came along.

    Who writes from its domains belongs to it; only for others are its people asked for.
    """
    own = domains(account)
    members: set[str] = set()
    if not all(writes_from(writer_email(row), own) for row in rows):
        key = text(account["id"])
        found, _ = people(link, key)
        refuse((row for row in found if text(row.get("organizationId")) not in ("", key)), TITLE)
        members = {text(row["id"]) for row in found}
    return own_rows(
        rows,
        lambda row: writer_id(row) in members or writes_from(writer_email(row), own),
        TITLE,
    )


def _listed(ref: AccountRef, link: Link) -> tuple[list[Record], bool]:
    """Return the account's conversations, and whether any may be missing."""
    account = ORGANIZATIONS.organisation(ref, link)
    if account is not None:
        rows, is_cut = conversations(link, text(account["id"]))
        own, is_mixed = _own([row for row in rows if is_ticket(row)], account, link)
        return own, is_cut or is_mixed
    if not ref.emails:
        raise UpstreamNotFound("Help Scout has no single organization for this account")
    rows, _ = conversations_of(link, ref.emails[:PEOPLE_MOST])
    return [row for row in rows if is_ticket(row)], True


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return the conversations of the account's organization, and how satisfied its people are.

    Where it has none, those of the people who are known to belong to the account: a part.
    """
    rows, is_part = _listed(ref, link)
    ratings, means = satisfied(rows, link, is_whole=not is_part)
    raw = [raw_ticket(row, ratings, link) for row in rows]
    return limited(facts(raw, link, TITLE, is_part=is_part, satisfied=means), NEVER, link.options)


helpscout_tickets = Upstream(
    name="helpscout_tickets",
    title=TITLE,
    docs_url=DOCS,
    options=HelpscoutTicketsOptions,
    supplies=SUPPLIES | CSAT,
    supplies_by=rated,
    fetch=fetch,
    find=ORGANIZATIONS.find,
    check=check,
    whose=whose,
    base_url=lambda _options: "https://api.helpscout.net",
    hosts=("helpscout.net",),
    authorise=authorise,
    budget=FRESH,
    deadline=SECONDS,
    # 200 a minute for all apps of an account, more on larger plans; the headers say what is left.
    # https://developer.helpscout.com/mailbox-api/overview/rate-limiting/
    rate=200 / 60,
    per=60.0,
)
