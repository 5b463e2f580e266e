"""Explanations as JSON and as text: why a rule fires, does not, or cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from plugin.account.context import Gap
from plugin.rules.language.result import Because
from plugin.rules.rendering import Values
from plugin.rules.values import visible_read

_WORD = {True: "true", False: "false", None: "unknown"}


def plain_value(value: Any) -> Any:
    """Return a value that was read as JSON can hold it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value / timedelta(days=1):g} d"
    if isinstance(value, Mapping):
        return {str(key): plain_value(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_value(part) for part in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def gap_json(gap: Gap) -> dict[str, str]:
    """Return what is missing, from where and why."""
    return {"field": gap.field, "upstream": gap.upstream, "reason": gap.reason}


def because_json(part: Because, values: Values | None = None) -> dict[str, Any]:
    """Return one deciding condition; with `values`, as that viewer may see what it read."""
    read = part.read if values is None else visible_read(part.read, values)
    return {
        "condition": part.condition,
        "def": part.definition,
        "span": list(part.span),
        "value": "unknown" if part.value is None else part.value,
        "read": plain_value(read),
        "items": list(part.items),
        "stale": plain_value(part.stale),
        "missing": [gap_json(gap) for gap in part.missing],
    }


def _read_text(part: Because, values: Values | None) -> str:
    read = part.read if values is None else visible_read(part.read, values)
    return ", ".join(f"{path} = {plain_value(value)}" for path, value in read.items())


def _because_lines(part: Because, values: Values | None) -> list[str]:
    name = f" (def {part.definition})" if part.definition else ""
    lines = [f"    {_WORD[part.value]}: {part.condition}{name}"]
    if read := _read_text(part, values):
        lines.append(f"      read: {read}")
    if part.items:
        lines.append(f"      items: {', '.join(part.items)}")
    if part.stale:
        late = ", ".join(f"{path} of {plain_value(at)}" for path, at in part.stale.items())
        lines.append(f"      past its freshness budget: {late}")
    lines += [f"      missing: {gap.field} ({gap.upstream}: {gap.reason})" for gap in part.missing]
    return lines


def because_text(because: Iterable[Because], values: Values | None = None) -> str:
    """Return the deciding conditions as indented lines."""
    return "\n".join(line for part in because for line in _because_lines(part, values))
