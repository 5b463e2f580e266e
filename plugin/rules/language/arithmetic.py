"""The operations that both ways of judging share; what has no usable result raises."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from datetime import timedelta
from typing import Any

EXACT = 2**53
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def _finite(result: float) -> float:
    value = float(result)
    if not math.isfinite(value):
        raise OverflowError
    return value


def add(left: float, right: float) -> float:
    """Return a sum; OverflowError where it is not finite."""
    result = left + right
    return result if -EXACT <= result <= EXACT else _finite(result)


def subtract(left: float, right: float) -> float:
    """Return a difference; OverflowError where it is not finite."""
    result = left - right
    return result if -EXACT <= result <= EXACT else _finite(result)


def multiply(left: float, right: float) -> float:
    """Return a product; OverflowError where it is not finite."""
    result = left * right
    return result if -EXACT <= result <= EXACT else _finite(result)


def divide(left: float, right: float) -> float:
    """Return a real quotient; ZeroDivisionError, or OverflowError where it is not finite."""
    result = left / right
    return result if -EXACT <= result <= EXACT else _finite(result)


def remainder(left: float, right: float) -> float:
    """Return what a division leaves, with the dividend's sign as CEL has it."""
    if right == 0:
        raise ZeroDivisionError
    return math.fmod(left, right)


def lower_ascii(text: str) -> str:
    """Return the text with A to Z in lower case and nothing else changed."""
    return text.translate(_LOWER)


def days(amount: float) -> timedelta:
    """Return so many times 24 hours."""
    return timedelta(days=amount)


def hours(amount: float) -> timedelta:
    """Return so many hours."""
    return timedelta(hours=amount)


def _listed(*items: Any) -> tuple[Any, ...]:
    return items


def _contains(text: str, part: str) -> bool:
    return part in text


def _is_in(sought: Any, items: tuple[Any, ...]) -> bool:
    return sought in items


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
OPERATIONS: dict[str, Callable[..., Any]] = {
    **COMPARISONS,
    "!": operator.not_,
    "neg": operator.neg,
    "*": multiply,
    "/": divide,
    "%": remainder,
    "contains": _contains,
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "lowerAscii": lower_ascii,
    "days": days,
    "hours": hours,
    "list": _listed,
    "size": len,
    "in": _is_in,
}
NUMERIC: dict[str, Callable[[Any, Any], Any]] = {"+": add, "-": subtract}
TEMPORAL: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub}
