"""The one canonical form of a rule file: spacing, quotes, key order; comments stay.

Collections in braces stay in braces and are wrapped; conditions are printed by the language's
own printer and folded before their operators.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from plugin.rules import rule_keys, rule_tests
from plugin.rules.diagnostic import Diagnostic, diagnostic
from plugin.rules.rule_keys import Shape
from plugin.rules.shape_check import resolved
from plugin.rules.yaml_comments import Comments, read_comments
from plugin.rules.yaml_scalars import WIDTH, canonical_condition, quoted, write_scalar
from plugin.rules.yaml_tree import Node, read_yaml

_RULES = Shape("list", item=Shape("map", keys=rule_keys.RULE))
_GROUP = Shape("map", keys={**rule_keys.GROUP, "rules": _RULES})
RULE_FILE = Shape("map", keys={**rule_keys.FILE, "groups": Shape("list", item=_GROUP)})
TEST_FILE = Shape("map", keys=rule_tests.FILE)
_ANY = Shape("any")


@dataclass(frozen=True, slots=True)
class Formatted:
    """The canonical text, or why there is none."""

    text: str | None
    findings: tuple[Diagnostic, ...] = ()


def _inner(shape: Shape, key: str) -> Shape:
    found = shape.keys.get(key) if shape.kind == "map" else shape.item
    return found or _ANY


def _ordered(node: Node, shape: Shape) -> list[tuple[Node, Node]]:
    if shape.kind != "map":
        return list(node.entries)
    place = {key: rank for rank, key in enumerate(shape.keys)}
    return sorted(node.entries, key=lambda entry: place.get(entry[0].text, len(place)))


def _key(node: Node) -> str:
    return node.text if node.style is None else quoted(node.text)


def _flow_parts(node: Node, shape: Shape) -> Iterator[str]:
    for item in node.items:
        yield _flow(item, _inner(shape, ""))
    for key, value in _ordered(node, shape):
        written = _flow(value, _inner(shape, key.text))
        yield f"{_key(key)}: {written}" if written else f"{_key(key)}:"


def _flow(node: Node, shape: Shape) -> str:
    """Return a value in one line, as it stands in braces."""
    shape = resolved(node, shape)
    if node.kind == "scalar":
        return write_scalar(node, shape.kind, WIDTH, "", flow=True)
    left, right = "{}" if node.kind == "map" else "[]"
    return f"{left}{', '.join(_flow_parts(node, shape))}{right}"


def _wrapped(node: Node, shape: Shape, head: str) -> list[str]:
    """Return a value in braces behind `head`, in as many lines as it takes."""
    left, right = "{}" if node.kind == "map" else "[]"
    parts = list(_flow_parts(node, shape))
    lines = [f"{head}{left}"]
    indent = " " * len(lines[0])
    for number, part in enumerate(parts):
        ending = right if number == len(parts) - 1 else ","
        fresh = lines[-1].endswith(left) and number == 0
        longer = lines[-1] + ("" if fresh else " ") + part + ending
        if len(longer) <= WIDTH or fresh:
            lines[-1] = longer
        else:
            lines.append(f"{indent}{part}{ending}")
    return lines if parts else [f"{head}{left}{right}"]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes block collections, each key and item with its remarks."""

    comments: Comments

    def _above(self, start: int, indent: str) -> list[str]:
        remarks = self.comments.at(start)
        blank = [""] if remarks.blank else []
        return [*blank, *(f"{indent}{comment}" for comment in remarks.above)]

    def _with_remark(self, lines: list[str], start: int, at: int) -> list[str]:
        if remark := self.comments.at(start).beside:
            lines[at] = f"{lines[at]} {remark}"
        return lines

    def _value(self, node: Node, shape: Shape, head: str, indent: str, start: int) -> list[str]:
        """Return a value behind `head`; its own lines are indented deeper than `indent`."""
        shape = resolved(node, shape)
        if node.kind == "scalar":
            room = WIDTH - len(head) - 1
            text = write_scalar(node, shape.kind, room, f"{indent}  ", flow=False)
            lines = f"{head} {text}".rstrip(" ").split("\n")
            return self._with_remark(lines, start, 0)
        if node.flow:
            return self._with_remark(_wrapped(node, shape, f"{head} "), start, -1)
        inner = self.block(node, shape, f"{indent}  ")
        return [*self._with_remark([head], start, 0), *inner]

    def _entry(self, key: Node, value: Node, shape: Shape, indent: str) -> list[str]:
        head = f"{indent}{_key(key)}:"
        return self._value(value, _inner(shape, key.text), head, indent, key.start)

    def _map(self, node: Node, shape: Shape, indent: str, item_start: int) -> Iterator[str]:
        for key, value in _ordered(node, shape):
            if key.start != item_start:  # the item has already shown what stands above it
                yield from self._above(key.start, indent)
            yield from self._entry(key, value, shape, indent)

    def _item(self, node: Node, shape: Shape, indent: str) -> Iterator[str]:
        yield from self._above(node.start, indent)
        shape = resolved(node, shape)
        if node.kind == "map" and not node.flow:
            lines = list(self._map(node, shape, f"{indent}  ", node.start))
            first = next(
                n for n, line in enumerate(lines) if line.strip() and line.strip()[0] != "#"
            )
            yield from (line.removeprefix("  ") for line in lines[:first])
            yield f"{indent}- {lines[first].lstrip()}"
            yield from lines[first + 1 :]
        else:
            yield from self._value(node, shape, f"{indent}-", indent, node.start)

    def block(self, node: Node, shape: Shape, indent: str) -> list[str]:
        """Return a collection in lines, each key or item on its own."""
        if node.kind == "map":
            return list(self._map(node, shape, indent, -1))
        item = _inner(shape, "")
        return [line for each in node.items for line in self._item(each, item, indent)]


