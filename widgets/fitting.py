"""Keep a JSON answer within its helpdesk's bytes: what comes first matters most and stays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any


def size(value: Any) -> int:
    """Return the bytes of the value as JSON, at their most: no letter beyond ASCII as itself."""
    return len(json.dumps(value))


def fitting(parts: Sequence[Any], most: int, last: Any) -> list[Any]:
    """Return the first parts that fit into `most` bytes, then `last` where some were left out."""
    if size(parts) <= most:
        return list(parts)
    room = most - size(last) - 2 * len("[]")
    kept: list[Any] = []
    for part in parts:
        room -= size(part) + len(", ")
        if room < 0:
            return [*kept, last]
        kept.append(part)
    return kept
