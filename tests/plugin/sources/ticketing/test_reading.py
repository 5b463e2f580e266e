"""Raw tickets become facts: what is left out, in which order, and what is said to be missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from plugin.account.vocabulary import Ticket
from plugin.sources.ticketing.options import TicketOptions
from plugin.sources.ticketing.raw import RawTicket
from plugin.sources.ticketing.reading import CSAT, MOST, SUPPLIES, TEXT_MOST, facts
from plugin.upstream import Client, Facts, Link, Mined

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def _mine(ticket_id: str, subject: str, texts: Sequence[str]) -> Mined:
    if "robot" in subject:
        return Mined(is_automatic=True)
    said = tuple((f"{ticket_id}-{text}", "cancel", None, text, "sure") for text in texts)
    return Mined(topics=("billing",), mentions=said)


def _foreign(*_: object) -> Mined:
    return Mined(topics=("other",), is_judged=False)


def _ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def _raw(key: str, days: float = 1, **more: Any) -> RawTicket:
    return RawTicket(key, subject=f"Ticket {key}", created_at=_ago(days), **more)


def _facts(*raw: RawTicket, options: dict[str, Any] | None = None, **how: Any) -> Facts:
    loaded = TicketOptions().load(options or {})
    client = cast("Client", None)  # nothing is asked
    return facts(raw, Link("acme", "helpdesk", loaded, client, NOW, mine=_mine), "Desk", **how)


def _tickets(said: Facts) -> tuple[Ticket, ...]:
    found: tuple[Ticket, ...] = said.values["tickets"]
    return found


def test_newest_first_and_each_once() -> None:
    """The order is by the day a ticket was opened; pages may repeat a ticket."""
    said = _facts(_raw("a", 9), _raw("b", 1), _raw("a", 9))

    assert [ticket.id for ticket in _tickets(said)] == ["b", "a"]
    assert said.partial == frozenset()


def test_leaves_out_what_no_person_wrote() -> None:
    """Machines' tickets, by their system, a tag or their text, and merged ones are no tickets."""
    said = _facts(
        _raw("a"),
        _raw("b", is_automatic=True),
        _raw("c", tags=["Monitor"]),
        _raw("d", is_merged=True),
        replace(_raw("e"), subject="robot"),
        options={"automatic_tags": ["monitor"]},
    )

    assert [ticket.id for ticket in _tickets(said)] == ["a"]
    assert said.partial == frozenset()


def test_a_text_is_mined_and_not_kept() -> None:
    """What the customer's own words say stands in mentions, dated as the ticket is."""
    said = _facts(_raw("a", texts=("We cancel.",)))
    (mention,) = said.values["mentions"]

    assert (mention.ticket_id, mention.quote) == ("a", "We cancel.")
    assert mention.at == _tickets(said)[0].created_at
    assert _tickets(said)[0].topics == ("billing",)


@pytest.mark.parametrize(
    ("tags", "escalated"),
    [(["ESCALATED"], True), (["x"], False), ([], False), (None, None), ("escalated", None)],
)
def test_tags_say_what_the_system_does_not(tags: Any, escalated: bool | None) -> None:  # noqa: FBT001 — a case of the table
    """An escalation is told by tags where settings name them; unreadable tags tell nothing."""
    options = {"escalated_tags": ["escalated"], "sla_breached_tags": ["late"]}
    (ticket,) = _tickets(_facts(_raw("a", tags=tags), options=options))

    assert ticket.escalated is escalated
    assert ticket.sla_breached is (None if escalated is None else False)
    assert _tickets(_facts(_raw("a", tags=tags)))[0].escalated is None


def test_no_tags_are_not_unknown_tags() -> None:
    """An empty list was answered; a missing one was not."""
    said = _facts(_raw("a", tags=[]), _raw("b", 2))

    assert [ticket.tags for ticket in _tickets(said)] == [(), None]


def test_a_word_without_a_meaning_is_a_gap() -> None:
    """A status that nobody translated is unknown, and the list is not whole."""
    said = _facts(_raw("a", status="Waiting on Godot"))

    assert _tickets(said)[0].status is None
    assert [bad.field for bad in said.bad] == ["tickets[].status"]
    assert said.partial == SUPPLIES


