"""Put together what is true of the account: the facts, where each came from, what is missing."""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from plugin.account.context import AccountContext, Gap, UpstreamState
from plugin.account.money import Money
from plugin.account.vocabulary import ROOTS, OpenTicket, RequesterFacts
from plugin.facts.completeness import completeness
from plugin.facts.derived import Derivation, derive
from plugin.facts.gaps import gaps_of
from plugin.facts.merge import merge
from plugin.facts.offers import Offer, Values
from plugin.frame import FrameRequest
from plugin.settings.records import Workspace
from plugin.upstream import AccountRef, Mined


def _nested(hint: Any) -> Any:
    kinds = [kind for kind in (typing.get_args(hint) or (hint,)) if kind is not type(None)]
    return kinds[0] if kinds[0] is not Money and dataclasses.is_dataclass(kinds[0]) else None


@functools.cache
def _layout(record: type) -> tuple[tuple[str, Any], ...]:
    """Return each field's name with the record nested in it, if any."""
    hints = typing.get_type_hints(record)
    return tuple((name, _nested(hint)) for name, hint in hints.items())


def _record(record: type, path: str, values: Values) -> Any:
    """Return the record at `path` filled from `values`, None fields where nothing is known."""
    found: dict[str, Any] = {}
    for name, inner in _layout(record):
        here = f"{path}.{name}"
        if inner is None:
            found[name] = values.get(here)
        elif any(known.startswith(f"{here}.") for known in values):
            found[name] = _record(inner, here, values)
    return record(**found)


def _roots(values: Values) -> dict[str, Any]:
    return {
        root: values.get(root) if is_list else _record(record, root, values)
        for root, (record, is_list, _) in ROOTS.items()
        if root not in ("requester", "ticket")
    }


def _requester(request: FrameRequest | None, contacts: Sequence[Any] | None) -> RequesterFacts:
    who = request.requester if request else None
    if who is None or who.email is None:
        return RequesterFacts(name=who.name if who else None)
    email = who.email.lower()
    known = next((c for c in contacts or () if c.email and c.email.lower() == email), None)
    if known is None:
        is_known = None if contacts is None else False
        return RequesterFacts(email=who.email, name=who.name, is_known=is_known)
    return RequesterFacts(who.email, who.name or known.name, known.title, known.role, is_known=True)


def _open_ticket(request: FrameRequest | None, mined: Mined) -> OpenTicket:
    ticket = request.ticket if request else None
    if ticket is None:
        return OpenTicket()
    return OpenTicket(ticket.id, ticket.subject, mined.topics or None, mined.sentiment)


def _custom(values: Values) -> dict[str, Any]:
    prefix = "custom."
    return {
        path.removeprefix(prefix): value
        for path, value in values.items()
        if path.startswith(prefix)
    }


def _states(offers: Sequence[Offer], now: datetime) -> tuple[UpstreamState, ...]:
    return tuple(
        UpstreamState(
            offer.name,
            offer.title,
            offer.facts.as_of if offer.facts else None,
            offer.freshness(now),
            offer.reason,
            offer.served_stale,
        )
        for offer in offers
    )


def _own(offer: Offer, account: AccountRef) -> Offer:
    """Refuse facts that carry another account's id: an upstream mixed something up."""
    said = offer.value("account.id")
    if said is None or said in (account.id, account.external_ids.get(offer.name)):
        return offer
    return dataclasses.replace(offer, facts=None, reason="broken")


def _from_reference(account: AccountRef, values: Values) -> None:
    """Take id and name from the match where no upstream repeats them."""
    for path, value in (
        ("account.id", account.id),
        ("account.name", account.name),
        ("account.domain", account.domain),
    ):
        if value:
            values.setdefault(path, value)


def _frame_gaps(requester: RequesterFacts, ticket: OpenTicket) -> tuple[Gap, ...]:
    """Return the gaps of what the frame request, not an upstream, supplies."""
    pairs: Mapping[str, Any] = {"requester": requester, "ticket": ticket}
    return tuple(
        Gap(f"{root}.{field.name}", "helpdesk", "empty")
        for root, record in pairs.items()
        for field in dataclasses.fields(record)
        if getattr(record, field.name) is None
    )


def assemble(
    account: AccountRef,
    offers: Sequence[Offer],
    workspace: Workspace,
    now: datetime,
    request: FrameRequest | None = None,
    mined: Mined | None = None,
) -> AccountContext:
    """Return what is known of `account` at `now`: facts, sources, gaps and completeness.

    `mined` is what the text of the open ticket says. Nothing raises for a missing fact.
    """
    offers = [_own(offer, account) for offer in offers]
    values, sources = merge(offers, now)
    _from_reference(account, values)
    today = now.astimezone(ZoneInfo(workspace.time_zone)).date()
    derivation = Derivation(values, sources, [], offers, workspace, now, today)
    derive(derivation)
    requester = _requester(request, values.get("contacts"))
    ticket = _open_ticket(request, mined or Mined())
    partial = {path for offer in offers if offer.facts for path in offer.facts.partial}
    return AccountContext(
        **_roots(values),
        requester=requester,
        ticket=ticket,
        health_parts=tuple(derivation.health_parts),
        custom=_custom(values),
        sources=sources,
        gaps=gaps_of(values, offers, derivation.gaps) + _frame_gaps(requester, ticket),
        partial=frozenset(partial),
        completeness=completeness(values),
        upstreams=_states(offers, now),
        as_of=now,
    )
