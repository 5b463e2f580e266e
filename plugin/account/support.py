"""What they tell us: tickets, mentions, surveys, and what we did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from plugin.account import words
from plugin.account.fact import fact


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket of the account; automatic and merged ones are left out when read."""

    id: str | None = fact("Ticket", "id in the helpdesk")
    subject: str | None = fact("Subject", "as written")
    url: str | None = fact("Link", "where to open it")
    requester_email: str | None = fact("Requester", "who wrote")
    status: str | None = fact("Status", "whose turn it is", word=words.TICKET_STATUS)
    priority: str | None = fact("Priority", "as set", word=words.PRIORITY)
    kind: str | None = fact("Kind", "what it is", word=words.TICKET_KIND)
    topics: tuple[str, ...] | None = fact("Topics", "likeliest first", word=words.TOPIC)
    component: str | None = fact("Component", "the part of the product")
    tags: tuple[str, ...] | None = fact("Tags", "as set")
    participants: tuple[str, ...] | None = fact("Participants", "the customer's people on it")
    created_at: datetime | None = fact("Created", "when it was opened")
    updated_at: datetime | None = fact("Updated", "latest change")
    solved_at: datetime | None = fact("Solved", "when it was solved")
    reopens: int | None = fact("Reopened", "how often", unit="times")
    csat: float | None = fact("CSAT", "answer of the customer", unit="points of 100")
    duplicate_of: str | None = fact(
        "Repeats", "the ticket that this one repeats", derived_from=("tickets",)
    )
    repeats_90d: int | None = fact(
        "Alike in 90 days", "on this component, else topic", derived_from=("tickets",)
    )
    sentiment: float | None = fact("Sentiment", "mined from the text, −1 to 1")
    sentiment_quote: str | None = fact("Quote", "the words behind it")
    sla_breached: bool | None = fact("SLA breached", "a target was missed")
    escalated: bool | None = fact("Escalated", "handed up")


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing said in a ticket; the id is stable, so that a hit can be dismissed."""

    id: str | None = fact("Mention", "message and phrase")
    kind: str | None = fact("Kind", "what was said", word=words.MENTION)
    name: str | None = fact("Name", "the competitor, or the plan")
    ticket_id: str | None = fact("Ticket", "where it was said")
    at: datetime | None = fact("When", "when it was said")
    quote: str | None = fact("Quote", "the words")
    confidence: str | None = fact("Confidence", "how surely it was said", word=words.CONFIDENCE)


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """The ticket that is open in the helpdesk."""

    id: str | None = fact("Ticket", "id in the helpdesk")
    subject: str | None = fact("Subject", "as written")
    topics: tuple[str, ...] | None = fact("Topics", "likeliest first", word=words.TOPIC)
    sentiment: float | None = fact("Sentiment", "mined from the text, −1 to 1")


@dataclass(frozen=True, slots=True)
class Survey:
    """What they answered."""

    nps: int | None = fact("NPS", "last answer", unit="points of 10")
    nps_at: date | None = fact("NPS on", "day of the last answer")
    nps_comment: str | None = fact("NPS comment", "its words")
    csat_90d: float | None = fact("CSAT", "mean of 90 days", unit="points of 100")
    csat_prior: float | None = fact("CSAT before", "mean of the 12 months before", unit="points")
    csat_answers: int | None = fact("CSAT answers", "behind both means", unit="answers")


@dataclass(frozen=True, slots=True)
class Outreach:
    """What customer success did."""

    last_csm_touch_at: datetime | None = fact("Last CSM contact", "latest CS activity")
    next_meeting_at: datetime | None = fact("Next meeting", "planned")
