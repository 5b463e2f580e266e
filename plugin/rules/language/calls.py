"""Check calls: list macros, has, methods of text and lists, days and hours."""

from __future__ import annotations

from plugin.rules.language import left_out
from plugin.rules.language.context import Context, Variable, is_wrong, unknown, words_of
from plugin.rules.language.limits import FUNCTIONS, MACROS, METHODS, STRING_TESTS
from plugin.rules.language.operators import condition
from plugin.rules.language.syntax import Call, Expression, Path
from plugin.rules.language.tree import (
    Apply,
    Conditional,
    FieldRead,
    Has,
    ItemRead,
    Macro,
    Node,
    bare,
)
from plugin.rules.language.types import BOOL, DURATION, NUMBER, STRING
from plugin.rules.schema import MAX_ITEMS, spec_at

_USAGE = {
    "has": "has(field)",
    "days": "days(30)",
    "hours": "hours(12)",
    "size": "x.size()",
    "contains": "s.contains('text')",
    "startsWith": "s.startsWith('text')",
    "endsWith": "s.endsWith('text')",
    "lowerAscii": "s.lowerAscii()",
} | {macro: f"list.{macro}(item, condition)" for macro in MACROS}


def _arguments(context: Context, node: Call, count: int) -> bool:
    if len(node.args) == count:
        return True
    message = f"'{node.name}' takes {count or 'no'} argument{'' if count == 1 else 's'}"
    context.report("wrong-arguments", message, f"write {_USAGE[node.name]}", node.span)
    return False


def _expected(context: Context, node: Call, operand: Node, kind: str) -> Node:
    message = f"'{node.name}' works on a {kind}, not on a {operand.type}"
    return context.wrong("type-mismatch", message, f"write {_USAGE[node.name]}", operand.span)


def _has(context: Context, node: Call) -> Node:
    if not _arguments(context, node, 1):
        return unknown(node.span)
    target = context.infer(node.args[0]) if isinstance(node.args[0], Path) else None
    if isinstance(target, FieldRead | ItemRead):
        return Has(target, node.span)
    if target is None or not is_wrong(target):
        message = "'has' asks for one field or item field"
        context.report("wrong-arguments", message, "write has(contract.renewal_at)", node.span)
    return unknown(node.span)


def _span_of_time(context: Context, node: Call) -> Node:
    if not _arguments(context, node, 1):
        return unknown(node.span)
    amount = context.infer(node.args[0])
    if is_wrong(amount):
        return amount
    if amount.type != NUMBER:
        return _expected(context, node, amount, "number")
    return Apply(node.name, (amount,), DURATION, node.span)


def _function(context: Context, node: Call) -> Node:
    if node.name == "has":
        return _has(context, node)
    if node.name in ("days", "hours"):
        return _span_of_time(context, node)
    if node.name in left_out.FUNCTIONS:
        message, hint = f"'{node.name}(…)' is not offered", left_out.FUNCTIONS[node.name]
        return context.wrong("left-out", message, hint, node.name_span)
    if node.name in METHODS:
        hint = f"write {_USAGE[node.name]}"
    else:
        hint = context.nearest(node.name, FUNCTIONS)
    message = f"unknown function '{node.name}'"
    return context.wrong("unknown-function", message, hint, node.name_span)


def _longest(context: Context, node: Node) -> int:
    node = bare(node)
    if isinstance(node, FieldRead | ItemRead):
        spec = spec_at(context.scope.schema, node.path)
        return spec.max_items if spec else MAX_ITEMS
    if isinstance(node, Macro):
        return node.max_items
    if isinstance(node, Conditional):
        return max(_longest(context, node.then), _longest(context, node.other))
    return len(node.args) if isinstance(node, Apply) else MAX_ITEMS


def _list_words(node: Node) -> tuple[str, ...]:
    return words_of(bare(node)) if node.type.item == STRING else ()


def _variable(context: Context, node: Call, items: Node) -> Variable | None:
    name = node.args[0]
    if not isinstance(name, Path) or len(name.parts) > 1:
        message = f"'{node.name}' first names its item"
        hint = f"write {_USAGE[node.name]}, with a name of your own for the item"
        context.report("wrong-arguments", message, hint, name.span)
        return None
    if name.parts[0] in context.reserved or name.parts[0] in context.variables:
        taken = "reserved" if name.parts[0] in context.reserved else "taken by an outer list"
        hint = "choose another name for the item, as in tickets.exists(t, …)"
        message = f"the name '{name.parts[0]}' is {taken}"
        context.report("reserved-name", message, hint, name.span)
    kind = items.type.item or items.type
    spec = spec_at(context.scope.schema, kind.record) if kind.record else None
    return Variable(kind, spec.items if spec else {}, _list_words(items))


def _macro(context: Context, node: Call, items: Node) -> Node:
    if items.type.item is None:
        return _expected(context, node, items, "list")
    if not _arguments(context, node, 2):
        return unknown(node.span)
    variable = _variable(context, node, items)
    if variable is None:
        return unknown(node.span)
    name = str(node.args[0])
    with context.variable(name, variable, node.span):
        body = context.infer(node.args[1])
        body = condition(context, body, f"the second argument of '{node.name}'")
    if is_wrong(body):
        return unknown(node.span)
    longest = _longest(context, items)
    if node.name != "filter":
        return Macro(node.name, items, name, body, BOOL, node.span, longest)
    words = _list_words(items)
    return Macro(node.name, items, name, body, items.type, node.span, longest, words)


def _size(context: Context, node: Call, target: Node) -> Node:
    if target.type != STRING and target.type.item is None:
        return _expected(context, node, target, "list or string")
    if not _arguments(context, node, 0):
        return unknown(node.span)
    return Apply("size", (target,), NUMBER, node.span)


def _text(context: Context, node: Call, target: Node) -> Node:
    if target.type != STRING:
        if target.type.item == STRING and node.name == "contains":
            hint = "ask whether a list has a value with 'in': 'x' in list"
            message = "'contains' searches text, not a list"
            return context.wrong("type-mismatch", message, hint, node.span)
        return _expected(context, node, target, "string")
    if not _arguments(context, node, 1 if node.name in STRING_TESTS else 0):
        return unknown(node.span)
    args = tuple(context.infer(argument) for argument in node.args)
    if is_wrong(*args):
        return unknown(node.span)
    if any(argument.type != STRING for argument in args):
        return _expected(context, node, args[0], "string")
    kind = BOOL if args else STRING
    return Apply(node.name, (target, *args), kind, node.span)


def _method(context: Context, node: Call, target: Expression) -> Node:
    if node.name in left_out.METHODS:
        message, hint = f"'{node.name}' is not offered", left_out.METHODS[node.name]
        return context.wrong("left-out", message, hint, node.name_span)
    if node.name not in METHODS:
        hint = f"write {_USAGE[node.name]}" if node.name in FUNCTIONS else ""
        hint = hint or context.nearest(node.name, METHODS)
        message = f"unknown function '{node.name}'"
        return context.wrong("unknown-function", message, hint, node.name_span)
    operand = context.infer(target)
    if is_wrong(operand):
        return unknown(node.span)
    if node.name in MACROS:
        return _macro(context, node, operand)
    return _size(context, node, operand) if node.name == "size" else _text(context, node, operand)


def call(context: Context, node: Call) -> Node:
    """Check a function or method call."""
    if node.target is None:
        return _function(context, node)
    return _method(context, node, node.target)