def test_what_was_left_unread_is_said() -> None:
    """Too many tickets, older pages and unknown people each make the list partial."""
    many = _facts(*(_raw(str(number), number / 10) for number in range(MOST + 1)))

    assert len(_tickets(many)) == MOST
    assert many.partial == SUPPLIES
    assert _facts(_raw("a"), is_cut=True).partial == SUPPLIES
    assert _facts(_raw("a"), is_part=True).partial == SUPPLIES
    assert _facts().values["tickets"] == ()


def _rated(key: str, score: Any, days: float, opened: float | None = None) -> RawTicket:
    return _raw(key, days if opened is None else opened, csat=score, rated_at=_ago(days))


def test_satisfaction_is_a_mean_of_two_windows() -> None:
    """90 days, the 12 months before, and the answers behind both; 0 is an answer."""
    said = _facts(
        _rated("a", 0, 3),
        _rated("b", 0, 89),
        _rated("c", 100, 91),
        _rated("d", 50, 400),
        _rated("e", 100, 456),
        _rated("f", None, 5),
    )

    assert [said.values[path] for path in sorted(CSAT)] == [0.0, 4, 75.0]


def test_nobody_rated_is_no_zero() -> None:
    """Without an answer there is no mean and no number of answers."""
    assert not CSAT & set(_facts(_raw("a")).values)


@pytest.mark.parametrize(
    ("oldest", "unread"),
    [
        (30, {"survey.csat_90d", "survey.csat_prior", "survey.csat_answers"}),
        (100, {"survey.csat_prior", "survey.csat_answers"}),
        (500, set()),
    ],
)
def test_a_mean_over_unread_tickets_is_a_gap(oldest: float, unread: set[str]) -> None:
    """A window that was not read whole has no mean: what is left out might change it."""
    said = _facts(_rated("a", 100, 3), _rated("b", 0, oldest), is_cut=True)

    assert {bad.field for bad in said.bad if bad.reason == "incomplete"} == unread
    assert not unread & set(said.values)
    assert ("survey.csat_90d" in said.values) == (oldest > 90)


def test_a_rating_without_a_time_counts_when_the_ticket_was_solved() -> None:
    """A system that does not say when it was rated is asked nothing more."""
    said = _facts(_raw("a", 200, csat=100, solved_at=_ago(10)), _raw("b", 200, csat=0))

    assert said.values["survey.csat_90d"] == 100.0
    assert said.values["survey.csat_prior"] == 0.0


@pytest.mark.parametrize("wrong", [True, [], {}, "no", -1, 1e400, "\ud800", {"a": []}])
def test_no_value_makes_it_fail(wrong: Any) -> None:
    """Whatever a system says in any place costs that place and no other ticket."""
    names = [
        name
        for name in RawTicket.__dataclass_fields__
        if name not in ("id", "requester_id", "texts")
    ]
    flags = {"is_automatic", "is_merged", "participants"}
    for name in (name for name in names if name not in flags):
        said = _facts(replace(_raw("a"), **{name: wrong}), _raw("b", 2))
        assert {ticket.id for ticket in _tickets(said)} == {"a", "b"}, name


def test_a_long_text_is_read_in_part() -> None:
    """A log behind a complaint costs no time; all messages together have one limit."""
    read: list[str] = []

    def mine(ticket_id: str, subject: str, texts: Sequence[str]) -> Mined:
        del ticket_id, subject
        read.extend(texts)
        return Mined()

    link = Link("acme", "helpdesk", TicketOptions().load({}), cast("Client", None), NOW, mine=mine)
    facts([_raw("a", texts=("We cancel.", "x" * 10_000, "never read"))], link, "Desk")

    assert [text[:10] for text in read] == ["We cancel.", "x" * 10]
    assert sum(map(len, read)) == TEXT_MOST


def test_a_language_that_is_not_read_makes_mentions_partial() -> None:
    """Silence in such a language proves nothing; the tickets themselves are whole."""
    client = cast("Client", None)  # nothing is asked
    link = Link("acme", "helpdesk", TicketOptions().load({}), client, NOW, mine=_foreign)

    said = facts([_raw("a")], link, "WorkspaceRuntime")

    assert said.partial == {"mentions"}
