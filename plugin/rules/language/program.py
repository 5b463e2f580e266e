"""Check an expression, compile it, and judge accounts by it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from plugin.account.context import Gap
from plugin.rules.binding import Binding
from plugin.rules.language import checker, explain
from plugin.rules.language.checked import Checked
from plugin.rules.language.compiler import Judge, compiled, source_of
from plugin.rules.language.intervals import Unknown
from plugin.rules.language.reading import Env
from plugin.rules.language.result import Because, Deciding, Result
from plugin.rules.language.tree import FieldRead, ItemRead, Node, walk
from plugin.rules.language.workings import Workings

__all__ = ["Because", "Checked", "Deciding", "Program", "Result", "check", "compile_program"]

_log = logging.getLogger(__name__)
_TRUE, _FALSE = Result(value=True), Result(value=False)
_FAULT = Gap("", "", "fault")
_LACKING = (KeyError, TypeError, ValueError, ArithmeticError, AttributeError)

check = checker.check


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled expression: immutable in what it says, shared between threads.

    `lists` are the lists it reads, item lists as `tickets[].topics`; `deciding` maps each
    variable whose item a headline may name to its list's path.
    """

    text: str
    tree: Node
    texts: Mapping[str | None, str]
    reads: frozenset[str]
    lists: frozenset[str]
    deciding_variables: Mapping[str, str]
    single_filter: bool
    judge: Judge
    workings: Workings = field(default_factory=Workings, compare=False, repr=False)

    def run(self, binding: Binding) -> Result:
        """Judge an account; never raises. Complete data takes the fast path."""
        if binding.partial and not self.lists.isdisjoint(binding.partial):
            return self.run_kleene(binding)
        try:
            fires = self.judge(binding.values, binding.empty, binding.now, binding.today)
        except _LACKING:
            return self.run_kleene(binding)
        return _TRUE if fires else _FALSE

    def run_kleene(self, binding: Binding) -> Result:
        """Judge an account in three-valued logic; never raises."""
        try:
            verdict = self.workings.evaluator(self.tree)(Env(binding))
        except Exception:  # noqa: BLE001 - nothing a rule does may blank the widget
            _log.exception("an expression failed: %s", self.text)
            return Result(None, (_FAULT,))
        if isinstance(verdict, Unknown):
            return Result(None, verdict.gaps)
        return _TRUE if verdict else _FALSE

    def explain(self, binding: Binding) -> tuple[Because, ...]:
        """Say which conditions decided and what they read; nothing when even that fails."""
        try:
            return explain.explain(self.tree, self.texts, binding, self.workings)
        except Exception:  # noqa: BLE001 - nothing a rule does may blank the widget
            _log.exception("an explanation failed: %s", self.text)
            return ()

    def deciding(self, binding: Binding) -> Deciding:
        """Return the items that a headline may name, and how many a filter lets through."""
        try:
            return explain.decide(self.tree, binding, self.workings)
        except Exception:  # noqa: BLE001 - nothing a rule does may blank the widget
            _log.exception("deciding items failed: %s", self.text)
            return Deciding()


def compile_program(checked: Checked) -> Program:
    """Return the program of a checked condition that has no errors."""
    tree = checked.tree
    if tree is None:
        raise ValueError(f"an expression with errors cannot be compiled: {checked.text}")
    reads = (node for node in walk(tree) if isinstance(node, FieldRead | ItemRead))
    return Program(
        text=checked.text,
        tree=tree,
        texts=checked.texts,
        reads=checked.reads,
        lists=frozenset(node.path for node in reads if node.type.item is not None),
        deciding_variables=checked.deciding,
        single_filter=checked.single_filter,
        judge=compiled(source_of(tree)),
    )
