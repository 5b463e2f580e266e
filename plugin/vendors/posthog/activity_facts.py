"""What the counts of an account's activity say: the facts of `usage`, and its people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from math import ceil
from statistics import median
from typing import Any

from plugin.account.usage import Module
from plugin.errors import UpstreamBroken
from plugin.sources.mapping.options import entries
from plugin.sources.mapping.queries import Rows
from plugin.sources.mapping.reading import PropertyPlace, read_items
from plugin.sources.tabular.found import RowFindings
from plugin.sources.untold import untold
from plugin.vendors.posthog.activity_spec import MOST_WORKDAYS, Spec

WEEKLY_FROM = 3  # of the last four weeks with activity: somebody who comes weekly
FEWEST_DAYS = 3  # active days from which on a usual pause can be told
COUNTS = (
    "active_users_28d",
    "active_users_prior_28d",
    "active_users_90d_ago",
    "seats_active",
    "seats_active_30d_ago",
    "daily_power_users",
)
USAGE = frozenset(
    f"usage.{name}"
    for name in (*COUNTS, "last_seen_at", "weekly_active", "top_user_share", "median_gap_days")
)
EXPORTS = frozenset({"usage.exports_7d", "usage.exports_median_7d"})
_PERSON = entries(
    {
        "email": "address",
        "name": "full_name",
        "first_seen_at": "first_seen_at",
        "last_seen_at": "last_seen_at",
        "usage_tier": "tier",
    },
    "contacts",
)
Row = Mapping[str, Any]


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _count(row: Row, name: str) -> int:
    value = row.get(name)
    if not _is_count(value):
        raise UpstreamBroken(f"it counted no {name}")
    return int(value or 0)


def _counts(row: Row, name: str) -> list[int]:
    values = row.get(name)
    if not isinstance(values, list) or not all(map(_is_count, values)):
        raise UpstreamBroken(f"it counted no {name}")
    return values


def _days(row: Row, name: str) -> list[date]:
    try:
        return sorted({date.fromisoformat(str(day)[:10]) for day in row[name]})
    except (KeyError, TypeError, ValueError):
        raise UpstreamBroken(f"it answered no {name}") from None


def _instant(seconds: int) -> datetime | None:
    """Return an instant; 0 is how an empty maximum comes."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        raise UpstreamBroken("it answered with a time beyond all calendars") from None


def _check_own(rows: Sequence[Row], spec: Spec) -> None:
    """Refuse counts in which another account's events are."""
    said = {row.get(name) for row in rows for name in ("first_account", "last_account")}
    if not said <= {None, "", *spec.keys}:
        raise UpstreamBroken("it counted the events of another account")


def _weekly(row: Row, spec: Spec, since: datetime | None) -> tuple[int, ...]:
    """Return people a week, oldest first, from when the account is known on."""
    newest_first = _counts(row, "weekly")
    active = [week + 1 for week, people in enumerate(newest_first) if people]
    age = 0 if since is None else ceil((spec.until - since).total_seconds() / (7 * 86_400))
    known = min(max([age, *active]), len(newest_first))
    return tuple(reversed(newest_first[:known]))


def _median_gap(days: Sequence[date]) -> float | None:
    if len(days) < FEWEST_DAYS:
        return None
    return float(median((later - earlier).days for earlier, later in pairwise(days)))


def _usage(row: Row, spec: Spec, since: datetime | None) -> dict[str, Any]:
    all_events = _count(row, "all_events")
    share = _count(row, "top_events") / all_events if all_events else None
    said = {
        **{name: _count(row, name) for name in COUNTS},
        "last_seen_at": _instant(_count(row, "last_seen_at")),
        "weekly_active": _weekly(row, spec, since) or None,
        "top_user_share": share,
        "median_gap_days": _median_gap(_days(row, "days")),
    }
    if spec.exports:
        last, *before = _counts(row, "exports")
        said |= {"exports_7d": last, "exports_median_7d": float(median(before))}
    return said


_OF_MODULE = ("name", "events_90d", "users_28d", "last_used_at")


def _module(row: Row, index: int, name: str) -> Module:
    at = f"module_{index}"
    return Module(
        name=name,
        events_90d=_count(row, f"{at}_events_90d"),
        users_28d=_count(row, f"{at}_users_28d"),
        last_used_at=_instant(_count(row, f"{at}_last_used_at")),
    )


def usage_of(rows: Rows, spec: Spec, since: datetime | None) -> RowFindings:
    """Return how the account uses the product; `since` is when it became known there, if told.

    Raises UpstreamBroken where the answer is not the one row of counts of this account.
    """
    if len(rows.rows) != 1:
        raise UpstreamBroken("it answered with something else than one row of counts")
    row = rows.rows[0]
    _check_own([row], spec)
    said = _usage(row, spec, since)
    if spec.modules:
        said["modules"] = tuple(_module(row, *each) for each in enumerate(spec.modules))
    values = {f"usage.{name}": value for name, value in said.items() if value is not None}
    never = untold("usage.modules", _OF_MODULE) if spec.modules else frozenset[str]()
    return RowFindings(values, dict.fromkeys(values, "events"), untold=never)


def is_idle(rows: Rows) -> bool:
    """Say whether the counts are of nobody at all."""
    return all(row.get("people") == 0 for row in rows.rows)


def _tier(row: Row) -> str:
    if _count(row, "workdays") > MOST_WORKDAYS:
        return "daily_power"
    if _count(row, "weeks") >= WEEKLY_FROM:
        return "weekly"
    return "occasional" if _count(row, "recent") else "dormant"


def _person(row: Row) -> Callable[[str], Any]:
    said = {**row, "tier": _tier(row)}
    for name in ("first_seen_at", "last_seen_at"):
        said[name] = _instant(_count(row, name))
    return said.get


def people_of(rows: Rows, spec: Spec, place: PropertyPlace) -> RowFindings:
    """Return the account's people who were active, each with first and last activity."""
    _check_own(rows.rows, spec)
    found = read_items("contacts", _PERSON, [_person(row) for row in rows.rows], place)
    partial = found.partial | (frozenset(["contacts"]) if rows.is_cut else frozenset())
    return replace(found, partial=partial)
