"""Check every expression and text of a rule, and point into the file where one is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from plugin.rules.applying import APPLIES_FIELDS, applies_text
from plugin.rules.diagnostic import Diagnostic, diagnostic
from plugin.rules.language.checked import Checked
from plugin.rules.language.finding import Finding
from plugin.rules.language.program import check
from plugin.rules.language.scope import Scope
from plugin.rules.merging import Merged, entries_of, items_of, text_of
from plugin.rules.positions import place_in
from plugin.rules.rule_checks import in_rule
from plugin.rules.rule_keys import RULE, Shape
from plugin.rules.rule_params import values_with
from plugin.rules.rules import Value
from plugin.rules.schema import Schema, roots, spec_at
from plugin.rules.shape_check import nearest, walk
from plugin.rules.templates import (
    TemplateScope,
    bounded,
    check_template,
    fields_shown,
    parse_template,
)
from plugin.rules.yaml_tree import Node

Found = Iterator[Diagnostic]
_RULE_SHAPE = Shape("map", keys=RULE)


@dataclass(slots=True)
class RuleCheck:
    """What checking one rule brought: its conditions by key path, and what it used."""

    rule: Node
    params: Mapping[str, Value]
    conditions: dict[str, Checked] = field(default_factory=dict)
    params_shown: set[str] = field(default_factory=set)

    def template_scope(self, schema: Schema) -> TemplateScope:
        """Return what the rule's texts may name."""
        when = self.conditions.get("when")
        if when is None:
            return TemplateScope(schema, self.params)
        return TemplateScope(schema, self.params, when.deciding, when.single_filter)

    def reads(self) -> frozenset[str]:
        """Return the paths that its conditions read."""
        return frozenset().union(*(checked.reads for checked in self.conditions.values()))


def scope_of(merged: Merged, schema: Schema, params: Mapping[str, Value]) -> Scope:
    """Return what the expressions of a set may name."""
    return Scope(schema, params, {name: text_of(node) for name, node in merged.defs.items()})


def _found(node: Node, finding: Finding, rule: str | None, key: str) -> Diagnostic:
    place = dataclasses.replace(place_in(node, finding.start, finding.end), rule=rule, key=key)
    severity = finding.severity
    return diagnostic(place, finding.code, finding.message, finding.hint, severity=severity)


def _node_of(finding: Finding, own: Node, merged: Merged) -> Node:
    if finding.definition is None:
        return own
    return merged.defs.get(finding.definition, own)


def _conditions(checks: RuleCheck, merged: Merged, schema: Schema) -> Found:
    name = text_of(checks.rule.get("id"))
    scope = scope_of(merged, schema, checks.params)
    for path, node in walk(checks.rule, _RULE_SHAPE, "condition"):
        checked = check(node.text, scope)
        checks.conditions[path] = checked
        for finding in checked.findings:
            place = _node_of(finding, node, merged)
            key = f"defs.{finding.definition}" if finding.definition else path
            yield _found(place, finding, name, key)


def _templates(checks: RuleCheck, schema: Schema) -> Found:
    name = text_of(checks.rule.get("id"))
    scope = checks.template_scope(schema)
    sound = "when" in checks.conditions and checks.conditions["when"].is_sound
    for path, node in walk(checks.rule, _RULE_SHAPE, "template"):
        template, findings = parse_template(node.text)
        findings += tuple(
            found
            for found in bounded(check_template(template, scope))
            if sound or _stands_alone(node.text[found.start : found.end], schema)
        )
        if sound and path == "headline":
            findings += tuple(_unread(node.text, checks, scope))
        shown = (slot.path for slot in template.slots() if slot.path.startswith("params."))
        checks.params_shown |= {path.removeprefix("params.") for path in shown}
        yield from (_found(node, finding, name, path) for finding in findings)


def _stands_alone(path: str, schema: Schema) -> bool:
    """Return whether a path means a field or param, whatever variables a broken `when` has."""
    return path.partition(".")[0] in roots(schema) | {"params"}


