"""What Intercom takes on a canvas in the inbox, written from its reference.

https://developers.intercom.com/docs/references/canvas-kit
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

STYLES = frozenset({"header", "paragraph", "muted", "error"})
BUTTONS = frozenset({"primary", "secondary", "link"})
# type → keys that it must have, keys that it may have; only the types that we send
KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "text": (frozenset({"text"}), frozenset({"id", "align", "style", "bottom_margin"})),
    "data-table": (frozenset({"items"}), frozenset()),
    "divider": (frozenset(), frozenset({"id", "bottom_margin"})),
    "input": (frozenset({"id"}), frozenset({"label", "placeholder", "value", "save_state"})),
    "button": (frozenset({"id", "label", "action"}), frozenset({"style", "disabled"})),
    "dropdown": (frozenset({"id", "options"}), frozenset({"label", "value", "disabled"})),
    "single-select": (frozenset({"id", "options"}), frozenset({"label", "value", "disabled"})),
}
MOST_OPTIONS = 10


def _keys(component: Mapping[str, Any]) -> Iterator[str]:
    kind = str(component.get("type"))
    if kind not in KEYS:
        yield f"unknown type {kind!r}"
        return
    must, may = KEYS[kind]
    given = component.keys() - {"type"}
    yield from (f"{kind} without {key}" for key in must - given)
    yield from (f"{kind} with {key}" for key in given - must - may)


def _text(component: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(component["text"], str) or not component["text"].strip():
        yield "text that is empty"
    if component.get("style", "paragraph") not in STYLES:
        yield f"text style {component['style']!r}"
    if component.get("bottom_margin", "none") != "none":
        yield "a bottom margin that is not none"


def _table(component: Mapping[str, Any]) -> Iterator[str]:
    if not component["items"]:
        yield "data-table without items"
    for item in component["items"]:
        if item.keys() != {"type", "field", "value"} or item["type"] != "field-value":
            yield f"data-table item {item!r}"
        elif not all(isinstance(item[key], str) and item[key] for key in ("field", "value")):
            yield f"data-table item with an empty or numeric text: {item!r}"


def _button(component: Mapping[str, Any]) -> Iterator[str]:
    if not component["id"] or not component["label"]:
        yield "button without id or label"
    if component.get("style", "primary") not in BUTTONS:
        yield f"button style {component['style']!r}"
    if component["action"] != {"type": "submit"}:
        yield f"button action {component['action']!r}"


def _select(component: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a choice: 2 to 10 options, each with an id of its own and a text."""
    options = component["options"]
    if not 1 < len(options) <= MOST_OPTIONS:
        yield f"{len(options)} options"
    if any(one.keys() != {"type", "id", "text"} or one["type"] != "option" for one in options):
        yield "an option that is none"
    elif not all(one["id"] and one["text"] for one in options):
        yield "an option without id or text"
    if len({one["id"] for one in options}) != len(options):
        yield "two options of one id"
    if component.get("value", options[0]["id"]) not in {one["id"] for one in options}:
        yield "a value that is no option"


def problems(components: Any) -> list[str]:
    """Return everything that Intercom would refuse."""
    if not isinstance(components, list) or not components:
        return ["no components"]
    found = [problem for component in components for problem in _keys(component)]
    if found:
        return found
    rules = {"text": _text, "data-table": _table, "button": _button}
    rules |= {"dropdown": _select, "single-select": _select}
    identified = [component["id"] for component in components if component.get("id")]
    if len(set(identified)) != len(identified):
        found.append("two components of one id")
    for component in components:
        if component["type"] in rules:
            found += rules[component["type"]](component)
    sent = json.dumps({"canvas": {"content": {"components": components}}})
    return [*found, *(["more than 64 KB"] if len(sent.encode()) > 64 * 1024 else [])]
