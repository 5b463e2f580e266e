"""Three-valued judging, point by point: true, false, or unknown with what is missing."""

from __future__ import annotations

import pytest

from plugin.rules.binding import with_gap
from tests.plugin.rules.language.cast import bound, judge, of_kinds, program, reasons

TRUE, FALSE, UNKNOWN = "contract.arr > 0", "contract.arr < 0", "survey.nps > 6"
ACCOUNT = bound(gaps={"survey.nps": "timed_out", "contract.ends_at": "timed_out"})
WORD = {TRUE: True, FALSE: False, UNKNOWN: None}


def test_a_missing_field_is_unknown_and_carries_its_gap():
    """Point 1: reading a missing field gives unknown, with the field and the reason."""
    assert reasons(UNKNOWN, ACCOUNT) == {"survey.nps": "timed_out"}


@pytest.mark.parametrize(
    "text",
    [
        "survey.nps == 6",
        "survey.nps != 6",
        "survey.nps + 1 > 0",
        "survey.nps in [6, 7]",
        "6 in [survey.nps, 6]",
        "survey.nps_comment != 'x'",
        "survey.nps_comment.contains('x')",
        "survey.nps_comment.lowerAscii() == 'x'",
        "survey.nps_comment.size() > 3",
        "survey.nps > 6 ? contract.arr > 0 : contract.arr > 0",
        "-survey.nps < 0",
        "now - days(survey.nps) < now",
    ],
)
def test_an_operation_on_an_unknown_is_unknown(text):
    """Point 2: a comparison, `!=` too, arithmetic, `in`, a string test or `?:` stays unknown."""
    account = bound(gaps={"survey.nps": "timed_out", "survey.nps_comment": "timed_out"})

    assert judge(text, account) is None


@pytest.mark.parametrize("left", WORD)
@pytest.mark.parametrize("right", WORD)
def test_and_is_false_if_any_side_is(left, right):
    """Point 3: one false decides `&&`, then one unknown, in either order."""
    sides = {WORD[left], WORD[right]}
    expected = False if False in sides else None if None in sides else True

    assert judge(f"{left} && {right}", ACCOUNT) is expected


@pytest.mark.parametrize("left", WORD)
@pytest.mark.parametrize("right", WORD)
def test_or_is_true_if_any_side_is(left, right):
    """Point 3: one true decides `||`, then one unknown, in either order."""
    sides = {WORD[left], WORD[right]}
    expected = True if True in sides else None if None in sides else False

    assert judge(f"{left} || {right}", ACCOUNT) is expected


def test_not_unknown_is_unknown():
    """Point 3: denying what is not known says nothing."""
    assert judge(f"!({UNKNOWN})", ACCOUNT) is None


@pytest.mark.parametrize(
    ("macro", "kinds", "expected"),
    [
        ("exists", ["bug", None], True),
        ("exists", ["task", None], None),
        ("exists", ["task", "task"], False),
        ("exists", [], False),
        ("all", ["task", None], False),
        ("all", ["bug", None], None),
        ("all", ["bug", "bug"], True),
        ("all", [], True),
        ("exists_one", ["bug", "bug", None], False),
        ("exists_one", ["bug", None], None),
        ("exists_one", ["bug", "task"], True),
        ("exists_one", [None], None),
        ("exists_one", [], False),
    ],
)
def test_macros_are_decided_by_items_that_are_sure(macro, kinds, expected):
    """Point 4: a sure item decides, else an unknown one makes the answer unknown."""
    assert judge(f"tickets.{macro}(t, t.kind == 'bug')", of_kinds(*kinds)) is expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("empty", False),
        ("timed_out", None),
        ("not_found", None),
        ("stale", None),
        ("bad_data", None),
    ],
)
def test_has_is_false_only_for_what_was_answered_empty(reason, expected):
    """Point 7: `!has` does not fire merely because the source is down."""
    account = bound({"contract": {"arr": 1}}, gaps={"contract.renewal_at": reason})

    assert judge("has(contract.renewal_at)", account) is expected


