"""Google's own CEL judges the same rules: true against false would be a bug of ours.

Departures that are deliberate are written around: numbers are doubles, times are seconds,
division and `%` are left out. Where CEL errs, ours is unknown, or decided by a count.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from plugin.rules.binding import ITEM_GAPS, Binding
from plugin.rules.language.printer import quote
from plugin.rules.language.program import Program
from plugin.rules.language.tree import (
    Apply,
    ClockRead,
    Conditional,
    Constant,
    FieldRead,
    Has,
    ItemRead,
    Logic,
    Macro,
    Node,
    VariableRead,
    walk,
)
from tests.plugin.rules.language.accounts import account_pairs
from tests.plugin.rules.language.cast import bound, program
from tests.plugin.rules.language.strategies import conditions

if os.environ.get("CI") == "true":
    from cel_expr_python import cel
else:
    cel = pytest.importorskip("cel_expr_python.cel", reason="pip install cel-expr-python")

ROOTS = ("account", "contract", "health", "survey", "ticket", "usage")
ENV = cel.NewEnv(variables=dict.fromkeys(("facts", "now", "today"), cel.Type.DYN))


def as_cel(node: Node) -> str:
    """Return a checked expression as CEL text over plain maps."""
    match node:
        case Constant():
            return constant(node)
        case FieldRead(path=path):
            return f"facts.{path}"
        case ItemRead(variable=variable, name=name):
            return f"{variable}.{name}"
        case VariableRead(variable=name) | ClockRead(name=name):
            return name
    return joined(node)


def constant(node: Constant) -> str:
    """Return a literal; every number is a double."""
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return quote(node.value) if isinstance(node.value, str) else repr(float(node.value))


def joined(node: Node) -> str:
    """Return a node that has operands."""
    match node:
        case Logic(op=op, operands=operands):
            return f"({f' {op} '.join(as_cel(operand) for operand in operands)})"
        case Conditional(condition=test, then=then, other=other):
            return f"({as_cel(test)} ? {as_cel(then)} : {as_cel(other)})"
        case Macro(kind=kind, items=items, variable=variable, body=body):
            return f"{as_cel(items)}.{kind}({variable}, {as_cel(body)})"
        case Apply(op=op, args=args):
            return applied(op, [as_cel(arg) for arg in args])
        case Has(target=target):
            return f"has({as_cel(target)})"
    raise AssertionError(node)


def applied(op: str, args: list[str]) -> str:
    """Return an operation; time spans are seconds, a size is a double."""
    match op:
        case "days" | "hours":
            return f"({args[0]} * {86400.0 if op == 'days' else 3600.0})"
        case "size":
            return f"double({args[0]}.size())"
        case "list":
            return f"[{', '.join(args)}]"
        case "!" | "neg":
            return f"{op[0].replace('n', '-')}({args[0]})"
        case "contains" | "startsWith" | "endsWith":
            return f"{args[0]}.{op}({args[1]})"
    return f"({args[0]} {op} {args[1]})"


def plain(value: Any) -> Any:
    """Return a value as the oracle takes it."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items() if name != ITEM_GAPS}
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def as_data(account: Binding) -> dict[str, Any]:
    """Return an account as nested maps."""
    facts: dict[str, Any] = {root: {} for root in ROOTS}
    for path, value in account.values.items():
        root, _, name = path.partition(".")
        if name:
            facts[root][name] = plain(value)
        else:
            facts[root] = plain(value)
    return {"facts": facts, "now": plain(account.now), "today": plain(account.today)}


def verdict(compiled: Program, account: Binding) -> bool | None:
    """Return what the oracle says: None where it errs."""
    expression = ENV.compile(as_cel(compiled.tree))
    try:
        value = expression.eval(data=as_data(account)).plain_value()
    except Exception:  # noqa: BLE001 - whatever the oracle raises is its way to say "error"
        return None
    return value if isinstance(value, bool) else None


def counts(compiled: Program) -> bool:
    """Tell whether a count is asked, which ours decides from a part of the items."""
    return any(
        (isinstance(node, Macro) and node.kind in ("filter", "exists_one"))
        or (isinstance(node, Apply) and node.op == "size")
        for node in walk(compiled.tree)
    )


def asks_the_silent(compiled: Program, account: Binding) -> bool:
    """Tell whether `has` asks for a field whose source did not answer: CEL would say no."""
    asked = {node.target.path for node in walk(compiled.tree) if isinstance(node, Has)}
    known = account.values.keys() | account.empty.keys()
    return any(path not in known for path in asked if "[]" not in path) or any(
        "[]" in path and path not in account.empty for path in asked
    )


@settings(max_examples=150, deadline=None)
@given(conditions(is_plain=True), account_pairs())
def test_cel_never_contradicts(text, accounts):
    """Its error is our unknown; ours may be decided where it errs only for counts."""
    compiled = program(text)
    for account in accounts:
        if asks_the_silent(compiled, account) or account.partial & compiled.lists:
            continue
        theirs, ours = verdict(compiled, account), compiled.run(account).value
        if theirs is None and counts(compiled):
            continue
        assert ours is theirs


@pytest.mark.parametrize(
    ("text", "expected"),
    [("contract.arr > 1", True), ("contract.arr < 1", False), ("survey.nps > 1", None)],
)
def test_the_oracle_answers(text, expected):
    """The oracle decides and errs, so that the test above can fail."""
    assert verdict(program(text), bound()) is expected
