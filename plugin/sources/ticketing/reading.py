"""Turn raw tickets into facts: typed, mined, newest first, with what is missing said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from plugin.account.vocabulary import Ticket
from plugin.sources.mapping.options import entries
from plugin.sources.mapping.reading import ITEMS_MAX, instant, place_of, read_items
from plugin.sources.tabular.found import RowFindings, merge
from plugin.sources.tabular.mining import read_texts
from plugin.sources.ticketing.csat import ALWAYS, BEFORE, COUNT, NOW, Rating, satisfaction
from plugin.sources.ticketing.options import is_automatic, is_breached, is_escalated
from plugin.sources.ticketing.raw import RawTicket
from plugin.sources.untold import TEXT, untold
from plugin.upstream import Facts, Link

SUPPLIES = frozenset({"tickets", "mentions"})
CSAT = frozenset({NOW, BEFORE, COUNT})
FRESH = 60.0  # seconds: a ticket that was opened meanwhile belongs beside this one
SECONDS = 2.5
MOST = ITEMS_MAX["tickets"]
TEXT_MOST = 4_000  # characters of a ticket that are read: reading takes time for each word
_MINED = ("topics", "component", "sentiment", "sentiment_quote", "duplicate_of", "repeats_90d")
_READ = tuple(name for name in Ticket.__dataclass_fields__ if name not in _MINED)
TICKET = entries({name: name for name in _READ}, "tickets")


def rated(options: Mapping[str, Any]) -> frozenset[str]:
    """Return what is supplied by the setting `ratings`: means only where ratings are read."""
    return SUPPLIES | CSAT if options.get("ratings", True) else SUPPLIES


def _opened(raw: RawTicket) -> datetime:
    return instant(raw.created_at) or ALWAYS


def _kept(raw: Sequence[RawTicket], link: Link) -> list[RawTicket]:
    """Return each ticket that people wrote once, newest first."""
    once = {one.id: one for one in raw if not (one.is_merged or is_automatic(one, link.options))}
    told = [
        replace(
            one,
            escalated=is_escalated(one, link.options),
            sla_breached=is_breached(one, link.options),
        )
        for one in once.values()
    ]
    return sorted(told, key=_opened, reverse=True)


def _untagged(ticket: Ticket, row: RawTicket) -> Ticket:
    """Return the ticket with no tags, rather than unknown ones, where it is known to have none."""
    return replace(ticket, tags=()) if row.tags == [] else ticket


def _readable(texts: Sequence[str]) -> list[str]:
    """Return the messages up to what is read of them: a log or a thread may hang behind."""
    read, left = [], TEXT_MOST
    for text in texts:
        if left > 0:
            read.append(text[:left])
            left -= len(text)
    return read


def _tickets(rows: Sequence[RawTicket], link: Link, title: str) -> RowFindings:
    said = [partial(getattr, row) for row in rows]
    found = read_items("tickets", TICKET, said, place_of(link, title))
    pairs = list(zip(found.values["tickets"], rows[:MOST], strict=True))
    told = [(_untagged(ticket, row), _readable(row.texts)) for ticket, row in pairs]
    read = read_texts(told, link.mine)
    values = {"tickets": read.tickets, "mentions": read.mentions}
    partial_paths = found.partial if read.judged else found.partial | {"mentions"}
    return replace(found, values=values, fields=dict.fromkeys(values, title), partial=partial_paths)


def _ratings(rows: Sequence[RawTicket], found: RowFindings) -> list[Rating]:
    """Return the ratings; one without a time counts for the day when the ticket was solved."""
    scores = {one.id: one.csat for one in found.values["tickets"]}
    rated = []
    for row in rows:
        at = instant(row.rated_at or row.solved_at or row.updated_at or row.created_at)
        score = scores.get(row.id)
        if score is not None and at is not None:
            rated.append((score, at))
    return rated


def _replies(rows: Sequence[RawTicket], found: RowFindings) -> dict[str, datetime]:
    """Return when each requester last wrote, by address; what a machine wrote is no reply."""
    written = {one.id: one.requester_email for one in found.values["tickets"]}
    replies: dict[str, datetime] = {}
    for row in rows:
        email, at = written.get(row.id), instant(row.replied_at)
        if email and at is not None:
            replies[email.lower()] = max(at, replies.get(email.lower(), at))
    return replies


def _read_since(rows: Sequence[RawTicket], *, is_cut: bool, is_part: bool) -> datetime | None:
    """Return since when every ticket that was opened is among `rows`; None where none can say."""
    if not (is_cut or is_part):
        return ALWAYS
    return instant(rows[-1].created_at) if rows and not is_part else None


def facts(
    raw: Sequence[RawTicket],
    link: Link,
    title: str,
    *,
    is_cut: bool = False,
    is_part: bool = False,
    satisfied: RowFindings | None = None,
) -> Facts:
    """Return tickets, mentions, CSAT and latest replies of one account.

    is_cut     older tickets than these were left unread.
    is_part    any others may be unread, such as those of people who are not known to belong here.
    satisfied  what the ratings say (csat.py), where the system does not give them with its
               tickets; `Found()` where it has none. By default those of the tickets count.

    Either of the first two marks tickets and mentions partial: presence proves, absence does not.
    A ticket in a language that is not read makes mentions partial alone.
    """
    rows = _kept(raw, link)
    is_cut = is_cut or len(rows) > MOST
    found = _tickets(rows, link, title)
    if satisfied is None:
        since = _read_since(rows[:MOST], is_cut=is_cut, is_part=is_part)
        satisfied = satisfaction(_ratings(rows, found), link.now, since, title)
    whole = merge([found, satisfied])
    lacking = found.partial - {"mentions"}  # only unread languages
    unread = SUPPLIES if is_cut or is_part or lacking else frozenset()
    return Facts(
        values=whole.values,
        as_of=link.now,
        fields=whole.fields,
        partial=whole.partial | unread,
        bad=whole.bad,
        ids=frozenset(key for row in rows for key in (row.id, row.requester_id) if key),
        replies=_replies(rows, found),
    )


def limited(found: Facts, never: Collection[str], options: Mapping[str, Any]) -> Facts:
    """Return the facts of a system that never tells some fields of a ticket.

    never   those fields, unless the settings read them from tags or ratings; TEXT where the
            system gives no messages: then what a subject says is not all that was said.
    """
    by_settings = {
        "escalated": options["escalated_tags"],
        "sla_breached": options["sla_breached_tags"],
        "kind": options["kinds"],
        "csat": options.get("ratings", False),
    }
    unread = {name for name in never if not by_settings.get(name)}
    is_mute = TEXT in unread and found.values.get("tickets")
    return replace(
        found,
        partial=found.partial | ({"mentions"} if is_mute else set()),
        untold=untold("tickets", {*_READ, TEXT} - unread),
    )
