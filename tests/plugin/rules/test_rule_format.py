"""The canonical form of rule files: one result, the same meaning, and every comment kept."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules.rule_file import shipped_text
from plugin.rules.rule_format import format_problems, format_text
from plugin.rules.yaml_scalars import WIDTH

MESSY = """\
# our rules
groups:
    - rules:
      # the first one
      - when: 'contract.seats_paid<5  &&( account.tier=="1" )'   # few seats
        id:   few
        severity: low
        kind: risk


        headline: 'It''s {{ contract.seats_paid }}'
        status: draft
        tags: [ a,b ]   # for the list
      name: g # the group
version: 1
# the end
"""
TIDY = """\
version: 1
# our rules
groups:
  - name: g # the group
    rules:
      # the first one
      - id: few
        tags: [a, b] # for the list
        kind: risk
        severity: low
        status: draft
        when: contract.seats_paid < 5 && account.tier == '1' # few seats

        headline: "It's {{ contract.seats_paid }}"
# the end
"""


def formatted(text: str) -> str:
    """Return the canonical text, which must exist."""
    found = format_text(dedent(text), "x.yaml")
    assert found.text is not None, [str(finding) for finding in found.findings]
    return found.text


def test_spacing_quotes_and_order_become_one() -> None:
    """Keys stand in the order of the table, conditions as the language prints them."""
    assert formatted(MESSY) == TIDY


def test_formatting_twice_changes_nothing_more() -> None:
    """The canonical form is its own canonical form."""
    assert formatted(TIDY) == TIDY
    assert format_problems(MESSY, "x.yaml") == []


def test_a_long_condition_is_folded_before_its_operators() -> None:
    """No line is wider than the page where an operator allows a break."""
    words = " && ".join(f"account.employees > {number}" for number in range(12))
    text = formatted(f"version: 1\ndefs:\n  big: {words}\n")

    assert max(map(len, text.splitlines())) <= WIDTH
    assert "    && account.employees > 11" in text.splitlines()


@pytest.mark.parametrize("name", ["default", "default_test", "built_in"])
def test_what_ships_says_the_same_after_formatting(name: str) -> None:
    """Formatting keeps the meaning of whole files, and is stable."""
    assert format_problems(shipped_text(name), name) == []


def test_the_rules_are_the_same_rules(load) -> None:
    """A copy of the pack with other spacing and quotes has the pack's own hash again."""
    messy = shipped_text("default").replace(" && ", "  &&  ")

    assert messy != shipped_text("default")
    assert load(formatted(messy)).rules.hash == load(shipped_text("default")).rules.hash


@pytest.mark.parametrize(
    "text",
    [
        'version: 1\nparams:\n  a: {default: \'x\', why: "it\'s \\"so\\""}\n',
        "version: 1\npack: on\n",
        'version: 1\ndefs:\n  a: "!has(contract.plan)"\n',
        "version: 1\ndefs:\n  a: >-\n    account.name == 'a  b'\n    || true\n",
        "version: 1\ndefs:\n  a: 'not a b c'\n",
        "version: 1\ngroups:\n  - name: |\n      two\n      lines\n    rules: []\n",
        "{version: 1, groups: []}\n",
        "version: 1 # one\n\n\n# two\n\npack: x\n#three\n",
        "version: 1\r\npack: x # y\r\n",
    ],
)
def test_odd_files_keep_what_they_say(text: str) -> None:
    """Quotes, blocks, flows, bare words, line ends and bad conditions survive."""
    assert format_problems(text, "x.yaml") == []


def test_a_file_that_cannot_be_read_is_left_alone() -> None:
    """There is a finding and no text."""
    found = format_text("a: [1", "x.yaml")

    assert found.text is None
    assert found.findings[0].code == "yaml-syntax"


def test_a_key_that_stands_twice_is_not_lost() -> None:
    """Formatting never drops what it cannot place."""
    found = format_text("version: 1\nversion: 2\n", "x.yaml")

    assert [finding.code for finding in found.findings] == ["fmt-failed"]


WORDS = st.text(alphabet="abé 1.:#'\"{}[],&*!|>-%@`~\\\n\t", max_size=25)


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(["text", "flow", "condition"]))
def test_any_text_survives_formatting(words: list[str], kind: str) -> None:
    """Whatever stands in a value, it reads the same afterwards."""
    escaped = [
        word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        for word in words
    ]
    quotes = [f'"{word}"' for word in escaped]
    body = {
        "text": "groups:\n  - odd:\n" + "\n".join(f"      - {quote}" for quote in quotes),
        "flow": f"groups:\n  - odd: [{', '.join(quotes)}]",
        "condition": f"defs:\n  a: {quotes[0]}",
    }[kind]

    assert format_problems(f"version: 1\n{body}\n", "x.yaml") == []
