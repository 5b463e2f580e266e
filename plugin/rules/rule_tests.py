"""The YAML tests beside a rule file, read and checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from plugin.account import words
from plugin.rules.diagnostic import Diagnostic, diagnostic
from plugin.rules.durations import parse_duration, parse_instant
from plugin.rules.merging import entries_of, items_of, text_of
from plugin.rules.rule_keys import Shape
from plugin.rules.rule_test_fixtures import check_accounts
from plugin.rules.schema import Schema, spec_at
from plugin.rules.shape_check import check_shape, nearest
from plugin.rules.yaml_tree import Node, plain, read_yaml, yaml_words

_ID = Shape("id")
_IDS = Shape("list", item=_ID)
_PATH = Shape("text")
_REASONS = (*words.GAP_REASON, *words.EVALUATOR_REASON)
_ANY = Shape("any")
STATE = {
    "rule": Shape("id", "rule of the row", required=True),
    "state": Shape("word", "state of the lamp", required=True, words=words.SIGNAL_STATE),
    "since": Shape("instant", "since when"),
    "true_since": Shape("instant", "since when the condition holds"),
    "last_true_at": Shape("instant", "when it held last"),
    "last_eval_at": Shape("instant", "when it could be judged last"),
    "version": Shape("name", "version of the rule"),
    "severity": Shape("word", "severity then", words=words.SEVERITY),
    "snoozed_until": Shape("instant", "end of a snooze"),
    "dismissed": Shape("word", "feedback that dismissed it", words=words.FEEDBACK),
}
EXPECT = {
    "fires": _IDS,
    "silent": _IDS,
    "unknown": Shape("names or table", "rules, or rule: its missing fields", item=_ANY),
    "shown": _IDS,
    "severity": Shape("table", item=Shape("word", words=words.SEVERITY)),
    "headline": Shape("table", item=Shape("text")),
}
CHANGES = {
    "drop": Shape("list", "answered, and nothing there", item=_PATH),
    "down": Shape("list", "upstreams that time out", item=_PATH),
    "gap": Shape("table", "field: reason", item=Shape("word", words=_REASONS)),
    "set": Shape("table", "field: value", item=_ANY),
    "append": Shape("table", "list: an item, or items", item=_ANY),
    "partial": Shape("list", "lists of which a part is unread", item=_PATH),
    "age": Shape("table", "field: how old", item=Shape("duration")),
}
TEST = {
    "name": Shape("text", "what the test says", required=True),
    "account": Shape("name", "name under accounts", required=True),
    "todo": Shape("flag", "expected to fail"),
    **CHANGES,
    "state": Shape("list", "stored rows", item=Shape("map", keys=STATE)),
    "expect": Shape("map", "what must come out", required=True, keys=EXPECT, least=1),
}
FILE = {
    "version": Shape("version", "version of this file", required=True),
    "rule_files": Shape("list", "files under test", required=True, item=_PATH, least=1),
    "now": Shape("instant", "the moment of every test", required=True),
    "time_zone": Shape("text", "time zone of the workspace"),
    "currency": Shape("text", "currency of the workspace"),
    "exchange_rates": Shape("table", "currency: worth of one unit", item=Shape("number")),
    "accounts": Shape("table", "accounts by name", item=_ANY),
    "tests": Shape("list", "the tests", item=Shape("map", keys=TEST)),
}


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One test: an account, what changes on it, and what is expected."""

    name: str
    line: int
    account: str
    changes: Mapping[str, Any]
    states: tuple[Mapping[str, Any], ...]
    expect: Mapping[str, Any]
    todo: bool = False


@dataclass(frozen=True, slots=True)
class TestFile:
    """A file of rule tests."""

    __test__ = False  # pytest: a record, no test

    name: str
    rule_files: tuple[str, ...]
    now: datetime
    zone: str
    currency: str
    rates: Mapping[str, float]
    accounts: Mapping[str, Mapping[str, Any]]
    tests: tuple[RuleTest, ...]


@dataclass(frozen=True, slots=True)
class LoadedTests:
    """What reading brought: `tests` is None when there is an error among the findings."""

    tests: TestFile | None
    findings: tuple[Diagnostic, ...] = field(default=())


def _known_paths(schema: Schema) -> set[str]:
    records = {path.rpartition(".")[0] for path in schema if "." in path}
    return {*schema, *records}


