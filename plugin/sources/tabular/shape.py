"""The documented shape: which tables there are, and which columns each of them has.

Columns are made from the vocabulary, so that a new field of it is a new column here.
"""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from typing import Any

from plugin.account.fact import Field, fields_of
from plugin.account.vocabulary import ROOTS

Limits = tuple[float | None, float | None]
_LIMITS: dict[str, Limits] = {
    "points of 100": (0, 100),
    "points": (0, 100),
    "points of 10": (0, 10),
    "share": (0, 1),
}
WEEKS_MAX = 26


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its cells are read, and the paths of the vocabulary that it fills.

    `kind` is string, whole, number, bool, money, date, date-time, word, words (a list of them),
    email, domain, link, currency, list of string, list of number or list of domain.
    """

    name: str
    kind: str
    doc: str
    paths: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    limits: Limits = (0, None)
    required: bool = False
    example: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the folder, in the file of its name.

    `root` is the path of the list that its rows are items of; "" where one row tells of one
    account. `cap` is how many items of one account are kept. `known_empty`: no row means that
    there are none, because such a file lists them all.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    root: str = ""
    cap: int = 100
    known_empty: bool = True

    def column(self, name: str) -> Column | None:
        """Return the column of that name, None where the shape has none."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def paths(self) -> frozenset[str]:
        """Return what the table supplies: its list, or the paths of its columns."""
        own = frozenset(path for column in self.columns for path in column.paths)
        extra = frozenset(["mentions"]) if self.root == "tickets" else frozenset[str]()
        return extra | (frozenset([self.root]) if self.root else own)


def is_whole(record: Any, name: str) -> bool:
    """Say whether a field of a record of the vocabulary counts in whole numbers."""
    hint = typing.get_type_hints(record).get(name)
    return int in {kind for arg in typing.get_args(hint) for kind in (arg, *typing.get_args(arg))}


def _kind(field: Field, *, whole: bool) -> str:
    last = field.path.rpartition(".")[2]
    if field.meaning.word:
        return "words" if field.type.startswith("list") else "word"
    if field.type == "number":
        return "whole" if whole else "number"
    if field.type == "list of number":
        return "list of whole" if whole else field.type
    named = {"domain": "domain", "url": "link", "domains": "list of domain"}
    if last == "email" or last.endswith("_email"):
        return "email"
    return named.get(last, field.type)


def _limits(field: Field) -> Limits:
    if field.path.endswith("sentiment"):
        return (-1, 1)
    return _LIMITS.get(field.meaning.unit or "", (0, None))


def columns_of(
    root: str, record: Any, *, prefix: str = "", but: frozenset[str] = frozenset()
) -> tuple[Column, ...]:
    """Return a column for each plain field of `record`, named after it; `but` leaves some out."""
    meaning = ROOTS[root.partition(".")[0]][2]
    found = []
    for field in fields_of("", record, meaning):
        name = field.path
        if name in but or field.type == "list of record":
            continue
        top = name.partition(".")[0]
        kind = _kind(field, whole=is_whole(record, top))
        label = field.meaning.doc
        path = f"{prefix}{name}"
        found.append(
            Column(name.replace(".", "_"), kind, label, (path,), field.meaning.word, _limits(field))
        )
    return tuple(found)


def renamed(column: Column, **changes: Any) -> Column:
    """Return the column with another name, more paths or a closer meaning."""
    return dataclasses.replace(column, **changes)
