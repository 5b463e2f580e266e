"""The shape of a source of facts: what it is asked, what it returns, what it may use."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from marshmallow import Schema

from plugin.account.shared_domains import shared_by
from plugin.errors import Problem
from plugin.frame import Requester


@dataclass(frozen=True, slots=True)
class Identity:
    """One question of the resolution.

    `by` is external_id, organization, contact_email or domain.
    """

    by: str
    value: str


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account as a system of record names it, with the keys that other upstreams know it by.

    `external_ids` maps a connection's name to the id there; `emails` are addresses of its
    people. `requester` is the address of who writes now: only a connection that is `personal`
    is told it, and its answer is nobody else's.
    """

    id: str
    name: str
    domain: str | None = None
    domains: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    external_ids: Mapping[str, str] = field(default_factory=dict)
    requester: str | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """Return the addresses of the account's people, the requester's first."""
        named = (self.requester, *self.emails)
        return tuple(dict.fromkeys(address for address in named if address))


@dataclass(frozen=True, slots=True)
class BadValue:
    """A value that a good answer lacks or holds unusably; it becomes a gap of this `reason`.

    `field` is a path, or root[].field for one item of a list, which then is partial. `where` is
    for people: a file with its line and column, or the upstream's own field. `reason` is
    `not_configured` where the connection has no place for the value at all.
    """

    field: str
    where: str
    message: str
    reason: str = "bad_data"


@dataclass(frozen=True, slots=True)
class Facts:
    """What one upstream says of one account.

    `values`: path of the vocabulary → value typed as in plugin/account/vocabulary.py; lists of
    records under their root (`tickets`) or path (`usage.modules`). A path of `supplies` that is
    absent was answered and is empty. `as_of` is the time for which the values hold (UTC).
    `fields`: path → the upstream's own name of the field. `partial`: lists of which a part is
    unread. `subscriptions`: the billing system's own objects, for revenue.py. `ids`: of all that
    was read, as the upstream's own events name it; the account's own id is known anyway.
    `replies`: lower-case address → that person's latest message, for those whom another upstream
    lists as contacts. `untold`: item fields (`tickets[].reopens`) that the source has no place
    for, so that an item without them says nothing of them.
    """

    values: Mapping[str, Any]
    as_of: datetime
    fields: Mapping[str, str] = field(default_factory=dict)
    partial: frozenset[str] = frozenset()
    bad: tuple[BadValue, ...] = ()
    subscriptions: tuple[Mapping[str, Any], ...] = ()
    ids: frozenset[str] = frozenset()
    replies: Mapping[str, datetime] = field(default_factory=dict)
    untold: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mined:
    """What the text of one ticket says: words of the vocabulary, and the quotes behind them.

    `mentions` are (id, kind, name, quote, confidence); `sentiment` is None when it cannot be told.
    `topic_confidence` (0..1) says how sure the first topic is: under 0.7 it repeats nothing.
    `is_automatic`: no person wrote it (an absence, a bounce, a receipt), so it is no ticket.
    `is_judged`: every message is in a language that is read; else silence says nothing.
    """

    topics: tuple[str, ...] = ()
    component: str | None = None
    sentiment: float | None = None
    sentiment_quote: str | None = None
    mentions: tuple[tuple[str, str, str | None, str, str], ...] = ()
    topic_confidence: float | None = None
    is_automatic: bool = False
    is_judged: bool = True


