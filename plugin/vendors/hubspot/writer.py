"""Who wrote a ticket, by HubSpot's own record of it: the one contact that is associated."""

from __future__ import annotations

from plugin.errors import UpstreamBroken
from plugin.frame import Requester
from plugin.sources.crm import text
from plugin.upstream import Link, TicketKey
from plugin.vendors.hubspot.accounts import ID
from plugin.vendors.hubspot.api import Record, associated, ids_of, one

NAMES = ("email", "hs_additional_emails", "firstname", "lastname")


def _record(link: Link, kind: str, key: str, *names: str, **more: str) -> Record | None:
    """Return the record of exactly this id, None where HubSpot has none."""
    if not ID.fullmatch(key):
        return None
    found = one(link, kind, key, names, more)
    if found is not None and text(found["id"]) != key:
        raise UpstreamBroken("HubSpot answered with another record than the one asked for")
    return found


def _contact_of(link: Link, ticket_id: str, customer_id: str | None) -> str | None:
    ticket = _record(link, "tickets", ticket_id, "hs_object_id", associations="contacts")
    if ticket is None:
        return None
    rows, is_cut = associated(link, ticket, "contacts")
    known = ids_of(rows)
    if customer_id and customer_id not in known:
        raise UpstreamBroken("HubSpot has another contact on this ticket")
    # HubSpot does not say which of several contacts wrote.
    alone = known[0] if len(known) == 1 and not is_cut else None
    return customer_id or alone


def whose(asked: TicketKey, link: Link) -> Requester | None:
    """Return the contact of a ticket; None where there is none, or more than one."""
    key = asked.customer_id
    if asked.ticket_id:
        key = _contact_of(link, asked.ticket_id, asked.customer_id)
    contact = _record(link, "contacts", key, *NAMES) if key else None
    if contact is None:
        return None
    said = contact["properties"]
    names = [text(said.get("firstname")), text(said.get("lastname"))]
    more = text(said.get("hs_additional_emails")).split(";")
    return Requester(
        email=text(said.get("email")) or None,
        name=" ".join(filter(None, names)) or None,
        more_emails=tuple(filter(None, map(str.strip, more))),
    )
