"""The second opening of a ticket: nothing is asked, read, checked or compiled again."""

from __future__ import annotations

import json
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from jinja2 import Environment
from marshmallow import Schema
from sqlalchemy import event
from sqlalchemy.engine import Engine

from plugin.fetching.compute_lock import compute_lock
from plugin.frame import Requester
from plugin.web import cached_answers as showing
from plugin.workspace.answer_cache import invalidate
from plugin.workspace.answering import answer, gather
from plugin.workspace.matching import locate
from tests.plugin.web.test_frames import CLAIMS, token_of

EMAIL = "billing.admin@northwind.example"


@pytest.fixture
def counted(monkeypatch):
    """Count SQL statements, outbound calls, schema work and template compiles."""

    @contextmanager
    def _counted():
        seen: Counter[str] = Counter()
        here = threading.get_ident()

        def sql(*_args):
            if threading.get_ident() == here:  # what the writer stores behind answers is no cost
                seen["sql"] += 1

        def count(owner: Any, name: str, word: str) -> None:
            real = getattr(owner, name)

            def call(*args: Any, **options: Any) -> Any:
                seen[word] += 1
                return real(*args, **options)

            monkeypatch.setattr(owner, name, call)

        count(requests.adapters.HTTPAdapter, "send", "http")
        count(Schema, "_do_load", "schema")
        count(Environment, "compile", "template")
        event.listen(Engine, "before_cursor_execute", sql)
        try:
            yield seen
        finally:
            event.remove(Engine, "before_cursor_execute", sql)
            monkeypatch.undo()

    return _counted


def stages_of(answer) -> list[str]:
    """Return the stages that an answer went through."""
    told = answer.headers["Server-Timing"].split(", ")
    return [part.split(";")[0] for part in told if not part.startswith("total")]


def is_warm(answer) -> bool:
    """Tell whether an answer was shown again as it was: nothing was asked, judged or drawn."""
    return not stages_of(answer)


def is_drawn(answer) -> bool:
    """Tell whether only the drawing was done anew."""
    return stages_of(answer) == ["render"]


@pytest.mark.parametrize("install", ["demo-intercom", "demo-plain"])
def test_a_warm_answer_costs_no_query_call_schema_or_template(send, signed, counted, install):
    """Countable: 0 / 0 / 0 / 0."""
    request = signed(install, email=EMAIL, ticket_id="warm-1")
    first = send(request)
    with counted() as seen:
        second = send(request)

    assert (second.data, dict(seen)) == (first.data, {})
    assert (is_warm(first), is_warm(second)) == (False, True)


def test_a_warm_page_costs_nothing_either(app, send, signed, counted):
    """Both of its steps: the launch with its signed token, and the part with the page's claims."""
    launch = signed("demo-zendesk")
    headers = {"Authorization": f"Bearer {token_of(send(launch).text)}"}
    ask = {"data": json.dumps(CLAIMS), "headers": headers, "content_type": "application/json"}
    client = app.test_client()
    first = client.post("/frames/demo-zendesk/widget", **ask)
    with counted() as seen:
        again, second = send(launch), client.post("/frames/demo-zendesk/widget", **ask)

    assert (again.status_code, second.data, dict(seen)) == (200, first.data, {})


def test_counting_counts(app, send, signed, counted):
    """The counters of these tests are not blind: a cold page reads the page's claims."""
    token = token_of(send(signed("demo-zendesk")).text)
    headers = {"Authorization": f"Bearer {token}"}
    with counted() as seen:
        where = "/frames/demo-zendesk/widget"
        app.test_client().post(where, data=b'{"theme": "x"}', headers=headers)

    assert seen["schema"] > 0


def test_another_viewer_or_requester_is_told_anew(send, signed):
    """Whatever a widget may differ by is part of its key."""
    asked = {"email": EMAIL, "ticket_id": "warm-2"}
    send(signed("demo-intercom", **asked))

    assert is_warm(send(signed("demo-intercom", **asked)))
    for change in ({"agent_id": "warm-2"}, {"email": "warm-2@northwind.example"}):
        assert "gather" in stages_of(send(signed("demo-intercom", **(asked | change))))


def test_another_ticket_of_a_requester_costs_a_drawing(send, signed, counted):
    """No rule of the demo looks at the ticket: nothing is asked or judged, no query is sent."""
    first = signed("demo-intercom", email=EMAIL, ticket_id="warm-8")
    assert any(is_warm(send(first)) for _ in range(20))  # no refresh is under way any more
    with counted() as seen:
        second = send(signed("demo-intercom", email=EMAIL, ticket_id="warm-9"))

    assert is_drawn(second)
    assert not seen


def test_a_warm_answer_waits_for_nobody_who_thinks(send, signed):
    """While another account is judged, what is ready is shown."""
    request = signed("demo-intercom", email=EMAIL, ticket_id="warm-10")
    first = send(request)
    with compute_lock:
        assert send(request).data == first.data


def test_rules_in_shadow_are_counted_behind_the_answer(send, signed, runtime):
    """Nobody waits for them and nobody sees them; what they would have lit is kept."""
    answer = send(signed("demo-plain", email=EMAIL, ticket_id="warm-12"))
    assert runtime.memory.writer.flush()
    match = locate(Requester(EMAIL), runtime, float("inf")).match
    states = runtime.memory.recall(match.account_id or "").states
    lit = {rule for rule, row in states.items() if row.state == "lit"}
    shadows = {rule.id: rule for rule in runtime.rules.rules if rule.status == "shadow"}

    assert len(lit - shadows.keys()) == 3
    assert lit & shadows.keys()
    assert not any(name in answer.text for name in shadows)


def test_many_who_ask_at_once_are_told_once(send, signed, monkeypatch):
    """All have gathered before anybody thinks; one judges, and the others show the same."""
    together, told = threading.Barrier(4, timeout=30), []

    def gathered(*asked):
        found = gather(*asked)
        together.wait()
        return found

    def counted(*what):
        told.append(what)
        return answer(*what)

    monkeypatch.setattr(showing, "gather", gathered)
    monkeypatch.setattr(showing, "answer", counted)
    first = signed("demo-plain", email=EMAIL, ticket_id="warm-11")
    invalidate("demo")
    with ThreadPoolExecutor(4) as pool:
        answers = {one.data for one in pool.map(send, [first] * 4)}

    assert (len(told), len(answers)) == (1, 1)
