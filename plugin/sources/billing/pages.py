"""What a billing system lists, over all of its pages, and for all customers of an account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PAGE = 100  # the most that Stripe and Chargebee list at once
MAX_PAGES = 10
MAX_EMAILS = 10  # people of an account that are asked for, the requester first

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """The records of a list; `is_partial` when pages were left unread."""

    rows: tuple[Body, ...]
    is_partial: bool = False


def joined(lists: Iterable[Listed]) -> Listed:
    """Return the records of several lists as one."""
    every = list(lists)
    rows = tuple(row for listed in every for row in listed.rows)
    return Listed(rows, any(listed.is_partial for listed in every))


def for_revenue(listed: Listed, kept: frozenset[str]) -> tuple[Body, ...]:
    """Return the subscriptions with the `kept` fields; as an unfinished page if there are more."""
    rows = [{key: value for key, value in body.items() if key in kept} for body in listed.rows]
    if not listed.is_partial:
        return tuple(rows)
    return ({"object": "list", "data": rows, "has_more": True},)
