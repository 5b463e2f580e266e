"""How large an expression may be, and the words that nothing may be named."""

from __future__ import annotations

from plugin.rules.schema import Schema, roots

MAX_CHARACTERS = 2_000
MAX_NODES = 200  # after defs are expanded
MAX_DEPTH = 24
MAX_LIST_NESTING = 2
MAX_COST = 1_000_000  # as Kubernetes bounds its rules, by estimate before they run
MAX_NUMBER = 2**53

MACROS = ("exists", "all", "exists_one", "filter")
STRING_TESTS = ("contains", "startsWith", "endsWith")
METHODS = (*MACROS, "size", *STRING_TESTS, "lowerAscii")
FUNCTIONS = ("has", "days", "hours")
CLOCKS = ("now", "today")
# https://github.com/cel-expr/cel-spec/blob/master/doc/langdef.md#syntax
_KEYWORDS = (
    *("in", "as", "break", "const", "continue", "else", "for", "function", "if", "import"),
    *("let", "loop", "namespace", "null", "package", "return", "true", "false"),
    *("var", "void", "while"),
)
_RESERVED = frozenset((*_KEYWORDS, *METHODS, *FUNCTIONS, *CLOCKS, "params", "matches", "map"))


def reserved_names(schema: Schema) -> frozenset[str]:
    """Return what no variable, def or param may be called."""
    return _RESERVED | roots(schema)
