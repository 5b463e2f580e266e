"""The canonical text of an expression: one line, single quotes, no bracket too many."""

from __future__ import annotations

from decimal import Decimal

from plugin.rules.language.parser import parse
from plugin.rules.language.syntax import (
    Binary,
    Call,
    Chain,
    Choice,
    Expression,
    ListLiteral,
    Literal,
    Path,
    Unary,
)

_CHOICE, _OR, _AND, _RELATION, _SUM, _TERM, _UNARY, _MEMBER = range(8)
_STRENGTH = {"+": _SUM, "-": _SUM, "*": _TERM, "/": _TERM, "%": _TERM, "||": _OR, "&&": _AND}
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def _strength(node: Expression) -> int:
    match node:
        case Choice():
            return _CHOICE
        case Chain(op=op) | Binary(op=op):
            return _STRENGTH.get(op, _RELATION)
        case Unary():
            return _UNARY
    return _MEMBER


def quote(text: str) -> str:
    """Return a string literal; double quotes only where they save an escape."""
    escaped = "".join(_ESCAPES.get(sign, sign) for sign in text)
    if "'" in text and '"' not in text:
        return f'"{escaped}"'
    return "'" + escaped.replace("'", "\\'") + "'"


def _literal(node: Literal) -> str:
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    if isinstance(node.value, str):
        return quote(node.value)
    return format(Decimal(repr(node.value)), "f")


def _at_least(node: Expression, strength: int) -> str:
    text = _text(node)
    return text if _strength(node) >= strength else f"({text})"


def _listed(nodes: tuple[Expression, ...]) -> str:
    return ", ".join(_text(node) for node in nodes)


def _call(node: Call) -> str:
    target = f"{_at_least(node.target, _MEMBER)}." if node.target else ""
    return f"{target}{node.name}({_listed(node.args)})"


def _unary(node: Unary) -> str:
    same = isinstance(node.operand, Unary) and node.operand.op == node.op
    return node.op + _at_least(node.operand, _UNARY if same else _MEMBER)


def _chain(node: Chain) -> str:
    stronger = _STRENGTH[node.op] + 1
    return f" {node.op} ".join(_at_least(operand, stronger) for operand in node.operands)


def _binary(node: Binary) -> str:
    own = _strength(node)
    left = _at_least(node.left, own + 1 if own == _RELATION else own)
    return f"{left} {node.op} {_at_least(node.right, own + 1)}"


def _choice(node: Choice) -> str:
    condition, then = _at_least(node.condition, _OR), _at_least(node.then, _OR)
    return f"{condition} ? {then} : {_text(node.other)}"


def _operation(node: Expression) -> str:
    match node:
        case Unary():
            return _unary(node)
        case Binary():
            return _binary(node)
        case Chain():
            return _chain(node)
        case Choice():
            return _choice(node)
    raise AssertionError(node)


def _text(node: Expression) -> str:
    match node:
        case Literal():
            return _literal(node)
        case Path():
            return str(node)
        case ListLiteral(items=items):
            return f"[{_listed(items)}]"
        case Call():
            return _call(node)
    return _operation(node)


def print_expression(expression: Expression | str) -> str:
    """Return the canonical text; of a text that cannot be read, Refused is raised."""
    return _text(parse(expression) if isinstance(expression, str) else expression)
