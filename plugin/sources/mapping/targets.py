"""What a property may be mapped to: paths of the vocabulary, fields of a list, custom fields."""

from __future__ import annotations

import re

from plugin.account.vocabulary import (
    ROOTS,
    Change,
    Contact,
    Deal,
    Invoice,
    Limit,
    Milestone,
    Module,
    OffboardingEvent,
    Ticket,
    UpgradeInterest,
)
from plugin.errors import did_you_mean
from plugin.sources.tabular.shape import Column, columns_of

LISTS: dict[str, type] = {
    "contacts": Contact,
    "deals": Deal,
    "invoices": Invoice,
    "tickets": Ticket,
    "contract.changes": Change,
    "usage.modules": Module,
    "usage.limits": Limit,
    "usage.milestones": Milestone,
    "usage.upgrade_interest": UpgradeInterest,
    "usage.offboarding_events": OffboardingEvent,
}
CUSTOM = re.compile(r"custom\.[a-z][a-z0-9_]{0,63}", re.ASCII)
CUSTOM_TYPES = (
    "string",
    "number",
    "bool",
    "money",
    "date",
    "date-time",
    "list of string",
    "list of number",
)
# Not mapped: ids are the connector's own, the rest follows from other facts.
_OURS = frozenset(
    {
        "account.id",
        "account.icp_score",
        "contract.arr_band",
        "contract.notice_deadline",
        "usage.change_ratio",
    }
)
_FROM_THE_FRAME = frozenset({"requester", "ticket"})


class BadTarget(ValueError):
    """A path that nothing can be mapped to; the text says why and what may be meant."""


def _paths() -> dict[str, Column]:
    return {
        column.paths[0]: column
        for root, (record, is_list, _) in ROOTS.items()
        if not is_list and root not in _FROM_THE_FRAME
        for column in columns_of(root, record, prefix=f"{root}.")
        if column.paths[0] not in _OURS
    }


PATHS: dict[str, Column] = _paths()
ITEMS: dict[str, dict[str, Column]] = {
    root: {column.paths[0]: column for column in columns_of(root, record)}
    for root, record in LISTS.items()
}


def _custom(path: str, kind: str | None) -> Column:
    if not CUSTOM.fullmatch(path):
        raise BadTarget("a custom field is custom.<name>: a-z, 0-9 and _, a letter first")
    return Column(path, kind or "string", "custom field", (path,), limits=(None, None))


def _meant(path: str, known: list[str]) -> str:
    return "; " + did_you_mean(path, known, "see docs/vocabulary.md, or use custom.<name>")


def target(path: str, kind: str | None, root: str = "") -> Column:
    """Return how a value for `path` is read; BadTarget where there is no such path.

    `kind` is the type of a custom field; `root` is the list whose items are mapped.
    """
    if path.startswith("custom.") and not root:
        return _custom(path, kind)
    known = ITEMS[root] if root else PATHS
    if path in _OURS:
        raise BadTarget("is not mapped: Sidelight finds it by itself")
    if path not in known:
        where = f"is no field of {root}" if root else "is no path of the vocabulary"
        raise BadTarget(where + _meant(path, list(known)))
    if kind is not None:
        raise BadTarget(f"needs no type: it is a {known[path].kind}; only custom fields have one")
    return known[path]
