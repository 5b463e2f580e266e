"""Check operators: which types they take, what they give, and words that no field ever has."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.rules.language.context import Context, is_wrong, unknown, words_of
from plugin.rules.language.syntax import Binary, Chain, Choice, ListLiteral, Unary
from plugin.rules.language.tree import (
    Apply,
    ClockRead,
    Conditional,
    Constant,
    Logic,
    Node,
    Span,
    bare,
)
from plugin.rules.language.types import (
    BOOL,
    DURATION,
    NUMBER,
    ORDERED,
    SCALARS,
    STRING,
    TIMESTAMP,
    WRONG,
    Type,
    list_of,
)

_EQUALITY = ("==", "!=")
_TIME = {
    ("-", TIMESTAMP, TIMESTAMP): DURATION,
    ("+", TIMESTAMP, DURATION): TIMESTAMP,
    ("+", DURATION, TIMESTAMP): TIMESTAMP,
    ("-", TIMESTAMP, DURATION): TIMESTAMP,
    ("+", DURATION, DURATION): DURATION,
    ("-", DURATION, DURATION): DURATION,
}


def condition(context: Context, node: Node, where: str) -> Node:
    """Report an operand that is no yes or no; `where` says which side it is."""
    if node.type in (BOOL, WRONG):
        return node
    hint = f"{where} must be a condition: compare it, as in … > 0 or … == 'x'"
    return context.wrong("not-a-condition", f"{where} is a {node.type}", hint, node.span)


def _side(op: str, index: int, count: int) -> str:
    if count == 2:  # noqa: PLR2004 - a left and a right side
        return f"the {'left' if index == 0 else 'right'} side of '{op}'"
    return f"part {index + 1} of the '{op}' chain"


def chain(context: Context, node: Chain) -> Node:
    """Check `&&` or `||`, each operand by itself."""
    count = len(node.operands)
    operands = tuple(
        condition(context, context.infer(operand), _side(node.op, index, count))
        for index, operand in enumerate(node.operands)
    )
    return unknown(node.span) if is_wrong(*operands) else Logic(node.op, operands, node.span)


def choice(context: Context, node: Choice) -> Node:
    """Check `a ? b : c`: the branches are of one type."""
    test = condition(context, context.infer(node.condition), "what stands before '?'")
    then, other = context.infer(node.then), context.infer(node.other)
    if is_wrong(test, then, other):
        return unknown(node.span)
    if then.type != other.type:
        message = f"the branches of '?:' differ: {then.type} and {other.type}"
        hint = "both must be of one type"
        return context.wrong("type-mismatch", message, hint, node.span)
    words = tuple(dict.fromkeys(words_of(then) + words_of(other)))
    known = words if words_of(then) and words_of(other) else ()
    return Conditional(test, then, other, then.type, node.span, known)


def unary(context: Context, node: Unary) -> Node:
    """Check `!x` and `-x`."""
    operand = context.infer(node.operand)
    if node.op == "!":
        operand = condition(context, operand, "what follows '!'")
        return unknown(node.span) if is_wrong(operand) else Apply("!", (operand,), BOOL, node.span)
    if is_wrong(operand):
        return operand
    if operand.type != NUMBER:
        message = f"'-' takes a number, not a {operand.type}"
        hint = "swap the two sides of a difference instead"
        return context.wrong("type-mismatch", message, hint, node.span)
    return Apply("neg", (operand,), NUMBER, node.span)


def list_literal(context: Context, node: ListLiteral) -> Node:
    """Check `[a, b]`: scalars of one type."""
    items = tuple(context.infer(item) for item in node.items)
    if is_wrong(*items):
        return unknown(node.span)
    first = items[0].type
    for item in items:
        if item.type != first or first not in SCALARS:
            message = f"a list holds values of one type, not {first} and {item.type}"
            return context.wrong("type-mismatch", message, "keep to one type", item.span)
    return Apply("list", items, list_of(first), node.span)


def _text_of(context: Context, span: Span) -> str:
    return context.texts.get(span.definition, context.text)[span.start : span.end]


def _mismatch_hint(context: Context, left: Node, right: Node) -> str:
    types = {left.type, right.type}
    number = left if left.type == NUMBER else right
    amount = _text_of(context, number.span)
    if types == {DURATION, NUMBER}:
        return f"a time span is written days({amount}) or hours({amount})"
    if types == {TIMESTAMP, NUMBER}:
        return f"compare a difference with a time span: … - today <= days({amount})"
    if types == {TIMESTAMP, DURATION}:
        return "subtract first: … - today <= days(60), or … >= today - days(60)"
    if types == {NUMBER, STRING}:
        return "write numbers without quotes"
    if types == {TIMESTAMP, STRING}:
        return "compare a time with today or now, as in … >= today - days(30)"
    return "both sides must be of one type"


def _mismatch(context: Context, op: str, left: Node, right: Node, span: Span) -> Node:
    message = f"'{op}' cannot take {left.type} and {right.type}"
    hint = _mismatch_hint(context, left, right)
    return context.wrong("type-mismatch", message, hint, span)


def _check_word(context: Context, literal: Node, words: tuple[str, ...]) -> None:
    if not words or not isinstance(literal, Constant) or literal.value in words:
        return
    near = context.nearest(str(literal.value), words).replace("'", "")
    meant = near.removeprefix("did you mean ").removesuffix("?")
    likely = f"; did you mean '{meant}'?" if near else ""
    hint = f"its values are {', '.join(words)}{likely}"
    context.report("enum-typo", f"no such value: '{literal.value}'", hint, literal.span)


def _literals(node: Node) -> Iterator[Node]:
    node = bare(node)
    if isinstance(node, Apply) and node.op == "list":
        yield from (bare(item) for item in node.args)
    elif isinstance(node, Conditional):
        yield from (*_literals(node.then), *_literals(node.other))
    else:
        yield node


def _check_words(context: Context, left: Node, right: Node) -> None:
    for one, other in ((left, right), (right, left)):
        for literal in _literals(one):
            _check_word(context, literal, words_of(other))
            for item in _literals(other):
                if item is not bare(other):
                    _check_word(context, literal, words_of(item))


def _is_now(node: Node) -> bool:
    node = bare(node)
    if isinstance(node, Apply) and node.type == TIMESTAMP:
        return any(_is_now(arg) for arg in node.args)
    return isinstance(node, ClockRead) and node.name == "now"


def _is_date(node: Node) -> bool:
    node = bare(node)
    if isinstance(node, Apply) and node.type == TIMESTAMP:
        return any(_is_date(arg) for arg in node.args)
    return getattr(node, "unit", None) == "date"


def _check_clock(context: Context, left: Node, right: Node, span: Span) -> None:
    if (_is_now(left) and _is_date(right)) or (_is_date(left) and _is_now(right)):
        message = "a calendar date is held against the clock"
        hint = "write 'today' instead of 'now': then it also holds on the day itself"
        context.warn("date-against-now", message, hint, span)


def _comparison(context: Context, op: str, left: Node, right: Node, span: Span) -> Node:
    if left.type != right.type:
        return _mismatch(context, op, left, right, span)
    if op in _EQUALITY and left.type not in SCALARS:
        hint = "compare their sizes, or ask exists(…)"
        return context.wrong("type-mismatch", "lists and records do not compare", hint, span)
    if op not in _EQUALITY and left.type not in ORDERED:
        message = f"a {left.type} has no order"
        return context.wrong("type-mismatch", message, "use == or 'in' with a list", span)
    _check_words(context, left, right)
    _check_clock(context, left, right, span)
    return Apply(op, (left, right), BOOL, span)


def _membership(context: Context, left: Node, right: Node, span: Span) -> Node:
    if right.type.item is None:
        message = f"the right side of 'in' is a {right.type}, not a list"
        hint = "text is searched with contains: s.contains('x')"
        return context.wrong("type-mismatch", message, hint, span)
    if left.type != right.type.item or left.type not in SCALARS:
        message = f"a {left.type} cannot be in a {right.type}"
        hint = "ask exists(x, …) about the fields of its items"
        return context.wrong("type-mismatch", message, hint, span)
    _check_words(context, left, right)
    return Apply("in", (left, right), BOOL, span)


def _arithmetic(context: Context, op: str, left: Node, right: Node, span: Span) -> Node:
    if left.type == right.type == NUMBER:
        return Apply(op, (left, right), NUMBER, span)
    result: Type | None = _TIME.get((op, left.type, right.type))
    if result is None and op == "+" and STRING in (left.type, right.type):
        hint = "text is compared, never built; headlines are built with {{ … }}"
        return context.wrong("left-out", "text cannot be joined with '+'", hint, span)
    if result is None:
        return _mismatch(context, op, left, right, span)
    if op == "-":
        _check_clock(context, left, right, span)
    return Apply(op, (left, right), result, span)


def binary(context: Context, node: Binary) -> Node:
    """Check a comparison, `in`, or arithmetic."""
    left, right = context.infer(node.left), context.infer(node.right)
    if is_wrong(left, right):
        return unknown(node.span)
    if node.op == "in":
        return _membership(context, left, right, node.span)
    if node.op in "+-*/%":
        return _arithmetic(context, node.op, left, right, node.span)
    return _comparison(context, node.op, left, right, node.span)
