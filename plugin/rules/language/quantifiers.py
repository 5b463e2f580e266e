"""The list macros over items that are sure, in doubt, or unread.

A sure item can decide; one in doubt can only turn the answer into unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugin.account.context import Gap
from plugin.rules.language.intervals import ItemCount, Unknown, merged

Judge = Callable[[Any], Any]
Gaps = tuple[Gap, ...]


def _doubt(verdict: Any) -> Gaps:
    return verdict.gaps if isinstance(verdict, Unknown) else ()


def _any_is(decided: bool, items: ItemCount, judge: Judge) -> Any:  # noqa: FBT001 - the verdict sought
    missing: list[Gap] = list(items.unread)
    for item in items.sure:
        verdict = judge(item)
        if verdict is decided:
            return decided
        if verdict.__class__ is Unknown:
            missing += verdict.gaps
    for item, gaps in items.maybe:
        verdict = judge(item)
        if verdict is decided or isinstance(verdict, Unknown):
            missing += (*gaps, *_doubt(verdict))
    return Unknown(merged(missing)) if missing else not decided


def exists(items: ItemCount, judge: Judge) -> Any:
    """Return true if one item surely is, else unknown if one may be, else false."""
    return _any_is(True, items, judge)  # noqa: FBT003 - the verdict sought


def every(items: ItemCount, judge: Judge) -> Any:
    """Return false if one item surely is not, else unknown if one may not be, else true."""
    return _any_is(False, items, judge)  # noqa: FBT003 - the verdict sought


def exists_one(items: ItemCount, judge: Judge) -> Any:
    """Return false if two items surely are, else unknown if one may be, else whether one is."""
    chosen = choose(items, judge)
    if len(chosen.sure) > 1:
        return False
    missing = chosen.gaps()
    return Unknown(missing) if missing else len(chosen.sure) == 1


def choose(items: ItemCount, judge: Judge) -> ItemCount:
    """Return the items that match for sure, and those that may."""
    sure: list[Any] = []
    maybe: list[tuple[Any, Gaps]] = []
    for item in items.sure:
        verdict = judge(item)
        if verdict is True:
            sure.append(item)
        elif isinstance(verdict, Unknown):
            maybe.append((item, verdict.gaps))
    for item, gaps in items.maybe:
        verdict = judge(item)
        if verdict is not False:
            maybe.append((item, merged((*gaps, *_doubt(verdict)))))
    return ItemCount(tuple(sure), tuple(maybe), items.unread)


def contains(items: ItemCount, sought: Any) -> Any:
    """Return whether a value is in a list of which a part may be unknown."""
    return exists(items, lambda item: item == sought)


MACROS: dict[str, Callable[[ItemCount, Judge], Any]] = {
    "exists": exists,
    "all": every,
    "exists_one": exists_one,
    "filter": choose,
}
