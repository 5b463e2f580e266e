"""Tell the customer's people on a ticket from everybody else on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from email.utils import parseaddr
from typing import Any

from plugin.sources.ticketing.answers import Record, listed, refuse


def domain_of(email: str) -> str:
    """Return the domain of an address in lower case, "" where it has none."""
    return email.rpartition("@")[2].lower() if "@" in email else ""


def writes_from(email: str, domains: Collection[str]) -> bool:
    """Say whether an address belongs to one of some domains."""
    return domain_of(email) in domains and domain_of(email) != ""


def with_copied(requester: str, copied: Any) -> tuple[str, ...]:
    """Return the requester, and those in copy who write from the same domain."""
    addresses = [parseaddr(each)[1] for each in listed(copied) if isinstance(each, str)]
    same = [each for each in addresses if writes_from(each, {domain_of(requester)})]
    return tuple(dict.fromkeys(each for each in (requester, *same) if each))


def own_rows(
    rows: Sequence[Record], is_own: Callable[[Record], bool], title: str
) -> tuple[list[Record], bool]:
    """Return the conversations of the account's people, and whether others came along.

    Whatever else came is left out. UpstreamBroken where none is theirs: the answer is about
    another account.
    """
    own = [row for row in rows if is_own(row)]
    if not own:
        refuse(rows, title)
    return own, len(own) < len(rows)
