"""Warnings of conditions that say nothing, told once and where the cause stands."""

from __future__ import annotations

import pytest

from tests.plugin.rules.language.cast import checked, marked

CASES = [
    ("division-by-zero", "contract.arr / 0 > 1", "contract.arr / 0"),
    (
        "division-by-zero",
        "contract.arr > 1 && usage.seats_active % 0 == 1",
        "usage.seats_active % 0",
    ),
    ("division-by-zero", "tickets.exists(t, t.reopens / (0) > 1)", "t.reopens / (0)"),
    ("always-true", "1 < 2 && contract.arr > 3", "1 < 2"),
    ("always-true", "true", "true"),
    ("never-true", "contract.arr > 3 && false", "false"),
    ("never-true", "contract.arr > 5 && contract.arr < 3", "contract.arr > 5 && contract.arr < 3"),
    (
        "never-true",
        "contract.arr > 5 && 5 >= contract.arr",
        "contract.arr > 5 && 5 >= contract.arr",
    ),
    ("never-true", "contract.arr == 3 && contract.arr != 3", "contract.arr == 3"),
    ("always-true", "contract.arr > 5 || contract.arr <= 5", "contract.arr > 5 ||"),
    ("always-true", "contract.arr < 3 || !(contract.arr < 2)", "contract.arr < 3 ||"),
    ("never-true", "contract.plan == 'Growth' && contract.plan == 'Scale'", "contract.plan =="),
    ("never-true", "contract.plan == 'Growth' && contract.plan != 'Growth'", "contract.plan =="),
    ("never-true", "contract.plan in ['Growth'] && contract.plan in ['Scale']", "contract.plan in"),
    ("always-true", "contract.plan == 'Growth' || contract.plan != 'Growth'", "contract.plan =="),
    ("always-true", "tickets.size() >= 0", "tickets.size() >= 0"),
    ("never-true", "tickets.filter(t, t.kind == 'bug').size() < 0", "tickets.filter"),
    ("never-true", "health.score > 100", "health.score > 100"),
    ("never-true", "usage.top_user_share > 80", "usage.top_user_share > 80"),
    ("always-true", "usage.seats_active >= 0", "usage.seats_active"),
    ("never-true", "params.questions > 5 && contract.arr > 3", "params.questions > 5"),
    ("always-true", "contract.arr == contract.arr", "contract.arr == contract.arr"),
    ("never-true", "has(contract.arr) && !has(contract.arr)", "has(contract.arr) && "),
    ("never-true", "account.is_reference == true && account.is_reference == false", "account.is_r"),
    ("never-true", "in_window && contract.renewal_at - today > days(90)", "in_window && "),
    ("never-true", "today - contract.renewal_at < days(-90) && in_window", "today - "),
    (
        "never-true",
        "tickets.exists(t, t.created_at >= now - days(30) && t.created_at < now - days(60))",
        "t.created_at >= now - days(30) && ",
    ),
    (
        "never-true",
        "tickets.filter(t, t.kind == 'bug' && t.kind == 'task').size() > 3",
        "t.kind == 'bug' && t.kind == 'task'",
    ),
    (
        "never-true",
        "!(contract.arr > 3 && contract.arr < 2)",
        "contract.arr > 3 && contract.arr < 2",
    ),
    ("always-true", "account.tier != '1' || account.tier != '2'", "account.tier"),
    ("always-true", "2 * 3 - 1 == 5", "2 * 3 - 1 == 5"),
    ("always-true", "days(2) > hours(47)", "days(2) > hours(47)"),
    (
        "same-condition",
        "contract.arr > 3 && health.score < 5 && contract.arr > 3",
        "contract.arr > 3",
    ),
    (
        "same-condition",
        "contract.arr > 3 || (contract.arr > 3 || health.score < 5)",
        "contract.arr",
    ),
]


@pytest.mark.parametrize(("code", "text", "mark"), CASES)
def test_a_condition_that_says_nothing_is_told_once(code, text, mark):
    """The cause is marked, and nothing that only follows from it."""
    result = checked(text)

    assert result.is_sound
    assert [(finding.code, finding.severity) for finding in result.findings] == [(code, "warning")]
    assert marked(result.findings[0]).startswith(mark)


@pytest.mark.parametrize(
    "text",
    [
        "contract.arr >= 5 && contract.arr <= 5",
        "contract.arr > 5 || contract.arr < 5",
        "contract.plan == 'Growth' || contract.plan == 'Scale'",
        "contract.plan != 'Growth' && contract.plan != 'Scale'",
        "contract.arr > 3 && contract.mrr < 3",
        "params.strict && contract.arr > 3",
        "tickets.exists(t, true)",
        "in_window && contract.renewal_at - today <= days(30)",
        "tickets.exists(a, a.kind == 'bug') && tickets.exists(b, b.kind == 'task')",
        "contract.arr > 3 ? health.score > 5 : health.score < 3",
        "contract.arr * 0 > 3 && contract.arr * 0 < 2 - 5 * contract.mrr",
        "tickets.size() > 0 && tickets.size() < 3",
    ],
)
def test_a_condition_that_may_go_either_way_is_not_suspected(text):
    """A warning on a good rule would teach people to ignore warnings."""
    assert checked(text).findings == ()
