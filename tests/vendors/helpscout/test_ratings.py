"""Help Scout: one report of ratings for all accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from plugin.vendors.helpscout.ratings import LIFE
from plugin.vendors.helpscout.source import helpscout_tickets
from tests.families.sources.recordings import Recording, load

REPORT = "/v2/reports/happiness/ratings"
MEANS = {"survey.csat_90d", "survey.csat_prior", "survey.csat_answers"}


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Help Scout's recorded answers."""
    return load("helpscout_tickets", tmp_path)


def test_the_report_is_read_once_for_all_accounts(recording: Recording) -> None:
    """Within an hour another question asks for no ratings, later it does."""
    api = recording.api()
    link = recording.link(api)
    helpscout_tickets.fetch(recording.account, link)
    asked = api.calls.count(f"get {REPORT}")
    again = helpscout_tickets.fetch(recording.account, link)

    assert asked == 3
    assert api.calls.count(f"get {REPORT}") == asked
    assert again.values["survey.csat_90d"] == 75.0

    api.routes.append({"get": REPORT, "answer": {"results": [], "pages": 1}})
    later = helpscout_tickets.fetch(recording.account, replace(link, now=link.now + LIFE))
    assert api.calls.count(f"get {REPORT}") == asked + 2
    assert MEANS & set(later.values) == set()


@pytest.mark.parametrize(
    ("pages", "known"),
    [({"recent": 4, "before": 1}, set()), ({"recent": 1, "before": 4}, {"survey.csat_90d"})],
    ids=["too many of late", "too many of the year before"],
)
def test_a_mean_over_unread_pages_is_unknown(
    recording: Recording, pages: dict[str, int], known: set[str]
) -> None:
    """Ratings that were read count for their conversations, and for no mean that lacks others."""
    late = {**recording.files["ratings.json"], "pages": pages["recent"]}
    early = {**recording.files["ratings_before.json"], "pages": pages["before"]}
    start = {"recent": "2026-08-23T00:00:00Z", "before": "2025-08-23T00:00:00Z"}
    routes = [
        {"get": REPORT, "params": {"start": start["recent"]}, "answer": late},
        {"get": REPORT, "params": {"start": start["before"]}, "answer": early},
    ]
    said = recording.fetch(recording.api(*routes))
    scores = {ticket.id: ticket.csat for ticket in said.values["tickets"]}

    assert MEANS & set(said.values) == known
    assert {bad.reason for bad in said.bad} == {"incomplete"}
    assert scores["9430"] == 100.0


def test_what_was_read_of_the_report_stays(recording: Recording) -> None:
    """Where the year before fails, the last 90 days are not asked for again, and it is."""
    slow = {"get": REPORT, "params": {"start": "2025-08-23T00:00:00Z"}, "status": 500, "answer": {}}
    api = recording.api(slow)
    link = recording.link(api)
    first = helpscout_tickets.fetch(recording.account, link)
    api.routes.remove(slow)
    again = helpscout_tickets.fetch(recording.account, replace(link, now=link.now + LIFE / 2))

    assert MEANS & set(first.values) == set()
    assert again.values["survey.csat_prior"] == 0.0
    assert api.calls.count(f"get {REPORT}") == 4


@pytest.mark.parametrize(("status", "reason"), [(403, "refused"), (500, "broken"), (429, None)])
def test_a_plan_without_the_report_costs_no_conversation(
    recording: Recording, status: int, reason: str | None
) -> None:
    """Without ratings the conversations stay, and the means say why they are unknown."""
    api = recording.api({"get": REPORT, "status": status, "answer": {}})
    link = recording.link(api)
    said = helpscout_tickets.fetch(recording.account, link)
    helpscout_tickets.fetch(recording.account, replace(link, now=link.now + timedelta(minutes=1)))

    assert len(said.values["tickets"]) == 6
    assert {bad.field for bad in said.bad} == MEANS
    assert {bad.reason for bad in said.bad} == {reason or "rate_limited"}
    assert api.calls.count(f"get {REPORT}") == (1 if status == 403 else 2)


def test_ratings_can_be_left_out(recording: Recording) -> None:
    """A connection without ratings asks for none, and promises none."""
    options = helpscout_tickets.options().load({**recording.said["options"], "ratings": False})
    api = recording.api()
    said = replace(recording, options=options).fetch(api)

    assert f"get {REPORT}" not in api.calls
    assert said.bad == ()
    assert not helpscout_tickets.covers(options) & MEANS
