"""The checked tree: names resolved, defs expanded, each node with its type and its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from plugin.rules.language.types import BOOL, TIMESTAMP, Plain, Type


@dataclass(frozen=True, slots=True)
class Span:
    """Where a node stands: code points in the text of `definition`, or of the expression."""

    start: int
    end: int
    definition: str | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal, or a param with its value."""

    value: Plain
    type: Type
    span: Span = field(compare=False)
    param: str | None = None


@dataclass(frozen=True, slots=True)
class FieldRead:
    """A field of the account; `words` is its closed list, if it has one."""

    path: str
    type: Type
    span: Span = field(compare=False)
    upstream: str = ""
    words: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class ItemRead:
    """A field of the item that `variable` stands for; `path` is `tickets[].created_at`."""

    variable: str
    name: str
    path: str
    type: Type
    span: Span = field(compare=False)
    upstream: str = ""
    words: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class VariableRead:
    """An item itself: a value of a list of strings or numbers, or a whole record."""

    variable: str
    type: Type
    span: Span = field(compare=False)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockRead:
    """The names `now` and `today`."""

    name: str
    span: Span = field(compare=False)
    type: Type = TIMESTAMP


@dataclass(frozen=True, slots=True)
class Has:
    """Whether a field is there."""

    target: FieldRead | ItemRead
    span: Span = field(compare=False)
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Apply:
    """An operation that is unknown when an operand is.

    `op` is an operator, `neg`, `!`, a string method, size, days, hours or list; `+` and `-`
    that give a timestamp or duration are told by `type`.
    """

    op: str
    args: tuple[Node, ...]
    type: Type
    span: Span = field(compare=False)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Logic:
    """A chain of `&&` or of `||`."""

    op: str
    operands: tuple[Node, ...]
    span: Span = field(compare=False)
    type: Type = BOOL


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : other`."""

    condition: Node
    then: Node
    other: Node
    type: Type
    span: Span = field(compare=False)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Macro:
    """`items.kind(variable, body)`; kind is exists, all, exists_one or filter."""

    kind: str
    items: Node
    variable: str
    body: Node
    type: Type
    span: Span = field(compare=False)
    max_items: int = 100
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """A def at the place where it is used; its body's spans point into the def's own text."""

    name: str
    body: Node
    type: Type
    span: Span = field(compare=False)
    words: tuple[str, ...] = ()


Node = (
    Constant
    | FieldRead
    | ItemRead
    | VariableRead
    | ClockRead
    | Has
    | Apply
    | Logic
    | Conditional
    | Macro
    | Definition
)


def children(node: Node) -> tuple[Node, ...]:
    """Return the operands of a node, in the order they are written."""
    match node:
        case Has(target=target):
            found: tuple[Node, ...] = (target,)
        case Apply(args=operands) | Logic(operands=operands):
            found = operands
        case Conditional(condition=condition, then=then, other=other):
            found = (condition, then, other)
        case Macro(items=items, body=body):
            found = (items, body)
        case Definition(body=body):
            found = (body,)
        case _:
            found = ()
    return found


def walk(node: Node) -> Iterator[Node]:
    """Yield the node and all below it, in the order they are written."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def bare(node: Node) -> Node:
    """Return what a def stands for, or the node itself."""
    while isinstance(node, Definition):
        node = node.body
    return node
