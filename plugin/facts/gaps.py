"""Say of each fact that is missing why: never a default, never zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from plugin.account.context import Gap
from plugin.account.vocabulary import FIELDS, ROOTS
from plugin.facts.offers import Offer, Values, customary, preferred
from plugin.facts.silence import item_gaps

_OURS = frozenset({"requester", "ticket"})  # filled from the frame request, not by an upstream
_SIZES = Counter(path.partition(".")[0] for path in FIELDS)  # root → how many paths it has


def _bad(path: str, offers: Iterable[Offer]) -> Gap | None:
    for offer in offers:
        for bad in offer.facts.bad if offer.facts else ():
            if bad.field == path:
                return Gap(path, offer.name, bad.reason)
    return None


def gap_of(path: str, offers: Sequence[Offer]) -> Gap:
    """Return why nobody gave `path`: who was asked, and what became of that."""
    covering = preferred(path, offers)
    if not covering:
        return Gap(path, customary(path), "not_configured")
    silent = [offer for offer in covering if offer.facts is None]
    if silent:
        return Gap(path, silent[0].name, silent[0].reason or "broken", silent[0].until)
    return _bad(path, covering) or Gap(path, covering[0].name, "empty")


def _passed_over(path: str, offers: Sequence[Offer]) -> Iterator[Gap]:
    """Yield why those whose word counts before the giver's could not be read."""
    for offer in preferred(path, offers):
        if offer.value(path) is not None:
            return
        bad = _bad(path, [offer])
        if bad is not None and bad.reason != "not_configured":
            yield bad


def _by_root(gaps: Sequence[Gap]) -> list[Gap]:
    """Fold the gaps of a root into one where the whole record is missing for one reason."""
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.field.partition(".")[0], []).append(gap)
    return [gap for root in (*ROOTS, "custom") for gap in _folded(root, found.get(root, []))]


def _folded(root: str, own: list[Gap]) -> list[Gap]:
    whole = len(own) == _SIZES.get(root) and len({gap.reason for gap in own}) == 1
    if whole and root not in _OURS:
        return [Gap(root, own[0].upstream, own[0].reason, own[0].until)]
    return own


def gaps_of(values: Values, offers: Sequence[Offer], derived: Sequence[Gap]) -> tuple[Gap, ...]:
    """Return a gap for each path of the vocabulary without a value.

    A value that stands in for one that could not be read keeps that gap beside it. `derived` are
    the gaps of derived fields, which name the input that is missing.
    """
    known = {gap.field: gap for gap in derived}
    custom = {path for offer in offers for path in offer.supplies if path.startswith("custom.")}
    missing = [
        known.get(path) or gap_of(path, offers)
        for path in (*FIELDS, *sorted(custom))
        if path not in values and path.partition(".")[0] not in _OURS
    ]
    incomplete = [
        Gap(path, offer.name, "incomplete")
        for offer in offers
        if offer.facts
        for path in sorted(offer.facts.partial)
        if path in values
    ]
    passed = [gap for path in sorted(values) for gap in _passed_over(path, offers)]
    return (*_by_root(missing), *passed, *incomplete, *item_gaps(values, offers))
