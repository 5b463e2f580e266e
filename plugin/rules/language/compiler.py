"""Write a checked expression as Python source: the fast path for complete data.

The source holds schema-checked paths as literals and loop names that begin with `v_`; it
sees no builtins. Reading what is missing raises, and then three-valued logic judges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from plugin.rules.language import arithmetic
from plugin.rules.language.tree import (
    Apply,
    ClockRead,
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
    bare,
    walk,
)
from plugin.rules.language.types import DURATION, NUMBER, TIMESTAMP

Judge = Callable[[Mapping[str, Any], Mapping[str, bool], datetime, datetime], Any]
_CACHED = 4_096
_NAMES: dict[str, Any] = {
    "__builtins__": {},
    "any": any,
    "all": all,
    "sum": sum,
    "len": len,
    "timedelta": timedelta,
    "add": arithmetic.add,
    "subtract": arithmetic.subtract,
    "multiply": arithmetic.multiply,
    "divide": arithmetic.divide,
    "remainder": arithmetic.remainder,
    "lower_ascii": arithmetic.lower_ascii,
}
_TEMPLATES = {
    **{op: f"({{0}} {op} {{1}})" for op in (*arithmetic.COMPARISONS, "in")},
    "!": "(not {0})",
    "neg": "(-{0})",
    "*": "multiply({0}, {1})",
    "/": "divide({0}, {1})",
    "%": "remainder({0}, {1})",
    "size": "len({0})",
    "contains": "({1} in {0})",
    "startsWith": "{0}.startswith({1})",
    "endsWith": "{0}.endswith({1})",
    "lowerAscii": "lower_ascii({0})",
    "days": "timedelta(days={0})",
    "hours": "timedelta(hours={0})",
}
_NUMERIC = {"+": "add({0}, {1})", "-": "subtract({0}, {1})"}
_TEMPORAL = {"+": "({0} + {1})", "-": "({0} - {1})"}
_MACROS = {
    "exists": "any({body} for {item} in {items})",
    "all": "all({body} for {item} in {items})",
    "exists_one": "(sum(1 for {item} in {items} if {body}) == 1)",
    "filter": "[{item} for {item} in {items} if {body}]",
}


def _is_fixed(node: Node) -> bool:
    """Tell whether a time is the same for every item: made of clocks and constants alone."""
    leaves = (Apply, ClockRead, Constant, Definition)
    return node.type in (TIMESTAMP, DURATION) and all(
        isinstance(below, leaves) for below in walk(node)
    )


def _amount(node: Apply) -> timedelta | None:
    """Return a time span that is known when the rule is compiled."""
    amount = bare(node.args[0])
    if not isinstance(amount, Constant) or isinstance(amount.value, str):
        return None
    try:
        return timedelta(**{node.op: amount.value})
    except (OverflowError, ValueError):
        return None  # found again when it is judged: unknown, with its reason


class _Writer:
    """Writes one expression; collects what is computed once."""

    def __init__(self) -> None:
        self.constants: dict[str, str] = {}  # source → name, per program
        self.fixed: dict[str, str] = {}  # source → name, per account
        self.loops = 0

    def write(self, node: Node) -> str:
        match node:
            case Apply():
                return self.apply(node)
            case Logic(op=op, operands=operands):
                word = " and " if op == "&&" else " or "
                return f"({word.join(self.write(operand) for operand in operands)})"
            case Macro():
                return self.macro(node)
            case Definition(body=body):
                return self.write(body)
        return self.leaf(node)

    def leaf(self, node: Node) -> str:
        match node:
            case Constant(value=value):
                return repr(value)
            case FieldRead(path=path):
                return f"v[{path!r}]"
            case ItemRead(variable=variable, name=name):
                return f"v_{variable}[{name!r}]"
            case Has(target=target):
                return self.has(target)
        return self.rest(node)

    def rest(self, node: Node) -> str:
        match node:
            case VariableRead(variable=variable):
                return f"v_{variable}"
            case ClockRead(name=name):
                return name
            case Conditional(condition=condition, then=then, other=other):
                branches = (self.write(then), self.write(condition), self.write(other))
                return "({} if {} else {})".format(*branches)
        raise AssertionError(node)

    def has(self, target: FieldRead | ItemRead) -> str:
        if isinstance(target, FieldRead):
            return f"({target.path!r} in v or e[{target.path!r}])"
        return f"({target.name!r} in v_{target.variable} or e[{target.path!r}])"

    def macro(self, node: Macro) -> str:
        items = self.write(node.items)
        self.loops += 1
        body = self.write(node.body)
        self.loops -= 1
        return _MACROS[node.kind].format(item=f"v_{node.variable}", items=items, body=body)

    def apply(self, node: Apply) -> str:
        if node.op == "list":
            return f"({', '.join(self.write(arg) for arg in node.args)},)"
        if node.op in ("days", "hours") and _amount(node) is not None:
            source = _TEMPLATES[node.op].format(self.write(node.args[0]))
            return self.constants.setdefault(source, f"d_{len(self.constants)}")
        source = self.template(node).format(*(self.write(arg) for arg in node.args))
        if self.loops and _is_fixed(node):
            return self.fixed.setdefault(source, f"t_{len(self.fixed)}")
        return source

    def template(self, node: Apply) -> str:
        if node.op in ("+", "-"):
            return (_NUMERIC if node.type == NUMBER else _TEMPORAL)[node.op]
        return _TEMPLATES[node.op]


def source_of(tree: Node) -> str:
    """Return the Python source of a checked expression: a function `judge`."""
    writer = _Writer()
    result = writer.write(tree)
    lines = [f"{name} = {source}" for source, name in writer.constants.items()]
    lines.append("def judge(v, e, now, today):")
    lines += [f"    {name} = {source}" for source, name in writer.fixed.items()]
    lines.append(f"    return {result}\n")
    return "\n".join(lines)


@lru_cache(maxsize=_CACHED)
def compiled(source: str) -> Judge:
    """Return the function that a source defines; the same source is compiled once."""
    names = dict(_NAMES)
    exec(compile(source, "<rule>", "exec"), names)  # noqa: S102 - written above, of checked parts
    judge: Judge = names["judge"]
    return judge
