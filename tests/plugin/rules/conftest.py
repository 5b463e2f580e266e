"""The rules that ship, and an account to judge by rules written on the spot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from textwrap import dedent, indent
from typing import Any

import pytest

from plugin.rules.binding import Binding, bind_mapping
from plugin.rules.conversion import Moment
from plugin.rules.rule_file import Loaded, default_rules, load_rules, shipped_text
from plugin.rules.rule_tests import TestFile, load_tests
from plugin.rules.rules import RuleSet
from plugin.rules.schema import Schema, vocabulary_schema

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HEAD = "version: 1\ngroups:\n  - name: trial\n    rules:\n"
RULE = """\
- id: few_seats
  kind: risk
  severity: medium
  status: live
  when: contract.seats_paid < 5
  headline: "{{ contract.seats_paid }} seats"
  play: {text: "Call them.", owner: csm}
"""


@pytest.fixture(scope="session")
def schema() -> Schema:
    """Return the plain vocabulary."""
    return vocabulary_schema()


@pytest.fixture(scope="session")
def pack() -> RuleSet:
    """Return the rules that ship."""
    return default_rules()


@pytest.fixture(scope="session")
def pack_tests(schema: Schema) -> TestFile:
    """Return the tests of the rules that ship."""
    tests = load_tests(shipped_text("default_test"), "default_test.yaml", schema).tests
    assert tests is not None
    return tests


@pytest.fixture(scope="session")
def moment() -> Moment:
    """Return noon of the day on which Northwind has 60 days left."""
    return Moment(NOW)


@pytest.fixture(scope="session")
def load(schema: Schema) -> Callable[[str], Loaded]:
    """Return a reader of whole rule files."""
    return lambda text: load_rules(dedent(text), "acme.yaml", schema)


@pytest.fixture(scope="session")
def one_rule(load: Callable[[str], Loaded]) -> Callable[..., Loaded]:
    """Return a reader of one sound rule, with keys changed (None takes a key away)."""

    def read(head: str = "", **changes: str | None) -> Loaded:
        lines = {line.split(":")[0].strip(" -"): line for line in RULE.splitlines()}
        for key, value in changes.items():
            name = key.rstrip("_")
            dash = "-" if name == "id" else " "
            lines[name] = "" if value is None else f"{dash} {name}: {value}"
        body = "\n".join(line for line in lines.values() if line)
        return load(HEAD.replace("groups:", f"{head}groups:") + indent(body, "      ") + "\n")

    return read


@pytest.fixture(scope="session")
def rules_of(one_rule: Callable[..., Loaded]) -> Callable[..., RuleSet]:
    """Return a maker of a rule set of one rule, which must be sound."""

    def read(head: str = "", **changes: str | None) -> RuleSet:
        loaded = one_rule(head, **changes)
        assert loaded.rules is not None, [str(finding) for finding in loaded.findings]
        return loaded.rules

    return read


@pytest.fixture(scope="session")
def account(schema: Schema, moment: Moment) -> Callable[[Mapping[str, Any]], Binding]:
    """Return a binder of plain values, keyed by path."""
    return lambda values: bind_mapping(values, schema, moment)
