"""What is known of one account: the match, the facts, where each came from, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from plugin.account.vocabulary import (
    Account,
    Contact,
    Contract,
    Deal,
    Health,
    Invoice,
    Mention,
    OpenTicket,
    Outreach,
    RequesterFacts,
    Survey,
    Ticket,
    Usage,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that may be meant; no more of it is shown than this."""

    account_id: str
    name: str
    domain: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One step of the resolution and what it found: `by` is a match-by word."""

    by: str
    text: str
    account_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountMatch:
    """Which account the requester belongs to, how sure that is, and why."""

    status: str
    account_id: str | None = None
    name: str | None = None
    by: str | None = None
    confidence: float | None = None
    evidence: tuple[Evidence, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    reason: str | None = None
    pinned_by: str | None = None
    pinned_on: date | None = None
    gaps: tuple[Gap, ...] = ()  # upstreams that could not be asked: the answer may change


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that is missing, and why: `field` is a path, or a root for a whole record."""

    field: str
    upstream: str
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact came from and for which time it holds (`as_of`, UTC)."""

    upstream: str
    field: str
    as_of: datetime
    freshness: str = "fresh"
    provenance: str = "first_party"
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Withheld:
    """A fact that this viewer may not see, and the roles that may; `band` stands for an amount."""

    field: str
    roles: tuple[str, ...]
    band: str | None = None


@dataclass(frozen=True, slots=True)
class HealthPart:
    """One component of a derived health score: its score of 100, its weight, what it costs."""

    name: str
    score: float
    weight: float
    drag: float


@dataclass(frozen=True, slots=True)
class UpstreamState:
    """How one connection answered; `reason` is a gap reason when it did not.

    `as_of` is the oldest fact it gave; `served_stale` says that the facts shown are an
    older copy because the upstream did not answer now.
    """

    name: str
    title: str
    as_of: datetime | None = None
    freshness: str = "fresh"
    reason: str | None = None
    served_stale: bool = False


@dataclass(frozen=True, slots=True)
class AccountContext:
    """One attribute for each root of the vocabulary; lists are None while unknown."""

    account: Account = Account()
    contract: Contract = Contract()
    invoices: tuple[Invoice, ...] | None = None
    deals: tuple[Deal, ...] | None = None
    usage: Usage = Usage()
    health: Health = Health()
    health_parts: tuple[HealthPart, ...] = ()  # of a score that is derived here
    contacts: tuple[Contact, ...] | None = None
    tickets: tuple[Ticket, ...] | None = None
    mentions: tuple[Mention, ...] | None = None
    survey: Survey = Survey()
    outreach: Outreach = Outreach()
    requester: RequesterFacts = RequesterFacts()
    ticket: OpenTicket = OpenTicket()
    custom: Mapping[str, object] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    partial: frozenset[str] = frozenset()  # lists that are incomplete: presence proves, absence not
    completeness: Mapping[str, float] = field(default_factory=dict)
    withheld: tuple[Withheld, ...] = ()
    upstreams: tuple[UpstreamState, ...] = ()
    as_of: datetime | None = None
