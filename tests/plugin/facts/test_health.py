"""Health is said only where its main component is known."""

from __future__ import annotations

from datetime import UTC, datetime

from plugin.account.vocabulary import Ticket
from plugin.facts.health import health
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
