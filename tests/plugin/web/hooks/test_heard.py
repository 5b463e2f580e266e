"""What a webhook changes: what is forgotten, once, and what stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from plugin.hook import NewTicket
from plugin.store.tables import TAKEN
from plugin.workspace.runtime import WorkspaceRuntime
from tests.plugin.web.hooks.conftest import RIVAL_SECRET, TWO, away, event_of


def test_a_change_is_forgotten_at_once_and_only_there(tell, plan):
    """The account is fetched anew; another account, connection or workspace is not."""
    before = [plan(), plan(TWO), plan(name="silent"), plan(workspace="rival")]
    answer = tell(event_of("1", "cus_a-1"))

    assert (answer.status_code, answer.json) == (200, {"outcome": "accepted"})
    assert before == ["1"] * 4
    assert [plan(), plan(TWO), plan(name="silent"), plan(workspace="rival")] == ["2", "1", "1", "1"]


@pytest.mark.parametrize("word", ["cus_21", "cus_22", "two@two.example", "CUS_21"])
def test_an_account_of_several_customers_is_known_by_each(tell, plan, word):
    """By the ids that the CRM keeps for it, and by its people's addresses."""
    ref = replace(TWO, emails=("two@two.example",))
    plan(ref)
    tell(event_of("1", word))

    assert plan(ref) == "2"


def test_what_cannot_be_told_concerns_the_whole_connection(tell, plan):
    """A price, or an event that names no account: never nothing."""
    plan(), plan(TWO), plan(name="silent")
    tell(event_of("1", kind="price.updated"))

    assert [plan(), plan(TWO), plan(name="silent")] == ["2", "2", "1"]


def test_an_event_of_no_concern_is_taken_and_changes_nothing(tell, plan):
    """Vendors send kinds that nobody here reads, and kinds that are new."""
    plan()
    for number, kind in enumerate(("payout.paid", "teleport.completed")):
        answer = tell(event_of(str(number), kind=kind))
        assert (answer.status_code, answer.json) == (200, {"outcome": "ignored"})

    assert plan() == "1"


def test_a_repetition_changes_nothing(tell, plan, hands):
    """Also in another order, with other bytes and hours later; after a day it counts anew."""
    first, second = event_of("1", "cus_a-1"), event_of("2", "cus_a-1")
    assert [tell(one).json["outcome"] for one in (second, first)] == ["accepted"] * 2
    fetched = plan()
    repeated = [tell(one) for one in (second, {**first, "pending_webhooks": 3})]
    assert [answer.json["outcome"] for answer in repeated] == ["duplicate"] * 2
    assert plan() == fetched

    hands.tick(hours=23)
    assert tell(first).json == {"outcome": "duplicate"}
    hands.tick(hours=2)
    assert tell(first).json == {"outcome": "accepted"}


def test_an_event_counts_once_for_each_connection(tell):
    """The same id from another workspace is another event."""
    assert tell(event_of("1", "cus_1")).json == {"outcome": "accepted"}
    told = tell(event_of("1", "cus_1"), "/hooks/rival/billing", RIVAL_SECRET)
    assert told.json == {"outcome": "accepted"}


def test_an_event_without_an_id_is_known_by_all_that_came(tell):
    """The same bytes are the same event."""
    one, other = {"type": "price.updated"}, {"type": "price.updated", "created": 2}

    assert [tell(each).json["outcome"] for each in (one, one, other)] == [
        "accepted",
        "duplicate",
        "accepted",
    ]


def test_the_same_words_signed_at_another_time_are_another_event(tell, hands):
    """A system that tells "something changed" twice a day is heard twice."""
    changed = {"type": "price.updated"}
    first = tell(changed).json["outcome"]
    hands.tick(seconds=1)

    assert (first, tell(changed).json["outcome"]) == ("accepted", "accepted")


def test_what_was_under_way_when_the_event_came_is_not_kept(tell, plan, counted):
    """A fetch that began before the change may not outlive it."""
    answers: list[str] = []

    def meanwhile(name: str) -> None:
        if name == "billing" and not answers:
            answers.append(tell(event_of("1", "cus_a-1")).json["outcome"])

    counted.meanwhile = meanwhile
    plan()

    assert answers == ["accepted"]
    assert plan() == "2"


def test_a_thousand_events_in_one_body_are_one_change_of_everything(tell_hubspot, plan, parts):
    """It is answered at once, and leaves one line in the store."""
    event = {"subscriptionType": "company.propertyChange", "occurredAt": 5}
    plan(name="crm"), plan(TWO, name="crm")
    answer = tell_hubspot([{**event, "eventId": one, "objectId": one} for one in range(1000)])

    assert (answer.status_code, answer.json) == (200, {"outcome": "accepted"})
    assert [plan(name="crm"), plan(TWO, name="crm")] == ["2", "2"]
    with parts.store.database.read() as connection:
        assert len(connection.execute(select(TAKEN)).all()) == 1


def test_each_event_of_a_list_counts_by_itself(tell_hubspot, plan):
    """A repetition beside something new is not heard twice, and what is new is."""
    event = {"subscriptionType": "company.propertyChange", "occurredAt": 5}
    one, two = ({**event, "eventId": place, "objectId": f"cus_{place}"} for place in (1, 2))
    first = {**event, "eventId": 3, "objectId": "cus_a-1"}
    outcomes = [tell_hubspot(each).json["outcome"] for each in ([one], [one, first], [first, two])]
    plan(name="crm")

    assert outcomes == ["accepted"] * 3
    assert tell_hubspot([two, {**first, "attemptNumber": 2}, one]).json["outcome"] == "duplicate"
    assert plan(name="crm") == "1"


def test_without_the_store_events_are_heard_all_the_same(tell, plan, parts, monkeypatch):
    """What was heard twice was forgotten twice, which harms nobody."""
    monkeypatch.setattr(parts.store.database, "write", away)
    monkeypatch.setattr(parts.store.database, "read", away)
    plan()

    assert tell(event_of("1", "cus_a-1")).json == {"outcome": "accepted"}
    assert plan() == "2"
    assert tell(event_of("1", "cus_a-1")).json == {"outcome": "duplicate"}


def test_a_new_ticket_warms_its_account_once(tell_intercom, monkeypatch, parts):
    """After what was known is forgotten, and not for a repetition."""
    warmed = []

    def warm(_self: Any, runtime: WorkspaceRuntime, name: str, ticket: NewTicket) -> None:
        warmed.append((runtime.workspace.id, name, ticket.id))

    monkeypatch.setattr(type(parts.prefetcher), "warm", warm)
    event = {"id": "n-1", "topic": "conversation.user.created", "data": {"item": {"id": "25"}}}
    outcomes = [tell_intercom(event).json["outcome"] for _ in range(2)]
    tell_intercom({**event, "id": "n-2", "topic": "conversation.user.replied"})

    assert outcomes == ["accepted", "duplicate"]
    assert warmed == [("acme", "helpdesk", "25")]
