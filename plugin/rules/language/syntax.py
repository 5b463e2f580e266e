"""The tree of an expression as it is written; places do not count when trees are compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from plugin.rules.language.tree import Span


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a string, true or false; `kind` keeps true and 1 apart."""

    kind: str
    value: bool | float | str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """A name, or names joined by dots: a field, a param, a variable, a def.

    `depth` is how deep it stands in brackets and the like, for a def that unfolds there.
    """

    parts: tuple[str, ...]
    span: Span = field(compare=False)
    depth: int = field(compare=False, default=0)

    def __str__(self) -> str:
        """Return the path as it is written."""
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """`[a, b]`, never empty."""

    items: tuple[Expression, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function call, or a method call when `target` is set; `name_span` is its name alone."""

    name: str
    target: Expression | None
    args: tuple[Expression, ...]
    span: Span = field(compare=False)
    name_span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`!x` or `-x`."""

    op: str
    operand: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """A comparison, `in`, or arithmetic."""

    op: str
    left: Expression
    right: Expression
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """Two or more operands of `&&` or of `||`."""

    op: str
    operands: tuple[Expression, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """`condition ? then : other`."""

    condition: Expression
    then: Expression
    other: Expression
    span: Span = field(compare=False)


Expression = Literal | Path | ListLiteral | Call | Unary | Binary | Chain | Choice
