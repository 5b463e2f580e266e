"""Resolve a name: a variable, a param, a clock, a field, or a def that unfolds here."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.rules.language.context import Context, Variable, unknown, words_of
from plugin.rules.language.lexer import Refused
from plugin.rules.language.limits import CLOCKS, MAX_NUMBER
from plugin.rules.language.parser import parse
from plugin.rules.language.syntax import Path
from plugin.rules.language.tree import (
    ClockRead,
    Constant,
    Definition,
    FieldRead,
    ItemRead,
    Node,
    VariableRead,
)
from plugin.rules.language.types import type_of_field, type_of_value

_SHOWN = 6
_DEEPEST = 6  # no path of the vocabulary has more parts


def _item(context: Context, path: Path, variable: Variable) -> Node:
    name = ".".join(path.parts[1:])
    spec = variable.items.get(name)
    if spec is None:
        if not variable.items:
            message = f"'{path.parts[0]}' is a {variable.type}, it has no field '{name}'"
            return context.wrong("unknown-item-field", message, "use it as it is", path.span)
        message = f"items of {variable.type.record} have no field '{name}'"
        hint = context.nearest(name, variable.items)
        return context.wrong("unknown-item-field", message, hint, path.span)
    full = f"{variable.type.record}[].{name}"
    context.reads.add(full)
    return ItemRead(
        path.parts[0],
        name,
        full,
        type_of_field(spec.type, full),
        path.span,
        spec.upstream,
        spec.enum,
        spec.unit,
    )


def _variable(context: Context, path: Path) -> Node:
    variable = context.variables[path.parts[0]]
    if len(path.parts) > 1:
        return _item(context, path, variable)
    return VariableRead(path.parts[0], variable.type, path.span, variable.words)


def _param(context: Context, path: Path) -> Node:
    name = ".".join(path.parts[1:])
    if name not in context.scope.params:
        candidates = [f"params.{param}" for param in context.scope.params]
        hint = context.nearest(str(path), candidates) or "declare it under 'params'"
        return context.wrong("unknown-name", f"unknown param '{path}'", hint, path.span)
    context.params_read.add(name)
    value = context.scope.params[name]
    if not isinstance(value, str) and not -MAX_NUMBER <= value <= MAX_NUMBER:
        hint = "give it a number between -2^53 and 2^53"
        return context.wrong("number-too-large", f"'{path}' is out of range", hint, path.span)
    return Constant(value, type_of_value(value), path.span, name)


def _field(context: Context, path: Path) -> Node:
    name = str(path)
    spec = context.scope.schema[name]
    context.reads.add(name)
    kind = type_of_field(spec.type, name)
    return FieldRead(name, kind, path.span, spec.upstream, spec.enum, spec.unit)


def _definition(context: Context, path: Path) -> Node:
    name = path.parts[0]
    context.defs_read.add(name)
    if name in context.expanding:
        chain = " → ".join((*context.expanding[context.expanding.index(name) :], name))
        hint = "write one of them without the others"
        return context.wrong("def-cycle", f"defs in a circle: {chain}", hint, path.span)
    if name in context.broken:
        return unknown(path.span)
    context.texts[name] = context.scope.defs[name]
    try:
        expression = parse(context.scope.defs[name], name, path.depth)
    except Refused as refused:
        context.broken.add(name)
        context.keep(refused.finding, name)
        return unknown(path.span)
    with context.inside(name):
        body = context.infer(expression)
    return Definition(name, body, body.type, path.span, words_of(body))


def _likely(context: Context, path: Path) -> Iterator[str]:
    """Yield the names that may have been meant."""
    scope = context.scope
    if len(path.parts) > 1:
        yield from scope.schema
        yield from (f"params.{name}" for name in scope.params)
        for name, variable in context.variables.items():
            yield from (f"{name}.{item}" for item in variable.items)
        return
    yield from (*context.variables, *scope.defs, *CLOCKS)
    yield from (field for field in scope.schema if "." not in field)


def _group(context: Context, path: Path) -> str:
    """Return what to write for a root that is no field itself."""
    inside = [field for field in context.scope.schema if field.startswith(f"{path}.")]
    return "name one of its fields: " + ", ".join(inside[:_SHOWN]) + " …" if inside else ""


def _of_list(context: Context, path: Path) -> str:
    """Return what to write for `tickets.kind`."""
    for length in range(min(len(path.parts), _DEEPEST) - 1, 0, -1):
        outer = ".".join(path.parts[:length])
        spec = context.scope.schema.get(outer)
        if spec is not None and spec.type.startswith("list"):
            rest = ".".join(path.parts[length:])
            return f"{outer} is a list: ask {outer}.exists(x, x.{rest} …)"
        if spec is not None:
            return f"{outer} has no parts"
    return ""


def _no_field(context: Context, path: Path) -> Node:
    group = _group(context, path)
    if group:
        message = f"'{path}' is a group of fields, not a field"
        return context.wrong("unknown-field", message, group, path.span)
    if len(path.parts) == 1 and path.parts[0] not in context.reserved:
        return _no_name(context, path)
    hint = _of_list(context, path) or context.nearest(str(path), _likely(context, path))
    return context.wrong("unknown-field", f"unknown field '{path}'", hint, path.span)


def _no_name(context: Context, path: Path) -> Node:
    name = path.parts[0]
    fields = [field for field in context.scope.schema if field.endswith(f".{name}")]
    hint = f"did you mean '{fields[0]}'?" if fields else ""
    hint = hint or context.nearest(name, _likely(context, path))
    return context.wrong("unknown-name", f"unknown name '{name}'", hint, path.span)


def resolve(context: Context, path: Path) -> Node:
    """Return what a name stands for; a finding and a stand-in when nothing has that name."""
    head = path.parts[0]
    if head in context.variables:
        return _variable(context, path)
    if head == "params":
        return _param(context, path)
    if head in CLOCKS and len(path.parts) == 1:
        return ClockRead(head, path.span)
    if str(path) in context.scope.schema:
        return _field(context, path)
    if len(path.parts) == 1 and head in context.scope.defs:
        return _definition(context, path)
    return _no_field(context, path)