def _unread(text: str, checks: RuleCheck, scope: TemplateScope) -> Iterator[Finding]:
    template, _ = parse_template(text)
    reads = checks.reads()
    for path in sorted(fields_shown(template, scope)):
        if path not in reads and "[]." not in path:
            message = f"the headline shows '{path}', which no condition of the rule reads"
            hint = "it may be unknown while the rule fires; move it to `detail`"
            slot = next(slot for slot in template.slots() if slot.path == path)
            end = slot.at + len(path)
            yield Finding("headline-unread", message, hint, slot.at, end, "warning")


def _guards(checks: RuleCheck, schema: Schema) -> Found:
    reads = checks.reads()
    for guard in ("min_data", "max_input_age"):
        for key, _limit in entries_of(checks.rule.get(guard)):
            place = dataclasses.replace(
                key.place(), rule=text_of(checks.rule.get("id")), key=f"{guard}.{key.text}"
            )
            if spec_at(schema, key.text) is None or "[]" in key.text:
                hint = nearest(key.text, schema)
                yield diagnostic(place, "unknown-field", f"unknown field '{key.text}'", hint)
            elif not any(path.split("[]")[0] == key.text for path in reads):
                message = f"no condition of the rule reads '{key.text}'"
                hint = "the guard does nothing"
                yield diagnostic(place, "guard-unread", message, hint, severity="warning")


def _limit_words(limit: Node, schema: Schema) -> Found:
    """Yield values that a closed list of the schema does not know; stages have their own shape."""
    for key, values in entries_of(limit):
        spec = schema.get(APPLIES_FIELDS.get(key.text, ""))
        for value in values.items if key.text != "stage" else ():
            if spec is not None and spec.enum and value.text not in spec.enum:
                hint = nearest(value.text, spec.enum) or f"one of {', '.join(spec.enum)}"
                message = f"'{value.text}' is no value of {spec.path}"
                yield diagnostic(value.place(), "enum-typo", message, hint)


def _limits(checks: RuleCheck, schema: Schema) -> Found:
    """Yield what is wrong with the accounts that a rule or an override is limited to."""
    overrides = items_of(checks.rule.get("overrides"))
    limits = [checks.rule.get("applies_to"), *(override.get("for") for override in overrides)]
    for limit in limits:
        if limit is None or limit.kind != "map":
            continue
        found = list(_limit_words(limit, schema))
        text = applies_text(limit)
        wrong = [x for x in check(text, Scope(schema)).findings if x.severity == "error"]
        if text and wrong and not found:
            found = [diagnostic(limit.place(), "bad-value", wrong[0].message, wrong[0].hint)]
        yield from in_rule(found, checks.rule)


def _variants(checks: RuleCheck, merged: Merged, schema: Schema) -> Found:
    """Yield errors that the params of an override bring into the rule's conditions."""
    for override in items_of(checks.rule.get("overrides")):
        scope = scope_of(merged, schema, values_with(checks.params, override.get("params")))
        for path, node in walk(checks.rule, _RULE_SHAPE, "condition"):
            sound = path in checks.conditions and checks.conditions[path].is_sound
            for finding in check(node.text, scope).findings if sound else ():
                if finding.severity == "error":
                    name = text_of(checks.rule.get("id"))
                    yield _found(_node_of(finding, node, merged), finding, name, path)


def start_check(rule: Node, values: Mapping[str, Value]) -> RuleCheck:
    """Return the check of one rule before its work: `findings_of` does it."""
    return RuleCheck(rule, values_with(values, rule.get("params")))


def findings_of(checks: RuleCheck, merged: Merged, schema: Schema) -> Found:
    """Yield everything that is wrong with the expressions and texts of a rule."""
    yield from _conditions(checks, merged, schema)
    yield from _templates(checks, schema)
    yield from _guards(checks, schema)
    yield from _limits(checks, schema)
    yield from _variants(checks, merged, schema)


def check_def(merged: Merged, schema: Schema, name: str, params: Mapping[str, Value]) -> Found:
    """Yield what is wrong with a def that no rule uses."""
    node = merged.defs[name]
    scope = scope_of(merged, schema, params)
    for finding in check(node.text, scope, condition=False).findings:
        place = _node_of(finding, node, merged)
        yield _found(place, finding, None, f"defs.{finding.definition or name}")
