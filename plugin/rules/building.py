"""Turn the checked nodes of a rule into its record, with every condition compiled."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from plugin.account import words
from plugin.rules.applying import applies_text
from plugin.rules.durations import parse_day, parse_duration
from plugin.rules.expressions import RuleCheck, scope_of
from plugin.rules.language.program import Program, check, compile_program
from plugin.rules.merging import GroupNode, Merged, entries_of, items_of, names_of, text_of
from plugin.rules.rule_params import values_with
from plugin.rules.rules import (
    Conditions,
    Exemption,
    Notes,
    Override,
    Play,
    Rule,
    Timing,
    Value,
    Variant,
)
from plugin.rules.schema import Schema
from plugin.rules.templates import Template, parse_template
from plugin.rules.yaml_tree import Node, plain

VERSION_LENGTH = 12


def content_hash(content: object) -> str:
    """Return the SHA-256 of plain values: equal content, equal hash."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class _Builder:
    """What the compiled conditions of one rule may name."""

    merged: Merged
    schema: Schema
    params: Mapping[str, Value]

    def program(self, text: str) -> Program:
        scope = scope_of(self.merged, self.schema, self.params)
        return compile_program(check(text, scope))

    def optional(self, node: Node | None) -> Program | None:
        return None if node is None else self.program(node.text)


def _duration(node: Node | None) -> timedelta | None:
    return parse_duration(node.text) if node is not None else None


def _durations(node: Node | None) -> dict[str, timedelta]:
    pairs = ((key.text, parse_duration(value.text)) for key, value in entries_of(node))
    return {name: length for name, length in pairs if length is not None}


def _numbers(node: Node | None) -> dict[str, float]:
    return {key.text: float(value.text) for key, value in entries_of(node)}


def _timing(node: Node, base: Timing) -> Timing:
    return Timing(
        dwell=_duration(node.get("dwell")) or base.dwell,
        hold_for=_duration(node.get("hold_for")) or base.hold_for,
        cooldown=_duration(node.get("cooldown")) or base.cooldown,
        expires_after=_duration(node.get("expires_after")) or base.expires_after,
    )


def _escalations(node: Node | None, builder: _Builder) -> tuple[tuple[str, Program], ...]:
    found = [(key.text, builder.program(value.text)) for key, value in entries_of(node)]
    return tuple(sorted(found, key=lambda pair: -words.SEVERITY.index(pair[0])))


def _conditions(rule: Node, builder: _Builder) -> Conditions:
    return Conditions(
        when=builder.program(text_of(rule.get("when"))),
        clear_when=builder.optional(rule.get("clear_when")),
        suppress_when=builder.optional(rule.get("suppress_when")),
        escalate=_escalations(rule.get("escalate_when"), builder),
    )


def _on_unknown(rule: Node, severity: str) -> str:
    written = text_of(rule.get("on_unknown"))
    critical_risk = text_of(rule.get("kind")) == "risk" and severity == "critical"
    return written or ("show" if critical_risk else "hide")


def _base(rule: Node, builder: _Builder) -> Variant:
    severity = text_of(rule.get("severity"))
    return Variant(
        severity=severity,
        on_unknown=_on_unknown(rule, severity),
        timing=_timing(rule, Timing()),
        conditions=_conditions(rule, builder),
        params=builder.params,
        min_data=_numbers(rule.get("min_data")),
        max_input_age=_durations(rule.get("max_input_age")),
    )


def _override(node: Node, rule: Node, base: Variant, builder: _Builder) -> Override:
    params = values_with(builder.params, node.get("params"))
    same = node.get("params") is None
    changed = _Builder(builder.merged, builder.schema, params)
    severity = text_of(node.get("severity")) or base.severity
    variant = Variant(
        severity=severity,
        on_unknown=text_of(node.get("on_unknown")) or _on_unknown(rule, severity),
        timing=_timing(node, base.timing),
        conditions=base.conditions if same else _conditions(rule, changed),
        params=params,
        min_data={**base.min_data, **_numbers(node.get("min_data"))},
        max_input_age={**base.max_input_age, **_durations(node.get("max_input_age"))},
    )
    return Override(builder.program(applies_text(node.get("for"))), variant)


def _template(node: Node | None) -> Template | None:
    return parse_template(node.text)[0] if node is not None else None


def _play(node: Node | None) -> Play | None:
    text = _template(node.get("text")) if node is not None else None
    if node is None or text is None:
        return None
    return Play(text, text_of(node.get("owner")), text_of(node.get("link")))


def _exemptions(node: Node | None) -> tuple[Exemption, ...]:
    return tuple(
        Exemption(
            text_of(item.get("account")),
            parse_day(text_of(item.get("until"))),
            text_of(item.get("why")),
        )
        for item in items_of(node)
    )


def _notes(rule: Node) -> Notes:
    snooze = rule.get("snooze")
    return Notes(
        why=text_of(rule.get("why")),
        known_false_alarms=names_of(rule.get("known_false_alarms")),
        source=text_of(rule.get("source")),
        review_by=parse_day(text_of(rule.get("review_by"))),
        snooze_max=_duration(snooze.get("max")) if snooze else None,
        snooze_roles=names_of(snooze.get("roles")) if snooze else (),
    )


def _version(check_of_rule: RuleCheck, merged: Merged) -> str:
    """Return a short name of all that decides what the rule says."""
    conditions = check_of_rule.conditions.values()
    names = {name for checked in conditions for name in checked.params_read}
    names |= check_of_rule.params_shown
    params = {name: check_of_rule.params.get(name) for name in sorted(names)}
    defs = {name for checked in conditions for name in checked.defs_read}
    texts = {name: merged.defs[name].text for name in sorted(defs) if name in merged.defs}
    content = [plain(check_of_rule.rule), params, texts]
    return content_hash(content)[:VERSION_LENGTH]


def build_rule(
    check_of_rule: RuleCheck, group: GroupNode, order: int, merged: Merged, schema: Schema
) -> Rule:
    """Return the record of a rule whose check found no error."""
    rule = check_of_rule.rule
    builder = _Builder(merged, schema, check_of_rule.params)
    base = _base(rule, builder)
    overrides = items_of(rule.get("overrides"))
    applies = applies_text(rule.get("applies_to"))
    written = plain(rule)
    return Rule(
        id=text_of(rule.get("id")),
        code=text_of(rule.get("code")),
        kind=text_of(rule.get("kind")),
        status=text_of(rule.get("status")),
        version=_version(check_of_rule, merged),
        order=order,
        base=base,
        headline=parse_template(text_of(rule.get("headline")))[0],
        detail=_template(rule.get("detail")),
        play=_play(rule.get("play")),
        group=group.name,
        owner=group.owner,
        tags=names_of(rule.get("tags")),
        applies=builder.program(applies) if applies else None,
        overrides=tuple(_override(node, rule, base, builder) for node in overrides),
        exemptions=_exemptions(rule.get("except")),
        supersedes=names_of(rule.get("supersedes")),
        suppress_if=names_of(rule.get("suppress_if")),
        variables=check_of_rule.conditions["when"].deciding,
        notes=_notes(rule),
        plain=written if isinstance(written, dict) else {},
    )
