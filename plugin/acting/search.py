"""Find the accounts that a person may mean, within their workspace: name, domain and id only."""

from __future__ import annotations

from collections.abc import Iterator

from plugin.account.context import Candidate
from plugin.acting.place import Done, Place, Wish
from plugin.context.addresses import normal_domain, read_address
from plugin.context.resolution import MAX_CANDIDATES
from plugin.errors import BadRequest
from plugin.upstream import AccountRef, Identity

_SHORTEST = 2


def _identities(query: str) -> list[Identity]:
    """Return how the words may name an account exactly."""
    address = read_address(query)
    if address is not None:
        emails = [Identity("contact_email", key) for key in dict.fromkeys(address.keys())]
        return [*emails, Identity("domain", address.domain)]
    domain = normal_domain(query) if " " not in query else None
    exact = [Identity("external_id", query)]
    return [*exact, Identity("domain", domain)] if domain else exact


def _found(query: str, place: Place) -> Iterator[tuple[AccountRef, str]]:
    sources, asked = place.desk.sources, _identities(query)
    words = {"contact_email": "has this contact", "domain": "has this domain"}
    for identity, results in zip(asked, sources.find_all(asked, place.deadline), strict=True):
        for result in results:
            why = words.get(identity.by, "has this id")
            yield from ((account, why) for account in result.accounts)
    for result in sources.search_all(query, place.deadline):
        yield from ((account, "found by name") for account in result.accounts)


def search(wish: Wish, place: Place) -> Done:
    """Return the accounts that answer the words, the exact answers first."""
    query = wish.query.strip() or wish.value.strip()
    if len(query) < _SHORTEST:
        raise BadRequest("type at least two letters of a name, a domain or an address")
    found: dict[str, Candidate] = {}
    for account, why in _found(query, place):
        if account.id and account.id not in found:
            found[account.id] = Candidate(account.id, account.name, account.domain, why)
    candidates = tuple(found.values())[:MAX_CANDIDATES]
    said = "" if candidates else "No account found for these words."
    return Done(said, found=candidates)
