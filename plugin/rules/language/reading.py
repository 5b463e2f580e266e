"""Read one account in three-valued logic: a value, or unknown with the gap that says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugin.account.context import Gap
from plugin.rules.binding import ITEM_GAPS, Binding
from plugin.rules.language.intervals import ItemCount, Unknown
from plugin.rules.language.tree import ClockRead, Constant, FieldRead, Has, ItemRead, VariableRead

NOT_ASKED = "not_configured"


class Env:
    """One account, and the items that variables stand for at this point."""

    __slots__ = ("binding", "items", "values")

    def __init__(self, binding: Binding) -> None:
        self.binding = binding
        self.values = binding.values
        self.items: dict[str, Any] = {}


Evaluator = Callable[[Env], Any]


def _listed(env: Env, value: Any, path: str, upstream: str) -> Any:
    if path in env.binding.partial:
        return ItemCount(value, (), (Gap(path, upstream, "incomplete"),))
    return value


def _gap(env: Env, path: str, upstream: str) -> Gap:
    return env.binding.gaps.get(path) or Gap(path, upstream, NOT_ASKED)


def _field(node: FieldRead) -> Evaluator:
    path, upstream, is_list = node.path, node.upstream, node.type.item is not None

    def read(env: Env) -> Any:
        value = env.values.get(path)
        if value is None:
            return Unknown((_gap(env, path, upstream),))
        return _listed(env, value, path, upstream) if is_list else value

    return read


def _item_gap(env: Env, node: ItemRead) -> Gap:
    reason = env.items[node.variable].get(ITEM_GAPS, {}).get(node.name)
    if reason:
        return Gap(node.path, node.upstream, reason)
    return _gap(env, node.path, node.upstream)


def _item(node: ItemRead) -> Evaluator:
    variable, name, path, upstream = node.variable, node.name, node.path, node.upstream
    is_list = node.type.item is not None

    def read(env: Env) -> Any:
        value = env.items[variable].get(name)
        if value is None:
            return Unknown((_item_gap(env, node),))
        return _listed(env, value, path, upstream) if is_list else value

    return read


def _has(node: Has) -> Evaluator:
    target = node.target
    read = _field(target) if isinstance(target, FieldRead) else _item(target)

    def has(env: Env) -> Any:
        value = read(env)
        if not isinstance(value, Unknown):
            return True
        return False if value.gaps[0].reason == "empty" else value

    return has


def _clock(node: ClockRead) -> Evaluator:
    return (lambda env: env.binding.now) if node.name == "now" else lambda env: env.binding.today


def reader(node: FieldRead | ItemRead | Has | Constant | VariableRead | ClockRead) -> Evaluator:
    """Return the evaluator of a node that has no operands to compute."""
    match node:
        case FieldRead():
            return _field(node)
        case ItemRead():
            return _item(node)
        case Has():
            return _has(node)
        case ClockRead():
            return _clock(node)
        case Constant(value=value):
            return lambda _env: value
        case VariableRead(variable=variable):
            return lambda env: env.items[variable]
