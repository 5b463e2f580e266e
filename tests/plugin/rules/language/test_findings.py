"""Every finding has its code, its place and a hint that says what to write."""

from __future__ import annotations

import pytest

from plugin.rules.language.finding import Finding
from plugin.rules.language.program import check, compile_program
from plugin.rules.language.scope import Scope
from tests.plugin.rules.language.cast import PARAMS, SCHEMA, SCOPE, checked, marked

# code, expression, the text that is marked, a part of the hint
CASES = [
    ("unknown-field", "contract.arrr > 3", "contract.arrr", "did you mean 'contract.arr'?"),
    ("unknown-field", "contract > 3", "contract", "contract.plan, contract.arr"),
    ("unknown-field", "tickets.kind == 'bug'", "tickets.kind", "tickets.exists(x, x.kind"),
    ("unknown-field", "contract.arr.x > 3", "contract.arr.x", "contract.arr has no parts"),
    ("unknown-field", "now.day == 3", "now.day", ""),
    ("unknown-field", "__class__.__base__ == 3", "__class__.__base__", ""),
    ("unknown-item-field", "tickets.exists(t, t.knd == 'bug')", "t.knd", "did you mean 'kind'?"),
    ("unknown-item-field", "account.domains.exists(d, d.x)", "d.x", "as it is"),
    ("unknown-function", "tickets.exits(t, t.escalated)", "exits", "did you mean 'exists'?"),
    ("unknown-function", "day(3) > days(2)", "day", "did you mean 'days'?"),
    ("unknown-function", "3.days() > days(2)", "days", "days(30)"),
    ("unknown-function", "exists(tickets, true)", "exists", "list.exists(item, condition)"),
    ("unknown-name", "params.windw > 3", "params.windw", "did you mean 'params.window'?"),
    ("unknown-name", "bug_opn", "bug_opn", "did you mean 'bug_open'?"),
    ("unknown-name", "renewal_at > today", "renewal_at", "did you mean 'contract.renewal_at'?"),
    ("enum-typo", "contract.plan == 'Grwoth'", "'Grwoth'", "did you mean 'Growth'?"),
    ("enum-typo", "'Grwoth' != contract.plan", "'Grwoth'", "Starter, Growth, Scale"),
    ("enum-typo", "contract.plan in ['Growth', 'Scael']", "'Scael'", "did you mean 'Scale'?"),
    ("enum-typo", "tickets.exists(t, t.kind == 'bgu')", "'bgu'", "did you mean 'bug'?"),
    ("enum-typo", "tickets.exists(t, 'biling' in t.topics)", "'biling'", "did you mean 'billing'?"),
    ("enum-typo", "ticket.topics.exists(x, x == 'bg')", "'bg'", "billing, bug"),
    ("enum-typo", "health.band == (has(health.score) ? 'red' : 'rde')", "'rde'", "green, yellow"),
    ("type-mismatch", "contract.renewal_at < 60", "contract.renewal_at < 60", "days(60)"),
    ("type-mismatch", "contract.renewal_at - today < 60", "contract.renewal_at - today < 60",
     "days(60)"),
    ("type-mismatch", "contract.arr > '3'", "contract.arr > '3'", "without quotes"),
    ("type-mismatch", "contract.renewal_at < days(60)", "contract.renewal_at < days(60)", "today"),
    ("type-mismatch", "contract.renewal_at == '2027-01-20'", "contract.renewal_at == '2027-01-20'",
     "today"),
    ("type-mismatch", "(strict ? 1 : 'a') == 1".replace("strict", "params.strict"),
     "params.strict ? 1 : 'a'", "one type"),
    ("type-mismatch", "contract.plan < 'b'", "contract.plan < 'b'", "=="),
    ("type-mismatch", "account.is_reference > true", "account.is_reference > true", "=="),
    ("type-mismatch", "tickets == tickets", "tickets == tickets", "sizes"),
    ("type-mismatch", "contract.plan in 'Growth'", "contract.plan in 'Growth'", "contains"),
    ("type-mismatch", "3 in account.domains", "3 in account.domains", "exists"),
    ("type-mismatch", "['a', 1].size() > 1", "1", "one type"),
    ("type-mismatch", "[tickets].size() > 1", "tickets", "one type"),
    ("type-mismatch", "-contract.plan == 'x'", "-contract.plan", "difference"),
    ("type-mismatch", "contract.arr.exists(x, true)", "contract.arr", "list.exists"),
    ("type-mismatch", "contract.arr.size() > 1", "contract.arr", "x.size()"),
    ("type-mismatch", "account.domains.contains('x')", "account.domains.contains('x')", "'in'"),
    ("type-mismatch", "contract.plan.contains(3)", "3", "s.contains('text')"),
    ("type-mismatch", "contract.arr.startsWith('x')", "contract.arr", "s.startsWith"),
    ("type-mismatch", "days('x') > days(1)", "'x'", "days(30)"),
    ("type-mismatch", "contract.arr * days(1) > 3", "contract.arr * days(1)", "days("),
    ("type-mismatch", "tickets.exists(t, t in tickets)", "t in tickets", "exists(x"),
    ("not-a-condition", "health.score", "health.score", "the whole condition"),
    ("not-a-condition", "has(health.score) && health.score", "health.score", "the right side"),
    ("not-a-condition", "tickets.size() || has(health.score)", "tickets.size()", "the left side"),
    ("not-a-condition", "!health.score", "health.score", "what follows '!'"),
    ("not-a-condition", "tickets.exists(t, t.kind)", "t.kind", "second argument of 'exists'"),
    ("not-a-condition", "health.score ? true : false", "health.score", "before '?'"),
    ("single-equals", "contract.arr = 3", "=", "'=='"),
    ("word-operator", "has(contract.arr) and true", "and", "'&&'"),
    ("word-operator", "has(contract.arr) OR true", "OR", "'||'"),
    ("word-operator", "not has(contract.arr)", "not", "'!'"),
    ("word-operator", "not(has(contract.arr))", "not", "'!'"),
    ("word-operator", "'x' not in account.domains", "not", "'!'"),
    ("unclosed", "(contract.arr > 3", "(", "')'"),
    ("unclosed", "contract.plan in ['Growth'", "[", "']'"),
    ("unclosed", "contract.plan == 'Growth", "'", "same line"),
    ("unclosed", "contract.plan == 'Gro\nwth'", "'", "same line"),
    ("unclosed", "contract.arr > 3)", ")", "take it away"),
    ("unclosed", "(contract.plan in ['a')", ")", "']'"),
    ("unexpected-end", "contract.arr >", ">", "finish it"),
    ("unexpected-end", "", "", "write a condition"),
    ("unexpected-end", "true ? 1", "", "a ? b : c"),
    ("unexpected-end", "days(3,)", ")", "finish"),
    ("bad-character", "days(,)", ",", "operator"),
    ("wrong-arguments", "has()", "has()", "has(field)"),
    ("bad-character", "contract.arr > 3 §", "§", "ASCII"),
    ("bad-character", "contract.ärr > 3", "ä", "ASCII"),
    ("bad-character", "contract.arr & 3", "&", "'&&'"),
    ("bad-character", "contract.arr 3", "3", "operator"),
    ("bad-character", "contract.arr > > 3", ">", "operator"),
    ("chained-comparison", "1 < contract.arr < 3", "1 < contract.arr <", "a < b && b < c"),
    ("chained-comparison", "1 == 1 == 1", "1 == 1 ==", "&&"),
    ("left-out", "contract.plan.matches('^G')", "matches", "contains"),
    ("left-out", "matches(contract.plan, '^G')", "matches", "contains"),
    ("left-out", "tickets.map(t, t.kind) == 3", "map", "filter"),
    ("left-out", "contract.plan + 'x' == 'y'", "contract.plan + 'x'", "{{ … }}"),
    ("left-out", "contract.plan == null", "null", "has(field)"),
    ("left-out", "tickets[0].kind == 'bug'", "[", "exists"),
    ("left-out", "type(contract.arr) == 3", "type", "saved"),
    ("left-out", "int(contract.arr) == 3", "int", "conversion"),
    ("left-out", "timestamp('2026-01-01') < now", "timestamp", "today"),
    ("left-out", "duration('1h') < days(1)", "duration", "hours(n)"),
    ("left-out", "size(tickets) > 1", "size", "x.size()"),
    ("left-out", "account.domains == []", "[]", "size() == 0"),
    ("left-out", "contract.arr > 1e6", "1e", "decimal"),
    ("left-out", "contract.arr > 0x10", "0x", "decimal"),
    ("left-out", "contract.arr > 1u", "1u", "decimal"),
    ("left-out", "contract.arr > 3 // much", "//", "'why'"),
    ("left-out", "contract.plan == r'x'", "r", "plain string"),
    ("left-out", "{'a': 1}.size() > 0", "{", "lists"),
    ("left-out", "(contract).arr > 3", "arr", "name the item"),
    ("number-too-large", "contract.arr > 9007199254740993", "9007199254740993", "2^53"),
    ("bad-escape", "contract.plan == 'a\\x41'", "\\x", "\\n"),
    ("wrong-arguments", "has(3)", "has(3)", "has(contract.renewal_at)"),
    ("wrong-arguments", "has(params.window)", "has(params.window)", "has(contract.renewal_at)"),
    ("wrong-arguments", "days(1, 2) > days(1)", "days(1, 2)", "days(30)"),
    ("wrong-arguments", "tickets.exists(t)", "tickets.exists(t)", "list.exists(item, condition)"),
    ("wrong-arguments", "tickets.exists(t.kind, true)", "t.kind", "name of your own"),
    ("wrong-arguments", "tickets.size(1) > 1", "tickets.size(1)", "x.size()"),
    ("wrong-arguments", "contract.plan.contains('a', 'b')", "contract.plan.contains('a', 'b')",
     "s.contains('text')"),
    ("reserved-name", "tickets.exists(ticket, true)", "ticket", "another name"),
    ("reserved-name", "tickets.exists(matches, true)", "matches", "another name"),
    ("reserved-name", "tickets.exists(t, contacts.exists(t, true))", "t", "another name"),
    ("def-cycle", "hen", "hen", "without the others"),
    ("list-nesting",
     "tickets.exists(t, t.topics.exists(x, t.tags.exists(y, x == y)))",
     "t.tags.exists(y, x == y)", "'defs'"),
    ("too-costly",
     "tickets.exists(t, tickets.exists(u, "
     + " && ".join(f"t.id != '{n}' && u.id != t.id" for n in range(6)) + "))", "tickets.exists",
     "'defs'"),
    ("date-against-now", "contract.renewal_at > now", "contract.renewal_at > now", "today"),
    ("date-against-now", "contract.renewal_at - now < days(3)", "contract.renewal_at - now",
     "today"),
    ("date-against-now", "now - days(3) < contract.renewal_at", "now - days(3) < contract",
     "today"),
]  # fmt: skip


