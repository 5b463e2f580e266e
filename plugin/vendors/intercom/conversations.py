"""Read a conversation as Intercom tells it.

https://developers.intercom.com/docs/references/rest-api/api.intercom.io/conversations/conversation
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from plugin.sources.ticketing.answers import Record, inner, text, under
from plugin.sources.ticketing.raw import RawTicket
from plugin.upstream import Link
from plugin.vendors.intercom.api import contact_ids

PRIORITIES = {"priority": "high", "not_priority": "normal"}
BREACHED = {"missed": True, "hit": False, "active": False}
CUSTOMERS = frozenset({"user", "lead", "contact"})
APPS = {"us": "app.intercom.com", "eu": "app.eu.intercom.com", "au": "app.au.intercom.com"}
STARS = 5
SUBJECT_MOST = 120  # characters of a first line that stands for a subject
_BREAK = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
Addresses = Mapping[str, str]  # a contact's id → its e-mail


def url_of(link: Link, key: str) -> str | None:
    """Return where a conversation opens, None where settings do not name the app."""
    app = link.options.get("app_id")
    host = APPS[link.options["region"]]
    return f"https://{host}/a/inbox/{app}/inbox/conversation/{key}" if app else None


def emails_of(row: Record, addresses: Addresses) -> tuple[str, ...]:
    """Return the addresses of the contacts in a conversation or ticket, where they are known."""
    found = (addresses.get(key, "") for key in contact_ids(row))
    return tuple(dict.fromkeys(email for email in found if email))


def _tags(row: Record) -> Any:
    rows = under(row, "tags").get("tags")
    names = (text(each.get("name")) for each in inner(rows))
    return [name for name in names if name] if isinstance(rows, list) else None


def _status(row: Record) -> Any:
    """Return whose turn it is: the customer's, once an agent has replied and nobody waits."""
    state = row.get("state")
    replied = under(row, "statistics").get("last_admin_reply_at") is not None
    if state == "open" and replied and "waiting_since" in row and row["waiting_since"] is None:
        return "pending"
    return {"snoozed": "on_hold"}.get(text(state), state)


def _rating(row: Record) -> tuple[Any, Any]:
    """Return the score of 100 that was given, one star being 0, and when."""
    said = under(row, "conversation_rating")
    stars = said.get("rating")
    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= STARS:
        return None, None
    at = said.get("replied_at") or said.get("updated_at") or said.get("created_at")
    return (stars - 1) * 100 / (STARS - 1), at


def _is_unanswered(row: Record) -> bool:
    """Say whether it is a message of ours to which no customer has replied: no ticket of theirs."""
    started = text(under(row, "source").get("delivered_as"))
    statistics = under(row, "statistics")
    asked = started not in ("", "customer_initiated") and "last_contact_reply_at" in statistics
    return asked and statistics["last_contact_reply_at"] is None


def plain(body: Any) -> str:
    """Return the text of a message, which comes as HTML."""
    if not isinstance(body, str):
        return ""
    return unescape(_TAG.sub("", _BREAK.sub("\n", body))).strip()


def _first_line(body: str) -> str:
    """Return the first line of a text, cut between two words where it is long."""
    line = body.partition("\n")[0]
    whole = line[:SUBJECT_MOST].rpartition(" ")[0] if len(line) > SUBJECT_MOST else line
    return whole or line[:SUBJECT_MOST]


def _author_email(row: Record) -> str:
    author = under(under(row, "source"), "author")
    return text(author.get("email")) if text(author.get("type")) in CUSTOMERS else ""


def _words(row: Record) -> tuple[str | None, tuple[str, ...]]:
    """Return the subject and the customer's own text.

    A chat has no subject: the first line of its first message stands for it, and only the rest
    is text, so that nothing is read twice. What an agent wrote is not read at all.
    """
    source = under(row, "source")
    body = plain(source.get("body"))
    if text(under(source, "author").get("type")) not in CUSTOMERS:
        body = ""
    subject = plain(row.get("title")) or plain(source.get("subject"))
    if not subject and body:
        subject = _first_line(body)
        body = body.removeprefix(subject).strip()
    return subject or None, (body,) if body else ()


def _replied_at(row: Record) -> Any:
    """Return when the requester last wrote: among several people only the opening is theirs."""
    latest = under(row, "statistics").get("last_contact_reply_at")
    opened = row.get("created_at") if _author_email(row) else None
    return latest or opened if len(contact_ids(row)) == 1 else opened


def conversation(row: Record, addresses: Addresses, link: Link) -> RawTicket:
    """Return one conversation as the neutral record."""
    key, statistics = text(row["id"]), under(row, "statistics")
    emails = emails_of(row, addresses)
    score, rated_at = _rating(row)
    status = _status(row)
    subject, texts = _words(row)
    return RawTicket(
        id=key,
        subject=subject,
        url=url_of(link, key),
        requester_id=next(iter(contact_ids(row)), ""),
        requester_email=_author_email(row) or next(iter(emails), None),
        status=status,
        priority=PRIORITIES.get(text(row.get("priority")), row.get("priority")),
        tags=_tags(row),
        participants=emails,
        created_at=row.get("created_at"),
        updated_at=row.get("updated_at"),
        solved_at=statistics.get("last_close_at") if status == "closed" else None,
        replied_at=_replied_at(row),
        reopens=statistics.get("count_reopens"),
        csat=score,
        rated_at=rated_at,
        sla_breached=BREACHED.get(text(under(row, "sla_applied").get("sla_status"))),
        texts=texts,
        is_automatic=_is_unanswered(row),
    )
