"""A helpdesk's own API that a test holds in its hand: who wrote which ticket, or a failure."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from plugin.errors import UpstreamError, UpstreamNotFound
from plugin.frame import Requester
from plugin.upstream import AccountRef, Facts, Link, TicketKey


@dataclass
class HelpdeskApi:
    """Answers by the ticket's id, else by the customer's; keeps what it was asked."""

    says: dict[str, Requester] = field(default_factory=dict)
    error: UpstreamError | None = None
    asked: list[TicketKey] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def whose(self, asked: TicketKey, link: Link) -> Requester | None:
        """Answer as an upstream's `whose` does."""
        del link
        self.asked.append(asked)
        assert self.gate.wait(10)
        if self.error is not None:
            raise self.error
        return self.says.get(asked.ticket_id or asked.customer_id or "")

    def fetch(self, ref: AccountRef, link: Link) -> Facts:
        """Know no account: this helpdesk only says who wrote."""
        del ref, link
        raise UpstreamNotFound("no such account")