def only(text: str) -> Finding:
    """Return the one finding of an expression."""
    [finding] = checked(text).findings
    return finding


@pytest.mark.parametrize(("code", "text", "mark", "hint"), CASES)
def test_a_mistake_is_named_placed_and_answered(code, text, mark, hint):
    """One mistake makes one finding: no cascade, the right words marked, a way out."""
    finding = only(text)

    assert finding.code == code
    assert marked(finding).startswith(mark)
    assert hint in finding.hint
    assert finding.message


def test_every_type_error_is_told_at_once_in_order():
    """Mistakes on both sides of a chain are independent, and stand in the order of the text."""
    text = "contract.arrr > 3 && contract.plan == 'Grwoth' || tickets.exists(t, t.knd == 'bug')"

    codes = [finding.code for finding in checked(text).findings]

    assert codes == ["unknown-field", "enum-typo", "unknown-item-field"]


def test_a_syntax_error_is_told_alone():
    """What is not read yet is not judged."""
    assert only("contract.arrr > 3 and contract.plam == 'x'").code == "word-operator"


@pytest.mark.parametrize(
    ("name", "code", "mark"),
    [("broken", "unknown-field", "contract.arrr"), ("half", "unexpected-end", ">")],
)
def test_a_mistake_in_a_def_points_into_the_def_once(name, code, mark):
    """A finding names the def that it lies in, however often that is used."""
    finding = only(f"{name} && contract.arr > 3 && {name}")

    assert (finding.code, finding.definition, marked(finding).strip()) == (code, name, mark)


