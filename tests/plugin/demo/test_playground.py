"""The playground's tickets show what they promise."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.demo.workspace import PlaygroundTicket, playground_tickets
from tests.plugin.demo.demo_folder import ask, facts

TICKETS = {ticket.ticket_id: ticket for ticket in playground_tickets()}
EXPECTED = {
    "NW-31": ["northwind"],
    "HF-88": ["halden-freight"],
    "MC-117": ["mirabel-clinics"],
    "PL-4": ["pinecrest-learning"],
    "TF-63": ["tamarind-foods"],
    "LE-40": ["larkspur-energy"],
    "BC-22": ["brightwater-council"],
    "FD-9": ["fenwick-dental"],
    "ZC-31": ["zephyr-cycles"],
    "HR-57": ["hoshizora-retail"],
    "BM-19": ["bergstrom-mobel"],
    "CP-26": ["corvid-press"],
    "MY-12": ["moonrise-yoga"],
    "X-501": ["juniper-pike", "saltmarsh-inns"],
    "X-502": [],
    "X-503": [],
    "X-504": [],
}
BY_DOMAIN = {"X-502": ["orchard-lane", "thistle-rye"], "X-504": []}


def test_the_inbox_is_newest_first_and_each_ticket_says_what_it_shows():
    """A dozen tickets at least, each with words for the inbox."""
    ages = [ticket.minutes_ago for ticket in playground_tickets()]

    assert TICKETS.keys() == EXPECTED.keys()
    assert ages == sorted(ages)
    assert all(ticket.preview and ticket.shows for ticket in TICKETS.values())


@pytest.mark.parametrize("ticket", TICKETS.values(), ids=list(TICKETS))
def test_each_requester_leads_where_the_ticket_says(demo: Path, ticket: PlaygroundTicket):
    """By address one account, two, or none."""
    found = ask(demo, "contact_email", ticket.requester_email)

    assert sorted(ref.id for ref in found) == EXPECTED[ticket.ticket_id]


@pytest.mark.parametrize("ticket_id", BY_DOMAIN)
def test_a_domain_is_ambiguous_or_unknown(demo: Path, ticket_id: str):
    """An agency's domain belongs to two accounts, a stranger's to none."""
    domain = TICKETS[ticket_id].requester_email.rpartition("@")[2]

    assert sorted(ref.id for ref in ask(demo, "domain", domain)) == BY_DOMAIN[ticket_id]


@pytest.mark.parametrize("ticket_id", [key for key, ids in EXPECTED.items() if len(ids) == 1])
def test_a_ticket_of_a_known_account_is_one_of_its_tickets(demo: Path, ticket_id: str):
    """Subject and requester are those that the helpdesk tells."""
    shown = TICKETS[ticket_id]
    tickets = facts(demo, EXPECTED[ticket_id][0], "helpdesk").values["tickets"]
    told = {ticket.id: ticket for ticket in tickets}[ticket_id]

    assert told.subject == shown.subject
    assert (told.requester_email or "").partition("@")[0] == shown.requester_email.partition("@")[0]
