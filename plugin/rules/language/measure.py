"""Measure a checked tree: what it costs at most, and which items can decide it."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Iterator

from plugin.rules.language.tree import (
    Apply,
    Constant,
    FieldRead,
    Logic,
    Macro,
    Node,
    bare,
    children,
    walk,
)

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_PROVES_ONE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.ge,  # size > 0 proves an item
    ">=": operator.ge,
    "==": operator.ge,
    "!=": operator.eq,
}
_LEAST = {">": 0, ">=": 1, "==": 1, "!=": 0}


def cost(node: Node) -> int:
    """Return the largest number of nodes that judging may visit."""
    if isinstance(node, Macro):
        return 1 + cost(node.items) + node.max_items * cost(node.body)
    return 1 + sum(cost(child) for child in children(node))


def conjuncts(node: Node) -> Iterator[Node]:
    """Yield the conditions that must all be true for the node to be true, defs unfolded."""
    node = bare(node)
    if isinstance(node, Logic) and node.op == "&&":
        for operand in node.operands:
            yield from conjuncts(operand)
    else:
        yield node


def _sized(node: Node) -> Node | None:
    """Return the list whose size a comparison proves to be 1 or more."""
    if not isinstance(node, Apply) or node.op not in _MIRRORED:
        return None
    op, (left, right) = node.op, (bare(node.args[0]), bare(node.args[1]))
    if isinstance(left, Constant):
        op, left, right = _MIRRORED[op], right, left
    counted = isinstance(left, Apply) and left.op == "size"
    if not counted or op not in _LEAST or not isinstance(right, Constant):
        return None
    number = right.value
    if isinstance(number, str) or not _PROVES_ONE[op](number, _LEAST[op]):
        return None
    return bare(left.args[0]) if isinstance(left, Apply) else None


def _filters(node: Node | None) -> Iterator[Macro]:
    while isinstance(node, Macro):
        yield node
        node = bare(node.items)


def deciding_chains(tree: Node) -> tuple[tuple[Macro, ...], ...]:
    """Return the macros without an item of which the condition cannot be true.

    They are reached through `&&` alone. A chain of filters and what stands behind them decide
    by one item: the outermost macro comes first.
    """
    found = []
    for condition in conjuncts(tree):
        proves = isinstance(condition, Macro) and condition.kind in ("exists", "exists_one")
        found.append(tuple(_filters(condition if proves else _sized(condition))))
    return tuple(chain for chain in found if chain)


def single_names(tree: Node) -> frozenset[str]:
    """Return the variables that only one macro of the tree has."""
    names = Counter(node.variable for node in walk(tree) if isinstance(node, Macro))
    return frozenset(name for name, uses in names.items() if uses == 1)


def list_path(macro: Macro) -> str:
    """Return the path of the list that a macro goes through, "" when it is no field's."""
    items = bare(macro.items)
    while isinstance(items, Macro):
        items = bare(items.items)
    return items.path if isinstance(items, FieldRead) else ""


def outermost(node: Node) -> Iterator[Macro]:
    """Yield the macros that stand in no other macro, not even before its dot."""
    if isinstance(node, Macro):
        yield node
        return
    for child in children(node):
        yield from outermost(child)


def _outside(node: Node) -> Iterator[Node]:
    """Yield the node and all below it that depend on no macro's variable."""
    yield node
    for child in (node.items,) if isinstance(node, Macro) else children(node):
        yield from _outside(child)


def only_filter(tree: Node) -> Macro | None:
    """Return the filter of an expression that has exactly one, outside of other macros."""
    every = [node for node in walk(tree) if isinstance(node, Macro) and node.kind == "filter"]
    outside = [node for node in _outside(tree) if node in every]
    return every[0] if len(every) == 1 and outside else None
