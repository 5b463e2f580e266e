"""What Plain takes as the components of a customer card, written from its reference.

https://www.plain.com/docs/api-reference/ui-components
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

SIZES = frozenset({"XS", "S", "M", "L", "XL"})
# component → key → longest text, or the words that it may be
TEXTS: Mapping[str, Mapping[str, int | frozenset[str]]] = {
    "componentPlainText": {
        "plainText": 5_000,
        "plainTextSize": frozenset({"S", "M", "L"}),
        "plainTextColor": frozenset({"NORMAL", "MUTED", "SUCCESS", "WARNING", "ERROR"}),
    },
    "componentBadge": {
        "badgeLabel": 500,
        "badgeColor": frozenset({"GREY", "GREEN", "YELLOW", "RED", "BLUE"}),
    },
    "componentLinkButton": {"linkButtonLabel": 500, "linkButtonUrl": 2_000},
    "componentDivider": {"dividerSpacingSize": SIZES},
    "componentSpacer": {"spacerSize": SIZES},
}
INSIDE: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "componentRow": (
        frozenset({"rowMainContent", "rowAsideContent"}),
        frozenset({"componentRow", "componentContainer"}),
    ),
    "componentContainer": (frozenset({"containerContent"}), frozenset({"componentContainer"})),
}


def _texts(kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    if body.keys() != TEXTS[kind].keys():
        yield f"{kind} with {sorted(body)}"
        return
    for key, limit in TEXTS[kind].items():
        value = body[key]
        if isinstance(limit, frozenset):
            if value not in limit:
                yield f"{key} {value!r}"
        elif not isinstance(value, str) or not 1 <= len(value) <= limit or not value.strip():
            yield f"{key} is empty or too long"
    if kind == "componentLinkButton" and not body["linkButtonUrl"].startswith("https://"):
        yield "a link that is not https"


def _nested(kind: str, body: Mapping[str, Any]) -> Iterator[str]:
    keys, barred = INSIDE[kind]
    if body.keys() != keys:
        yield f"{kind} with {sorted(body)}"
        return
    for key in keys:
        if not body[key]:
            yield f"{key} is empty"
        for component in body[key]:
            yield from (f"{name} in {kind}" for name in component if name in barred)
            yield from _component(component)


def _component(component: Any) -> Iterator[str]:
    if not isinstance(component, dict) or len(component) != 1:
        yield f"not exactly one component key: {component!r}"
        return
    ((kind, body),) = component.items()
    if kind in TEXTS:
        yield from _texts(kind, body)
    elif kind in INSIDE:
        yield from _nested(kind, body)
    else:
        yield f"unknown component {kind}"


def problems(components: Any) -> list[str]:
    """Return everything that Plain would refuse."""
    if not isinstance(components, list) or not components:
        return ["no components"]
    found = [problem for component in components for problem in _component(component)]
    return [*found, *(["a large card"] if len(json.dumps(components)) > 32_000 else [])]
