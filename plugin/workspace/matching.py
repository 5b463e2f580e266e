"""Find whose account a requester belongs to: by what people pinned, else by asking who can tell."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from plugin.account.context import Gap
from plugin.account.domains import read_domains
from plugin.account.ids import same_id
from plugin.errors import Unanswered
from plugin.facts.mail_domains import unusable
from plugin.facts.resolution import Ask, IndexAnswer, Pin, Resolution, resolve
from plugin.fetching.answers import FindResult
from plugin.frame import Requester
from plugin.settings.records import Workspace
from plugin.store.pinning import as_pin, pin_keys, with_requester
from plugin.store.pins import StoredPin
from plugin.upstream import AccountRef, Identity
from plugin.workspace.runtime import WorkspaceRuntime


def _with_own_domains(account: AccountRef, workspace: Workspace) -> AccountRef:
    """Return the account with the domains that are its own alone, in normal form.

    Other systems are asked by them, and a mail provider's would bring all its customers.
    """
    known = read_domains(filter(None, (account.domain, *account.domains)))
    own = tuple(domain for domain in known if not unusable(domain, workspace))
    return replace(account, domain=next(iter(own), None), domains=own)


def _one_answer(results: Sequence[FindResult], workspace: Workspace) -> IndexAnswer:
    """Take the first connection that knows: it is the system of record for this account.

    What the others know it by goes with it; who could not be asked is a gap where nobody knew.
    """
    knowing = [result for result in results if result.accounts]
    if not knowing:
        failed = [result for result in results if result.reason not in (None, "not_found")]
        return IndexAnswer(
            (), tuple(Gap("account", one.name, one.reason or "broken") for one in failed)
        )
    first, *others = knowing
    known_as = {one.name: one.accounts[0].id for one in others if len(one.accounts) == 1}
    return IndexAnswer(
        tuple(
            _with_own_domains(
                replace(one, external_ids={**known_as, **one.external_ids}), workspace
            )
            for one in first.accounts
        )
    )


def _ask(runtime: WorkspaceRuntime, deadline: float) -> Ask:
    """Return how identity questions are put: all at once, to whoever can answer."""

    def ask(questions: Sequence[Identity]) -> list[IndexAnswer]:
        return [
            _one_answer(found, runtime.workspace)
            for found in runtime.sources.find_all(questions, deadline)
        ]

    return ask


def account_by_id(runtime: WorkspaceRuntime, account_id: str, deadline: float) -> AccountRef | None:
    """Return the account of this workspace that has this id, None when it has none.

    Raises Unanswered where a source that might have it could not be asked.
    """
    (found,) = _ask(runtime, deadline)([Identity("external_id", account_id)])
    known = next((one for one in found.accounts if one.id and same_id(one.id, account_id)), None)
    if known is None and found.gaps:
        raise Unanswered(f"{found.gaps[0].upstream} could not be asked: {found.gaps[0].reason}")
    return known


def _known_now(stored: StoredPin, runtime: WorkspaceRuntime, deadline: float) -> AccountRef | None:
    """Return the account of a pin as its source knows it, None where it cannot be asked now."""
    with suppress(Unanswered):
        return account_by_id(runtime, stored.account_id, deadline)
    return None


def _pin(requester: Requester, runtime: WorkspaceRuntime, deadline: float) -> Pin | None:
    """Return what a person decided about the requester, with the account's keys as of now."""
    if runtime.memory is None:
        return None
    stored = runtime.memory.pin(pin_keys(requester, runtime.workspace))
    if stored is None:
        return None
    pin, known = as_pin(stored, requester), _known_now(stored, runtime, deadline)
    account = _with_own_domains(pin.account, runtime.workspace)
    return replace(pin, account=with_requester(known, requester) if known else account)


def locate(requester: Requester | None, runtime: WorkspaceRuntime, deadline: float) -> Resolution:
    """Return whose account a requester belongs to, by `deadline` (monotonic seconds)."""
    who, ask = requester or Requester(), _ask(runtime, deadline)
    found = resolve(who, runtime.workspace, ask, _pin(who, runtime, deadline))
    if found.account is None:
        return found
    return replace(found, account=replace(found.account, requester=who.email))
