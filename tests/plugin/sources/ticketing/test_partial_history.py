"""A history that was read in part: it is shown as such, and absence proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from plugin.account.context import AccountContext, AccountMatch
from plugin.facts.assemble import assemble
from plugin.facts.offers import Offer
from plugin.frame import Viewer
from plugin.rules.binding import bind
from plugin.rules.conversion import Moment
from plugin.rules.evaluation import evaluate
from plugin.rules.rule_file import load_rules
from plugin.rules.schema import vocabulary_schema
from plugin.rules.signal import Signals
from plugin.settings.records import Workspace
from plugin.sources.ticketing.options import TicketOptions
from plugin.sources.ticketing.raw import RawTicket
from plugin.sources.ticketing.reading import CSAT, SUPPLIES, facts
from plugin.upstream import AccountRef, Client, Link
from plugin.view.section import Scene
from plugin.view.signal_view import SeenSignals
from plugin.view.views import PARTS
from plugin.view.wording import Wording, read_locale

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ACME = Workspace("acme", "Acme")
RULES = """
version: 1
groups:
  - name: trial
    rules:
      - {id: two_open, kind: risk, severity: low, status: live, headline: Two are open,
         when: "tickets.filter(t, t.status == 'open').size() >= 2",
         play: {text: Look., owner: agent}}
      - {id: silent, kind: risk, severity: low, status: live, headline: Nobody writes,
         when: "!tickets.exists(t, t.status == 'closed')",
         play: {text: Look., owner: agent}}
"""


def _context(*, is_cut: bool) -> AccountContext:
    link = Link("acme", "helpdesk", TicketOptions().load({}), cast("Client", None), NOW)
    raw = [
        RawTicket(
            str(day),
            subject=f"Ticket {day}",
            status="open",
            created_at=(NOW - timedelta(days=day)).isoformat(),
            csat=100,
        )
        for day in (1, 2)
    ]
    said = facts(raw, link, "Desk", is_cut=is_cut)
    offer = Offer("helpdesk", "Desk", SUPPLIES | CSAT, said)
    return assemble(AccountRef("1", "Acme"), [offer], ACME, NOW)


@pytest.fixture
def judge() -> Callable[[AccountContext], Signals]:
    """Judge an account by a rule about presence and one about absence."""
    schema = vocabulary_schema()
    loaded = load_rules(RULES, "trial.yaml", schema)
    assert loaded.rules is not None, [str(finding) for finding in loaded.findings]
    rules, moment = loaded.rules, Moment(NOW)
    return lambda context: evaluate(rules, bind(context, schema, moment), moment)


def test_presence_proves_and_absence_does_not(
    judge: Callable[[AccountContext], Signals],
) -> None:
    """What was read lights its rule; what may stand on an unread page leaves one unknown."""
    part, whole = judge(_context(is_cut=True)), judge(_context(is_cut=False))

    assert {signal.rule for signal in part.shown} == {"two_open"}
    assert {signal.rule for signal in (*part.unknown, *part.unjudged)} == {"silent"}
    assert {signal.rule for signal in whole.shown} == {"two_open", "silent"}


def test_the_widget_says_that_there_may_be_more() -> None:
    """Whoever reads the list knows that it is not all of it, and why a mean is missing."""
    context = _context(is_cut=True)
    wording = Wording(read_locale("en", "en"), ZoneInfo("UTC"), NOW)
    match = AccountMatch("matched", "1", "Acme", "domain", 0.8)
    scene = Scene(match, context, SeenSignals(), Viewer(), ACME, wording)
    section = PARTS["tickets"].build(scene)
    gaps = {(gap.field, gap.reason) for gap in context.gaps}

    assert section is not None
    assert "There may be more" in "\n".join(part.plain() for part in section.components)
    assert {("tickets", "incomplete"), ("survey.csat_90d", "incomplete")} <= gaps
    assert context.survey.csat_90d is None
