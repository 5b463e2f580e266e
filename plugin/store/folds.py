"""Folds: which sections a viewer keeps open."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from plugin.store.tables import FOLDS
from plugin.store.upserts import upsert


@dataclass(frozen=True, slots=True)
class Fold:
    """A section that a viewer opened or closed."""

    workspace: str
    viewer: str
    section: str
    opened: bool
    at: datetime


def put(connection: Connection, fold: Fold) -> None:
    """Remember a section as it was left last."""
    upsert(connection, FOLDS, asdict(fold), newer="at")


# Built once: this is asked for each account that is opened.
_OPENED = select(FOLDS.c.section).where(
    FOLDS.c.workspace == bindparam("of_workspace"),
    FOLDS.c.viewer == bindparam("of_viewer"),
    FOLDS.c.opened,
)


def opened(connection: Connection, workspace: str, viewer: str) -> frozenset[str]:
    """Return the sections that the viewer keeps open."""
    found = connection.execute(_OPENED, {"of_workspace": workspace, "of_viewer": viewer})
    return frozenset(found.scalars())
