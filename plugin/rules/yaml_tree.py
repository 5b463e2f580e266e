"""Read YAML into a tree that knows the place of every key and scalar, and refuses the rest.

Anchors, aliases, tags, a second document, too many bytes and too much depth are findings, not
surprises. Scalars keep their text: `on` stays a word and 2027-03-31 stays a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from plugin.rules.diagnostic import Diagnostic, RuleSource, SourcePlace, diagnostic

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16  # the deepest legal key has 9
YAML_WORDS = frozenset({"on", "off", "yes", "no"})
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]{1,18}(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A piece of YAML: `kind` is scalar, list or map; `style` is None for a plain scalar.

    `start` and `end` are indexes into the source's text.
    """

    kind: str
    source: RuleSource
    start: int
    end: int
    text: str = ""
    style: str | None = None
    items: tuple[Node, ...] = ()
    entries: tuple[tuple[Node, Node], ...] = ()
    flow: bool = False  # written in brackets or braces

    def place(self) -> SourcePlace:
        """Return where the node stands."""
        within = (self.start, self.end) if self.kind == "scalar" else None
        return SourcePlace(self.source, self.start, self.end, within)

    def get(self, key: str) -> Node | None:
        """Return the value of `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def value(self) -> Scalar:
        """Return a scalar's value: only plain scalars can be anything but text."""
        if self.style is not None:
            return self.text
        lowered = self.text.lower()
        if lowered in _CONSTANTS:
            return _CONSTANTS[lowered]
        if _INTEGER.fullmatch(self.text):
            return int(self.text)
        return float(self.text) if _FLOAT.fullmatch(self.text) else self.text


def plain(node: Node) -> object:
    """Return the node as plain values."""
    if node.kind == "map":
        return {name.text: plain(value) for name, value in node.entries}
    if node.kind == "list":
        return [plain(item) for item in node.items]
    return node.value()


@dataclass(slots=True)
class _Open:
    """A collection that is being read."""

    start: int
    is_map: bool
    flow: bool
    nodes: list[Node] = field(default_factory=list)


class _Refused(Exception):
    """Reading stops: the finding says why."""

    def __init__(self, finding: Diagnostic) -> None:
        self.finding = finding
        super().__init__(finding.message)


def _refuse(
    source: RuleSource, span: tuple[int, int], code: str, message: str, hint: str
) -> _Refused:
    return _Refused(diagnostic(SourcePlace(source, *span), code, message, hint))


def _refuse_specials(source: RuleSource, event: Event) -> None:
    span = (event.start_mark.index, event.end_mark.index)
    if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
        message = "anchors and aliases are not used in rule files"
        raise _refuse(source, span, "yaml-alias", message, "name the part in `defs`")
    if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
        message = f"'{event.tag}' at the start of a value is a YAML tag"
        raise _refuse(source, span, "yaml-syntax", message, "put the whole text in quotes")


def _closed(source: RuleSource, opened: _Open, end: int) -> Node:
    nodes = tuple(opened.nodes)
    if not opened.is_map:
        return Node("list", source, opened.start, end, items=nodes, flow=opened.flow)
    entries = tuple(zip(nodes[::2], nodes[1::2], strict=True))
    for key, _value in entries:
        if key.kind != "scalar":
            span = (key.start, key.end)
            raise _refuse(source, span, "yaml-syntax", "a key must be a word", "")
    return Node("map", source, opened.start, end, entries=entries, flow=opened.flow)


def _collect(source: RuleSource, events: Iterator[Event]) -> list[Node]:
    bottom = _Open(0, is_map=False, flow=False)
    stack = [bottom]
    for event in events:
        _refuse_specials(source, event)
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, DocumentStartEvent) and bottom.nodes:
            raise _refuse(source, (start, end), "yaml-syntax", "a file holds one document", "")
        if isinstance(event, ScalarEvent):
            text = event.value
            stack[-1].nodes.append(Node("scalar", source, start, end, text, event.style))
        elif isinstance(event, CollectionStartEvent):
            is_map, flow = isinstance(event, MappingStartEvent), bool(event.flow_style)
            stack.append(_Open(start, is_map=is_map, flow=flow))
            if len(stack) > MAX_DEPTH:
                message = f"nested deeper than {MAX_DEPTH} levels"
                raise _refuse(source, (start, end), "too-deep", message, "")
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            opened = stack.pop()
            stack[-1].nodes.append(_closed(source, opened, end))
    return bottom.nodes


def _syntax_error(source: RuleSource, error: YAMLError) -> Diagnostic:
    mark = getattr(error, "problem_mark", None)
    index = mark.index if mark is not None else int(getattr(error, "position", 0) or 0)
    index = max(0, min(index, len(source.text)))
    message = str(getattr(error, "problem", None) or getattr(error, "reason", "") or "not YAML")
    hint = ""
    if "mapping values" in message:
        hint = "a text that holds ': ' needs quotes, or `>-` and a line of its own"
    elif "cannot start any token" in message:
        hint = "put the whole text in quotes"
    return diagnostic(SourcePlace(source, index, index + 1), "yaml-syntax", message, hint)


def _decode(data: bytes | str, name: str) -> RuleSource | Diagnostic:
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > MAX_BYTES:
        message = f"{len(raw):,} bytes; a rule file holds at most {MAX_BYTES:,}"
        return diagnostic(
            SourcePlace(RuleSource(name, ""), 0, 0), "too-large", message, "split the file"
        )
    try:
        return RuleSource(name, raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", "replace")
        place = SourcePlace(RuleSource(name, before), len(before), len(before))
        return diagnostic(place, "yaml-syntax", "not UTF-8 text", "save the file as UTF-8")


def read_yaml(data: bytes | str, name: str) -> Node | Diagnostic:
    """Return the tree of a file, or the one finding that keeps it from being read."""
    source = _decode(data, name)
    if isinstance(source, Diagnostic):
        return source
    try:
        nodes = _collect(source, YAML(typ="safe", pure=True).parse(source.text))
    except _Refused as refused:
        return refused.finding
    except YAMLError as error:
        return _syntax_error(source, error)
    except (ValueError, IndexError, OverflowError):  # such as \U00110000, which no text can hold
        return diagnostic(SourcePlace(source, 0, 0), "yaml-syntax", "not readable as YAML", "")
    if not nodes:
        return diagnostic(SourcePlace(source, 0, 0), "yaml-syntax", "the file is empty", "")
    return nodes[0]


def scalars(node: Node) -> Iterator[Node]:
    """Yield every key and scalar below `node`."""
    if node.kind == "scalar":
        yield node
    for item in node.items:
        yield from scalars(item)
    for key, value in node.entries:
        yield key
        yield from scalars(value)


def yaml_words(node: Node) -> Iterator[Diagnostic]:
    """Yield a warning for each bare word that YAML 1.1 reads as true or false."""
    for scalar in scalars(node):
        if scalar.style is None and scalar.text.lower() in YAML_WORDS:
            message = f"a bare '{scalar.text}' is true or false to other YAML readers"
            place = scalar.place()
            yield diagnostic(place, "yaml-word", message, "put it in quotes", severity="warning")
