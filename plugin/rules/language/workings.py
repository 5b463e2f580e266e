"""What is worked out of an expression once, before any account is seen: evaluators, outlines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from plugin.rules.language.kleene import build
from plugin.rules.language.measure import deciding_chains, only_filter, outermost, single_names
from plugin.rules.language.reading import Evaluator
from plugin.rules.language.tree import Constant, FieldRead, Macro, Node, walk


@dataclass(frozen=True)
class Outline:
    """What a condition, or a whole expression, is made of; each part is found when first asked.

    `told` are the plain fields and the params in it, in the order they are written; `fields` the
    paths of all fields, `lists` those of lists; `macros` stand in no other macro.
    """

    node: Node

    @cached_property
    def told(self) -> tuple[FieldRead | Constant, ...]:
        return tuple(
            node
            for node in walk(self.node)
            if (isinstance(node, FieldRead) and not node.type.item)
            or (isinstance(node, Constant) and node.param)
        )

    @cached_property
    def fields(self) -> frozenset[str]:
        return frozenset(node.path for node in walk(self.node) if isinstance(node, FieldRead))

    @cached_property
    def lists(self) -> tuple[str, ...]:
        reads = (one for one in walk(self.node) if isinstance(one, FieldRead) and one.type.item)
        return tuple(dict.fromkeys(one.path for one in reads))

    @cached_property
    def macros(self) -> tuple[Macro, ...]:
        return tuple(outermost(self.node))

    @cached_property
    def only_filter(self) -> Macro | None:
        return only_filter(self.node)

    @cached_property
    def deciding(self) -> tuple[tuple[Macro, tuple[str, ...]], ...]:
        """Each macro that decides by one item, with the variables that may name that item."""
        single = single_names(self.node)
        return tuple(
            (chain[0], tuple(macro.variable for macro in chain if macro.variable in single))
            for chain in deciding_chains(self.node)
        )


class Workings:
    """The evaluators and the outlines of one tree's nodes; threads may share them."""

    def __init__(self) -> None:
        # Nodes are told apart by identity: hashing one would go through all that is below it.
        self._evaluators: dict[int, Evaluator] = {}
        self._outlines: dict[int, Outline] = {}

    def evaluator(self, node: Node) -> Evaluator:
        """Return the evaluator of a node of this tree."""
        found = self._evaluators.get(id(node))
        if found is None:
            found = self._evaluators.setdefault(id(node), build(node))
        return found

    def outline(self, node: Node) -> Outline:
        """Return the outline of a node of this tree."""
        found = self._outlines.get(id(node))
        if found is None:
            found = self._outlines.setdefault(id(node), Outline(node))
        return found
