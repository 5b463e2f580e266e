"""Read a ticket as Zendesk tells it.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#json-format
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugin.sources.ticketing.answers import Record, ids, text
from plugin.sources.ticketing.options import kind_of
from plugin.sources.ticketing.raw import RawTicket
from plugin.upstream import Link
from plugin.vendors.zendesk.api import TicketPages

STATUSES = {"hold": "on_hold"}  # the others are called as we call them
KINDS = {"question": "question", "incident": "incident", "problem": "bug", "task": "task"}
SCORES = {"good": 100, "bad": 0}  # good_with_comment and the like start with these
MERGED = "closed_by_merge"  # the tag of a ticket that was merged into another one
PEOPLE = ("collaborator_ids", "email_cc_ids", "follower_ids")


def _email(user: Record) -> str | None:
    return text(user.get("email")) or None


def _participants(row: Record, users: Mapping[str, Record]) -> tuple[str, ...]:
    """Return the customer's people on a ticket: nobody who works in Zendesk."""
    keys = [text(row.get("requester_id")), *(key for name in PEOPLE for key in ids(row.get(name)))]
    people = [users[key] for key in dict.fromkeys(keys) if key in users]
    found = (_email(user) for user in people if user.get("role") == "end-user")
    return tuple(dict.fromkeys(email for email in found if email))


def _score(row: Record) -> int | None:
    rating = row.get("satisfaction_rating")
    said = rating.get("score") if isinstance(rating, Mapping) else None
    return SCORES.get(said.partition("_")[0]) if isinstance(said, str) else None


def _is_own(row: Record) -> bool:
    """Say whether the customer opened the ticket: an agent may open one for them."""
    return text(row.get("submitter_id")) == text(row.get("requester_id")) != ""


def _texts(row: Record) -> tuple[str, ...]:
    """Return the first comment, where the customer wrote it."""
    said = row.get("description")
    return (said,) if _is_own(row) and isinstance(said, str) and said.strip() else ()


def _status(said: Any) -> Any:
    return STATUSES.get(said, said) if isinstance(said, str) else said


def raw_ticket(row: Record, listed: TicketPages, link: Link) -> RawTicket:
    """Return one ticket as the neutral record."""
    key = text(row["id"])
    metrics = listed.metrics.get(key, {})
    tags = row.get("tags")
    return RawTicket(
        id=key,
        subject=row.get("subject"),
        url=f"https://{link.options['subdomain']}.zendesk.com/agent/tickets/{key}",
        requester_id=text(row.get("requester_id")),
        requester_email=_email(listed.users.get(text(row.get("requester_id")), {})),
        status=_status(row.get("status")),
        priority=row.get("priority"),
        kind=kind_of(row.get("type"), KINDS, link.options),
        tags=tags,
        participants=_participants(row, listed.users),
        created_at=row.get("created_at"),
        updated_at=row.get("updated_at"),
        solved_at=metrics.get("solved_at"),
        replied_at=metrics.get("requester_updated_at")
        or (row.get("created_at") if _is_own(row) else None),
        reopens=metrics.get("reopens"),
        csat=_score(row),
        texts=_texts(row),
        is_merged=isinstance(tags, list) and MERGED in tags,
    )
