"""A part of a connection's answer that is gone: section, footer and rules say the same."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from plugin.account.context import AccountContext, AccountMatch, Gap, UpstreamState
from plugin.frame import Viewer
from plugin.rules.reasons import reason_in_words
from plugin.rules.schema import vocabulary_schema
from plugin.settings.records import Workspace
from plugin.view.section import Scene
from plugin.view.signal_view import SeenSignals
from plugin.view.views import resolved
from plugin.view.wording import Wording, read_locale

NOW = datetime(2026, 11, 21, tzinfo=UTC)
STATE = UpstreamState("crm", "CRM", as_of=NOW)


def _scene(gaps: tuple[Gap, ...], states: tuple[UpstreamState, ...] = (STATE,)) -> Scene:
    context = AccountContext(gaps=gaps, upstreams=states, as_of=NOW)
    wording = Wording(read_locale("en"), ZoneInfo("UTC"), NOW)
    match = AccountMatch("matched", "1", "Acme", "domain", 0.8)
    return Scene(match, context, SeenSignals(), Viewer(), Workspace("acme", "Acme"), wording)


def test_the_footer_and_the_section_tell_of_a_part_that_is_gone():
    """Neither says "now" as if all had answered."""
    widget = resolved(_scene((Gap("contacts", "crm", "broken"),)))
    people = next(one for one in widget.sections if one.id == "people")

    assert widget.state == "partial"
    assert [(chip.tone, "in part" in chip.title) for chip in widget.sources] == [("warning", True)]
    assert people.notice is not None
    assert "answered in part" in people.notice.plain()


def test_a_connection_that_is_there_is_never_called_missing():
    """What it does not give it does not say; one that is not set up is said to be that."""
    gap = Gap("contacts", "crm", "not_configured")
    unset = UpstreamState("crm", "CRM", reason="not_configured")

    assert _scene((gap,)).why_unknown("contacts") == "CRM does not say"
    assert _scene((gap,), (unset,)).why_unknown("contacts") == "CRM is not set up"
    assert _scene((gap,), ()).why_unknown("contacts") == "no source is connected for it"


def test_a_field_of_an_item_is_untold_not_unconnected():
    """Its list is there, so a source is connected."""
    gap = Gap("tickets[].reopens", "helpdesk", "not_configured")

    assert reason_in_words(gap, vocabulary_schema()).endswith("no source tells it")
