"""Intercom: which company an account is, and who writes in a conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugin.errors import UpstreamNotFound
from plugin.upstream import AccountRef, Identity, TicketKey
from plugin.vendors.intercom.source import intercom_tickets
from tests.families.sources.recordings import Recording, load

COMPANY = "66f0aa10c4b1d20001aa5001"
ADA = "66f0aa10c4b1d20001aa7701"


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Intercom's recorded answers."""
    return load("intercom_tickets", tmp_path)


def _key(recording: Recording) -> TicketKey:
    return TicketKey(recording.said["whose"][0]["ticket_id"])


@pytest.mark.parametrize(
    "ref",
    [
        AccountRef("51200417", "Somebody"),
        AccountRef("a-1", "Somebody", domain="larkspur.example"),
        AccountRef("a-1", "Somebody", emails=("ada@larkspur.example",)),
        AccountRef("a-1", "Larkspur Tools", domains=("larkspur.test", "larkspur.example")),
    ],
    ids=["company id", "domain", "person", "second domain"],
)
def test_finds_the_company_of_an_account(recording: Recording, ref: AccountRef) -> None:
    """An account that the CRM knows leads to its company, and all that its people wrote."""
    assert recording.fetch(recording.api(), ref).values == recording.fetch(recording.api()).values


@pytest.mark.parametrize(("domain", "found"), [("larkspur.example", True), ("x.example", False)])
def test_a_name_alone_needs_a_website_that_agrees(
    recording: Recording,
    domain: str,
    found: bool,  # noqa: FBT001 — a case of the table
) -> None:
    """Two customers may bear one name: a company with another website is not theirs."""
    nobody = {"post": "/contacts/search", "answer": {"data": []}}
    ref = AccountRef("a-1", "Larkspur Tools", domain=domain)
    api = recording.api(nobody)
    if found:
        assert recording.fetch(api, ref).values["tickets"]
    else:
        with pytest.raises(UpstreamNotFound):
            recording.fetch(api, ref)


def test_a_person_of_several_companies_is_each_ones(recording: Recording) -> None:
    """All companies are offered, and none of them is named as the writer's."""
    other = "66f0aa10c4b1d20001aa5002"
    both = {"data": [{"id": COMPANY}, {"id": other}], "has_more": False}
    person = {**recording.files["contact.json"], "companies": both}
    routes = [
        {"post": "/contacts/search", "answer": {"data": [person]}},
        {"get": f"/contacts/{ADA}", "answer": person},
        {"get": f"/companies/{other}", "answer": {**recording.files["company.json"], "id": other}},
    ]
    link = recording.link(recording.api(*routes))
    assert intercom_tickets.find is not None
    assert intercom_tickets.whose is not None
    found = intercom_tickets.find(Identity("contact_email", "ada@larkspur.example"), link)
    writer = intercom_tickets.whose(_key(recording), link)

    assert [ref.id for ref in found] == [COMPANY, other]
    assert writer is not None
    assert (writer.email, writer.organization_id) == ("ada@larkspur.example", None)


def test_nobody_is_picked_from_several_people(recording: Recording) -> None:
    """Where an agent opened a conversation with several people, its writer is not told."""
    agent = {"delivered_as": "admin_initiated", "author": {"type": "admin", "id": "991"}}
    row = {**recording.files["conversations.json"]["conversations"][0], "source": agent}
    link = recording.link(recording.api({"get": "/conversations/471", "answer": row}))
    assert intercom_tickets.whose is not None

    assert intercom_tickets.whose(_key(recording), link) is None
