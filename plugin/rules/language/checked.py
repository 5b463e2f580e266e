"""What checking an expression tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plugin.rules.language.finding import Finding
from plugin.rules.language.tree import Node
from plugin.rules.language.types import WRONG, Type


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked expression: `tree` is None when it has an error.

    `reads` are paths, item fields as `tickets[].created_at`. `deciding` maps each variable
    whose item a headline may name to its list's path. `texts` has the text of each def used
    and, under None, the expression's own.
    """

    text: str
    findings: tuple[Finding, ...]
    tree: Node | None = None
    type: Type = WRONG
    reads: frozenset[str] = frozenset()
    params_read: frozenset[str] = frozenset()
    defs_read: frozenset[str] = frozenset()
    deciding: Mapping[str, str] = field(default_factory=dict)
    single_filter: bool = False
    nodes: int = 0
    cost: int = 0
    texts: Mapping[str | None, str] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Tell whether it may be compiled: warnings do not count."""
        return self.tree is not None
