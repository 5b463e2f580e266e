"""What is counted of an account's activity, and of whom: the values that HogQL's queries want."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WEEKS = 26  # how far back is looked
EXPORT_WEEKS = 13  # the last one, and the twelve that say what is usual
MOST_PEOPLE = 100
MOST_WORKDAYS = 10  # of 20 in four weeks: above it is "most of them"
DAY = 86_400  # seconds
# What PostHog's libraries send by themselves: no activity of a person.
# https://posthog.com/docs/data/events
IDLE = (
    "$identify",
    "$groupidentify",
    "$set",
    "$create_alias",
    "$merge_dangerously",
    "$feature_flag_called",
    "$web_vitals",
    "$opt_in",
)


@dataclass(frozen=True, slots=True)
class Spec:
    """What is counted, from the settings, and of whom.

    `group_type` is the index of the group that accounts are, `keys` the account's key there;
    without it `keys` are the domains of its people's addresses. `active` are the events that
    count as activity, () all but IDLE. `modules` maps a name to the beginnings of its events.
    """

    group_type: int | None
    keys: tuple[str, ...]
    active: tuple[str, ...]
    modules: Mapping[str, Sequence[str]]
    exports: tuple[str, ...]
    staff: tuple[str, ...]
    until: datetime
    zone: str


def values_of(spec: Spec) -> dict[str, Any]:
    """Return the values of both queries."""
    until = int(spec.until.timestamp())
    prefixes = {
        f"module_{index}_{at}": prefix
        for index, names in enumerate(spec.modules.values())
        for at, prefix in enumerate(names)
    }
    staff = {f"staff_{index}": f"@{domain}" for index, domain in enumerate(spec.staff)}
    below = {f"staff_below_{index}": f".{domain}" for index, domain in enumerate(spec.staff)}
    return {
        "keys": list(spec.keys),
        "key": next(iter(spec.keys), ""),
        "counted": list(spec.active or IDLE),
        "exports": list(spec.exports),
        "since": until - WEEKS * 7 * DAY,
        "until": until,
        "zone": spec.zone,
        **prefixes,
        **staff,
        **below,
    }
