"""Judge an account in three-valued logic: true, false, or unknown with what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugin.account.context import Gap
from plugin.signals.binding import ITEM_GAPS, Binding
from plugin.signals.language import intervals, quantifiers
from plugin.signals.language.arithmetic import COMPARISONS, NUMERIC, OPERATIONS, TEMPORAL
from plugin.signals.language.intervals import Interval, Items, Unknown, merged
from plugin.signals.language.tree import (
    Apply,
    Clock,
    Conditional,
    Constant,
    Definition,
    FieldRead,
    Has,
    ItemRead,
    Logic,
    Macro,
    Node,
    VariableRead,
    walk,
)
from plugin.signals.language.types import NUMBER

NOT_ASKED = "not_configured"


class Env:
    """One account, and the items that variables stand for at this point."""

    __slots__ = ("binding", "items", "values")

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.values = binding.values
        self.items: dict[str, Any] = {}


Evaluator = Callable[[Env], Any]


def _listed(env: Env, value: Any, path: str, upstream: str) -> Any:
    if path in env.binding.partial:
        return Items(value, (), (Gap(path, upstream, "incomplete"),))
    return value


def _gap(env: Env, path: str, upstream: str) -> Gap:
    return env.binding.gaps.get(path) or Gap(path, upstream, NOT_ASKED)


def _field(node: FieldRead) -> Evaluator:
    path, upstream, is_list = node.path, node.upstream, node.type.item is not None

    def read(env: Env) -> Any:
        value = env.values.get(path)
        if value is None:
            return Unknown((_gap(env, path, upstream),))
        return _listed(env, value, path, upstream) if is_list else value

    return read


def _item_gap(env: Env, node: ItemRead) -> Gap:
    reason = env.items[node.variable].get(ITEM_GAPS, {}).get(node.name)
    if reason:
        return Gap(node.path, node.upstream, reason)
    return _gap(env, node.path, node.upstream)


def _item(node: ItemRead) -> Evaluator:
    variable, name, path, upstream = node.variable, node.name, node.path, node.upstream
    is_list = node.type.item is not None

    def read(env: Env) -> Any:
        value = env.items[variable].get(name)
        if value is None:
            return Unknown((_item_gap(env, node),))
        return _listed(env, value, path, upstream) if is_list else value

    return read


def _has(node: Has) -> Evaluator:
    target = node.target
    read = _field(target) if isinstance(target, FieldRead) else _item(target)

    def has(env: Env) -> Any:
        value = read(env)
        if not isinstance(value, Unknown):
            return True
        return False if value.gaps[0].reason == "empty" else value

    return has


def _logic(node: Logic) -> Evaluator:
    operands = [build(operand) for operand in node.operands]
    decisive = node.op == "||"

    def judge(env: Env) -> Any:
        missing: list[Gap] = []
        for operand in operands:
            verdict = operand(env)
            if verdict is decisive:
                return decisive
            if isinstance(verdict, Unknown):
                missing += verdict.gaps
        return Unknown(merged(missing)) if missing else not decisive

    return judge


def _conditional(node: Conditional) -> Evaluator:
    condition, then, other = build(node.condition), build(node.then), build(node.other)

    def choose(env: Env) -> Any:
        verdict = condition(env)
        if isinstance(verdict, Unknown):
            return verdict
        return then(env) if verdict else other(env)

    return choose


def as_items(value: Any) -> Items:
    """Return a list as sure items, unless it is already known in part."""
    return value if isinstance(value, Items) else Items(value)


def _macro(node: Macro) -> Evaluator:
    source, body, variable = build(node.items), build(node.body), node.variable
    quantify = quantifiers.MACROS[node.kind]

    def judge_items(env: Env) -> Any:
        items = source(env)
        if isinstance(items, Unknown):
            return items
        before = env.items

        def judge(item: Any) -> Any:
            env.items = {**before, variable: item}
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
        return quantifiers.contains(as_items(items), sought)
    if isinstance(items, Items):
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
    return OPERATIONS.get(node.op, _membership)


def _apply(node: Apply) -> Evaluator:
    op, operation = node.op, _operation(node)
    operands = [build(arg) for arg in node.args]
    field, upstream = _first_field(node)

    def compute(env: Env) -> Any:
        args = tuple(operand(env) for operand in operands)
        missing = [gap for arg in args if isinstance(arg, Unknown) for gap in arg.gaps]
        if missing:
            return Unknown(merged(missing))
        if any(isinstance(arg, Interval | Items) for arg in args):
            return _in_part(op, args, Gap(field, upstream, "arithmetic"))
        try:
            return operation(*args)
        except ZeroDivisionError:
            return Unknown((Gap(field, upstream, "division_by_zero"),))
        except (ArithmeticError, ValueError):
            return Unknown((Gap(field, upstream, "arithmetic"),))

    return compute


def _clock(node: Clock) -> Evaluator:
    return (lambda env: env.binding.now) if node.name == "now" else lambda env: env.binding.today


def _leaf(node: FieldRead | ItemRead | Has | Constant | VariableRead | Clock) -> Evaluator:
    match node:
        case FieldRead():
            return _field(node)
        case ItemRead():
            return _item(node)
        case Has():
            return _has(node)
        case Clock():
            return _clock(node)
        case Constant(value=value):
            return lambda _env: value
        case VariableRead(variable=variable):
            return lambda env: env.items[variable]


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
    return _leaf(node)
