"""What arrives from a helpdesk, and what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A request as it came: nothing is parsed before it is proven.

    `url` is the public URL as the helpdesk called it, rebuilt from the configured base
    URL, with the raw query string; `headers` have lower-case names.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    query: bytes
    body: bytes
    received_at: datetime
    stage: str = "launch"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verified request proves beyond the install itself.

    `claims` are the verified values by name; `agent_id` is the helpdesk user's id;
    `expires_at` is when the proof itself ends, where the protocol says so. `once` is set where
    the protocol gives each launch its own proof and no end: a digest that is accepted one time.
    `timeless` says that nothing in the proof ages: the same bytes prove the same tomorrow.
    """

    claims: Mapping[str, object] = field(default_factory=dict)
    agent_id: str | None = None
    expires_at: datetime | None = None
    once: str | None = None
    timeless: bool = False


@dataclass(frozen=True, slots=True)
class Requester:
    """Who wrote the ticket, as far as the request tells.

    `email` is the address that they write from, or their first; `more_emails` are the others
    that the helpdesk itself has of them.
    """

    email: str | None = None
    name: str | None = None
    external_id: str | None = None
    organization_id: str | None = None
    more_emails: tuple[str, ...] = ()

    @property
    def emails(self) -> tuple[str, ...]:
        """Return every address that is known, each once, `email` first."""
        named = (self.email, *self.more_emails)
        return tuple(dict.fromkeys(email for email in named if email))


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the helpdesk user, and the role that settings give them.

    `groups` are those that the helpdesk proves; they count only as far as they give a role.
    """

    id: str | None = None
    email: str | None = None
    role: str = "agent"
    groups: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class TicketRef:
    """The ticket that is open in the helpdesk."""

    id: str | None = None
    subject: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the helpdesk's own API says of who wrote the ticket, asked by us.

    `word` is confirmed, differs (from the address `claimed`: the API's person is shown) or
    unconfirmed, for the gap's `reason`. `by` is the connection that was asked. `withheld`: the
    install shows no account to a requester who is not confirmed.
    """

    word: str
    by: str
    reason: str | None = None
    claimed: str | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class FrameRequest:
    """What a proven request asks: a ticket, a requester, a viewer.

    `proven` names which of ticket, requester and viewer are inside the proof; the rest is
    a claim of the browser. `extra` carries what only this helpdesk's answer needs, such as
    the card keys that Plain asks for; for a page, `bridge` is what its script must know, and
    `unfinished` says that the page tells the requester's address in a moment. `confirmation` is
    there where the install has the requester confirmed. `install_id` is "" for who comes by no
    helpdesk: an API key, the command line.
    """

    install_id: str
    stage: str = "launch"
    ticket: TicketRef | None = None
    requester: Requester | None = None
    viewer: Viewer = Viewer()
    locale: str | None = None
    theme: str | None = None
    proven: frozenset[str] = frozenset()
    extra: Mapping[str, object] = field(default_factory=dict)
    confirmation: Confirmation | None = None