def _check_paths(test: Node, schema: Schema) -> Iterator[Diagnostic]:
    known = _known_paths(schema)
    lists = (node for key in ("drop", "partial") for node in items_of(test.get(key)))
    tables = (k for key in ("gap", "set", "append", "age") for k, _ in entries_of(test.get(key)))
    for node in (*lists, *tables):
        if node.text not in known and spec_at(schema, node.text) is None:
            hint = nearest(node.text, sorted(known))
            message = f"unknown field '{node.text}'"
            yield diagnostic(node.place(), "unknown-field", message, hint)


def upstreams(schema: Schema) -> set[str]:
    """Return the names of all upstreams that supply a field."""
    items = (item.upstream for spec in schema.values() for item in spec.items.values())
    return {*(spec.upstream for spec in schema.values()), *items}


def _check_names(root: Node, test: Node, schema: Schema) -> Iterator[Diagnostic]:
    accounts = {key.text for key, _ in entries_of(root.get("accounts"))}
    account = test.get("account")
    if account is not None and account.text not in accounts:
        hint = nearest(account.text, sorted(accounts))
        yield diagnostic(account.place(), "unknown-id", f"no account '{account.text}'", hint)
    known = upstreams(schema)
    for node in items_of(test.get("down")):
        if node.text not in known:
            hint = nearest(node.text, sorted(known)) or f"one of {', '.join(sorted(known))}"
            yield diagnostic(node.place(), "unknown-name", f"no upstream '{node.text}'", hint)


def _check_zone(root: Node) -> Iterator[Diagnostic]:
    node = root.get("time_zone")
    try:
        ZoneInfo(text_of(node) or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if node is not None:
            message = f"unknown time zone '{node.text}'"
            yield diagnostic(node.place(), "bad-value", message, "such as Europe/Berlin")


def _times(row: Any) -> dict[str, Any]:
    times = {key: parse_instant(str(value)) for key, value in row.items()}
    return {key: times[key] or value for key, value in row.items()}


def _changes(test: Node) -> dict[str, Any]:
    found = {key: plain(node) for key in CHANGES if (node := test.get(key)) is not None}
    age = {key.text: parse_duration(value.text) for key, value in entries_of(test.get("age"))}
    return {**found, "age": {name: length or timedelta() for name, length in age.items()}}


def _test(node: Node) -> RuleTest:
    todo, expect, states = node.get("todo"), node.get("expect"), node.get("state")
    expected = plain(expect) if expect is not None else {}
    return RuleTest(
        name=text_of(node.get("name")),
        line=node.source.locate(node.start)[0],
        account=text_of(node.get("account")),
        changes=_changes(node),
        states=tuple(_times(plain(row)) for row in items_of(states)),
        expect=expected if isinstance(expected, dict) else {},
        todo=todo is not None and todo.value() is True,
    )


def _accounts(root: Node) -> dict[str, Mapping[str, Any]]:
    found = {key.text: plain(value) for key, value in entries_of(root.get("accounts"))}
    return {name: value for name, value in found.items() if isinstance(value, dict)}


def _file(root: Node) -> TestFile:
    rates = {k.text.lower(): float(v.text) for k, v in entries_of(root.get("exchange_rates"))}
    return TestFile(
        name=root.source.name,
        rule_files=tuple(node.text for node in items_of(root.get("rule_files"))),
        now=parse_instant(text_of(root.get("now"))) or datetime.min.replace(tzinfo=UTC),
        zone=text_of(root.get("time_zone")) or "UTC",
        currency=(text_of(root.get("currency")) or "usd").lower(),
        rates=rates,
        accounts=_accounts(root),
        tests=tuple(_test(node) for node in items_of(root.get("tests"))),
    )


def load_tests(data: bytes | str, name: str, schema: Schema) -> LoadedTests:
    """Return the tests of one file, or everything that is wrong with it."""
    root = read_yaml(data, name)
    if isinstance(root, Diagnostic):
        return LoadedTests(None, (root,))
    findings = [*yaml_words(root), *check_shape(root, Shape("map", keys=FILE)), *_check_zone(root)]
    findings += check_accounts(root.get("accounts"), schema)
    for test in items_of(root.get("tests")):
        findings += [*_check_paths(test, schema), *_check_names(root, test, schema)]
    if any(finding.severity == "error" for finding in findings):
        return LoadedTests(None, tuple(findings))
    return LoadedTests(_file(root), tuple(findings))