class Client(Protocol):
    """The outgoing client of one connection: base URL, credentials, deadline and caps inside.

    `path` is relative to the connection's base URL, or a paging link, which is checked
    against it before any credential goes there. Every failure is an UpstreamError.
    """

    def get(
        self,
        path: str,
        params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the decoded JSON of a GET."""

    def post(
        self,
        path: str,
        body: Any,
        headers: Mapping[str, str] | None = None,
        *,
        form: bool = False,
    ) -> Any:
        """Return the decoded JSON of a POST; searches only, nothing is ever changed upstream."""


def no_mining(ticket_id: str, subject: str, texts: Sequence[str]) -> Mined:
    """Say nothing of a text: what a connection without a miner does."""
    del ticket_id, subject, texts
    return Mined()


@dataclass(slots=True)
class ConnectionMemory:
    """What the questions of one connection share in a process: a batch that answers for all.

    It lives as long as the connection's settings and is never another connection's. Whoever
    reads or fills `value` holds `lock`; `forget` needs none.
    """

    value: Any = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def forget(self) -> None:
        """Drop what is kept: it was invalidated."""
        self.value = None


@dataclass(frozen=True, slots=True)
class Link:
    """One connection of a workspace, and all that an upstream's functions may use.

    `options` are the connection's settings as loaded by the upstream's schema; `now` is the
    time of the question (UTC); `mine` reads a ticket's text once, which is then not kept:
    mine(ticket id, subject, the customer's own messages) → Mined; `own_domains` are those of the
    workspace's own people, whose activity is not the customer's; `memory` is this connection's.
    `unusable` says why no account is found by a domain (a match reason), None where one may be.
    """

    workspace: str
    name: str
    options: Mapping[str, Any]
    client: Client
    now: datetime
    currency: str = "usd"
    time_zone: str = "UTC"
    mine: Callable[[str, str, Sequence[str]], Mined] = no_mining
    own_domains: frozenset[str] = frozenset()
    unusable: Callable[[str], str | None] = shared_by
    memory: ConnectionMemory = field(default_factory=ConnectionMemory)


@dataclass(frozen=True, slots=True)
class TicketKey:
    """The ids by which a helpdesk names what is open: the ticket, and the customer who wrote it.

    Either may be unknown. They come from a browser or a frame: claims, until the helpdesk's own
    API says the same.
    """

    ticket_id: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """The accounts of a source that are new, changed or gone since a cursor.

    `accounts` are new or changed, each id once; `gone` are ids that the source no longer has.
    `is_whole` says that `accounts` are all there are: then any other one is gone, too. A list of
    which a part could not be read is never whole.
    """

    accounts: tuple[AccountRef, ...] = ()
    gone: tuple[str, ...] = ()
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Upstream:
    """One source of facts: a record of functions.

    supplies  paths and roots of the vocabulary that a good answer covers.
    fetch     what it says of one account; UpstreamNotFound when it has no such account.
    find      the accounts that answer one identity question; None where it cannot be asked.
    changed   changed(link, cursor) → (AccountChanges, cursor): the accounts that are new, changed
              or gone since the cursor that it gave before; with None, all. A cursor that it does
              not know is like None, never an error. UpstreamError where it cannot tell, and then
              nothing has changed. None where the source cannot list its accounts.
    search    accounts whose name or domain holds some words; None where it cannot be searched.
    check     what is wrong with the connection, for `sidelight check`.
    budget    seconds for which an answer counts as fresh; None: by what it supplies.
    deadline  seconds that one question may take in all; None: by what it supplies.
    rate      calls a second that the vendor admits for one credential; None: unknown.
    per       seconds over which the vendor counts them: so many may go out at once.
    base_url  where the client may go, from the options; None where nothing is called.
    headers   credentials of each call, from the options.
    hosts     suffixes that the host of the base URL must end with; () admits any.
    mark      a cheap word for the source's present state: a kept answer is served only while it
              stays the same; None where only asking tells.
    supplies_by  what is left of `supplies` under given options; None where they change nothing.
    custom_by    the custom fields that given options map: name → type of the vocabulary.
    hook      names the proof and the form of its webhooks: a file in plugin/vendors.
    personal     whether, under given options, its facts differ by who writes; None: they do not.
    authorise    exchanges the credentials in the options for headers that every call then
                 carries; done once for all calls, and once more when they are refused.
    whose        who wrote a ticket, as the helpdesk's own API says: e-mail, name, the external id
                 and the organisation that `find` understands. None where it has no such ticket
                 or customer; UpstreamBroken where its answer is about another one, or where
                 ticket and customer do not belong together. Only ids are ever asked about.
    local        it lies on this machine: it is asked again at once after a failure.
    """

    name: str
    title: str
    docs_url: str
    options: type[Schema]
    supplies: frozenset[str]
    fetch: Callable[[AccountRef, Link], Facts]
    find: Callable[[Identity, Link], tuple[AccountRef, ...]] | None = None
    check: Callable[[Link], tuple[Problem, ...]] | None = None
    budget: float | None = None
    deadline: float | None = None
    rate: float | None = None
    per: float = 1.0
    base_url: Callable[[Mapping[str, Any]], str | None] = lambda _options: None
    headers: Callable[[Mapping[str, Any]], Mapping[str, str]] = lambda _options: {}
    hosts: tuple[str, ...] = ()
    mark: Callable[[Link], str] | None = None
    supplies_by: Callable[[Mapping[str, Any]], frozenset[str]] | None = None
    search: Callable[[str, Link], tuple[AccountRef, ...]] | None = None
    custom_by: Callable[[Mapping[str, Any]], Mapping[str, str]] | None = None
    personal: Callable[[Mapping[str, Any]], bool] | None = None
    authorise: Callable[[Link], Mapping[str, str]] | None = None
    whose: Callable[[TicketKey, Link], Requester | None] | None = None
    changed: Callable[[Link, str | None], tuple[AccountChanges, str]] | None = None
    hook: str = "generic"
    local: bool = False

    def covers(self, options: Mapping[str, Any]) -> frozenset[str]:
        """Return the paths and roots that a connection with these options supplies."""
        return self.supplies if self.supplies_by is None else self.supplies_by(options)

    def is_personal(self, options: Mapping[str, Any]) -> bool:
        """Say whether facts of a connection with these options differ by who writes."""
        about_them = any(path.partition(".")[0] == "requester" for path in self.supplies)
        return about_them or (self.personal is not None and self.personal(options))

    def custom(self, options: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the custom fields that a connection with these options gives, with their types."""
        return {} if self.custom_by is None else self.custom_by(options)
