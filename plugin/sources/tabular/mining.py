"""Put what the text of a ticket says into the ticket; the text itself is not kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from plugin.account.vocabulary import Mention, Ticket
from plugin.upstream import Mined

Mine = Callable[[str, str, Sequence[str]], Mined]


def _mentions(ticket: Ticket, mined: Mined) -> list[Mention]:
    return [
        Mention(
            id=id_,
            kind=kind,
            name=name,
            ticket_id=ticket.id,
            at=ticket.created_at,
            quote=quote,
            confidence=confidence,
        )
        for id_, kind, name, quote, confidence in mined.mentions
    ]


def _with_mined(ticket: Ticket, mined: Mined) -> Ticket:
    """Return the ticket with what its text says, where its source does not say it itself."""
    has_sentiment = ticket.sentiment is not None
    return dataclasses.replace(
        ticket,
        topics=ticket.topics if ticket.topics is not None else mined.topics or None,
        component=ticket.component or mined.component,
        sentiment=ticket.sentiment if has_sentiment else mined.sentiment,
        sentiment_quote=ticket.sentiment_quote if has_sentiment else mined.sentiment_quote,
    )


class Texts(NamedTuple):
    """What the texts of tickets said; not `judged`: some are in a language that is not read."""

    tickets: tuple[Ticket, ...]
    mentions: tuple[Mention, ...]
    judged: bool


def read_texts(told: Iterable[tuple[Ticket, Sequence[str]]], mine: Mine) -> Texts:
    """Return the tickets that people wrote, and what is mentioned in them.

    `told` are tickets, each with the customer's own messages, which are read once. What only a
    machine wrote is left out.
    """
    tickets: list[Ticket] = []
    mentions: list[Mention] = []
    judged = True
    for ticket, texts in told:
        mined = mine(str(ticket.id), ticket.subject or "", texts)
        if not mined.is_automatic:
            tickets.append(_with_mined(ticket, mined))
            mentions += _mentions(ticket, mined)
            judged = judged and mined.is_judged
    return Texts(tuple(tickets), tuple(mentions), judged)
