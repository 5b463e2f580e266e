"""Counts as intervals, and lists of which a part is unread: presence proves, absence does not."""

from __future__ import annotations

import pytest

from plugin.rules.binding import with_partial
from tests.plugin.rules.language.cast import NORTHWIND, bound, judge, of_kinds, reasons

BUGS = "tickets.filter(t, t.kind == 'bug').size()"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{BUGS} >= 3", True),
        (f"{BUGS} >= 4", None),
        (f"{BUGS} >= 5", False),
        (f"{BUGS} > 2", True),
        (f"{BUGS} < 5", True),
        (f"{BUGS} <= 3", None),
        (f"{BUGS} == 5", False),
        (f"{BUGS} == 3", None),
        (f"{BUGS} != 5", True),
        (f"{BUGS} != 4", None),
        (f"3 <= {BUGS}", True),
        (f"{BUGS} + 1 >= 4", True),
        (f"10 - {BUGS} <= 7", True),
        (f"10 - {BUGS} < 6", False),
        (f"{BUGS} * 2 >= 6", True),
        (f"-{BUGS} <= -3", True),
        (f"-{BUGS} * -2 >= 6", True),
        (f"{BUGS} * 0 == 0", True),
        (f"{BUGS} / 1 >= 3", None),
        (f"{BUGS} % 5 >= 3", None),
        (f"{BUGS} <= tickets.size()", True),
        (f"{BUGS} < {BUGS} + 2", True),
        (f"{BUGS} in [7, 8]", False),
        (f"{BUGS} in [3, 4]", None),
        (f"now - days({BUGS}) < now", None),
        ("tickets.filter(t, t.kind == 'bug').exists(b, b.id == 'T0')", True),
        ("tickets.filter(t, t.kind == 'bug').exists(b, b.id == 'T3')", None),
        ("tickets.filter(t, t.kind == 'bug').exists(b, b.id == 'T9')", False),
        ("tickets.filter(t, t.kind == 'bug').all(b, b.id != 'T3')", None),
        ("tickets.filter(t, t.kind == 'bug').all(b, b.id != 'T0')", False),
        ("tickets.filter(t, t.kind == 'bug').exists_one(b, b.id == 'T0')", True),
        ("tickets.filter(t, t.kind == 'bug').exists_one(b, b.id == 'T3')", None),
        ("tickets.filter(t, t.kind == 'bug').filter(b, b.id == 'T3').size() > 1", False),
    ],
)
def test_counts_are_intervals(text, expected):
    """Point 5: three bugs for sure and one in doubt decide what all of 3..4 agree on."""
    assert judge(text, of_kinds("bug", "bug", "bug", None)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tickets.exists(t, t.kind == 'bug')", True),
        ("tickets.exists(t, t.kind == 'incident')", None),
        ("tickets.all(t, t.kind == 'bug')", False),
        ("tickets.all(t, t.kind in ['bug', 'task'])", None),
        ("tickets.exists_one(t, t.kind == 'bug')", None),
        ("tickets.size() >= 2", True),
        ("tickets.size() >= 3", None),
        ("tickets.size() == 1", False),
        ("tickets.size() * 0 == 0", True),
        ("tickets.size() - tickets.size() == 0", None),
        ("-tickets.size() <= -2", True),
    ],
)
def test_presence_proves_and_absence_does_not(text, expected):
    """Point 6: an incomplete list proves what it holds, and its count has no upper end."""
    assert judge(text, of_kinds("bug", "task", partial=True)) is expected


def test_an_incomplete_list_is_the_gap():
    """Point 6: what is missing is the rest of the list."""
    account = of_kinds(partial=True)

    assert reasons("tickets.exists(t, t.kind == 'bug')", account) == {"tickets": "incomplete"}


def test_a_value_in_an_incomplete_list_of_words_is_found_or_unknown():
    """Point 6: `in` that finds nothing in a list known in part is unknown."""
    account = with_partial(bound(), "account.domains")

    assert judge("'nw.com' in account.domains", account) is True
    assert judge("'other.com' in account.domains", account) is None


def test_an_answered_empty_list_is_a_value():
    """Point 6: no tickets is an answer, a list that nobody gave is not."""
    assert judge("tickets.size() == 0", of_kinds()) is True
    assert judge("tickets.size() == 0", bound({})) is None


def test_a_fourth_undated_question_changes_nothing():
    """Three billing questions for sure satisfy three, whatever a fourth may be."""
    undated = {**NORTHWIND, "tickets": [*NORTHWIND["tickets"], {"id": "X", "topics": ["billing"]}]}
    text = (
        "tickets.filter(t, 'billing' in t.topics && !has(t.duplicate_of)"
        " && t.created_at >= now - days(90)).size() >= params.questions"
    )

    assert judge(text, bound(undated)) is True
