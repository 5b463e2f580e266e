"""Say for `sidelight check` which domains of a sample lead to no account, or to several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from plugin.errors import Problem
from plugin.sources.mapping.mapped import Mapped
from plugin.sources.mapping.reading import Properties, PropertyPlace, value_of
from plugin.sources.tabular.problems import BadCell

SHOWN = 10  # domains of one kind
_PATHS = ("account.domain", "account.domains")
_SHARED = "list the people as contacts, or put it into company_domains if it is this firm's own"


def _said(one: Mapped, row: Properties, place: PropertyPlace) -> tuple[str, ...]:
    try:
        value = value_of(one, row, place)
    except BadCell:
        return ()  # what cannot be read is said with how full the property is
    found = value if isinstance(value, tuple) else (value,)
    return tuple(domain for domain in found if isinstance(domain, str))


def claimed_domains(
    key: str,
    mapped: Sequence[Mapped],
    rows: Sequence[Properties],
    place: PropertyPlace,
    unusable: Callable[[str], str | None],
) -> Iterator[Problem]:
    """Yield domains of sampled accounts that many firms share, or that two of them claim."""
    own = [one for one in mapped if one.path in _PATHS]
    claims: dict[str, int] = {}
    for row in rows:
        for domain in {domain for one in own for domain in _said(one, row, place)}:
            claims[domain] = claims.get(domain, 0) + 1
    shared = [domain for domain in claims if unusable(domain)]
    twice = [domain for domain, count in claims.items() if count > 1 and domain not in shared]
    where = f"{key}.{_PATHS[0]}"
    if shared:
        message = f"{_listed(shared)}: many firms share such a domain, so nobody is found by it"
        yield Problem(where, message, _SHARED)
    if twice:
        message = f"{_listed(twice)}: claimed by several of {len(rows)} sampled accounts"
        yield Problem(where, message, "keep it at one; until then people are asked which it is")


def _listed(domains: Sequence[str]) -> str:
    more = f" and {len(domains) - SHOWN} more" if len(domains) > SHOWN else ""
    return ", ".join(sorted(domains)[:SHOWN]) + more
