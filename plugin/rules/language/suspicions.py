"""Warn of conditions that say nothing: always true, never true, or said twice."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.rules.language.context import Context
from plugin.rules.language.ranges import bound, no_number_left, no_word_left, words
from plugin.rules.language.tree import (
    Apply,
    Constant,
    Definition,
    Logic,
    Macro,
    Node,
    bare,
    children,
)
from plugin.rules.language.types import BOOL


def _parts(node: Node, op: str, *, holds: bool) -> Iterator[tuple[Node, bool]]:
    """Yield the conditions that a chain joins, `!` and inner chains of its kind opened."""
    node = bare(node)
    if isinstance(node, Apply) and node.op == "!":
        yield from _parts(node.args[0], op, holds=not holds)
    elif isinstance(node, Logic) and (node.op == op) == holds:
        for operand in node.operands:
            yield from _parts(operand, op, holds=holds)
    else:
        yield node, holds


def _contradicts(node: Logic) -> bool:
    """Tell whether `&&` can never be true; for `||`, whether it can never be false."""
    sought = node.op == "&&"
    bounds, said = [], []
    for part, holds in _parts(node, node.op, holds=True):
        limit = bound(part, holds=holds == sought)
        if limit is None:
            said.append(words(part, holds=holds == sought))
        else:
            bounds.append(limit)
    return no_number_left(bounds) or no_word_left(said)


class _Visit:
    """One walk through a tree; each cause is told once, where it stands."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def tell(self, node: Node, *, truth: bool) -> bool:
        if truth:
            message = "this is always true, whatever the account"
            hint = "take it away, or correct the value that it is held against"
            self.context.warn("always-true", message, hint, node.span)
        else:
            message = "this can never be true"
            hint = "no value satisfies it; correct what excludes the other"
            self.context.warn("never-true", message, hint, node.span)
        return truth

    def truth(self, node: Node) -> bool | None:
        match node:
            case Constant(type=kind) if kind == BOOL:
                return self.literal(node)
            case Logic():
                return self.logic(node)
            case Definition(body=body):
                return self.truth(body)
            case Macro():
                return self.macro(node)
            case Apply(op="!", args=args):
                verdict = self.truth(args[0])
                return None if verdict is None else not verdict
        return self.comparison(node)

    def literal(self, node: Constant) -> bool | None:
        """Tell of a literal; a param that is true is a switch, and no mistake."""
        if node.param and node.value:
            return None
        return self.tell(node, truth=bool(node.value))

    def comparison(self, node: Node) -> bool | None:
        for child in children(node):
            if child.type == BOOL and not isinstance(child, Constant):
                self.truth(child)
            else:
                self.inside(child)
        limit = bound(node)
        verdict = limit.truth() if limit else None
        return None if verdict is None else self.tell(node, truth=verdict)

    def inside(self, node: Node) -> None:
        """Look for conditions in what is no condition itself: a filter that is counted."""
        if isinstance(node, Macro):
            self.macro(node)
            return
        for child in children(node):
            if child.type == BOOL and not isinstance(child, Constant):
                self.truth(child)
            else:
                self.inside(child)

    def macro(self, node: Macro) -> bool | None:
        self.inside(node.items)
        if isinstance(bare(node.body), Constant):
            return None  # `exists(t, true)` asks for any item
        verdict = self.truth(node.body)
        decided = {"exists": False, "all": True}.get(node.kind)
        return verdict if verdict is not None and verdict is decided else None

    def logic(self, node: Logic) -> bool | None:
        verdicts = [self.truth(operand) for operand in node.operands]
        decisive = node.op == "||"
        if decisive in verdicts:
            return decisive
        if any(verdict is not None for verdict in verdicts):
            return not decisive if None not in verdicts else None
        self.twice(node)
        return self.tell(node, truth=decisive) if _contradicts(node) else None

    def twice(self, node: Logic) -> None:
        seen: set[tuple[Node, bool]] = set()
        for part, holds in _parts(node, node.op, holds=True):
            if (part, holds) in seen:
                message, hint = "the same condition stands here twice", "take one of them away"
                self.context.warn("same-condition", message, hint, part.span)
            seen.add((part, holds))


def _divisions(context: Context, node: Node) -> None:
    """Warn of what is divided by a plain 0: it is unknown, whatever the account."""
    if isinstance(node, Apply) and node.op in ("/", "%"):
        divisor = bare(node.args[1])
        if isinstance(divisor, Constant) and not divisor.param and divisor.value == 0:
            message, hint = (
                "this divides by zero, so it is never known",
                "write what it is a part of",
            )
            context.warn("division-by-zero", message, hint, node.span)
    for child in children(node):
        _divisions(context, child)


def warn_of(context: Context, tree: Node) -> None:
    """Keep a warning for each condition of a sound tree that says nothing."""
    _divisions(context, tree)
    if tree.type == BOOL:
        _Visit(context).truth(tree)
