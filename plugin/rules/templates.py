"""Texts of a rule: `{{ field }}` and a fixed set of formatters, checked when a file is read.

Nothing else is understood: no logic, no nesting, no call but the formatters. Escaping belongs to
whoever renders the widget.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from plugin.rules.language.finding import Finding
from plugin.rules.schema import FieldSpec, Schema
from plugin.rules.shape_check import nearest

# A slot holds no other's beginning: so a text is read once, whatever its braces.
_SLOT = re.compile(r"\{\{((?:(?!\{\{).)*?)\}\}", re.DOTALL)
MOST_FINDINGS = 20  # of one text; who has more mends these first
_PATH = r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"
_WORD = r"'([^'{}]*)'|\"([^\"{}]*)\""
_BARE = re.compile(_PATH)
_CALL = re.compile(rf"([A-Za-z_][A-Za-z0-9_]*)\s*\(\s*({_PATH})?\s*(.*?)\)", re.DOTALL)
_PLURAL_WORDS = re.compile(rf",\s*(?:{_WORD})\s*,\s*(?:{_WORD})\s*")

# Formatter → the type it takes, and the unit where only one makes sense.
FORMATTERS: Mapping[str, tuple[str, str | None]] = {
    "money": ("number", "money"),
    "days_until": ("timestamp", None),
    "days_since": ("timestamp", None),
    "date": ("timestamp", None),
    "percent": ("number", None),
    "plural": ("number", None),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One `{{ … }}`: `path` in `formatter`, with plural's two `words`; where it stands.

    `at` is where the path begins, for a finding.
    """

    path: str
    formatter: str | None
    words: tuple[str, ...]
    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Template:
    """A text in pieces: words as they are, and slots to be filled."""

    text: str
    parts: tuple[str | Slot, ...]

    def slots(self) -> tuple[Slot, ...]:
        """Return the places to be filled."""
        return tuple(part for part in self.parts if isinstance(part, Slot))


