"""Hold a YAML tree against the key tables: every wrong key and value, each at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from plugin.errors import did_you_mean
from plugin.rules.diagnostic import Diagnostic, diagnostic
from plugin.rules.durations import parse_day, parse_duration, parse_instant
from plugin.rules.rule_keys import Shape
from plugin.rules.yaml_tree import Node

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LISTS = {"list": "a list", "map": "keys with values", "table": "keys with values"}
Found = Iterator[Diagnostic]


def nearest(word: str, known: Mapping[str, object] | list[str] | tuple[str, ...]) -> str:
    """Return the hint that names the nearest known word, or the empty text."""
    return did_you_mean(word, known, form="'{}'")


def _bad(node: Node, message: str, hint: str = "", code: str = "bad-value") -> Found:
    yield diagnostic(node.place(), code, message, hint)


def _text(node: Node, _shape: Shape) -> Found:
    if not node.text.strip() or (node.style is None and node.value() is None):
        yield from _bad(node, "this is empty", "write a text, or leave the key out")


def _identifier(node: Node, _shape: Shape) -> Found:
    if not _ID.fullmatch(node.text):
        message = f"'{node.text}' is no id"
        yield from _bad(node, message, "lower-case letters, digits and _, a letter first", "bad-id")


def _word(node: Node, shape: Shape) -> Found:
    if node.text not in shape.words:
        listed = ", ".join(shape.words)
        hint = f"one of {listed}"
        close = nearest(node.text, shape.words)
        message = f"'{node.text}' is not allowed here"
        yield from _bad(node, message, f"{hint}; {close}" if close else hint)


def is_number(value: object) -> bool:
    """Return whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(node: Node, _shape: Shape) -> Found:
    value = node.value()
    if not is_number(value) or abs(float(value or 0)) > 2**53:
        yield from _bad(node, f"'{node.text}' is no number")


def _version(node: Node, _shape: Shape) -> Found:
    value = node.value()
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        yield from _bad(node, f"'{node.text}' is no version", "a whole number from 1")


def _duration(node: Node, _shape: Shape) -> Found:
    if parse_duration(node.text) is None:
        yield from _bad(node, f"'{node.text}' is no time", "write 7d, 24h or 2w")


def _date(node: Node, _shape: Shape) -> Found:
    if parse_day(node.text) is None:
        yield from _bad(node, f"'{node.text}' is no day", "write it as 2027-03-31")


def _flag(node: Node, _shape: Shape) -> Found:
    if not isinstance(node.value(), bool):
        yield from _bad(node, f"'{node.text}' is neither true nor false")


def _instant(node: Node, _shape: Shape) -> Found:
    if parse_instant(node.text) is None:
        yield from _bad(node, f"'{node.text}' is no time", "write it as 2026-11-21T12:00:00Z")


def _value(node: Node, _shape: Shape) -> Found:
    value = node.value()
    if value is None or (is_number(value) and abs(float(value)) > 2**53):
        yield from _bad(node, f"'{node.text}' is no usable value")


def _link(node: Node, _shape: Shape) -> Found:
    if not node.text.startswith("https://"):
        yield from _bad(node, f"'{node.text}' is no https link")


_SCALARS: Mapping[str, Callable[[Node, Shape], Found]] = {
    **dict.fromkeys(("text", "name", "condition", "template"), _text),
    "flag": _flag,
    "instant": _instant,
    "id": _identifier,
    "word": _word,
    "number": _number,
    "version": _version,
    "duration": _duration,
    "date": _date,
    "value": _value,
    "link": _link,
}


def duplicates(node: Node) -> Found:
    """Yield a finding for each key that stands twice in one map."""
    seen: dict[str, Node] = {}
    for key, _value_node in node.entries:
        if key.text in seen:
            line, _ = key.source.locate(seen[key.text].start)
            message = f"'{key.text}' stands twice; the first is on line {line}"
            yield diagnostic(key.place(), "duplicate-key", message, "keep one of them")
        seen.setdefault(key.text, key)


def _missing(node: Node, keys: Mapping[str, Shape]) -> Found:
    present = {key.text for key, _ in node.entries}
    for name, shape in keys.items():
        if shape.required and name not in present:
            place = node.entries[0][0].place() if node.entries else node.place()
            yield diagnostic(place, "missing-key", f"'{name}' is missing here", shape.doc)


def _map(node: Node, shape: Shape) -> Found:
    for key, value in node.entries:
        known = shape.keys.get(key.text)
        if known is None:
            hint = nearest(key.text, shape.keys) or f"known are {', '.join(shape.keys)}"
            yield diagnostic(key.place(), "unknown-key", f"unknown key '{key.text}'", hint)
        else:
            yield from check_shape(value, known)
    yield from _missing(node, shape.keys)
    if shape.least is not None and len(node.entries) < shape.least:
        yield from _bad(node, "nothing stands here", f"one of {', '.join(shape.keys)}")


def _table(node: Node, shape: Shape) -> Found:
    for key, value in node.entries:
        if shape.words:
            yield from _word(key, shape)
        if shape.item is not None:
            yield from check_shape(value, shape.item)


def _list(node: Node, shape: Shape) -> Found:
    if len(node.items) < (shape.least or 0):
        yield from _bad(node, "the list is empty", "leave the key out, or fill the list")
    for item in node.items:
        if shape.item is not None:
            yield from check_shape(item, shape.item)


def resolved(node: Node, shape: Shape) -> Shape:
    """Return the shape that holds, where a place may hold one of two."""
    if shape.kind == "either":
        return Shape("map", keys=shape.keys) if node.kind == "map" else Shape("value")
    if shape.kind == "names or table":
        is_list = node.kind == "list"
        return Shape("list", item=Shape("id")) if is_list else Shape("table", item=shape.item)
    if shape.kind == "texts":
        return Shape("list", item=Shape("text")) if node.kind == "list" else Shape("text")
    return shape


def check_shape(node: Node, shape: Shape) -> Found:
    """Yield everything in which `node` differs from `shape`."""
    shape = resolved(node, shape)
    if shape.kind == "any":
        return
    wanted = {"map": "map", "table": "map", "list": "list"}.get(shape.kind, "scalar")
    if node.kind != wanted:
        message = f"{_LISTS.get(shape.kind, 'a single value')} must stand here"
        yield from _bad(node, message, shape.doc)
        return
    if wanted == "map":
        yield from duplicates(node)
        yield from (_map if shape.kind == "map" else _table)(node, shape)
    elif wanted == "list":
        yield from _list(node, shape)
    else:
        yield from _SCALARS[shape.kind](node, shape)


def walk(node: Node, shape: Shape, kind: str, path: str = "") -> Iterator[tuple[str, Node]]:
    """Yield (key path, scalar) for each place below `node` that holds a `kind`."""
    shape = resolved(node, shape)
    if shape.kind == kind and node.kind == "scalar":
        yield path, node
    for key, value in node.entries:
        inner = shape.keys.get(key.text) if shape.kind == "map" else shape.item
        if inner is not None:
            yield from walk(value, inner, kind, f"{path}.{key.text}" if path else key.text)
    for number, item in enumerate(node.items):
        if shape.item is not None:
            yield from walk(item, shape.item, kind, f"{path}[{number}]")
