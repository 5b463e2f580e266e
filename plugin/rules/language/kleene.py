"""Judge an account in three-valued logic: true, false, or unknown with what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugin.account.context import Gap
from plugin.rules.language import intervals, quantifiers
from plugin.rules.language.arithmetic import COMPARISONS, NUMERIC, OPERATIONS, TEMPORAL
from plugin.rules.language.intervals import Interval, ItemCount, Unknown, merged, together
from plugin.rules.language.reading import Env, Evaluator, reader
from plugin.rules.language.tree import (
    Apply,
    Conditional,
    Constant,
    Definition,
    FieldRead,
    ItemRead,
    Logic,
    Macro,
    Node,
    walk,
)
from plugin.rules.language.types import NUMBER

_IN_PART = frozenset({Unknown, Interval, ItemCount})


def _logic(node: Logic) -> Evaluator:
    operands = [build(operand) for operand in node.operands]
    decisive = node.op == "||"

    def judge(env: Env) -> Any:
        unknown: list[Unknown] = []
        for operand in operands:
            verdict = operand(env)
            if verdict is decisive:
                return decisive
            if isinstance(verdict, Unknown):
                unknown.append(verdict)
        return together(unknown) if unknown else not decisive

    return judge


def _conditional(node: Conditional) -> Evaluator:
    condition, then, other = build(node.condition), build(node.then), build(node.other)

    def choose(env: Env) -> Any:
        verdict = condition(env)
        if isinstance(verdict, Unknown):
            return verdict
        return then(env) if verdict else other(env)

    return choose


def as_items(value: Any) -> ItemCount:
    """Return a list as sure items, unless it is already known in part."""
    return value if isinstance(value, ItemCount) else ItemCount(value)


def _macro(node: Macro) -> Evaluator:
    source, body, variable = build(node.items), build(node.body), node.variable
    quantify = quantifiers.MACROS[node.kind]

    def judge_items(env: Env) -> Any:
        items = source(env)
        if isinstance(items, Unknown):
            return items
        before = env.items

        here = env.items = {**before}

        def judge(item: Any) -> Any:
            here[variable] = item
            return body(env)

        verdict = quantify(as_items(items), judge)
        env.items = before
        return verdict

    return judge_items


def _first_field(node: Node) -> tuple[str, str]:
    for below in walk(node):
        if isinstance(below, FieldRead | ItemRead):
            return below.path, below.upstream
    return "", ""


def _membership(sought: Any, items: Any) -> Any:
    if not isinstance(sought, Interval):
        return quantifiers.contains(items, sought)
    if isinstance(items, ItemCount):
        return Unknown(merged((*sought.gaps, *items.gaps())))
    impossible = all(intervals.compare("==", sought, item) is False for item in items)
    return False if impossible else Unknown(sought.gaps)


def _in_part(op: str, args: tuple[Any, ...], arithmetic: Gap) -> Any:
    """Return an operation of which an operand is an interval or a list known in part."""
    if op == "in":
        return _membership(*args)
    if op == "size":
        return intervals.count(args[0])
    gaps = merged(gap for arg in args if isinstance(arg, Interval) for gap in arg.gaps)
    if op in COMPARISONS:
        verdict = intervals.compare(op, *args)
        return Unknown(gaps) if verdict is None else verdict
    if op in ("+", "-", "*", "neg"):
        return intervals.compute(op, args, gaps, arithmetic)
    return Unknown(gaps)


def _operation(node: Apply) -> Callable[..., Any]:
    if node.op in ("+", "-"):
        return (NUMERIC if node.type == NUMBER else TEMPORAL)[node.op]
    return OPERATIONS[node.op]


def _apply(node: Apply) -> Evaluator:
    op, operation = node.op, _operation(node)
    operands = [build(arg) for arg in node.args]
    field, upstream = _first_field(node)

    def compute_in_part(args: tuple[Any, ...]) -> Any:
        unknown = [arg for arg in args if isinstance(arg, Unknown)]
        if unknown:
            return together(unknown)
        return _in_part(op, args, Gap(field, upstream, "arithmetic"))

    def compute(env: Env) -> Any:
        args = tuple([operand(env) for operand in operands])
        for arg in args:
            if arg.__class__ in _IN_PART:
                return compute_in_part(args)
        try:
            return operation(*args)
        except ZeroDivisionError:
            return Unknown((Gap(field, upstream, "division_by_zero"),))
        except (ArithmeticError, ValueError):
            return Unknown((Gap(field, upstream, "arithmetic"),))

    if node.op == "list" and all(isinstance(arg, Constant) for arg in node.args):
        values = tuple(arg.value for arg in node.args if isinstance(arg, Constant))
        return lambda _env: values
    return compute


def build(node: Node) -> Evaluator:
    """Return the evaluator of a node; it gives a value, Unknown, Interval or Items."""
    match node:
        case Apply():
            return _apply(node)
        case Logic():
            return _logic(node)
        case Macro():
            return _macro(node)
        case Conditional():
            return _conditional(node)
        case Definition(body=body):
            return build(body)
    return reader(node)
