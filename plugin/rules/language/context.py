"""What is known while one expression is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from plugin.errors import did_you_mean
from plugin.rules.language.finding import Finding
from plugin.rules.language.lexer import refuse
from plugin.rules.language.limits import MAX_LIST_NESTING, MAX_NODES, reserved_names
from plugin.rules.language.scope import Scope
from plugin.rules.language.syntax import Expression
from plugin.rules.language.tree import Constant, Node, Span
from plugin.rules.language.types import WRONG, Type
from plugin.rules.schema import FieldSpec

_MAX_HINTS = 8  # a likeness is looked for this often in one expression: it takes long
_MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Variable:
    """What a macro's variable stands for: an item of a list."""

    type: Type
    items: Mapping[str, FieldSpec]
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Context:
    """One check: what has been found, read and named so far."""

    scope: Scope
    text: str
    infer_node: Callable[[Context, Expression], Node]
    findings: dict[Finding, None] = field(default_factory=dict)
    reads: set[str] = field(default_factory=set)
    params_read: set[str] = field(default_factory=set)
    defs_read: set[str] = field(default_factory=set)
    variables: dict[str, Variable] = field(default_factory=dict)
    expanding: tuple[str, ...] = ()
    broken: set[str] = field(default_factory=set)  # defs that have their syntax finding already
    list_nesting: int = 0
    nodes: int = 0
    hints: int = 0
    reserved: frozenset[str] = frozenset()
    texts: dict[str | None, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Derive what no name may be."""
        self.reserved = reserved_names(self.scope.schema)
        self.texts[None] = self.text

    def infer(self, expression: Expression) -> Node:
        """Return the checked node of an expression; count it."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            message = f"more than {MAX_NODES} parts once its defs are unfolded"
            hint = "name a part in 'defs' and judge it in a rule of its own"
            raise refuse("too-many-nodes", message, hint, 0, len(self.text))
        return self.infer_node(self, expression)

    def report(self, code: str, message: str, hint: str, span: Span) -> None:
        """Keep a finding; the same one, of a def used twice, only once."""
        self.keep(Finding(code, message, hint, span.start, span.end), span.definition)

    def warn(self, code: str, message: str, hint: str, span: Span) -> None:
        """Keep a warning."""
        finding = Finding(code, message, hint, span.start, span.end, "warning")
        self.keep(finding, span.definition)

    def keep(self, finding: Finding, definition: str | None) -> None:
        """Keep a finding with the text that it points into."""
        self.findings[
            Finding(
                finding.code,
                finding.message,
                finding.hint,
                finding.start,
                finding.end,
                finding.severity,
                self.texts.get(definition),
                definition,
            )
        ] = None

    def wrong(self, code: str, message: str, hint: str, span: Span) -> Node:
        """Report, and return a node of which no more is said."""
        self.report(code, message, hint, span)
        return unknown(span)

    def nearest(self, name: str, candidates: Iterable[str]) -> str:
        """Return "did you mean …?" for the candidate most like a name, or nothing."""
        self.hints += 1
        if self.hints > _MAX_HINTS or len(name) > _MAX_NAME:
            return ""
        return did_you_mean(name, sorted(set(candidates)), form="'{}'")

    @contextmanager
    def variable(self, name: str, variable: Variable, span: Span) -> Iterator[None]:
        """Let a macro's variable be known inside its body."""
        if self.list_nesting == MAX_LIST_NESTING:
            message = f"lists nested more than {MAX_LIST_NESTING} deep"
            hint = "name a part in 'defs', outside of the inner list"
            self.report("list-nesting", message, hint, span)
        before = self.variables
        self.variables = {**before, name: variable}
        self.list_nesting += 1
        yield
        self.list_nesting -= 1
        self.variables = before

    @contextmanager
    def inside(self, definition: str) -> Iterator[None]:
        """Check a def's own text: it sees no variable of the place where it is used."""
        before, self.variables = self.variables, {}
        self.expanding = (*self.expanding, definition)
        yield
        self.expanding = self.expanding[:-1]
        self.variables = before


def unknown(span: Span) -> Node:
    """Return a stand-in for what has its finding already."""
    return Constant(value=False, type=WRONG, span=span)


def words_of(node: Node) -> tuple[str, ...]:
    """Return the closed list that a node takes its value from, if there is one."""
    words: tuple[str, ...] = getattr(node, "words", ())
    return words


def is_wrong(*nodes: Node) -> bool:
    """Tell whether one of the nodes has its finding already."""
    return any(node.type == WRONG for node in nodes)