@dataclass(frozen=True, slots=True)
class TemplateScope:
    """What a template may name: fields, params, and what `when` is sure to decide on.

    `variables` maps a variable to the list whose item it stands for; `counts` says that `when`
    holds exactly one filter, so that `matches` has a meaning.
    """

    schema: Schema
    params: Mapping[str, bool | float | str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    counts: bool = False


def _format_problem(found: re.Match[str], message: str, hint: str = "") -> Finding:
    return Finding("template-format", message, hint, found.start(), found.end())


def _read_slot(found: re.Match[str]) -> Slot | Finding:
    inside = found[1].strip()
    at = found.start(1) + found[1].index(inside)
    if _BARE.fullmatch(inside):
        return Slot(inside, None, (), found.start(), found.end(), at)
    call = _CALL.fullmatch(inside)
    if call is None or call[2] is None:
        hint = "a field, or one formatter around it: {{ money(contract.arr) }}"
        return _format_problem(found, f"'{inside}' cannot be shown", hint)
    if call[1] not in FORMATTERS:
        hint = nearest(call[1], FORMATTERS) or f"known are {', '.join(FORMATTERS)}"
        return _format_problem(found, f"unknown formatter '{call[1]}'", hint)
    words = _PLURAL_WORDS.fullmatch(call[3]) if call[1] == "plural" else None
    if (call[1] == "plural") != (words is not None) or (words is None and call[3]):
        hint = "plural(n, 'ticket', 'tickets')" if call[1] == "plural" else f"{call[1]}(field)"
        return _format_problem(found, f"wrong arguments of {call[1]}", hint)
    both = (words[1] or words[2] or "", words[3] or words[4] or "") if words else ()
    return Slot(call[2], call[1], both, found.start(), found.end(), at + call.start(2))


def _stray_braces(text: str) -> Iterator[Finding]:
    outside = _SLOT.sub(lambda found: " " * len(found[0]), text)
    for found in re.finditer(r"\{\{|\}\}|\{%|%\}", outside):
        hint = "{{ field }} is all that a text may hold"
        yield _format_problem(found, f"'{found[0]}' without its other half", hint)


def bounded(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield the first findings of a text; where there are more, the last one says so."""
    yield from islice(findings, MOST_FINDINGS)
    more = next(findings, None)
    if more is not None:
        hint = "mend these first; the others are told then"
        yield Finding("template-more", "more is wrong with this text", hint, more.start, more.end)


def parse_template(text: str) -> tuple[Template, tuple[Finding, ...]]:
    """Return the text in pieces, and what of it cannot be read: at most some twenty findings."""
    parts: list[str | Slot] = []
    findings = list(bounded(_stray_braces(text)))
    position = 0
    for found in _SLOT.finditer(text):
        parts.append(text[position : found.start()])
        slot = _read_slot(found)
        if isinstance(slot, Slot):
            parts.append(slot)
        else:
            findings.append(slot)
        position = found.end()
    parts.append(text[position:])
    return Template(text, tuple(part for part in parts if part)), tuple(bounded(iter(findings)))


def _unknown(slot: Slot, message: str, hint: str) -> Finding:
    return Finding("template-field", message, hint, slot.at, slot.at + len(slot.path))


def _item_spec(slot: Slot, scope: TemplateScope) -> FieldSpec | Finding:
    variable, _, name = slot.path.partition(".")
    items = scope.schema[scope.variables[variable]].items
    if not name:
        hint = f"such as {variable}.{next(iter(items), 'name')}"
        return _unknown(slot, f"'{variable}' is a whole item", hint)
    if name not in items:
        hint = nearest(name, items)
        return _unknown(slot, f"unknown item field '{slot.path}'", hint)
    return items[name]


def _param_spec(slot: Slot, scope: TemplateScope) -> FieldSpec | Finding:
    name = slot.path.removeprefix("params.")
    if name not in scope.params:
        return _unknown(slot, f"unknown param '{name}'", nearest(name, scope.params))
    value = scope.params[name]
    kind = {bool: "bool", str: "string"}.get(type(value), "number")
    return FieldSpec(slot.path, kind)


def _field_spec(slot: Slot, scope: TemplateScope) -> FieldSpec | Finding:
    if slot.path in scope.schema:
        return scope.schema[slot.path]
    hint = nearest(slot.path, scope.schema)
    if "." in slot.path and not hint:
        hint = "an item can be shown only where `when` cannot hold without it"
    return _unknown(slot, f"unknown field '{slot.path}'", hint)


def _spec(slot: Slot, scope: TemplateScope) -> FieldSpec | Finding:
    first = slot.path.partition(".")[0]
    if slot.path == "matches":
        if scope.counts:
            return FieldSpec("matches", "number")
        return _unknown(slot, "'matches' needs a `when` with exactly one filter", "")
    if first in scope.variables:
        return _item_spec(slot, scope)
    return _param_spec(slot, scope) if first == "params" else _field_spec(slot, scope)


def _takes(slot: Slot, spec: FieldSpec) -> Finding | None:
    if slot.formatter is None:
        if spec.type == "list<record>":
            return _unknown(slot, f"'{slot.path}' is a list", "show a field of one item")
        return None
    kind, unit = FORMATTERS[slot.formatter]
    wrong_unit = unit is not None and "." in slot.path and spec.unit != unit
    if spec.type == kind and (not wrong_unit or slot.path.startswith("params.")):
        return None
    wanted = {"money": "an amount of money", "timestamp": "a time"}.get(unit or kind, "a number")
    message = f"{slot.formatter} takes {wanted}, and '{slot.path}' is {spec.unit or spec.type}"
    return Finding("template-format", message, "", slot.at, slot.at + len(slot.path))


def check_template(template: Template, scope: TemplateScope) -> Iterator[Finding]:
    """Yield everything that the text names and that cannot be shown."""
    for slot in template.slots():
        spec = _spec(slot, scope)
        problem = spec if isinstance(spec, Finding) else _takes(slot, spec)
        if problem is not None:
            yield problem


def fields_shown(template: Template, scope: TemplateScope) -> frozenset[str]:
    """Return the paths of the vocabulary that the text shows, item fields as `tickets[].id`."""
    shown = set()
    for slot in template.slots():
        first, _, name = slot.path.partition(".")
        if first in scope.variables:
            shown.add(f"{scope.variables[first]}[].{name}")
        elif slot.path in scope.schema:
            shown.add(slot.path)
    return frozenset(shown)
