"""What tells kept answers apart, and what is not kept at all."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from plugin.account.context import AccountContext, AccountMatch
from plugin.frame import Confirmation, FrameRequest, Requester, TicketRef
from plugin.rules.rule_file import load_rules
from plugin.rules.schema import vocabulary_schema
from plugin.upstream import AccountRef
from plugin.workspace.answer_cache import Answer, key_of, widget_key
from plugin.workspace.answering import Record

EMAIL = "billing.admin@northwind.example"


def test_where_a_rule_reads_the_ticket_each_ticket_is_told_anew(runtime, services):
    """What a rule may read of the ticket is part of the key, and only there."""
    install = services.installs["demo-plain"]
    asked = [FrameRequest("demo-plain", ticket=TicketRef(name)) for name in ("T-1", "T-2")]
    reading = dataclasses.replace(runtime, reads_ticket=True)

    assert len({widget_key(reading, install, one) for one in asked}) == 2
    assert len({widget_key(runtime, install, one) for one in asked}) == 1


RULE = """version: 1
{defs}groups:
  - name: trial
    rules:
      - id: one
        kind: risk
        severity: medium
        status: live
        when: {when}
        headline: {headline}
        play: {{text: "Call them.", owner: csm}}
"""


@pytest.mark.parametrize(
    ("when", "headline", "defs", "reads"),
    [
        ("ticket.topics.size() > 0", "On it", "", True),
        ("account.employees > 0", "Says {{ ticket.subject }}.", "", True),
        ("asks", "On it", "defs:\n  asks: ticket.topics.size() > 0\n", True),
        ("tickets.size() > 1", "On it", "", False),
        ("account.employees > 0", "Plan ahead, outside the ticket.", "", False),
    ],
)
def test_rules_say_whether_they_read_the_ticket(when, headline, defs, reads):
    """In a condition, a text or a def; a word of a sentence is no field."""
    text = RULE.format(when=when, headline=f'"{headline}"', defs=defs)
    found = load_rules(text, "one.yaml", vocabulary_schema()).rules

    assert found is not None
    assert found.reads_root("ticket") == reads


def test_every_part_of_a_request_is_part_of_its_key(runtime, services):
    """A field added to FrameRequest changes the key, or this test says so."""
    install = services.installs["demo-plain"]
    asked = FrameRequest("demo-plain")
    changed: dict[str, Any] = {
        "stage": "submit",
        "ticket": TicketRef("T-1"),
        "requester": Requester(EMAIL),
        "viewer": dataclasses.replace(asked.viewer, role="ae"),
        "locale": "de",
        "theme": "dark",
        "proven": frozenset({"viewer"}),
        "extra": {"cards": ["a"]},
        "confirmation": Confirmation("unconfirmed", "helpdesk"),
    }
    others = [dataclasses.replace(asked, **{name: value}) for name, value in changed.items()]
    keys = {key_of(runtime, install, one, "x") for one in others}

    assert {field.name for field in dataclasses.fields(FrameRequest)} == {*changed, "install_id"}
    assert len(keys | {key_of(runtime, install, asked, "x")}) == len(changed) + 1


def test_another_install_or_workspace_is_another_key(runtime, services):
    """No sequence of requests lets one tenant see another's bytes."""
    asked, install = FrameRequest("one"), services.installs["demo-plain"]
    other_desk = dataclasses.replace(
        runtime, workspace=dataclasses.replace(runtime.workspace, id="another")
    )
    keys = {
        key_of(runtime, install, asked, "x"),
        key_of(other_desk, install, asked, "x"),
        key_of(runtime, dataclasses.replace(install, id="second"), asked, "x"),
        key_of(runtime, install, asked, "y"),
    }

    assert len(keys) == 4


def test_what_will_change_is_not_kept(runtime, services):
    """While something is on its way, or where no account is known."""
    made = Answer(b"x", "text/html")
    before = services.answers.basis(runtime, FrameRequest("demo-plain"))
    size = services.answers.size()
    nobody, empty = AccountMatch("none"), AccountContext(as_of=services.clock.now())
    ref = AccountRef("7", "Acme")
    for record in (
        Record(nobody, empty),
        Record(nobody, empty, account=ref, version="v", loading=True),
        Record(nobody, empty, account=ref),
    ):
        services.answers.put("key", made, before.on(record))

    assert services.answers.size() == size
