"""Read the ticket and the requester from the body that our own client code sends.

The same form as the page's second step: {"ticket": {"id", "subject"}, "requester": {"email",
"name", "id", "organization_id"}}. Nothing in it is proven.
"""

from __future__ import annotations

from typing import Any

from plugin.frame import Requester, TicketRef
from plugin.incoming.json_body import email_at, text_at


def claimed_ticket(body: Any) -> TicketRef | None:
    """Return the ticket of the body, or None where it names none."""
    found = TicketRef(text_at(body, "ticket", "id"), text_at(body, "ticket", "subject"))
    return None if found == TicketRef() else found


def claimed_requester(body: Any) -> Requester | None:
    """Return the requester of the body, or None where it names nobody."""
    found = Requester(
        email=email_at(body, "requester", "email"),
        name=text_at(body, "requester", "name"),
        external_id=text_at(body, "requester", "id"),
        organization_id=text_at(body, "requester", "organization_id"),
    )
    return None if found == Requester() else found
