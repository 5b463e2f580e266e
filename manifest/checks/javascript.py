"""Find where code is no JavaScript: a brace too few is refused by every bundler."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from manifest.package import AppPackage
from manifest.problem import Problem

SUFFIXES = (".js", ".jsx", ".mjs")


def _first_fault(root: Node) -> Node | None:
    """Return the first place that does not fit, None where all does."""
    waiting = [root]
    faults: list[Node] = []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            faults.append(node)
        elif node.has_error:
            waiting += node.children
    return min(faults, key=lambda one: one.start_byte, default=None)


def check_javascript(package: AppPackage) -> Iterator[Problem]:
    """Yield each file of code that cannot be parsed, with the line of its first fault."""
    parser = Parser(Language(tree_sitter_javascript.language()))
    for path in sorted(package.files):
        if path.endswith(SUFFIXES):
            fault = _first_fault(parser.parse(package.files[path]).root_node)
            if fault is not None:
                line, column = fault.start_point
                message = f"is no JavaScript at line {line + 1}, column {column + 1}"
                yield Problem(path, "script-syntax", message)
