"""Accounts of a test file: a misspelled field would make a test pass by accident."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.rules.diagnostic import Diagnostic, diagnostic
from plugin.rules.merging import entries_of
from plugin.rules.schema import FieldSpec, Schema
from plugin.rules.shape_check import duplicates, nearest
from plugin.rules.yaml_tree import Node

Found = Iterator[Diagnostic]


def _unknown(key: Node, known: list[str]) -> Diagnostic:
    message = f"unknown field '{key.text}'"
    hint = nearest(key.text, known)
    return diagnostic(key.place(), "unknown-field", message, hint, severity="warning")


def _items(spec: FieldSpec, value: Node) -> Found:
    for item in value.items:
        yield from duplicates(item)
        for key, _value in entries_of(item):
            if key.text not in spec.items:
                yield _unknown(key, list(spec.items))


def _fields(record: Node, prefix: str, schema: Schema) -> Found:
    yield from duplicates(record)
    below = [path.removeprefix(prefix) for path in schema if path.startswith(prefix)]
    known = sorted({name.partition(".")[0] for name in below})
    for key, value in record.entries:
        path = f"{prefix}{key.text}"
        if path in schema:
            yield from _items(schema[path], value)
        elif path == "custom":
            continue
        elif key.text in known and value.kind == "map":
            yield from _fields(value, f"{path}.", schema)
        else:
            yield _unknown(key, known)


def check_accounts(accounts: Node | None, schema: Schema) -> Found:
    """Yield what is wrong with the fixtures; an unknown field is a warning."""
    for key, account in entries_of(accounts):
        if account.kind != "map":
            message = f"account '{key.text}' must be keys with values"
            yield diagnostic(
                account.place(), "bad-value", message, "such as contract: {plan: Growth}"
            )
        else:
            yield from _fields(account, "", schema)
