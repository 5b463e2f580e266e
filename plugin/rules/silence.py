"""Why a path has no value: its own gap, its record's, or what silence of who answered means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from plugin.account.context import Gap
from plugin.rules.schema import FieldSpec, Schema


def paths(schema: Schema) -> Iterator[tuple[str, FieldSpec]]:
    """Yield each path of the schema, the fields of items included."""
    for path, spec in schema.items():
        yield path, spec
        for name, item in spec.items.items():
            yield f"{path}[].{name}", item


def _outer(path: str) -> Iterator[str]:
    while "." in path:
        path = path.rpartition(".")[0].removesuffix("[]")
        yield path


@lru_cache(maxsize=4_096)
def _silence(path: str, upstream: str, reason: str) -> Gap:
    """Return the gap of a path of which nothing is recorded; accounts share it."""
    return Gap(path, upstream, reason)


def _gap(
    path: str, spec: FieldSpec, recorded: Mapping[str, list[Gap]], answered: frozenset[str]
) -> Gap:
    """Return the gap that speaks of a path: its own, its record's, or what silence means."""
    if own := recorded.get(path):
        return own[0]
    whole = [gap for outer in _outer(path) for gap in recorded.get(outer, ())] if recorded else []
    for gap in whole:
        if gap.upstream == spec.upstream and gap.reason != "incomplete":
            return Gap(path, gap.upstream, gap.reason, gap.until)
    if spec.upstream in answered:
        return _silence(path, spec.upstream, "empty")
    return _silence(path, spec.upstream, whole[0].reason if whole else "not_configured")


def fill_gaps(
    schema: Schema,
    values: Mapping[str, Any],
    found: dict[str, Gap],
    gaps: Iterable[Gap],
    answered: frozenset[str],
    givers: Mapping[str, str],
) -> None:
    """Fill into `found` why each path has no value; `givers`: list → the connection that gave it.

    Who gave a list has answered for the fields of its items, whatever it is called.
    """
    recorded: dict[str, list[Gap]] = {}
    for gap in gaps:
        recorded.setdefault(gap.field, []).append(gap)
    for path, spec in paths(schema):
        if path not in values and path not in found:
            giver = givers.get(path.rpartition("[].")[0])
            if giver is not None and path not in recorded:
                found[path] = _silence(path, giver, "empty")
            else:
                found[path] = _gap(path, spec, recorded, answered)
