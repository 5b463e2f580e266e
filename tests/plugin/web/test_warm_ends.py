"""When a kept answer is not shown any more: its time is over, or something has changed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from plugin.store import audit, erasing, pins
from plugin.store.database import Database
from plugin.store.memory import Memory
from plugin.store.pins import PinKey, StoredPin
from plugin.store.tables import PINS
from plugin.workspace.answer_cache import LIFE, invalidate
from tests.plugin.conftest import NOW
from tests.plugin.web.test_warm import is_warm, stages_of

EMAIL = "billing.admin@northwind.example"


def test_an_answer_is_made_anew_after_half_a_minute(send, signed, hands):
    """An age that people read is never wrong by more."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-4", agent_id="warm-4")
    assert "gather" in stages_of(send(request))
    hands.tick(seconds=LIFE.total_seconds() - 1)
    assert is_warm(send(request))
    hands.tick(seconds=1)

    assert "gather" in stages_of(send(request))


def test_an_answer_does_not_outlive_its_day(send, signed, hands):
    """At midnight of the workspace "in 60 days" becomes wrong."""
    hands.now = hands.now.replace(hour=23, minute=59, second=55)
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-5")
    send(request)
    assert is_warm(send(request))
    hands.tick(seconds=6)

    assert not is_warm(send(request))


def test_an_invalidation_shows_at_once(send, signed, runtime):
    """A webhook said that something changed: nothing made before it is shown."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-6")
    send(request)
    runtime.sources.invalidate("crm", "northwind.example")

    assert not is_warm(send(request))


def test_what_a_person_changed_shows_at_once(send, signed):
    """A pin or a snooze turns the page for everybody, in every worker."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-7")
    send(request)
    invalidate("demo")

    assert not is_warm(send(request))


@pytest.fixture
def elsewhere(services):
    """The same memory as another host sees it."""
    store = services.store
    with store.database.write() as connection:
        connection.execute(PINS.delete())
    other = Memory("demo", Database(services.settings.store.url, Path(), lambda: 0.0), store.writer)
    yield other
    with store.database.write() as connection:
        connection.execute(PINS.delete())
    other.database.close()
    invalidate("demo")


def test_what_somebody_changes_on_another_host_shows_here(services, send, signed, elsewhere):
    """A pin, and its erasure: neither waits for what is shown from before to end."""
    request = signed("demo-plain", email=EMAIL, ticket_id="hosts")
    assert "Northwind" in send(request).text
    assert is_warm(send(request))
    with elsewhere.act() as connection:
        key = PinKey("contact", EMAIL)
        halden = StoredPin(key, "halden-freight", "Halden Freight", "kim", NOW)
        pins.put(connection, "demo", halden)
        elsewhere.append(connection, "halden-freight", audit.AuditEvent(NOW, "kim", "pinned"))
    services.runtimes["demo"].memory.look()
    assert "Halden Freight" in send(request).text

    assert is_warm(send(request))
    with elsewhere.database.write() as connection:
        told = audit.AuditEvent(NOW + timedelta(days=1), "operator", "erased")
        erasing.erase(connection, "demo", "contact", EMAIL, told)
    services.runtimes["demo"].memory.look()
    assert services.resources.cache.size()[0] == 0
    assert "Northwind" in send(request).text
