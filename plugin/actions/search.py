"""Find the accounts that a person may mean, within their workspace: name, domain and id only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from plugin.account.context import Candidate
from plugin.account.domains import read_domain
from plugin.actions.context import ActionContext, ActionRequest, ActionResult
from plugin.errors import BadRequest
from plugin.facts.addresses import read_address
from plugin.facts.resolution import MAX_CANDIDATES
from plugin.fetching.answers import FindResult
from plugin.upstream import Identity
from plugin.view.section import source_name

_SHORTEST = 2


def _identities(query: str) -> list[Identity]:
    """Return how the words may name an account exactly."""
    address = read_address(query)
    if address is not None:
        emails = [Identity("contact_email", key) for key in dict.fromkeys(address.keys())]
        return [*emails, Identity("domain", address.domain)]
    domain = read_domain(query) if " " not in query else None
    exact = [Identity("external_id", query)]
    return [*exact, Identity("domain", domain)] if domain else exact


def _results(query: str, context: ActionContext) -> Iterator[tuple[FindResult, str]]:
    """Yield what each connection answers to the words, and why its accounts fit."""
    sources, asked = context.runtime.sources, _identities(query)
    words = {"contact_email": "has this contact", "domain": "has this domain"}
    for identity, results in zip(asked, sources.find_all(asked, context.deadline), strict=True):
        yield from ((result, words.get(identity.by, "has this id")) for result in results)
    yield from ((result, "found by name") for result in sources.search_all(query, context.deadline))


def _silence(results: Sequence[FindResult]) -> str:
    """Return who did not answer: what was found is then not all there is."""
    silent = dict.fromkeys(one.name for one in results if one.reason not in (None, "not_found"))
    names = " and ".join(source_name(name) for name in silent)
    return f"{names} did not answer: there may be more accounts." if names else ""


def search(action_request: ActionRequest, context: ActionContext) -> ActionResult:
    """Return the accounts that answer the words, the exact answers first."""
    query = action_request.query.strip() or action_request.value.strip()
    if len(query) < _SHORTEST:
        raise BadRequest("type at least two letters of a name, a domain or an address")
    found: dict[str, Candidate] = {}
    results = list(_results(query, context))
    for account, why in ((account, why) for one, why in results for account in one.accounts):
        if account.id and account.id not in found:
            found[account.id] = Candidate(account.id, account.name, account.domain, why)
    candidates = tuple(found.values())[:MAX_CANDIDATES]
    return ActionResult(_silence([one for one, _ in results]), found=candidates)