def test_has_of_an_item_field_follows_the_same_rule():
    """Point 7: an item without the field says no, unless its source did not answer."""
    account = bound()
    down = with_gap(account, "tickets[].duplicate_of", "timed_out")

    assert judge("tickets.all(t, !has(t.duplicate_of))", account) is True
    assert judge("tickets.all(t, !has(t.duplicate_of))", down) is None
    assert judge("tickets.all(t, has(t.created_at))", down) is True


def test_has_of_an_unusable_item_field_is_unknown():
    """Point 7: a value that cannot be used is not the same as none."""
    account = bound({"tickets": [{"id": "T1", "csat": "good"}]})

    assert judge("tickets.exists(t, has(t.csat))", account) is None


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ("contract.arr / (health.score - 58) > 1", "contract.arr", "division_by_zero"),
        ("health.score % 0 == 1", "health.score", "division_by_zero"),
        ("now + days(contract.arr * 1000000) > now", "contract.arr", "arithmetic"),
        ("contract.renewal_at + days(900000000) > now", "contract.renewal_at", "arithmetic"),
        ("tickets.exists(t, t.created_at + days(900000000) > now)", "tickets[].created_at",
         "arithmetic"),
        ("days(9007199254740992) > days(1)", "", "arithmetic"),
        ("1 / 0 > 1", "", "division_by_zero"),
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_unknown_with_its_own_reason(text, field, reason):
    """Point 8: it names the first field read in the failing operation."""
    assert judge(text, bound()) is None
    assert reasons(text, bound()) == {field: reason}


@pytest.mark.parametrize("op", ["+ contract.mrr", "* 10", "- -contract.mrr", "/ 0.1"])
def test_a_result_that_is_not_finite_is_unknown(op):
    """Point 8: a sum, product or quotient out of range is no number."""
    account = bound({"contract": {"arr": 1.7e308, "mrr": 1.7e308}})

    assert reasons(f"contract.arr {op} > 0", account) == {"contract.arr": "arithmetic"}


def test_the_remainder_takes_the_sign_of_the_dividend():
    """CEL's % differs from Python's for negative numbers."""
    assert judge("(0 - 7) % 3 == -1 && 7 % -3 == 1", bound()) is True


def test_a_rule_that_fails_inside_is_unknown_and_logged(caplog):
    """Point 8: the last resort is a fault, never an exception."""
    compiled = program("contract.arr > 0")
    account = bound({"contract": {"arr": 1}})
    broken = type(account)(account.schema, account.now, account.today, values={"contract.arr": {}})

    assert [gap.reason for gap in compiled.run(broken).missing] == ["fault"]
    assert "contract.arr > 0" in caplog.text


def test_a_stale_value_is_a_value_and_an_outdated_one_is_a_gap():
    """Point 10: only an age limit turns an old value into a gap."""
    outdated = with_gap(bound(), "health.score", "stale")

    assert judge("health.score < 60", bound()) is True
    assert reasons("health.score < 60", outdated) == {"health.score": "stale"}


def test_what_is_missing_is_the_union_over_the_unknown_sides():
    """All gaps are named, each once."""
    text = (
        "survey.nps > 6 || survey.csat_90d > 50 || survey.nps > 8 || tickets.exists(t, t.csat > 1)"
    )

    assert list(reasons(text, bound())) == ["survey.nps", "survey.csat_90d", "tickets[].csat"]


def test_a_def_may_use_the_name_of_an_outer_item():
    """A def's own item hides nothing of the place where it is used."""
    text = "tickets.exists(bug, bug.kind == 'question' && bug_open && bug.id == 'NW-29')"

    assert judge(text, bound()) is True
    assert judge(text, with_gap(bound(), "tickets[].status", "timed_out")) is None