def _shape_of(root: Node) -> Shape:
    return TEST_FILE if root.get("rule_files") or root.get("tests") else RULE_FILE


def _same(first: Node, second: Node, shape: Shape) -> bool:
    """Return whether two trees say the same: conditions by their meaning, keys in any order."""
    shape = resolved(first, shape)
    if first.kind != second.kind or len(first.items) != len(second.items):
        return False
    if first.kind == "scalar":
        if shape.kind == "condition":
            return canonical_condition(first.text) == canonical_condition(second.text)
        return first.text == second.text
    pairs = zip(first.items, second.items, strict=True)
    if len(first.entries) != len(second.entries):
        return False
    others = {key.text: value for key, value in second.entries}
    return all(_same(a, b, _inner(shape, "")) for a, b in pairs) and all(
        key.text in others and _same(value, others[key.text], _inner(shape, key.text))
        for key, value in first.entries
    )


def _written(root: Node) -> str:
    shape = _shape_of(root)
    comments = read_comments(root)
    lines = _Writer(comments).block(root, shape, "") if not root.flow else _wrapped(root, shape, "")
    while lines and not lines[0]:
        lines.pop(0)
    text = "\n".join([*lines, *comments.tail])
    return f"{text}\n"


def format_text(data: bytes | str, name: str) -> Formatted:
    """Return a rule file, or a file of rule tests, in its canonical form.

    What cannot be written so that it says the same stays as it is, with a finding.
    """
    root = read_yaml(data, name)
    if isinstance(root, Diagnostic):
        return Formatted(None, (root,))
    if root.kind == "scalar":
        return Formatted(None, (diagnostic(root.place(), "bad-value", "no rules stand here"),))
    text = _written(root)
    again = read_yaml(text, name)
    if isinstance(again, Diagnostic) or not _same(root, again, _shape_of(root)):
        message = "this file cannot be formatted without changing what it says"
        hint = "look for a key that stands twice, or a text with unusual blanks"
        return Formatted(None, (diagnostic(root.place(), "fmt-failed", message, hint),))
    return Formatted(text)


def format_problems(data: bytes | str, name: str) -> list[str]:
    """Return what is wrong with formatting a file twice: it must change nothing more."""
    once = format_text(data, name)
    if once.text is None:
        return [str(finding) for finding in once.findings]
    twice = format_text(once.text, name)
    return [] if twice.text == once.text else [f"{name}: formatting twice gives another text"]
