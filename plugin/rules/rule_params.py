"""Params: the values of a set, of one rule, and of one override, each within its range."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plugin.rules.diagnostic import Diagnostic, diagnostic
from plugin.rules.merging import Merged, entries_of, items_of
from plugin.rules.rule_checks import in_rule, out_of_range
from plugin.rules.rules import Param, Value
from plugin.rules.shape_check import is_number, nearest
from plugin.rules.yaml_tree import Node, plain

Found = Iterator[Diagnostic]


def _spec(node: Node) -> Mapping[str, object]:
    found = plain(node)
    return found if isinstance(found, dict) else {"default": found}


def _usable(value: object) -> Value:
    return value if isinstance(value, bool | int | float | str) else 0


def param_values(merged: Merged) -> dict[str, Value]:
    """Return the value of each param of the set."""
    return {name: _usable(_spec(node).get("default")) for name, node in merged.params.items()}


def _number(value: object) -> float | None:
    return float(str(value)) if is_number(value) else None


def params_of(merged: Merged) -> dict[str, Param]:
    """Return the params as records, for sliders and docs."""
    return {
        name: Param(
            name=name,
            default=_usable(spec.get("default")),
            least=_number(spec.get("min")),
            most=_number(spec.get("max")),
            step=_number(spec.get("step")),
            unit=str(spec.get("unit", "")),
            label=str(spec.get("label", "")),
            why=str(spec.get("why", "")),
        )
        for name, spec in ((name, _spec(node)) for name, node in merged.params.items())
    }


def check_params(merged: Merged) -> Found:
    """Yield what is wrong with the params of the set."""
    for name, node in merged.params.items():
        spec = _spec(node)
        place = node.get("default") if node.kind == "map" else node
        least, most = _number(spec.get("min")), _number(spec.get("max"))
        if place is None:
            message = f"param '{name}' has no default"
            yield diagnostic(node.place(), "missing-key", message, "add `default:`")
        elif least is not None and most is not None and least > most:
            message = f"param '{name}': min {least:g} is above max {most:g}"
            yield diagnostic(node.place(), "param-range", message)
        elif problem := out_of_range(spec, spec.get("default")):
            yield diagnostic(place.place(), "param-range", f"param '{name}': {problem}")


def _check_values(merged: Merged, values: Node | None) -> Found:
    for key, value in entries_of(values):
        node = merged.params.get(key.text)
        if node is None:
            hint = nearest(key.text, merged.params)
            yield diagnostic(key.place(), "unknown-name", f"unknown param '{key.text}'", hint)
        elif value.kind == "scalar" and (problem := out_of_range(_spec(node), value.value())):
            code = "bad-value" if "of another kind" in problem else "param-range"
            yield diagnostic(value.place(), code, f"param '{key.text}': {problem}")


def check_rule_params(merged: Merged, rule: Node) -> Found:
    """Yield what is wrong with the values that a rule and its overrides give to params."""
    yield from in_rule(_check_values(merged, rule.get("params")), rule)
    for override in items_of(rule.get("overrides")):
        yield from in_rule(_check_values(merged, override.get("params")), rule)


def values_with(values: Mapping[str, Value], node: Node | None) -> dict[str, Value]:
    """Return the values, with those of a `params` map in their place."""
    changed = {key.text: _usable(plain(value)) for key, value in entries_of(node)}
    return {**values, **{name: value for name, value in changed.items() if name in values}}
