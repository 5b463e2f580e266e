"""Health is said only where its main component is known."""

from __future__ import annotations

from datetime import UTC, datetime

from plugin.account.vocabulary import Ticket
from plugin.facts.health import health, parts
from plugin.settings.records import HealthWeights

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
QUIET = {"tickets": (Ticket(id="1", status="solved"),), "contract.payment_status": "ok"}
USED = {"usage.weekly_active": (10.0,) * 12}


def test_who_pays_and_asks_little_is_not_green_by_that():
    """Without use there is no score; with it there is."""
    assert health(QUIET, NOW, HealthWeights()) == {}
    assert health({**QUIET, **USED}, NOW, HealthWeights())["health.score"] > 75


def test_a_workspace_that_does_not_weigh_use_has_another_main_component():
    """What is not asked for is not waited for."""
    assert health(QUIET, NOW, HealthWeights(usage=0))["health.score"] == 100


def test_plain_words_are_no_drag():
    """A neutral sentiment costs nothing; an unhappy one does; an unknown one is left out."""

    def _drag(feeling: float | None) -> dict[str, float]:
        ticket = Ticket(id="1", status="solved", created_at=NOW, sentiment=feeling)
        known = parts({"tickets": (ticket,), **USED}, NOW, HealthWeights())
        return {part.name: part.drag for part in known}

    assert _drag(0.0)["sentiment"] == 0
    assert _drag(-0.5)["sentiment"] > 0
    assert "sentiment" not in _drag(None)


def test_a_fall_is_judged_although_a_payment_state_has_no_past():
    """What is not known of then counts as it is today, so only what changed moves it."""
    weeks = (20.0,) * 12 + (2.0,) * 4
    found = health({**QUIET, "usage.weekly_active": weeks}, NOW, HealthWeights())

    assert found["health.score_30d_ago"] > found["health.score"]
