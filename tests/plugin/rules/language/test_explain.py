"""Why a rule lights, does not, or cannot be judged: the conditions that decided."""

from __future__ import annotations

import dataclasses

import pytest

from plugin.account.context import Gap
from plugin.rules.binding import with_gap, with_partial
from tests.plugin.rules.language.cast import DEFS, NORTHWIND, NOW, bound, checked, program

QUESTIONS = (
    "tickets.filter(t, 'billing' in t.topics && !has(t.duplicate_of)"
    " && t.created_at >= now - days(90)).size() >= params.questions"
)


def conditions(text: str) -> list[tuple[str, bool | None]]:
    """Return (condition, value) of each that decided."""
    return [(leaf.condition, leaf.value) for leaf in program(text).explain(bound())]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("contract.arr > 1 && health.score > 1", ["contract.arr > 1", "health.score > 1"]),
        ("contract.arr > 1 && health.score < 1", ["health.score < 1"]),
        ("contract.arr > 1 || health.score < 1", ["contract.arr > 1"]),
        ("contract.arr < 1 || health.score < 1", ["contract.arr < 1", "health.score < 1"]),
        ("contract.arr > 1 && survey.nps > 6", ["survey.nps > 6"]),
        ("contract.arr < 1 && survey.nps > 6", ["contract.arr < 1"]),
        ("!(contract.arr > 1 && health.score < 1)", ["health.score < 1"]),
        (
            "contract.arr > 1 && (health.score < 1 || account.tier == '2')",
            ["contract.arr > 1", "account.tier == '2'"],
        ),
        (
            "contract.arr > 1 ? health.score > 1 : false",
            ["contract.arr > 1 ? health.score > 1 : false"],
        ),
    ],
)
def test_only_what_decided_is_kept(text, kept):
    """A true `&&` keeps all, a false one the false ones, an unknown one the unknown ones."""
    found = [condition for condition, _ in conditions(text)]

    assert found == kept


def test_a_count_says_how_many_and_which():
    """The example of three billing questions, with their ids and the threshold."""
    [because] = program(QUESTIONS).explain(bound())

    assert (because.condition, because.definition, because.span) == (
        QUESTIONS,
        None,
        (0, len(QUESTIONS)),
    )
    assert because.value is True
    assert because.read == {"matches": 3, "params.questions": 3}
    assert because.items == ("NW-29", "NW-26", "NW-22")
    assert because.missing == ()


def test_a_count_of_an_incomplete_list_says_at_least():
    """More may be unread."""
    [because] = program(QUESTIONS).explain(with_partial(bound(), "tickets"))

    assert because.read["matches"] == "3+"


def test_an_unknown_names_what_is_missing_in_the_def():
    """A leaf of a def keeps the def's name, and its place in the def's text."""
    account = with_gap(bound(), "contract.renewal_at", "timed_out")
    first, second = program("in_window && bug_open").explain(account)

    assert (first.condition, first.definition) == ("today <= contract.renewal_at", "in_window")
    assert second.condition == "contract.renewal_at - today <= days(params.window)"
    assert DEFS["in_window"][second.span[0] : second.span[1]] == second.condition
    assert second.value is None
    assert second.read == {}
    assert second.items == ()
    assert second.missing == (Gap("contract.renewal_at", "crm", "timed_out"),)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("tickets.exists(t, t.kind == 'bug')", ("NW-31",)),
        ("tickets.all(t, t.kind == 'bug')", ("NW-29", "NW-26", "NW-22")),
        ("tickets.all(t, t.kind in ['bug', 'question'])", ()),
        ("tickets.exists_one(t, t.kind == 'bug')", ("NW-31",)),
        ("tickets.filter(t, t.kind == 'question').exists(q, q.status == 'closed')", ("NW-29",)),
        ("usage.modules.exists(m, m.events_90d == 0)", ("Integrations",)),
        ("account.domains.exists(d, d.endsWith('.com'))", ("nw.com",)),
        ("contract.changes.all(c, c.kind == 'plan_up')", ()),
    ],
)
def test_items_are_named_by_id_then_name_then_themselves(text, items):
    """Matches of `exists` and `filter`, violations of `all`."""
    account = bound({**NORTHWIND, "contract": {"changes": [{"kind": "plan_up"}]}})

    assert program(text).explain(account)[0].items == items


