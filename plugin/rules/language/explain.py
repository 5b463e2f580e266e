"""Say why a condition holds, does not, or cannot be told: what decided, and what was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from plugin.rules.binding import Binding
from plugin.rules.language import intervals, quantifiers
from plugin.rules.language.intervals import Interval, ItemCount, Unknown
from plugin.rules.language.kleene import as_items
from plugin.rules.language.reading import Env
from plugin.rules.language.result import Because, Deciding
from plugin.rules.language.tree import Apply, FieldRead, Logic, Macro, Node, bare
from plugin.rules.language.workings import Outline, Workings


def _kept(verdict: Any, child: Any) -> bool:
    """Tell whether an operand of a chain explains its verdict."""
    return isinstance(verdict, Unknown) == isinstance(child, Unknown) and (
        isinstance(verdict, Unknown) or child is verdict
    )


def _leaves(node: Node, env: Env, workings: Workings) -> Iterator[tuple[Node, Any]]:
    """Yield the conditions that decide, with their own verdicts; chains and `!` are opened.

    A true `&&` or a false `||` has only operands of its own verdict: all are kept.
    """
    node = bare(node)
    if isinstance(node, Apply) and node.op == "!":
        yield from _leaves(node.args[0], env, workings)
    elif isinstance(node, Logic):
        verdict = workings.evaluator(node)(env)
        for operand in node.operands:
            if _kept(verdict, workings.evaluator(operand)(env)):
                yield from _leaves(operand, env, workings)
    else:
        yield node, workings.evaluator(node)(env)


def _chosen(macro: Macro, env: Env, workings: Workings) -> ItemCount:
    """Return the items that match; for `all`, those that do not."""
    items = workings.evaluator(macro.items)(env)
    if isinstance(items, Unknown):
        return ItemCount((), (), items.gaps)
    body, before = workings.evaluator(macro.body), env.items

    def judge(item: Any) -> Any:
        env.items = {**before, macro.variable: item}
        verdict = body(env)
        decided = isinstance(verdict, bool)
        return not verdict if decided and macro.kind == "all" else verdict

    chosen = quantifiers.choose(as_items(items), judge)
    env.items = before
    return chosen


def _identity(item: Any) -> str | None:
    if not isinstance(item, Mapping):
        return str(item)
    name = item.get("id", item.get("name"))
    return None if name is None else str(name)


def _items(leaf: Node, env: Env, workings: Workings) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for macro in workings.outline(leaf).macros:
        for item in _chosen(macro, env, workings).sure:
            name = _identity(item)
            if name is not None:
                found[name] = None
    return tuple(found)


def matches(tree: Node, env: Env, workings: Workings) -> int | Interval | None:
    """Return how many items the only filter lets through; None without one, or a list."""
    macro = workings.outline(tree).only_filter
    items = None if macro is None else workings.evaluator(macro)(env)
    return None if items is None or isinstance(items, Unknown) else intervals.count(items)


def _read(leaf: Node, env: Env, workings: Workings, *, decided: bool) -> dict[str, Any]:
    """Return what a condition read; params only where they were held against something."""
    read: dict[str, Any] = {}
    counted = matches(leaf, env, workings)
    if counted is not None:
        read["matches"] = f"{counted.low}+" if isinstance(counted, Interval) else counted
    for node in workings.outline(leaf).told:
        if isinstance(node, FieldRead):
            if node.path in env.values:
                read[node.path] = env.values[node.path]
        elif decided:
            read[f"params.{node.param}"] = node.value
    return read


def _stale(outline: Outline, binding: Binding) -> dict[str, datetime]:
    return {path: binding.as_of[path] for path in sorted(outline.fields & binding.stale)}


def explain(
    tree: Node, texts: Mapping[str | None, str], binding: Binding, workings: Workings
) -> tuple[Because, ...]:
    """Return the conditions that decided, in the order they are written."""
    env = Env(binding)
    because = []
    for leaf, verdict in _leaves(tree, env, workings):
        span, decided = leaf.span, not isinstance(verdict, Unknown)
        because.append(
            Because(
                condition=texts[span.definition][span.start : span.end],
                definition=span.definition,
                span=(span.start, span.end),
                value=verdict if decided else None,
                read=_read(leaf, env, workings, decided=decided),
                items=_items(leaf, env, workings) if decided else (),
                stale=_stale(workings.outline(leaf), binding),
                missing=() if decided else verdict.gaps,
                lists=workings.outline(leaf).lists,
            )
        )
    return tuple(because)


def decide(tree: Node, binding: Binding, workings: Workings) -> Deciding:
    """Return the items that a headline may name, and how many the only filter lets through."""
    env = Env(binding)
    items: dict[str, Any] = {}
    for macro, names in workings.outline(tree).deciding:
        sure = _chosen(macro, env, workings).sure
        items |= dict.fromkeys(names, sure[0]) if sure else {}
    counted = matches(tree, env, workings)
    if isinstance(counted, Interval):
        high = None if counted.high == float("inf") else int(counted.high)
        return Deciding(items, (int(counted.low), high))
    return Deciding(items, None if counted is None else (counted, counted))
