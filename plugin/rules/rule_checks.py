"""What a rule file must keep beside its expressions: ids, references, params, plays, limits."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping

from plugin.account import words
from plugin.rules.diagnostic import Diagnostic, diagnostic
from plugin.rules.language.limits import reserved_names
from plugin.rules.merging import Merged, entries_of, items_of, text_of
from plugin.rules.rules import BUILT_IN
from plugin.rules.schema import Schema
from plugin.rules.shape_check import is_number, nearest
from plugin.rules.yaml_tree import Node

MAX_RULES = 500
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_STRING = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_IDENTIFIER = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
Found = Iterator[Diagnostic]
Graph = Mapping[str, Iterable[str]]


def in_rule(findings: Iterable[Diagnostic], rule: Node) -> Found:
    """Yield the findings with the name of the rule that they belong to."""
    name = text_of(rule.get("id")) or None
    for finding in findings:
        yield dataclasses.replace(finding, rule=name)


def _report(node: Node, code: str, message: str, hint: str = "") -> Diagnostic:
    return diagnostic(node.place(), code, message, hint)


def _duplicate_ids(merged: Merged) -> Found:
    seen: set[str] = set()
    for _, rule in merged.rules():
        name = rule.get("id")
        if name is None or name.kind != "scalar":
            continue
        if name.text in seen:
            hint = "change the pack's rule under `override`, or choose another id"
            yield _report(name, "duplicate-id", f"'{name.text}' is already a rule", hint)
        seen.add(name.text)


def _unknown_ids(merged: Merged, shipped: frozenset[str]) -> Found:
    known = {text_of(rule.get("id")) for _, rule in merged.rules()} | shipped
    for _, rule in merged.rules():
        for key in ("supersedes", "suppress_if"):
            for name in items_of(rule.get(key)):
                if name.kind == "scalar" and name.text not in known:
                    hint = nearest(name.text, sorted(known))
                    yield from in_rule(
                        [_report(name, "unknown-id", f"no rule '{name.text}'", hint)], rule
                    )


def cycle(graph: Graph) -> list[str]:
    """Return the names of one circle in `graph`, or nothing."""
    done: set[str] = set()
    for start in graph:
        path: list[str] = []
        stack = [(start, iter(graph.get(start, ())))]
        while stack and start not in done:
            name, following = stack[-1]
            if name not in path:
                path.append(name)
            step = next((n for n in following if n in graph and n not in done), None)
            if step is None:
                done.add(name)
                path.remove(name)
                stack.pop()
            elif step in path:
                return [*path[path.index(step) :], step]
            else:
                stack.append((step, iter(graph[step])))
    return []


def _supersedes_cycle(merged: Merged) -> Found:
    graph = {
        text_of(rule.get("id")): [text_of(name) for name in items_of(rule.get("supersedes"))]
        for _, rule in merged.rules()
    }
    circle = cycle(graph)
    for _, rule in merged.rules():
        if circle and text_of(rule.get("id")) == circle[0]:
            place = rule.get("supersedes") or rule
            message = f"rules hide each other in a circle: {' → '.join(circle)}"
            yield from in_rule([_report(place, "supersedes-cycle", message)], rule)


def def_uses(defs: Mapping[str, str]) -> dict[str, list[str]]:
    """Return which defs each def names."""
    return {
        name: [word for word in _IDENTIFIER.findall(_STRING.sub("''", text)) if word in defs]
        for name, text in defs.items()
    }


def _plays(merged: Merged) -> Found:
    for _, rule in merged.rules():
        if text_of(rule.get("status")) == "live" and rule.get("play") is None:
            place = rule.get("status") or rule
            hint = "one sentence that says what to do, and an owner"
            message = "a live rule needs a `play`"
            yield from in_rule([_report(place, "missing-play", message, hint)], rule)


def _escalations(merged: Merged) -> Found:
    order = {word: rank for rank, word in enumerate(words.SEVERITY)}
    for _, rule in merged.rules():
        base = order.get(text_of(rule.get("severity")), -1)
        for key, _condition in entries_of(rule.get("escalate_when")):
            if order.get(key.text, 99) <= base:
                message = f"'{key.text}' is not above the rule's own severity"
                found = _report(key, "bad-value", message, "escalate_when can only raise it")
                yield from in_rule([found], rule)


def _names(merged: Merged, schema: Schema) -> Found:
    taken = reserved_names(schema)
    for kind, nodes in (("param", merged.params), ("def", merged.defs)):
        for name, node in nodes.items():
            if not _NAME.fullmatch(name):
                hint = "letters, digits and _, a letter first"
                yield _report(node, "bad-id", f"'{name}' cannot name a {kind}", hint)
            elif name in taken:
                hint = "choose another name"
                yield _report(node, "reserved-name", f"'{name}' means something already", hint)


def _limits(merged: Merged) -> Found:
    rules = [rule for _, rule in merged.rules() if text_of(rule.get("id")) != BUILT_IN]
    if len(rules) > MAX_RULES:
        message = f"{len(rules)} rules; a set holds at most {MAX_RULES}"
        yield _report(rules[MAX_RULES], "too-large", message)


def _def_cycles(merged: Merged) -> Found:
    circle = cycle(def_uses({name: text_of(node) for name, node in merged.defs.items()}))
    if circle:
        message = f"defs name each other in a circle: {' → '.join(circle)}"
        yield _report(merged.defs[circle[0]], "def-cycle", message)


def check_set(merged: Merged, schema: Schema, shipped: frozenset[str]) -> Found:
    """Yield what is wrong with the rules as a set.

    A rule may name those that ship, even where the set does not extend them.
    """
    yield from _names(merged, schema)
    yield from _def_cycles(merged)
    yield from _limits(merged)
    yield from _duplicate_ids(merged)
    yield from _unknown_ids(merged, shipped)
    yield from _supersedes_cycle(merged)
    yield from _plays(merged)
    yield from _escalations(merged)


def out_of_range(spec: Mapping[str, object], value: object) -> str:
    """Return what is wrong with a param's value, or the empty text."""
    default = spec.get("default", value)
    if is_number(default) != is_number(value) or isinstance(default, str) != isinstance(value, str):
        return f"{value!r} is of another kind than {default!r}"
    least, most = spec.get("min"), spec.get("max")
    if not is_number(value) and (is_number(least) or is_number(most)):
        return f"{value!r} is no number"
    if is_number(value) and is_number(least) and float(str(value)) < float(str(least)):
        return f"{value} is below the least value, {least}"
    if is_number(value) and is_number(most) and float(str(value)) > float(str(most)):
        return f"{value} is above the greatest value, {most}"
    return ""
