"""Press the widget's buttons with an empty memory, in either kind of store."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from plugin.settings.records import Store
from plugin.store import audit
from plugin.store.memory import Memory
from plugin.store.opening import Opened, open_store
from plugin.store.tables import METADATA
from plugin.web.limits import RequestLimit
from plugin.web.services import Services
from plugin.workspace.answer_cache import invalidate

EMAIL = "billing.admin@northwind.example"
STRANGER = "somebody@gmail.com"
RULE = "repeated_billing_questions"
SPACE = "demo"
BY_ITSELF = {"viewed_restricted", "settings_loaded"}  # noted behind answers, whenever it comes


def token_of(page: str) -> str:
    """Return our token from a page."""
    found = re.search(r'data-token="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture(params=["sqlite", "postgresql"])
def services(request, app, monkeypatch):
    """The parts of the service, with an empty memory in either kind of store.

    What the test does comes to the service's first memory as another process's news would, a
    second later: it does not look.
    """
    parts = app.extensions["sidelight"]
    monkeypatch.setattr(parts.store.memories[SPACE], "look", lambda: None)
    invalidate("demo")
    timer = parts.clock.monotonic
    limited = replace(
        parts, actions=RequestLimit(timer, 120, 60.0), refreshes=RequestLimit(timer, 1, 15.0)
    )
    other = request.param == "postgresql"
    store = _on_postgresql(parts, request) if other else parts.store
    _empty(store)
    memory = Memory(SPACE, store.database, store.writer)
    runtimes = {SPACE: replace(parts.runtimes[SPACE], memory=memory)}
    app.extensions["sidelight"] = replace(limited, runtimes=runtimes, store=store)
    yield app.extensions["sidelight"]
    app.extensions["sidelight"] = parts
    if other:
        store.writer.close()
        store.database.close()


def _on_postgresql(parts: Services, request: pytest.FixtureRequest) -> Opened:
    url = request.getfixturevalue("empty_postgresql")
    return open_store(replace(parts.settings, store=Store(url)), parts.clock.monotonic)


def _empty(store: Opened) -> None:
    store.writer.flush()
    with store.database.write() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(table.delete())


@pytest.fixture
def fresh(app, services):
    """The service with empty memory."""
    assert services.store.database.is_up()
    return app


@pytest.fixture
def act(fresh, send, signed, services):
    """Press a button as an agent who opened a ticket of this requester."""
    tokens: dict[str, str] = {}

    def _act(action: str, email: str = EMAIL, agent: str = "1", path: str = "", **wish):
        if agent not in tokens:
            tokens[agent] = token_of(send(signed("demo-zendesk", agent_id=agent)).text)
        wish.setdefault("key", f"k{len(json.dumps(wish))}")
        claims = {"ticket": {"id": "NW-31"}, "requester": {"email": email}} | wish
        answer = fresh.test_client().post(
            path or f"/frames/demo-zendesk/actions/{action}",
            data=json.dumps(claims),
            headers={
                "Authorization": f"Bearer {tokens[agent]}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
        )
        services.store.writer.flush()
        return answer

    return _act


@pytest.fixture
def widget(act):
    """Return what an agent sees of a requester."""
    return lambda email=EMAIL: act("", email, path="/frames/demo-zendesk/widget").json


@pytest.fixture
def events(services):
    """Return what people did, as the audit has it."""

    def _events() -> list[audit.AuditEvent]:
        with services.store.database.read() as connection:
            found = [entry.event for entry in audit.entries(connection, SPACE)]
        return [event for event in found if event.action not in BY_ITSELF]

    return _events


def rules_of(widget: dict[str, object]) -> list[str]:
    """Return the rules whose signals a widget shows."""
    return re.findall(r'"rule": "([a-z_]+)"', json.dumps(widget))
