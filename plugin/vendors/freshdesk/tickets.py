"""Read a ticket as Freshdesk tells it: https://developers.freshdesk.com/api/#tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from plugin.sources.mapping.reading import instant
from plugin.sources.ticketing.answers import Record, text, under
from plugin.sources.ticketing.options import kind_of
from plugin.sources.ticketing.people import with_copied
from plugin.sources.ticketing.raw import RawTicket
from plugin.upstream import Link

STATUSES = {
    "2": "open",
    "3": "pending",
    "4": "solved",
    "5": "closed",
    "6": "pending",  # waiting on customer
    "7": "on_hold",  # waiting on third party
}
PRIORITIES = {"1": "low", "2": "normal", "3": "high", "4": "urgent"}
KINDS = {
    "question": "question",
    "incident": "incident",
    "problem": "bug",
    "bug": "bug",
    "task": "task",
}
AGENTS_WROTE = frozenset({"3", "10"})  # sources whose text is an agent's: phone, outbound e-mail
ARCHIVED = timedelta(days=120)  # a closed ticket without a change for so long is no longer listed


def _is_own(row: Record) -> bool:
    """Say whether the customer wrote the description."""
    return text(row.get("source")) not in AGENTS_WROTE


def _texts(row: Record) -> tuple[str, ...]:
    said = row.get("description_text") or row.get("description")
    return (said,) if _is_own(row) and isinstance(said, str) and said.strip() else ()


def _is_breached(row: Record, status: str | None, link: Link) -> bool | None:
    """Say whether a target was missed: as flagged, else by the day on which it was due.

    A ticket that waits has its clock stopped, so nothing follows from the day.
    """
    if any(row.get(name) is True for name in ("fr_escalated", "nr_escalated")):
        return True
    due, stats = instant(row.get("due_by")), under(row, "stats")
    done = instant(stats.get("resolved_at")) or instant(stats.get("closed_at"))
    if due is None:
        return None
    if status in ("solved", "closed") and done is not None:
        return done > due
    return link.now > due if status == "open" or link.now <= due else None


def _reopens(row: Record) -> int | None:
    """Return 0 where a ticket was never reopened; Freshdesk does not count how often it was."""
    stats = under(row, "stats")
    return 0 if "reopened_at" in stats and stats["reopened_at"] is None else None


def raw_ticket(row: Record, scores: Mapping[str, float], link: Link) -> RawTicket:
    """Return one ticket as the neutral record; `scores` are the ratings by ticket."""
    key, stats = text(row["id"]), under(row, "stats")
    requester = text(under(row, "requester").get("email"))
    number = text(row.get("status"))
    status = {**STATUSES, **link.options["statuses"]}.get(number)
    return RawTicket(
        id=key,
        subject=row.get("subject"),
        url=f"https://{link.options['domain']}.freshdesk.com/a/tickets/{key}",
        requester_id=text(row.get("requester_id")),
        requester_email=requester or None,
        status=status or row.get("status"),
        priority=PRIORITIES.get(text(row.get("priority")), row.get("priority")),
        kind=kind_of(row.get("type"), KINDS, link.options),
        tags=row.get("tags"),
        participants=with_copied(requester, row.get("cc_emails")),
        created_at=row.get("created_at"),
        updated_at=row.get("updated_at"),
        solved_at=stats.get("resolved_at") or stats.get("closed_at"),
        replied_at=stats.get("requester_responded_at")
        or (row.get("created_at") if _is_own(row) else None),
        reopens=_reopens(row),
        csat=scores.get(key),
        sla_breached=_is_breached(row, status, link),
        escalated=row.get("is_escalated"),
        texts=_texts(row),
    )


def may_be_archived(rows: Sequence[Record], link: Link) -> bool:
    """Say whether older tickets may be hidden: a list that holds some of that age hides none."""
    edge = link.now - ARCHIVED
    return not any(
        text(row.get("status")) == "5" and (instant(row.get("updated_at")) or link.now) < edge
        for row in rows
    )
