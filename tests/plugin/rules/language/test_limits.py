"""No text crashes, hangs or grows without bound: it is a tree or a finding, at once."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules.language.lexer import Refused
from plugin.rules.language.parser import parse
from plugin.rules.language.program import check
from plugin.rules.language.scope import Scope
from tests.plugin.rules.language.cast import SCHEMA, checked

GENEROUS = 0.1  # seconds of computing; the goal is 0.01 on an idle machine
NESTED = "contract.arr > 0"

ATTACKS = {
    "bracket noise": "([([" * 400,
    "closing noise": ")])]" * 400,
    "balanced noise": "(" * 900 + "1" + ")" * 900,
    "2,000 denials": "!" * 2_000,
    "2,000 minus signs": "-" * 2_000,
    "100,000 deep": "(" * 100_000 + "1" + ")" * 100_000,
    "100,000 lists": "[" * 100_000,
    "a million characters": "a" * 1_000_000,
    "a long name": "a" * 1_999,
    "a long path": "a." * 999 + "a",
    "a long sum": "1+" * 999 + "1",
    "a long choice": "true?1:" * 285 + "1",
    "a long chain": "true&&" * 330 + "true",
    "a method chain": "tickets" + ".filter(t,true)" * 130,
    "many names": " && ".join(f"contract.ar{n}>0" for n in range(90)),
    "many escapes": "'" + "\\n" * 990 + "'",
    "an open string": "'" + "\\'" * 990,
    "dunder names": "().__class__.__bases__[0].__subclasses__()",
    "dunder field": "contract.__class__ == 'x'",
    "dunder item": "tickets.exists(__import__, __import__.__class__ == 'x')",
    "import": "__import__('os').system('true') == 0",
    "non-ASCII name": "contract.аrr > 3",
    "full-width digits": "contract.arr > ３",
    "invisible": "contract.arr\u200b > 3",
    "null byte": "contract.arr\x00 > 3",
    "lone surrogate": "contract.arr > \ud800",
    "huge number": "contract.arr > " + "9" * 1_900,
    "exponent": "contract.arr > 1e308",
    "regex": "contract.plan.matches('(a+)+$')",
    "format": "'{0.__class__}'.format(contract) == 'x'",
    "blanks": " " * 1_999,
}


@pytest.mark.parametrize("text", ATTACKS.values(), ids=list(ATTACKS))
def test_hostile_text_is_a_finding_at_once(text):
    """Each attack ends in a finding, none in an exception, and all soon."""
    started = time.process_time()
    result = checked(text)

    assert result.findings
    assert time.process_time() - started < GENEROUS


def test_a_long_fraction_is_a_number():
    """More digits than a number can hold are rounded, not refused."""
    assert checked("contract.arr > 0." + "9" * 1_900).is_sound


def test_a_long_choice_is_too_deep():
    """Each `?:` counts as one nesting."""
    assert checked("contract.arr > 1 ? true : " * 30 + "true").findings[0].code == "too-deep"


@pytest.mark.parametrize("wrapped", ["({})", "!({})", "true ? {} : false", "tickets.all(t, {})"])
def test_nesting_is_allowed_to_its_limit(wrapped):
    """Brackets, denials, choices and calls all count; 24 is the limit."""
    text = NESTED
    for _ in range(8):
        text = wrapped.format(text)
    codes = {finding.code for finding in checked(text).findings}

    assert "too-deep" not in codes


@pytest.mark.parametrize(("depth", "refused"), [(24, False), (25, True)])
def test_the_depth_limit_is_24(depth, refused):
    """The 25th bracket is one too many."""
    result = checked("(" * depth + NESTED + ")" * depth)

    assert ("too-deep" in [finding.code for finding in result.findings]) is refused


def test_a_method_chain_counts_one_level_a_call():
    """Twenty-five calls behind another are as deep as twenty-five brackets."""
    chain = "tickets" + ".filter(t, true)" * 25 + ".size() > 0"

    assert checked(chain).findings[0].code == "too-deep"


@pytest.mark.parametrize(("length", "refused"), [(2_000, False), (2_001, True)])
def test_an_expression_has_at_most_2000_characters(length, refused):
    """The limit is in code points."""
    text = NESTED.ljust(length)

    assert ([finding.code for finding in checked(text).findings] == ["too-long"]) is refused


def test_an_expression_has_at_most_200_parts():
    """A hundred numbers joined by 99 signs and held against one are 201 parts."""
    assert checked("+".join(["1"] * 99) + "> contract.arr").findings == ()
    assert checked("+".join(["1"] * 100) + "> contract.arr").findings[0].code == "too-many-nodes"


def test_defs_that_double_each_other_are_refused_soon():
    """Parts are counted while defs unfold: 2^40 of them are never built."""
    defs = {f"d{n}": f"d{n - 1} && d{n - 1}" for n in range(1, 40)} | {"d0": NESTED}
    started = time.process_time()

    [finding] = check("d39", Scope(SCHEMA, {}, defs)).findings

    assert finding.code in ("too-many-nodes", "too-deep")
    assert time.process_time() - started < GENEROUS


def test_a_chain_of_defs_counts_as_nesting():
    """Each def unfolds one level deeper, so that no chain of defs exhausts the stack."""
    defs = {f"d{n}": f"!d{n - 1}" for n in range(1, 150)} | {"d0": NESTED}

    assert check("d149", Scope(SCHEMA, {}, defs)).findings[0].code == "too-deep"


def test_lists_nest_two_deep():
    """A list in a list is allowed, a third is not."""
    inner = "ticket.topics.exists(a, account.domains.exists(b, {}))"

    assert checked(inner.format("a == b")).findings == ()
    codes = [found.code for found in checked(inner.format("contacts.exists(c, true)")).findings]
    assert codes == ["list-nesting"]


def test_the_cost_counts_a_body_for_each_item():
    """Tickets count 200, other lists 100."""
    assert checked("tickets.exists(t, t.escalated)").cost == 1 + 1 + 200
    assert checked("contacts.exists(c, c.bounced)").cost == 1 + 1 + 100
    assert checked("[1, 2].exists(n, n > 1)").cost == 1 + 3 + 2 * 3


NOISE = st.text(
    alphabet=st.one_of(
        st.sampled_from("()[]!-+*/%<>=&|?:.,'\"\\ \nintesar019_"),
        st.characters(exclude_categories=[]),
    ),
    max_size=300,
)
PIECES = (
    *("tickets", "contract.arr", "contract.plan", "now", "today", "params.window", "in_window"),
    *("broken", "hen", "true", "null", ".exists(", ".filter(", ".size()", "has(", "days(", "t"),
    *("t.kind", "(", ")", "[", "]", "!", "-", "&&", "||", "==", "!=", "<", "<=", "in", "?", ":"),
    *(",", "'bug'", "3", "0.5", "+", "*", "%"),
)
WORDS = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(NOISE | WORDS | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_no_text_crashes_the_checker(text):
    """Whatever is typed: sound, or told what is wrong, with a place inside the text."""
    result = checked(text)

    assert result.is_sound or result.findings
    for finding in result.findings:
        assert finding.text is not None
        assert 0 <= finding.start <= finding.end <= len(finding.text)


@settings(max_examples=100, deadline=None)
@given(NOISE | WORDS)
def test_no_text_crashes_the_parser(text):
    """Reading gives a tree, or one refusal that says why."""
    try:
        end = parse(text).span.end
    except Refused as refused:
        end = refused.finding.end

    assert 0 <= end <= len(text)
