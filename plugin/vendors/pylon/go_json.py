"""Write a query as Go's json.Marshal does: some helpdesks sign exactly these bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable

# What Go escapes besides JSON's own: https://pkg.go.dev/encoding/json#Marshal
ESCAPED = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
TABLE = str.maketrans(ESCAPED)


def encode(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Return name → list of values, names sorted, values in their order, text as UTF-8."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.translate(TABLE).encode()
