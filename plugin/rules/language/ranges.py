"""Which values a comparison leaves: sums of fields against a constant, words against a list."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from plugin.rules.language.arithmetic import OPERATIONS
from plugin.rules.language.intervals import Interval, compare
from plugin.rules.language.tree import Apply, Constant, FieldRead, ItemRead, Node, bare
from plugin.rules.language.types import DURATION, NUMBER, TIMESTAMP, Plain

_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_AT_LEAST_ZERO = dict.fromkeys(
    ("people", "seats", "events", "exports", "times", "attempts", "answers", "months"),
    (0.0, math.inf),
)
_BY_UNIT = _AT_LEAST_ZERO | {
    "points of 100": (0.0, 100.0),
    "points of 10": (0.0, 10.0),
    "share": (0.0, 1.0),
}
_EVERYTHING = (-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of nodes, each so many times, and a constant (time spans in seconds)."""

    terms: Mapping[Node, int]
    constant: float = 0.0


def _plus(left: Linear, right: Linear, sign: int) -> Linear:
    terms = Counter(left.terms)
    for node, times in right.terms.items():
        terms[node] += sign * times
    known = {node: times for node, times in terms.items() if times}
    return Linear(known, left.constant + sign * right.constant)


def _fixed(node: Apply) -> Linear | None:
    """Return the value of an operation on constants alone."""
    operands = [linear(arg) for arg in node.args]
    if any(operand.terms for operand in operands) or node.op not in (
        "*",
        "/",
        "%",
        "days",
        "hours",
    ):
        return None
    try:
        value = OPERATIONS[node.op](*(operand.constant for operand in operands))
    except (ArithmeticError, ValueError):
        return None
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    return Linear({}, seconds)


def _operation(node: Apply) -> Linear:
    if node.op in ("+", "-"):
        left, right = (linear(arg) for arg in node.args)
        return _plus(left, right, 1 if node.op == "+" else -1)
    if node.op == "neg":
        return _plus(Linear({}), linear(node.args[0]), -1)
    return _fixed(node) or Linear({node: 1})


def linear(node: Node) -> Linear:
    """Return a number, time or time span as a sum."""
    node = bare(node)
    if isinstance(node, Apply):
        return _operation(node)
    if isinstance(node, Constant) and not isinstance(node.value, str):
        return Linear({}, node.value)
    return Linear({node: 1})


def _range(node: Node) -> tuple[float, float]:
    if isinstance(node, Apply) and node.op == "size":
        return 0.0, math.inf
    if isinstance(node, FieldRead | ItemRead):
        return _BY_UNIT.get(node.unit or "", _EVERYTHING)
    return _EVERYTHING


def _total(terms: Mapping[Node, int]) -> tuple[float, float]:
    low = high = 0.0
    for node, times in terms.items():
        ends = [bound * times for bound in _range(node)]
        low, high = low + min(ends), high + max(ends)
    return low, high


@dataclass(frozen=True, slots=True)
class Bound:
    """What a comparison says: a sum of nodes, held against a constant."""

    terms: frozenset[tuple[Node, int]]
    op: str
    constant: float

    def truth(self) -> bool | None:
        """Return what always holds, from constants and natural ranges alone."""
        low, high = _total(dict(self.terms))
        return compare(self.op, Interval(low, high, ()), self.constant)


def bound(node: Node, *, holds: bool = True) -> Bound | None:
    """Return a comparison of numbers or times as a bound, or its opposite."""
    if not isinstance(node, Apply) or node.op not in _NEGATED:
        return None
    if node.args[0].type not in (NUMBER, TIMESTAMP, DURATION):
        return None
    op = node.op if holds else _NEGATED[node.op]
    difference = _plus(linear(node.args[0]), linear(node.args[1]), -1)
    if not math.isfinite(difference.constant):
        return None
    return _canonical(difference, op)


def _canonical(difference: Linear, op: str) -> Bound:
    """Give a sum and its opposite one form, so that `a - b` meets `b - a`."""
    terms = dict(difference.terms)
    first = min(terms, key=_order, default=None)
    if first is None or terms[first] > 0:
        return Bound(frozenset(terms.items()), op, -difference.constant)
    opposite = frozenset((node, -times) for node, times in terms.items())
    return Bound(opposite, _MIRRORED[op], difference.constant)


def _order(node: Node) -> int:
    return hash(node)


@dataclass(slots=True)
class Left:
    """The values that several bounds on one sum leave."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False
    excluded: set[float] = field(default_factory=set)

    def cut(self, op: str, constant: float) -> None:
        """Take away what a bound rules out."""
        if op == "!=":
            self.excluded.add(constant)
        if op in (">", ">=", "==") and (constant, op == ">") > (self.low, self.low_open):
            self.low, self.low_open = constant, op == ">"
        if op in ("<", "<=", "==") and (-constant, op == "<") > (-self.high, self.high_open):
            self.high, self.high_open = constant, op == "<"

    def is_empty(self) -> bool:
        """Tell whether nothing is left."""
        if self.low != self.high:
            return self.low > self.high
        return self.low_open or self.high_open or self.low in self.excluded


def no_number_left(bounds: Iterable[Bound]) -> bool:
    """Tell whether no number satisfies all the bounds that are set on one sum."""
    left: dict[frozenset[tuple[Node, int]], Left] = {}
    for one in bounds:
        sums = left.setdefault(one.terms, Left(*_total(dict(one.terms))))
        sums.cut(one.op, one.constant)
    return any(sums.is_empty() for sums in left.values())


@dataclass(frozen=True, slots=True)
class Words:
    """What a condition says of a text or a yes or no: one of these, or none of these."""

    subject: Node
    values: frozenset[Plain]
    holds: bool


def words(node: Node, *, holds: bool) -> Words:
    """Return `field == 'a'` or `field in [...]` as words; of all else that it is true or not."""
    if isinstance(node, Apply) and node.op in ("==", "!=", "in"):
        left, right = bare(node.args[0]), bare(node.args[1])
        if node.op != "in" and isinstance(left, Constant):
            left, right = right, left
        listed = right.args if isinstance(right, Apply) and right.op == "list" else (right,)
        values = [bare(value) for value in listed]
        if all(isinstance(value, Constant) for value in values) and left.type != NUMBER:
            plain = frozenset(value.value for value in values if isinstance(value, Constant))
            return Words(left, plain, holds == (node.op != "!="))
    return Words(node, frozenset([True]), holds)


def no_word_left(said: Iterable[Words]) -> bool:
    """Tell whether no value satisfies all that is said of one text."""
    allowed: dict[Node, frozenset[Plain]] = {}
    barred: dict[Node, frozenset[Plain]] = {}
    for one in said:
        if one.holds:
            allowed[one.subject] = allowed.get(one.subject, one.values) & one.values
        else:
            barred[one.subject] = barred.get(one.subject, frozenset()) | one.values
    return any(not values - barred.get(node, frozenset()) for node, values in allowed.items())
