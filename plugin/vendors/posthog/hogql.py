"""Check a HogQL query that an admin wrote: it only reads, and wants values that we know.

Values stand in braces and are bound by PostHog, never written into the text:
https://posthog.com/docs/sql
"""

from __future__ import annotations

import re

BINDS = frozenset({"account_id", "domain", "email", "own_domains"})
# Texts, quoted names and comments: nothing in them is a placeholder or the end of a statement.
_OPAQUE = re.compile(
    r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL
)
_READS = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_COLON = re.compile(r"(?<![:\w]):(account_id|domain|email)\b")


class BadHogQL(ValueError):
    """A text that is no query of the kind that is allowed; the text says why."""


def _plain(sql: str) -> str:
    return _OPAQUE.sub(" ", sql).strip().removesuffix(";")


def binds_of(sql: str) -> frozenset[str]:
    """Return the values that a query wants."""
    return frozenset(name.strip() for name in _PLACEHOLDER.findall(_plain(sql)))


def check_hogql(sql: str) -> None:
    """Raise BadHogQL unless `sql` is one statement that reads, with values that we know."""
    plain = _plain(sql)
    if not _READS.match(plain):
        raise BadHogQL("write a query that begins with SELECT or WITH")
    if ";" in plain:
        raise BadHogQL("write one statement")
    colon = _COLON.search(plain)
    if colon:
        raise BadHogQL(f"HogQL wants its values in braces: write {{{colon[1]}}}")
    unknown = binds_of(sql) - BINDS
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in sorted(BINDS))
        raise BadHogQL(f"no value is called {{{min(unknown)}}}; known: {known}")
