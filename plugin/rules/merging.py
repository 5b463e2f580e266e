"""A pack and the file that adapts it, merged key by key; each key remembers its own file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

from plugin.rules.diagnostic import Diagnostic, diagnostic
from plugin.rules.shape_check import nearest
from plugin.rules.yaml_tree import Node

MERGED_BY_NAME = frozenset({"params"})


@dataclass(frozen=True, slots=True)
class GroupNode:
    """A group and its rules, as nodes."""

    name: str
    owner: str
    rules: tuple[Node, ...]


@dataclass(slots=True)
class Merged:
    """What a file and the pack below it say together, still as nodes.

    `own` names params and defs of the file itself, so that only its leftovers are reported.
    """

    params: dict[str, Node] = field(default_factory=dict)
    defs: dict[str, Node] = field(default_factory=dict)
    groups: list[GroupNode] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    findings: list[Diagnostic] = field(default_factory=list)

    def rules(self) -> Iterator[tuple[GroupNode, Node]]:
        """Yield each rule with its group, in order."""
        for group in self.groups:
            for rule in group.rules:
                yield group, rule

    def report(self, node: Node, code: str, message: str, hint: str = "") -> None:
        """Note a finding at `node`."""
        self.findings.append(diagnostic(node.place(), code, message, hint))


def text_of(node: Node | None) -> str:
    """Return the text of a scalar that may be absent."""
    return node.text if node is not None and node.kind == "scalar" else ""


def entries_of(node: Node | None) -> tuple[tuple[Node, Node], ...]:
    """Return the entries of a map that may be absent."""
    return node.entries if node is not None else ()


def items_of(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list that may be absent."""
    return node.items if node is not None else ()


def names_of(node: Node | None) -> tuple[str, ...]:
    """Return the texts of a list, or a text alone."""
    if node is not None and node.kind == "scalar":
        return (node.text,)
    return tuple(item.text for item in items_of(node))


def _with(base: Node, key: Node, value: Node) -> Node:
    """Return the map with `key` set; an earlier value of it gives way, in its place."""
    if base.get(key.text) is None:
        return dataclasses.replace(base, entries=(*base.entries, (key, value)))
    entries = tuple((key, value) if k.text == key.text else (k, v) for k, v in base.entries)
    return dataclasses.replace(base, entries=entries)


def _merged_maps(base: Node | None, change: Node) -> Node:
    merged = base if base is not None and base.kind == "map" else None
    if merged is None:
        return change
    for key, value in change.entries:
        merged = _with(merged, key, value)
    return merged


def _replaced(rule: Node, changes: Node | None) -> Node:
    for key, value in entries_of(changes):
        old = rule.get(key.text)
        by_name = key.text in MERGED_BY_NAME
        rule = _with(rule, key, _merged_maps(old, value) if by_name else value)
    return rule


def _appended(merged: Merged, rule: Node, changes: Node | None) -> Node:
    for key, value in entries_of(changes):
        old = rule.get(key.text)
        if value.kind == "scalar":
            hint = "use `replace`, or write a list"
            merged.report(value, "bad-value", f"nothing can be appended to '{key.text}'", hint)
        elif old is None:
            rule = _with(rule, key, value)
        elif value.kind == "list" and old.kind == "list":
            together = dataclasses.replace(value, items=(*old.items, *value.items))
            rule = _with(rule, key, together)
        else:
            rule = _with(rule, key, _merged_maps(old, value))
    return rule


def _changed(merged: Merged, rule: Node, change: Node) -> Node:
    return _appended(merged, _replaced(rule, change.get("replace")), change.get("append"))


def _apply(merged: Merged, change: Node) -> None:
    name = change.get("id")
    known = {text_of(rule.get("id")): rule for _, rule in merged.rules()}
    if name is None or name.kind != "scalar":
        return
    if name.text not in known:
        hint = nearest(name.text, known) or "an override names a rule of the pack"
        merged.report(name, "unknown-id", f"the pack has no rule '{name.text}'", hint)
        return
    old = known[name.text]
    new = _changed(merged, old, change)
    merged.groups = [
        dataclasses.replace(
            group, rules=tuple(new if rule is old else rule for rule in group.rules)
        )
        for group in merged.groups
    ]


def _merge_params(merged: Merged, root: Node) -> None:
    for key, value in entries_of(root.get("params")):
        old = merged.params.get(key.text)
        if old is None:
            merged.own.add(f"params.{key.text}")
            merged.params[key.text] = value
        elif value.kind == "map":
            merged.params[key.text] = _merged_maps(old, value)
        else:
            merged.params[key.text] = _retuned(old, key, value)


def _retuned(old: Node, key: Node, value: Node) -> Node:
    """Return the pack's param with another default; its range stays."""
    if old.kind != "map":
        return value
    default = Node("scalar", key.source, key.start, key.end, "default")
    return _with(old, default, value)


def _merge_defs(merged: Merged, root: Node) -> None:
    for key, value in entries_of(root.get("defs")):
        if key.text in merged.defs:
            message = f"the pack already has a def '{key.text}'"
            hint = "give it a name of its own: the pack's rules rely on theirs"
            merged.report(key, "duplicate-id", message, hint)
            continue
        merged.own.add(key.text)
        merged.defs[key.text] = value


def _groups(root: Node) -> Iterator[GroupNode]:
    for group in items_of(root.get("groups")):
        if group.kind == "map":
            rules = tuple(rule for rule in items_of(group.get("rules")) if rule.kind == "map")
            yield GroupNode(text_of(group.get("name")), text_of(group.get("owner")), rules)


def merge(below: Merged | None, root: Node) -> Merged:
    """Return what the pack `below` and the file `root` say together."""
    merged = Merged()
    if below is not None:
        merged.params, merged.defs = dict(below.params), dict(below.defs)
        merged.groups = list(below.groups)
    _merge_params(merged, root)
    _merge_defs(merged, root)
    for change in items_of(root.get("override")):
        if change.kind == "map":
            _apply(merged, change)
    merged.groups += _groups(root)
    return merged
