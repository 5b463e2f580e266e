"""Northwind Analytics, the golden account: what must hold in JSON and in every door."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest

from plugin.frame import FrameRequest, Requester, TicketRef, Viewer
from plugin.view.record_json import record_json
from plugin.workspace.answering import know, seen_by, show, wording_for
from widgets.renderers.text import render

EMAIL = "billing.admin@northwind.example"
LIT = ["renewal_window_open_bug", "repeated_billing_questions", "entitled_module_unused"]


@pytest.fixture
def look(runtime, hands):
    """Look at Northwind as one role: the JSON record and the widget's text."""

    def _look(role: str) -> tuple[dict[str, Any], str]:
        ticket = TicketRef("NW-31", "CSV export fails")
        request = FrameRequest(
            "i", ticket=ticket, requester=Requester(EMAIL), viewer=Viewer(role=role)
        )
        record = know(request, runtime, hands.now, time.monotonic() + 5)
        wording = wording_for(request, runtime, hands.now)
        context, signals = seen_by(record, role, runtime, wording)
        text = render(show(record, request, runtime, hands.now), {})
        return json.loads(json.dumps(record_json(record.match, context, signals))), text

    return _look


def test_nw1_who_they_are(look):
    """Vertical SaaS, 80 employees."""
    account = look("csm")[0]["context"]["account"]

    assert (account["industry"], account["employees"]) == ("Vertical SaaS", 80)


def test_nw2_arr_is_money_and_agents_see_its_band(look):
    """About $30K because the source rounds; the plan is Growth."""
    (csm, csm_text), (agent, agent_text) = look("csm"), look("agent")

    assert csm["context"]["contract"]["arr"] == {
        "amount": "30000.00",
        "currency": "usd",
        "approximate": True,
    }
    assert "≈ $30K" in csm_text
    assert "Growth" in csm_text
    assert "arr" not in agent["context"]["contract"]
    assert "$25–50k" in agent_text
    assert {"field": "contract.arr", "roles": ["csm", "ae"]} in agent["withheld"]


def test_nw3_the_renewal_with_its_notice_deadline(look):
    """In 60 days, on 20 Jan 2027; notice is due 21 Dec."""
    record, text = look("csm")

    assert record["context"]["contract"]["renewal_at"] == "2027-01-20"
    assert re.search(r"20 Jan 2027\s+.\s+60 d", text)
    assert "21 Dec" in text


def test_nw4_people_and_the_parts_that_nobody_plays(look):
    """Two daily power users, one billing admin, missing roles flagged."""
    text = look("csm")[1]

    assert "2 daily power users · 1 billing admin" in text
    assert "Not known: executive sponsor" in text


def test_nw5_a_bar_for_each_module(look):
    """Reporting high, integrations empty."""
    record, text = look("ae")
    modules = {m["name"]: m for m in record["context"]["usage"]["modules"]}

    assert (modules["Reporting"]["events_90d"], modules["Integrations"]["events_90d"]) == (1180, 0)
    assert re.search(r"Reporting +█+ 1,180", text)
    assert re.search(r"Integrations +░+ 0", text)


def test_nw6_the_open_ticket_is_an_export_bug(look):
    """Classified, with its component."""
    ticket = look("csm")[0]["context"]["tickets"][0]

    assert (ticket["kind"], ticket["component"], ticket["status"]) == ("bug", "export", "open")


def test_nw7_the_billing_count_states_its_window(look):
    """Three, in 90 days."""
    record, text = look("csm")
    headlines = {signal["rule"]: signal["headline"] for signal in record["signals"]}

    assert headlines["repeated_billing_questions"] == "3 billing questions in 90 days"
    assert re.search(r"Writes about, 90 days\n +billing ×3", text)


def test_nw8_health_with_slope_and_driver(look):
    """58, down 14, dragged by usage."""
    record, text = look("csm")

    assert (record["context"]["health"]["score"], record["context"]["health"]["drag"]) == (
        58,
        "usage",
    )
    assert "▼ 14 in 30 d" in text
    assert "Biggest drag on health: usage" in text


def test_nw9_to_nw12_three_signals_each_with_play_and_evidence(look):
    """Exactly these, in this order; each with one play, an owner and its evidence."""
    signals = [s for s in look("csm")[0]["signals"] if s["state"] == "firing"]

    assert [s["rule"] for s in signals] == LIT
    assert [(s["kind"], s["severity"]) for s in signals] == [
        ("risk", "high"),
        ("risk", "medium"),
        ("expansion", "low"),
    ]
    assert signals[0]["headline"] == "Renews in 60 days with an open bug: CSV export fails"
    assert signals[2]["headline"] == "Integrations: paid for, unused in 90 days"
    for signal in signals:
        assert signal["play"]["text"]
        assert signal["play"]["owner"]
        assert all(part["value"] is True for part in signal["because"])
        assert any(part["items"] or part["read"] for part in signal["because"])


def test_nw13_three_views_of_one_record(look):
    """They differ in headline, order and redaction only."""
    (agent, agent_text), (csm, csm_text), (ae, ae_text) = look("agent"), look("csm"), look("ae")
    order = [s["rule"] for s in ae["signals"] if s["state"] == "firing"]

    assert order == [LIT[2], *LIT[:2]]
    assert {s["rule"] for s in agent["signals"]} == {s["rule"] for s in csm["signals"]}
    assert agent_text.index("Writes about") < agent_text.index("High risk")
    assert csm_text.index("Renews in 60 days; notice") < csm_text.index("High risk")
    assert ae_text.index("Usage, 90 days") < ae_text.index("ARR")


@pytest.mark.parametrize("role", ["agent", "csm", "ae"])
def test_nw14_the_five_facts_are_in_every_view(look, role):
    """ARR, renewal, health, people, support history."""
    text = look(role)[1]

    for label in ("ARR", "Renews", "Health", "People", "Writes about"):
        assert label in text


def test_an_agent_never_gets_the_exact_amount(look, send, signed):
    """Not in the record, not in a headline, not in a door's bytes."""
    record, text = look("agent")
    doors = [send(signed(install, email=EMAIL)).text for install in ("demo-plain", "demo-intercom")]
    texts = [json.dumps(record), text, *doors]

    for answer in texts:
        assert not re.search(r"30[.,  ]?000|\$30K", answer)


def test_every_fact_shown_has_its_source_and_age(look):
    """Where each number came from, and how old it is."""
    record = look("csm")[0]

    for path in ("contract.arr", "contract.renewal_at", "health.score", "tickets", "usage.modules"):
        assert record["sources"][path]["as_of"].endswith("Z")
        assert record["sources"][path]["upstream"]
