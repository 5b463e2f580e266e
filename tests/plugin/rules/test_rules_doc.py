"""What is written about rules is true: every example loads, every table is up to date."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from plugin.rules.rule_file import default_rules, load_rules, shipped_text
from plugin.rules.rule_keys import FILE, RULE
from plugin.rules.rule_test_run import run_tests
from plugin.rules.rule_tests import load_tests
from plugin.rules.rules_doc import render_signals_doc
from plugin.rules.rules_schema import rules_schema
from plugin.rules.yaml_tree import Node, plain, read_yaml

DOCS = Path("docs")
PAGE = (DOCS / "rules.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
RULE_FILES = [text for text in EXAMPLES if "rule_files:" not in text]
TEST_FILES = [text for text in EXAMPLES if "rule_files:" in text]
VALIDATOR = Draft202012Validator(rules_schema())


def values(text: str) -> object:
    """Return a YAML text as plain values."""
    tree = read_yaml(text, "x.yaml")
    assert isinstance(tree, Node)
    return plain(tree)


@pytest.mark.parametrize("text", RULE_FILES)
def test_every_example_of_the_guide_is_sound(schema, text: str) -> None:
    """A reader may copy each block as it stands."""
    assert load_rules(text, "acme.yaml", schema).findings == ()
    assert list(VALIDATOR.iter_errors(values(text))) == []


def test_the_guides_tests_pass(schema) -> None:
    """The example of a test file tests the first example, and holds."""
    rules = load_rules(RULE_FILES[0], "acme.yaml", schema).rules
    assert rules is not None
    outcomes = [
        outcome
        for text in TEST_FILES
        for tests in [load_tests(text, "acme_test.yaml", schema).tests]
        if tests is not None
        for outcome in run_tests(tests, rules, schema)
    ]

    assert [outcome.result for outcome in outcomes] == ["passed"] * 3


@pytest.mark.parametrize("code", re.findall(r"^\| [^|]*\| (`[^|]*`)", PAGE, re.MULTILINE))
def test_a_condition_of_the_guides_table_is_a_condition(rules_of, code: str) -> None:
    """What the table of conditions shows can be written into a rule."""
    first = code.split("`")[1].replace("\\|", "|")
    if not re.fullmatch(r"a && b|`?.?[<>=!]=?", first):
        assert rules_of(when=json.dumps(first), headline="x").rules


def test_every_key_is_in_the_published_schema() -> None:
    """Editors know each key that the reader knows, and no other."""
    published = rules_schema()

    assert set(published["properties"]) == set(FILE)
    assert set(published["$defs"]["rule"]["properties"]) == set(RULE)


@pytest.mark.parametrize("name", ["default", "built_in"])
def test_the_published_schema_accepts_what_ships(name: str) -> None:
    """The pack is valid for editors too."""
    assert list(VALIDATOR.iter_errors(values(shipped_text(name)))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("severity: high", "severity: hihg"),
        ("severity: high", "severty: high"),
        ("dwell: 7d", "dwell: soon"),
        ("owner: agent", "owner: nobody"),
        ("kind: risk", "kind: risky"),
        ("version: 1", "version: one"),
    ],
)
def test_the_published_schema_refuses_mistakes(old: str, new: str) -> None:
    """A misspelled word is marked while it is typed."""
    text = shipped_text("default").replace(old, new, 1)

    assert list(VALIDATOR.iter_errors(values(text))) != []


def test_a_live_rule_needs_a_play_in_the_schema_too() -> None:
    """The one rule between keys that a schema can say."""
    rule = {"id": "a", "kind": "risk", "severity": "low", "when": "true", "headline": "x"}
    body = {"version": 1, "groups": [{"name": "g", "rules": [{**rule, "status": "live"}]}]}

    assert [error.message for error in VALIDATOR.iter_errors(body)] == [
        "'play' is a required property"
    ]


def test_the_pages_are_up_to_date() -> None:
    """`make docs` has nothing to write."""
    schema = json.loads((DOCS / "rules.schema.json").read_text(encoding="utf-8"))

    assert schema == rules_schema()
    assert (DOCS / "signals.md").read_text(encoding="utf-8") == render_signals_doc(default_rules())


def test_the_page_of_signals_has_each_rule_and_each_number() -> None:
    """Every rule has its heading, every param its line."""
    page = render_signals_doc(default_rules())
    rules = default_rules()

    assert [rule.id for rule in rules.rules if f"\n### {rule.id}\n" not in page] == []
    assert [name for name in rules.params if f"| `{name}` |" not in page] == []
