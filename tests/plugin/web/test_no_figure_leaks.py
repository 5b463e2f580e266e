"""What an agent may not see is in no byte of any answer, whatever the amount."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugin.account.money import Money
from plugin.frame import FrameRequest, Requester, TicketRef, Viewer
from plugin.view.record_json import record_json
from plugin.workspace.answering import Record, know, seen_by, show, wording_for
from tests.plugin.conftest import NOW
from tests.plugin.web.notations import pattern_of

EMAIL = "billing.admin@northwind.example"
# Six or seven digits, none of them round: nothing else in an answer looks like this by chance.
AMOUNTS = st.integers(10_000_019, 999_999_989).filter(lambda cents: cents % 100 and cents % 10)


def asked(role: str) -> FrameRequest:
    """Ask as one role."""
    ticket = TicketRef("NW-31", "CSV export fails")
    return FrameRequest("i", ticket=ticket, requester=Requester(EMAIL), viewer=Viewer(role=role))


@pytest.fixture(scope="module")
def known(same_app, same_hands):
    """Northwind as it is known, and the desk that knows it."""
    same_hands.now = NOW
    services = same_app.extensions["sidelight"]
    runtime = replace(services.runtimes["demo"], memory=None)
    record = know(asked("csm"), runtime, NOW, time.monotonic() + 10)
    return services, runtime, record


def with_amounts(record: Record, runtime, cents: int, role: str) -> tuple[Record, Decimal]:
    """Return the record with this amount wherever a restricted figure stands."""
    amount = Decimal(cents) / 100
    money = Money(amount, "usd")
    context = record.context
    contract = replace(context.contract, arr=money, mrr=money, crm_arr=money, billing_arr=money)
    account = replace(context.account, annual_revenue=money)
    invoices = tuple(replace(one, amount=money) for one in context.invoices or ())
    changed = replace(context, contract=contract, account=account, invoices=invoices)
    signals = runtime.judge(changed, NOW, role, None)
    return replace(record, context=changed, signals=signals), amount


def answers(services, runtime, record: Record, role: str) -> str:
    """Return every form in which this record is answered, as one text."""
    request = asked(role)
    widget = show(record, request, runtime, NOW)
    texts = [
        json.dumps(renderer.render(widget, {"page": "full"}), ensure_ascii=False)
        for renderer in services.renderers.values()
    ]
    context, signals = seen_by(record, role, runtime, wording_for(request, runtime, NOW))
    texts.append(json.dumps(record_json(record.match, context, signals), ensure_ascii=False))
    return "\n".join(texts)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cents=AMOUNTS)
def test_no_answer_to_an_agent_holds_a_restricted_amount(known, caplog, cents):
    """HTML, canvas, cards, JSON, text, the API, and the log."""
    services, runtime, record = known
    caplog.set_level(logging.DEBUG)
    changed, amount = with_amounts(record, runtime, cents, "agent")
    text = answers(services, runtime, changed, "agent") + caplog.text

    assert pattern_of(amount).findall(text) == []


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cents=AMOUNTS)
def test_the_search_would_find_it(known, cents):
    """A CSM's answers do hold it: the test above looks at the right place."""
    services, runtime, record = known
    changed, amount = with_amounts(record, runtime, cents, "csm")

    assert pattern_of(amount).search(answers(services, runtime, changed, "csm"))
