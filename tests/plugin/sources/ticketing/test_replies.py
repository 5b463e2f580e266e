"""When people last wrote: told by the ticket system, for the contacts that others list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from plugin.account.vocabulary import Contact
from plugin.facts.assemble import assemble
from plugin.facts.offers import Offer
from plugin.settings.records import Workspace
from plugin.sources.ticketing.options import TicketOptions
from plugin.sources.ticketing.raw import RawTicket
from plugin.sources.ticketing.reading import SUPPLIES, facts
from plugin.upstream import AccountRef, Client, Facts, Link, Mined

NOW = datetime(2026, 11, 21, tzinfo=UTC)
TOLD = NOW - timedelta(days=3)


def _mine(ticket_id: str, subject: str, texts: Sequence[str]) -> Mined:
    del ticket_id, texts
    return Mined(is_automatic="away" in subject)


def _said(*raw: RawTicket) -> Facts:
    client = cast("Client", None)  # nothing is asked
    link = Link("acme", "helpdesk", TicketOptions().load({}), client, NOW, mine=_mine)
    return facts(raw, link, "Desk")


def _raw(key: str, email: str, days: Any, subject: str = "Hello") -> RawTicket:
    at = (NOW - timedelta(days=days)).isoformat() if isinstance(days, int) else days
    return RawTicket(key, subject=subject, requester_email=email, requester_id="u", replied_at=at)


def _contacts(listed: Sequence[Contact] | None, *told: Facts) -> tuple[Contact, ...] | None:
    offers = [Offer(f"desk{n}", "Desk", SUPPLIES, said) for n, said in enumerate(told)]
    if listed is not None:
        crm = Facts({"contacts": tuple(listed)}, NOW)
        offers.append(Offer("crm", "CRM", frozenset({"contacts"}), crm))
    return assemble(AccountRef("1", "Acme"), offers, Workspace("acme", "Acme"), NOW).contacts


def test_the_latest_message_of_each_person_counts() -> None:
    """Over all tickets, whatever the case of the address; what a machine wrote is no reply."""
    said = _said(
        _raw("a", "Ada@acme.example", 9),
        _raw("b", "ada@acme.example", 3),
        _raw("c", "ada@acme.example", 1, "away until Monday"),
        _raw("d", "ben@acme.example", None),
        _raw("e", "eve@acme.example", "garbage"),
    )

    assert said.replies == {"ada@acme.example": TOLD}
    assert said.ids == {"a", "b", "c", "d", "e", "u"}


@pytest.mark.parametrize(
    ("known", "latest"),
    [(None, TOLD), (NOW - timedelta(days=9), TOLD), (NOW - timedelta(days=1),) * 2],
)
def test_a_listed_contact_learns_when_it_last_wrote(
    known: datetime | None, latest: datetime
) -> None:
    """The later of what the CRM and the ticket system say."""
    listed = [Contact("7", "Ada", "ADA@acme.example", last_reply_at=known), Contact("8", "Ben")]
    found = _contacts(listed, _said(_raw("b", "ada@acme.example", 3)))

    assert found is not None
    assert [one.last_reply_at for one in found] == [latest, None]


def test_two_ticket_systems_are_heard() -> None:
    """The latest of all that tell counts."""
    early, late = (_said(_raw("b", "ada@acme.example", days)) for days in (5, 3))
    found = _contacts([Contact("7", email="ada@acme.example")], early, late)

    assert found is not None
    assert found[0].last_reply_at == TOLD


def test_who_writes_is_no_contact_by_that() -> None:
    """Writing a ticket adds nobody to the people whom the CRM lists."""
    said = _said(_raw("b", "ada@acme.example", 3))

    assert _contacts([Contact("8", email="ben@acme.example")], said) == (
        Contact("8", email="ben@acme.example", role_inferred=False),
    )
    assert _contacts(None, said) is None