def test_values_read_are_told_without_the_clock():
    """Fields and params, and nothing that is only time passing."""
    [because] = program("contract.arr > 1 + params.questions * 2").explain(bound())
    assert because.read == {"contract.arr": 30000.0, "params.questions": 3}

    [because] = program("contract.renewal_at - today <= days(90)").explain(bound())
    assert list(because.read) == ["contract.renewal_at"]


def test_a_stale_value_is_told_with_its_age():
    """A value past its budget still decides; explain shows for which time it holds."""
    account = dataclasses.replace(
        bound(), as_of={"health.score": NOW}, stale=frozenset({"health.score"})
    )
    [because] = program("health.score < 60").explain(account)

    assert because.value is True
    assert because.stale == {"health.score": NOW}


def test_a_headline_may_name_the_first_item_that_decided():
    """The first match in the list's own order; a chain decides by one item."""
    compiled = program(
        "bug_open && tickets.filter(q, q.kind == 'question').exists(s, s.status == 'solved')"
    )
    deciding = compiled.deciding(bound()).items

    assert {name: item["id"] for name, item in deciding.items()} == {
        "bug": "NW-31",
        "q": "NW-26",
        "s": "NW-26",
    }


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("tickets.exists(a, a.escalated) && contract.arr > 1", {"a": "tickets"}),
        ("tickets.exists_one(a, a.escalated)", {"a": "tickets"}),
        ("tickets.filter(a, a.escalated).size() >= 1", {"a": "tickets"}),
        ("0 < tickets.filter(a, a.escalated).size()", {"a": "tickets"}),
        ("tickets.filter(a, a.escalated).size() == 2", {"a": "tickets"}),
        ("tickets.filter(a, a.escalated).size() != 0", {"a": "tickets"}),
        ("tickets.filter(a, a.escalated).size() >= params.questions", {"a": "tickets"}),
        ("account.domains.exists(d, d == 'x')", {"d": "account.domains"}),
        ("bug_open && in_window", {"bug": "tickets"}),
        ("tickets.filter(a, a.escalated).size() >= 0", {}),
        ("tickets.filter(a, a.escalated).size() < 3", {}),
        ("tickets.filter(a, a.escalated).size() >= health.score", {}),
        ("tickets.exists(a, a.escalated) || contract.arr > 1", {}),
        ("!tickets.exists(a, a.escalated)", {}),
        ("tickets.all(a, a.escalated)", {}),
        ("tickets.exists(a, a.escalated) && mentions.exists(a, a.kind == 'cancel')", {}),
        ("contract.arr > 1 ? tickets.exists(a, a.escalated) : false", {}),
    ],
)
def test_only_an_item_that_must_be_there_may_be_named(text, names):
    """Reached through `&&` alone, its name used once."""
    assert checked(text).deciding == names


@pytest.mark.parametrize(
    ("text", "partial", "matches"),
    [
        ("tickets.filter(a, a.kind == 'bug').size() > 0", False, (1, 1)),
        ("tickets.filter(a, a.kind == 'bug').size() > 0", True, (1, None)),
        ("tickets.filter(a, a.csat > 0).size() > 0", False, (0, 4)),
        ("mentions.filter(a, a.kind == 'cancel').size() > 0", False, (0, 0)),
        ("invoices.filter(a, a.on_hold).size() > 0", False, None),
        ("tickets.size() > 0", False, None),
        (f"{QUESTIONS} && tickets.filter(u, u.escalated).size() > 0", False, None),
        ("tickets.exists(t, usage.modules.filter(m, m.name == t.id).size() > 0)", False, None),
    ],
)
def test_matches_count_the_only_filter(text, partial, matches):
    """From the sure items to those that may match; without an end while the list goes on."""
    account = with_partial(bound(), "tickets") if partial else bound()

    assert program(text).deciding(account).matches == matches
    assert checked(text).single_filter is (text.count("filter") == 1 and "t.id" not in text)
