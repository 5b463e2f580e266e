"""Small rule sets whose rules simply fire, to see what hides what."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from plugin.account.context import AccountContext
from plugin.rules.binding import bind
from plugin.rules.conversion import Moment
from plugin.rules.evaluation import evaluate
from plugin.rules.rule_file import load_rules
from plugin.rules.schema import vocabulary_schema

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIST = """
version: 1
groups:
  - name: g
    rules:
"""


def rule_line(name: str, kind: str, severity: str, more: str = "", status: str = "live") -> str:
    """Return a rule that fires where the account has employees, as one line."""
    fires = "when: account.employees > 0"
    play = "play: {text: Do it., owner: csm}"
    rest = f", {more}" if more else ""
    keys = f"id: {name}, kind: {kind}, severity: {severity}, status: {status}"
    return f"      - {{{keys}, {fires}, headline: {name}, {play}{rest}}}\n"


def shown(lines: list[str], values=None, states=None, role="csm"):
    """Return what a set of such rules shows on an account."""
    loaded = load_rules(LIST + "".join(lines), "x.yaml", vocabulary_schema())
    assert loaded.rules is not None, [str(finding) for finding in loaded.findings]
    context = AccountContext()
    binding = bind(context, loaded.rules.schema, Moment(NOW, answered=frozenset()))
    known = {"account.employees": 5, **(values or {})}
    binding = dataclasses.replace(binding, values=known)
    return evaluate(loaded.rules, binding, Moment(NOW), role, states)


def names(signals) -> list[str]:
    """Return the rules of signals, in order."""
    return [signal.rule for signal in signals]