def test_a_def_may_be_a_value():
    """A def is a condition or a value; only the whole must be a condition."""
    scope = Scope(SCHEMA, PARAMS, {"left": "contract.renewal_at - today"})

    assert check("left <= days(60)", scope).is_sound
    assert check("contract.renewal_at - today", scope, condition=False).type.name == "duration"
    assert [finding.code for finding in check("left", scope).findings] == ["not-a-condition"]


def test_a_def_sees_no_item_of_the_place_where_it_is_used():
    """A def means the same everywhere."""
    scope = Scope(SCHEMA, {}, {"is_bug": "t.kind == 'bug'"})

    [finding] = check("tickets.exists(t, is_bug)", scope).findings

    assert (finding.code, finding.definition) == ("unknown-field", "is_bug")


def test_a_param_out_of_range_is_refused():
    """Infinity and numbers beyond 2^53 are no thresholds."""
    for value in (float("inf"), float("nan"), 2**60):
        [finding] = check("contract.arr > params.x", Scope(SCHEMA, {"x": value})).findings
        assert finding.code == "number-too-large"


def test_warnings_do_not_stop_a_rule():
    """An expression with a warning is sound."""
    result = checked("contract.renewal_at <= now")

    assert result.is_sound
    assert [finding.severity for finding in result.findings] == ["warning"]


def test_an_unsound_expression_cannot_be_compiled():
    """Compiling asks for a check without errors."""
    with pytest.raises(ValueError, match=r"contract\.arrr"):
        compile_program(check("contract.arrr > 3", SCOPE))


def test_what_is_read_is_known():
    """Fields, item fields, params and defs are listed, also those behind a def."""
    result = checked("in_window && tickets.exists(t, t.kind == 'bug') && params.questions > 1")

    assert result.reads == {"contract.renewal_at", "tickets", "tickets[].kind"}
    assert result.params_read == {"window", "questions"}
    assert result.defs_read == {"in_window"}
