"""What the buttons keep, and how it is taken back."""

from __future__ import annotations

import json

import pytest

from plugin.rules.rules import BUILT_IN
from plugin.store import audit, episodes, outcomes, snoozes, transitions
from tests.plugin.web.acts.conftest import EMAIL, RULE, SPACE, STRANGER, rules_of


def test_a_pin_decides_from_now_on_and_undo_takes_it_back(act, widget, events):
    """A free-mail address says nothing, until somebody says whose it is."""
    assert "Northwind" not in json.dumps(widget(STRANGER))
    found = act("search", STRANGER, query="northwind").json["candidates"]
    assert [one["name"] for one in found] == ["Northwind Analytics"]
    pinned = act("pin", STRANGER, value=found[0]["account_id"], key="a1").json

    assert pinned["said"] == "Pinned this requester to Northwind Analytics."
    assert "Pinned by 1 on 21 Nov" in json.dumps(widget(STRANGER))
    undone = act("undo", STRANGER, value=pinned["undo"], key="a2").json
    assert undone["said"] == "Undone."
    assert "Northwind" not in json.dumps(widget(STRANGER))
    assert [event.action for event in events()] == ["pinned", "undone"]


def test_a_pin_of_a_domain_holds_for_everyone_there(act, widget):
    """As the person chooses."""
    account = act("search", EMAIL, query="northwind").json["candidates"][0]["account_id"]
    act("pin", "jo@unheard-of.example", value=account, about="domain", key="b1")

    assert "Northwind" in json.dumps(widget("kim@unheard-of.example"))
    act("unpin", "kim@unheard-of.example", key="b2")
    assert "Northwind" not in json.dumps(widget("kim@unheard-of.example"))


def test_a_free_mail_domain_is_never_pinned(act):
    """One person's company is not everybody's."""
    account = act("search", EMAIL, query="northwind").json["candidates"][0]["account_id"]

    assert act("pin", STRANGER, value=account, about="domain").status_code == 400


@pytest.mark.parametrize("query", [EMAIL, "northwind.example", "Northwind Analyt", "NORTHWIND"])
def test_search_finds_by_address_domain_and_name(act, query):
    """Name, domain and reason only."""
    found = act("search", STRANGER, query=query).json["candidates"]

    assert [one["name"] for one in found] == ["Northwind Analytics"]
    assert set(found[0]) == {"account_id", "name", "domain", "reason"}


@pytest.mark.parametrize("word", ["wrong", "known", "handled"])
def test_feedback_hides_the_signal_until_undo(act, widget, word):
    """The last three words dismiss."""
    assert RULE in rules_of(widget())
    said = act("feedback", value=f"{RULE}:{word}", note="seen it", key=f"f-{word}").json

    assert RULE not in rules_of(said["widget"])
    assert RULE in rules_of(act("undo", value=said["undo"], key="u").json["widget"])


def test_useful_keeps_the_signal_and_is_in_the_ledger(act, services):
    """It is acknowledged."""
    assert RULE in rules_of(act("feedback", value=f"{RULE}:useful", key="f1").json["widget"])
    with services.store.database.read() as connection:
        stages = {
            (one.rule, one.stage) for one in outcomes.entries(connection, SPACE) if one.rule == RULE
        }

    assert stages == {(RULE, "shown"), (RULE, "acknowledged")}
    act("undo", value="f1", key="f2")
    with services.store.database.read() as connection:
        left = [one.stage for one in outcomes.entries(connection, SPACE) if one.rule == RULE]
    assert left == ["shown"]


def test_a_snooze_ends_by_itself(act, hands):
    """After its days the signal is shown again."""
    assert RULE not in rules_of(act("snooze", value=f"{RULE}:1", key="s1").json["widget"])
    hands.tick(days=1, minutes=1)
    # The token is as old as its launch: another agent opens the ticket.
    answer = act("", agent="5", path="/frames/demo-zendesk/widget")
    assert RULE in rules_of(answer.json)


def test_undo_brings_the_earlier_snooze_back(act, services):
    """What stood there before stands there again."""
    first = act("snooze", value=f"{RULE}:30", key="s1").json
    second = act("snooze", value=f"{RULE}:1", key="s2").json
    act("undo", value=second["undo"], key="u1")
    with services.store.database.read() as connection:
        account = next(iter(outcomes.entries(connection, SPACE))).account_id
        kept = snoozes.of_account(connection, SPACE, account)[RULE]

    assert first["undo"] == "s1"
    assert (kept.until - kept.at).days == 30


def test_a_section_stays_open_for_its_viewer(act, services):
    """Others see it as it was."""
    assert act("fold", value="tickets", open=True).status_code == 204

    assert services.runtimes[SPACE].memory.recall("a", "demo-zendesk/1").opened == {"tickets"}
    assert services.runtimes[SPACE].memory.recall("a", "demo-zendesk/2").opened == frozenset()
    assert services.runtimes[SPACE].memory.recall("a", "demo-intercom/1").opened == frozenset()


def test_refresh_asks_anew_and_then_waits_a_little(act):
    """Pressing it again and again does not wear a vendor out."""
    said = [act("refresh", "x@y.example", key=f"r{n}").json["said"] for n in range(2)]

    assert said == ["Asked every source anew.", "Refreshed a moment ago."]


def test_a_signal_says_how_long_it_is_lit(act, widget, hands):
    """New today, then since yesterday, then for days."""
    assert "new today" in json.dumps(widget())
    hands.tick(days=12)
    answer = act("", agent="6", path="/frames/demo-zendesk/widget")

    assert "lit for 12 days" in json.dumps(answer.json)


def test_who_saw_restricted_figures_is_in_the_audit(act, services):
    """Once an hour for each viewer and account; an agent who sees none is not."""
    for agent in ("1", "2", "2"):
        act("", agent=agent, path="/frames/demo-zendesk/widget")
    with services.store.database.read() as connection:
        seen = [one.event for one in audit.entries(connection, SPACE)]
        broken = audit.verify(connection, SPACE)[1]

    assert [(event.actor, event.role) for event in seen] == [("demo-zendesk/2", "csm")]
    assert "contract.arr" in seen[0].detail["fields"]
    assert broken == []


def test_an_opened_ticket_tells_what_lit_and_under_which_rules(widget, services):
    """Shown rules and shadow ones, each with the hash of the rules and the ARR of then."""
    shown = set(rules_of(widget()))
    widget()
    with services.store.database.read() as connection:
        found = list(transitions.of_workspace(connection, SPACE))
        stored = episodes.of_account(connection, SPACE, found[0].account_id)
    lit = {one.rule for one in found if one.after == "lit" and not one.is_shadow}
    rules = services.runtimes[SPACE].rules

    assert RULE in lit
    assert shown <= lit | {BUILT_IN}
    assert any(one.is_shadow for one in found)
    assert {one.ruleset for one in found} == {rules.hash}
    assert all(one.arr and one.arr.endswith(" usd") for one in found)
    assert {one.rule: one.after for one in found} == {
        rule: row.state for rule, row in stored.items()
    }
