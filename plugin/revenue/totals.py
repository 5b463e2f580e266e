"""Subscriptions of one account → ARR, MRR, renewal and flags, for each currency by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from plugin.revenue import chargebee, stripe, table_rows
from plugin.revenue.listing import is_subscription, listing
from plugin.revenue.policy import Policy
from plugin.revenue.standing import COUNTING, FLAGS, OVER, RevenuePart, Standing, unknown
from plugin.sources.billing.values import Missing, currency, name


@dataclass(frozen=True, slots=True)
class Total:
    """Exact amounts in the major unit; None is unknown, because a part is."""

    arr: Fraction | None
    mrr: Fraction | None


@dataclass(frozen=True, slots=True)
class Revenue:
    """What an account pays under a policy.

    `status` is complete or incomplete; `renewal_at` the earliest renewal of any term, and
    `contract_renewal_at` that of terms of a year or more. `ends_at` is an end without renewal,
    `ended_on` the day by which everything was over. `potential` is what trials become.
    """

    policy: Policy
    status: str
    currencies: Mapping[str, Total]
    potential: Mapping[str, Fraction | None]
    renewal_at: date | None
    contract_renewal_at: date | None
    ends_at: date | None
    ended_on: date | None
    trial_ends_at: date | None
    flags: tuple[str, ...]
    parts: tuple[RevenuePart, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every part is known."""
        return self.status == "complete"


@dataclass(frozen=True, slots=True)
class _Dates:
    renewal_at: date | None
    is_short: bool
    contract_renewal_at: date | None
    ends_at: date | None
    ended_on: date | None


def _standing(body: Any, policy: Policy, now: datetime) -> Standing:
    if not is_subscription(body):
        return unknown(None, None, "this is not a subscription")
    if table_rows.is_row(body):
        return table_rows.read(body, policy, now)
    read = chargebee.read if chargebee.is_chargebee(body) else stripe.read
    try:
        return read(body, policy, now)
    except Missing as missing:
        return unknown(name(body.get("id")), _currency(body), str(missing))


def _currency(body: Mapping[str, Any]) -> str | None:
    """Return the currency of a subscription that could not be read, as far as it is told."""
    try:
        if "currency_code" in body:
            return currency(body["currency_code"], "currency_code")
        return stripe.named_currency(body)
    except Missing:
        return None


def _sum(amounts: Iterable[Fraction | None]) -> Fraction | None:
    total = Fraction(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _topmost(standings: Sequence[Standing]) -> list[Standing]:
    rank = max((standing.rank for standing in standings), default=COUNTING)
    return [standing for standing in standings if standing.rank == rank]


def _totals(standings: Sequence[Standing], *, is_partial: bool) -> dict[str, Total]:
    """Return a total for each currency of the standings that matter most.

    A part of unknown currency may belong to any of them, and so may an unread page.
    """
    parts = [part for standing in _topmost(standings) for part in standing.parts]
    codes = sorted({part.currency for part in parts if part.currency})
    if is_partial or any(part.currency is None and part.arr is None for part in parts):
        return dict.fromkeys(codes, Total(None, None))
    own = {code: [part for part in parts if part.currency == code] for code in codes}
    return {
        code: Total(_sum(part.arr for part in mine), _sum(part.mrr for part in mine))
        for code, mine in own.items()
    }


def _potential(standings: Iterable[Standing]) -> dict[str, Fraction | None]:
    found: dict[str, list[Fraction | None]] = {}
    for standing in standings:
        if any(flag.startswith("converts_on") for flag in standing.flags):
            for part in standing.parts:
                found.setdefault(part.currency or "", []).append(part.potential)
    return {code: _sum(amounts) for code, amounts in sorted(found.items()) if code}


def _dates(standings: Sequence[Standing], *, is_partial: bool) -> _Dates:
    """Return the renewal and the end over all subscriptions, those that pay first."""
    counted = [standing for standing in standings if standing.rank == COUNTING]
    chosen = [standing for standing in counted if standing.pays] or counted
    renewals = sorted((s.renews_at, s.is_short) for s in chosen if s.renews_at is not None)
    long = [moment for moment, is_short in renewals if not is_short]
    going_on = is_partial or any(not standing.is_ending for standing in chosen)
    ends = [s.ends_at for s in chosen or standings if s.is_ending and s.ends_at is not None]
    over = [s.ends_at for s in standings if s.rank == OVER and s.ends_at is not None]
    all_over = all(standing.rank == OVER for standing in standings)
    first, is_short = renewals[0] if renewals else (None, False)
    return _Dates(
        first,
        is_short,
        long[0] if long else None,
        None if going_on else max(ends, default=None),
        max(over, default=None) if all_over and not is_partial else None,
    )


def _ordered(flags: Iterable[str]) -> tuple[str, ...]:
    order = {flag: index for index, flag in enumerate(FLAGS)}
    return tuple(sorted(set(flags), key=lambda flag: (order[flag.partition("=")[0]], flag)))


def revenue(subscriptions: Iterable[Any], policy: Policy, now: datetime) -> Revenue:
    """Return what the subscriptions of one account bring at `now` (UTC) under `policy`.

    They are a billing system's own objects, Stripe's or Chargebee's, or pages of them. Nothing
    in them raises: what cannot be read makes the status incomplete and its totals unknown.
    """
    found = listing(subscriptions)
    standings = [_standing(body, policy, now) for body in found.subscriptions]
    parts = tuple(part for standing in standings for part in standing.parts)
    unread = found.is_partial or any(part.arr is None for part in parts)
    unseen = found.is_partial or not all(standing.is_read for standing in standings)
    dates = _dates(standings, is_partial=unseen)
    flags = [flag for standing in standings for flag in standing.flags]
    flags += ["partial"] if found.is_partial else []
    flags += ["short_term"] if dates.is_short else []
    trials = [standing.converts_on for standing in standings if standing.converts_on]
    return Revenue(
        policy=policy,
        status="incomplete" if unread else "complete",
        currencies=_totals(standings, is_partial=found.is_partial),
        potential=_potential(standings),
        renewal_at=dates.renewal_at,
        contract_renewal_at=dates.contract_renewal_at,
        ends_at=dates.ends_at,
        ended_on=dates.ended_on,
        trial_ends_at=min(trials, default=None),
        flags=_ordered(flags),
        parts=parts,
    )
