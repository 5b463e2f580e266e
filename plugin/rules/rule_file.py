"""Read rule files into a rule set, or into everything that is wrong with them at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import islice

from plugin.rules.building import build_rule, content_hash
from plugin.rules.diagnostic import MOST, Diagnostic, diagnostic, errors, in_file_order
from plugin.rules.expressions import RuleCheck
from plugin.rules.merging import Merged, items_of, merge, text_of
from plugin.rules.rule_checks import in_rule
from plugin.rules.rule_keys import FILE, RULE, Shape
from plugin.rules.rule_params import params_of
from plugin.rules.rules import BUILT_IN, RuleSet
from plugin.rules.schema import Schema, vocabulary_schema
from plugin.rules.set_check import check_all
from plugin.rules.shape_check import check_shape, nearest
from plugin.rules.yaml_tree import Node, plain, read_yaml, yaml_words

_EXTENDS = re.compile(r"([a-z][a-z0-9_]*)(?:@([0-9]{1,6}))?")
_PACKS = resources.files("plugin.rules.packs")
SHIPPED = ("default",)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What reading brought: `rules` is None when there is an error among the findings."""

    rules: RuleSet | None
    findings: tuple[Diagnostic, ...] = ()


@dataclass(slots=True)
class _Reading:
    """Files while they are read: `packs` are those that may be extended, by name."""

    schema: Schema
    findings: list[Diagnostic] = field(default_factory=list)
    packs: dict[str, tuple[Merged, int]] = field(default_factory=dict)
    name: str = ""
    version: int = 1


def _read(reading: _Reading, data: bytes | str, name: str) -> Node | None:
    tree = read_yaml(data, name)
    if isinstance(tree, Diagnostic):
        reading.findings.append(tree)
        return None
    reading.findings += islice(yaml_words(tree), MOST)
    reading.findings += islice(check_shape(tree, Shape("map", keys=FILE)), MOST)
    if tree.kind != "map":
        return None
    for group in items_of(tree.get("groups")):
        rules = group.get("rules") if group.kind == "map" else None
        for rule in items_of(rules):
            reading.findings += in_rule(check_shape(rule, Shape("map", keys=RULE)), rule)
    return tree


@cache
def shipped_text(pack: str) -> str:
    """Return the text of a pack that ships."""
    return _PACKS.joinpath(f"{pack}.yaml").read_text(encoding="utf-8")


@cache
def _shipped_tree(pack: str) -> Node:
    tree = read_yaml(shipped_text(pack), f"{pack}.yaml")
    if isinstance(tree, Diagnostic):
        raise TypeError(tree)  # the file ships with the code
    return tree


@cache
def _shipped_ids() -> frozenset[str]:
    rules = (rule for pack in SHIPPED for _, rule in merge(None, _shipped_tree(pack)).rules())
    return frozenset(text_of(rule.get("id")) for rule in rules)


def _built_in() -> Merged:
    return merge(None, _shipped_tree("built_in"))


def _shipped(reading: _Reading, pack: str) -> tuple[Merged, int] | None:
    if pack in reading.packs:
        return reading.packs[pack]
    if pack not in SHIPPED:
        return None
    tree = _shipped_tree(pack)
    return merge(_built_in(), tree), _version_of(tree)


def _version_of(tree: Node) -> int:
    node = tree.get("version")
    value = node.value() if node is not None and node.kind == "scalar" else 1
    return value if isinstance(value, int) else 1


def _changed_base(tree: Node, extends: Node, version: int) -> Iterator[Diagnostic]:
    """Yield a warning for each replaced `when` whose base may have changed since."""
    for change in items_of(tree.get("override")):
        replaced = change.get("replace") if change.kind == "map" else None
        when = replaced.get("when") if replaced is not None else None
        if when is not None:
            message = f"written for {extends.text}, and the pack is at version {version} now"
            hint = "compare with the pack's own `when`"
            yield diagnostic(when.place(), "changed-base", message, hint, severity="warning")


def _below(reading: _Reading, tree: Node, merged: Merged) -> Merged:
    """Return what `tree` builds on: the pack it extends, or the files before it."""
    extends = tree.get("extends")
    if extends is None or extends.kind != "scalar":
        return merged
    found = _EXTENDS.fullmatch(extends.text)
    pack = _shipped(reading, found[1]) if found else None
    if found is None or pack is None:
        known = [*SHIPPED, *reading.packs]
        hint = nearest(extends.text, known) or f"known packs: {', '.join(known)}"
        message = f"no pack '{extends.text}'"
        reading.findings.append(diagnostic(extends.place(), "unknown-id", message, hint))
        return merged
    base, version = pack
    if found[2] and int(found[2]) != version:
        reading.findings += _changed_base(tree, extends, version)
    return base


def _merge_all(reading: _Reading, files: Sequence[tuple[bytes | str, str]]) -> Merged | None:
    merged = _built_in()
    for data, name in files:
        tree = _read(reading, data, name)
        if tree is None:
            return None
        merged = merge(_below(reading, tree, merged), tree)
        reading.findings += merged.findings
        reading.name = text_of(tree.get("pack")) or text_of(tree.get("extends")) or name
        reading.version = _version_of(tree)
        if pack := text_of(tree.get("pack")):
            reading.packs[pack] = (merged, reading.version)
    return merged


def _rule_set(reading: _Reading, merged: Merged, checks: Sequence[RuleCheck]) -> RuleSet:
    groups = [group for group, _ in merged.rules()]
    pairs = sorted(
        zip(groups, checks, strict=True),
        key=lambda pair: text_of(pair[1].rule.get("id")) == BUILT_IN,
    )
    rules = tuple(
        build_rule(check, group, order, merged, reading.schema)
        for order, (group, check) in enumerate(pairs)
    )
    defs = {name: text_of(node) for name, node in merged.defs.items()}
    params = {name: plain(node) for name, node in merged.params.items()}
    content = [[rule.plain for rule in rules], params, defs]
    name, version = reading.name, reading.version
    digest = f"sha256:{content_hash(content)}"
    return RuleSet(name, version, digest, rules, params_of(merged), defs, reading.schema)


def load_files(files: Sequence[tuple[bytes | str, str]], schema: Schema) -> Loaded:
    """Return the rules of files that build on each other: (content, name), base first."""
    reading = _Reading(schema)
    merged = _merge_all(reading, files)
    checks: list[RuleCheck] = []
    if merged is not None:
        checks, found = check_all(merged, schema, _shipped_ids())
        reading.findings += found
    findings = in_file_order(reading.findings)
    if merged is None or errors(findings):
        return Loaded(None, findings)
    return Loaded(_rule_set(reading, merged, checks), findings)


def load_rules(data: bytes | str, name: str, schema: Schema) -> Loaded:
    """Return the rules of one file, the pack that it extends included."""
    return load_files([(data, name)], schema)


@cache
def default_rules() -> RuleSet:
    """Return the rules that ship, on the plain vocabulary."""
    loaded = load_rules(shipped_text("default"), "default.yaml", vocabulary_schema())
    if loaded.rules is None:
        raise ValueError("\n".join(str(finding) for finding in loaded.findings))
    return loaded.rules
