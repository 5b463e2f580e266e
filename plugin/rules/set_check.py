"""Check a whole set of rules: each rule, what the set must keep, and what nobody uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from plugin.errors import nearest
from plugin.rules.diagnostic import Diagnostic, diagnostic
from plugin.rules.expressions import RuleCheck, check_def, findings_of, start_check
from plugin.rules.merging import Merged, text_of
from plugin.rules.rule_checks import check_set, def_uses, in_rule
from plugin.rules.rule_keys import RULE, Shape
from plugin.rules.rule_params import check_params, check_rule_params, param_values
from plugin.rules.rules import BUILT_IN
from plugin.rules.schema import Schema
from plugin.rules.shape_check import check_shape

MAX_SET_COST = 10_000_000


def _shapes(merged: Merged) -> Iterator[Diagnostic]:
    """Yield what overrides of a workspace made wrong in a rule of the pack."""
    for _, rule in merged.rules():
        yield from in_rule(check_shape(rule, Shape("map", keys=RULE)), rule)


def _unread_param(name: str, node: Any, merged: Merged) -> Diagnostic:
    """Return an error for a slip in the name of a param that there is; else a warning."""
    others = [one for one in merged.params if f"params.{one}" not in merged.own]
    message = f"no rule reads the param '{name}'"
    meant = nearest(name, others, 0.8)  # closer than a hint: it makes an error of a warning
    if meant:
        hint = f"did you mean {meant}? As it is, {meant} keeps its own value"
        return diagnostic(node.place(), "unused-param", message, hint)
    return diagnostic(node.place(), "unused-param", message, severity="warning")


def _leftovers(merged: Merged, checks: list[RuleCheck], schema: Schema) -> Iterator[Diagnostic]:
    conditions = [checked for check in checks for checked in check.conditions.values()]
    used = {name for checked in conditions for name in checked.defs_read}
    params = {name for checked in conditions for name in checked.params_read}
    params |= {name for check in checks for name in check.params_shown}
    uses = def_uses({name: text_of(node) for name, node in merged.defs.items()})
    used |= {name for user in used for name in uses.get(user, ())}
    for name, node in merged.defs.items():
        if name in merged.own and name not in used:
            yield from check_def(merged, schema, name, param_values(merged))
            message = f"no rule uses the def '{name}'"
            yield diagnostic(node.place(), "unused-def", message, severity="warning")
    for name, node in merged.params.items():
        if f"params.{name}" in merged.own and name not in params:
            yield _unread_param(name, node, merged)


def _set_cost(merged: Merged, checks: list[RuleCheck]) -> Iterator[Diagnostic]:
    cost = sum(checked.cost for check in checks for checked in check.conditions.values())
    if cost > MAX_SET_COST:
        rule = next(rule for _, rule in merged.rules())
        message = f"all rules together cost {cost:,}; at most {MAX_SET_COST:,} are allowed"
        yield diagnostic(rule.place(), "too-costly", message)


def _each_rule(merged: Merged, schema: Schema, checks: list[RuleCheck]) -> Iterator[Diagnostic]:
    values = param_values(merged)
    for _, rule in merged.rules():
        yield from check_rule_params(merged, rule)
        check = start_check(rule, values)
        found = list(findings_of(check, merged, schema))
        if text_of(rule.get("id")) != BUILT_IN:
            yield from found
        checks.append(check)


def _in_circles(merged: Merged) -> set[str]:
    """Return the defs that name each other in a circle."""
    uses = def_uses({name: text_of(node) for name, node in merged.defs.items()})

    def reached(name: str) -> set[str]:
        seen: set[str] = set()
        coming = list(uses[name])
        while coming:
            one = coming.pop()
            if one not in seen:
                seen.add(one)
                coming += uses[one]
        return seen

    return {name for name in uses if name in reached(name)}


def _is_about(finding: Diagnostic, names: set[str]) -> bool:
    return finding.code == "unknown-name" and any(f"'{name}'" in finding.message for name in names)


def check_all(
    merged: Merged, schema: Schema, shipped: frozenset[str]
) -> tuple[list[RuleCheck], list[Diagnostic]]:
    """Return the check of each rule, in order, and everything that was found.

    Defs that name each other in a circle are told once and left out; all else is checked.
    """
    findings = [*check_set(merged, schema, shipped), *check_params(merged), *_shapes(merged)]
    checks: list[RuleCheck] = []
    circular = _in_circles(merged)
    sound = {name: node for name, node in merged.defs.items() if name not in circular}
    straight = replace(merged, defs=sound)
    found = [*_each_rule(straight, schema, checks), *_leftovers(straight, checks, schema)]
    findings += [finding for finding in found if not _is_about(finding, circular)]
    findings += _set_cost(straight, checks)
    return checks, findings
