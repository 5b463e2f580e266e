"""`applies_to`, and the `for` of an override, as a condition of the rule language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from plugin.rules.durations import parse_duration
from plugin.rules.merging import names_of, text_of
from plugin.rules.yaml_tree import Node

APPLIES_FIELDS = {"stage": "account.stage", "tier": "account.tier", "plan": "contract.plan"}


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def _applies_parts(node: Node) -> Iterator[str]:
    for key, path in APPLIES_FIELDS.items():
        if listed := ", ".join(_quoted(word) for word in names_of(node.get(key))):
            yield f"{path} in [{listed}]"
    tenure = parse_duration(text_of(node.get("tenure_min")))
    if tenure is not None:
        yield f"today - account.customer_since >= days({tenure / timedelta(days=1):g})"


def applies_text(node: Node | None) -> str:
    """Return `applies_to` as a condition, or the empty text."""
    return " && ".join(_applies_parts(node)) if node is not None else ""
