"""Find the account a requester belongs to: the right one, or an honest "not sure"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from plugin.account.context import AccountMatch, Candidate, Evidence, Gap
from plugin.account.domains import parents, registrable
from plugin.account.ids import id_key
from plugin.facts.addresses import Address, read_address
from plugin.facts.mail_domains import unusable
from plugin.frame import Requester
from plugin.settings.records import Workspace
from plugin.upstream import AccountRef, Identity

# How sure each step is; a later step that points elsewhere takes it down to DISPUTED.
CONFIDENCE = {
    "pin": 1.0,
    "external_id": 0.99,
    "organization": 0.98,
    "contact_email": 0.98,
    "domain": 0.8,
    "parent_domain": 0.6,
}
DISPUTED = 0.7
MAX_CANDIDATES = 5
MAX_PARENTS = 4  # domains above the sender's that are asked for


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """What the upstreams say to one identity question: accounts, and who could not be asked."""

    accounts: tuple[AccountRef, ...] = ()
    gaps: tuple[Gap, ...] = ()


Ask = Callable[[Sequence[Identity]], Sequence[IndexAnswer]]


@dataclass(frozen=True, slots=True)
class Pin:
    """What a person decided on a day (ISO 8601): this requester or domain is this account's."""

    account: AccountRef
    by: str
    on: str
    consumer: bool = False


@dataclass(frozen=True, slots=True)
class Resolution:
    """The match, and the account with the keys that upstreams know it by."""

    match: AccountMatch
    account: AccountRef | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of the order: all questions of one kind, most exact first."""

    by: str
    questions: tuple[Identity, ...]


def _asks(by: str, values: Iterable[str]) -> tuple[Identity, ...]:
    return tuple(Identity(by, value) for value in dict.fromkeys(values))


def _above(domains: Sequence[str]) -> Iterator[_Step]:
    """Yield a step for each height above some domains, the nearest first."""
    heights = zip_longest(*(parents(domain) for domain in domains))
    for domains_there in list(heights)[:MAX_PARENTS]:
        yield _Step("parent_domain", _asks("domain", filter(None, domains_there)))


def _address_steps(addresses: Sequence[Address], workspace: Workspace) -> list[_Step]:
    keys = [key for address in addresses for key in address.keys()]  # noqa: SIM118 - not a mapping
    steps = [_Step("contact_email", _asks("contact_email", keys))]
    domains = [
        address.domain  # a public suffix is nobody's
        for address in addresses
        if registrable(address.domain) and not unusable(address.domain, workspace)
    ]
    if not domains:
        return steps
    own = _Step("domain", _asks("domain", domains))
    return [*steps, own, *_above(list(dict.fromkeys(domains)))]


def _steps(requester: Requester, addresses: Sequence[Address], workspace: Workspace) -> list[_Step]:
    steps = []
    if requester.external_id:
        steps.append(_Step("external_id", (Identity("external_id", requester.external_id),)))
    if requester.organization_id:
        steps.append(_Step("organization", (Identity("organization", requester.organization_id),)))
    return steps + (_address_steps(addresses, workspace) if addresses else [])


def _words(by: str, question: Identity, accounts: Sequence[AccountRef]) -> str:
    names = ", ".join(account.name for account in accounts)
    what = {"contact_email": "contact e-mail", "parent_domain": "parent domain"}
    label = what.get(by, by.replace("_", " "))
    value = "" if by == "contact_email" else f" {question.value}"
    return f"{label}{value}: {names}"


@dataclass(frozen=True, slots=True)
class _Found:
    """The accounts that one step found, and the question that found them."""

    step: _Step
    question: Identity
    accounts: tuple[AccountRef, ...]

    def evidence(self) -> Evidence:
        """Return the step as evidence, in words."""
        text = _words(self.step.by, self.question, self.accounts)
        return Evidence(self.step.by, text, tuple(account.id for account in self.accounts))


def _found_in(step: _Step, answers: dict[Identity, IndexAnswer]) -> _Found | None:
    """Return what all questions of a step find: whoever claims any of the keys is a candidate."""
    knowing = [question for question in step.questions if answers[question].accounts]
    if not knowing:
        return None
    found = [account for question in knowing for account in answers[question].accounts]
    each = {(id_key(account.id), account.name): account for account in reversed(found)}
    accounts = tuple(reversed(each.values()))
    companies = tuple(account for account in accounts if account.id)
    return _Found(step, knowing[0], companies or accounts)


def _reason(requester: Requester, addresses: Sequence[Address], workspace: Workspace) -> str:
    if not addresses:
        known = requester.external_id or requester.organization_id
        return "unknown_domain" if known else "no_email"
    reasons = [unusable(address.domain, workspace) for address in addresses]
    return "unknown_domain" if None in reasons else str(reasons[0])


def _candidate(account: AccountRef, evidence: Evidence) -> Candidate:
    reason = f"matched by {evidence.by.replace('_', ' ').replace('email', 'e-mail')}"
    return Candidate(account.id, account.name, account.domain, reason)


def _matched(account: AccountRef, by: str, evidence: Sequence[Evidence]) -> AccountMatch:
    agreed = all(account.id in item.account_ids for item in evidence)
    confidence = CONFIDENCE[by] if agreed else min(DISPUTED, CONFIDENCE[by])
    return AccountMatch(
        "matched", account.id, account.name, by, confidence, evidence=tuple(evidence)
    )


def _ambiguous(accounts: Sequence[AccountRef], evidence: Sequence[Evidence]) -> AccountMatch:
    deciding = evidence[0]
    return AccountMatch(
        "ambiguous",
        evidence=tuple(evidence),
        candidates=tuple(_candidate(item, deciding) for item in accounts[:MAX_CANDIDATES]),
        reason="several_accounts",
    )


def _against(pin: Pin, requester: Requester, workspace: Workspace, ask: Ask) -> list[Evidence]:
    """Return what the ticket's own ids say against a pin: it stays, and the contradiction shows."""
    steps = _steps(requester, (), workspace)
    questions = [question for step in steps for question in step.questions]
    answers = dict(zip(questions, ask(questions), strict=True)) if questions else {}
    found = [hit.evidence() for step in steps if (hit := _found_in(step, answers))]
    return [one for one in found if pin.account.id not in one.account_ids]


def _pinned(pin: Pin, against: Sequence[Evidence]) -> Resolution:
    account = pin.account
    if pin.consumer:
        return Resolution(AccountMatch("none", reason="consumer", pinned_by=pin.by))
    evidence = (Evidence("pin", f"pinned by {pin.by} on {pin.on}", (account.id,)), *against)
    match = AccountMatch("matched", account.id, account.name, "pin", CONFIDENCE["pin"], evidence)
    day = date.fromisoformat(pin.on)
    return Resolution(replace(match, pinned_by=pin.by, pinned_on=day), account)


def _is_consumer(found: Sequence[_Found]) -> bool:
    """Tell whether the first thing found is a person without a company."""
    return bool(found) and all(not account.id for account in found[0].accounts)


def _decide(found: Sequence[_Found], *, sure: bool) -> Resolution:
    """Return the match that the first step's accounts allow, with all steps as evidence."""
    evidence = [hit.evidence() for hit in found]
    first = found[0]
    if len(first.accounts) > 1:
        return Resolution(_ambiguous(first.accounts, evidence))
    match = _matched(first.accounts[0], first.step.by, evidence)
    if not sure and match.confidence is not None:
        match = replace(match, confidence=min(DISPUTED, match.confidence))
    return Resolution(match, first.accounts[0])


def resolve(
    requester: Requester, workspace: Workspace, ask: Ask, pin: Pin | None = None
) -> Resolution:
    """Return the account of the first step that finds exactly one, else why there is none.

    All steps are asked at once, so that a later one can confirm or contradict; several
    accounts at the deciding step are ambiguous. A person known without a company (an account
    without an id) is a consumer. Upstreams that could not be asked are the match's `gaps`;
    a gap before the deciding step makes the match less sure.
    """
    if pin is not None:
        return _pinned(pin, _against(pin, requester, workspace, ask))
    read = (read_address(email) for email in requester.emails)
    addresses = [address for address in read if address is not None]
    steps = _steps(requester, addresses, workspace)
    questions = [question for step in steps for question in step.questions]
    answers = dict(zip(questions, ask(questions), strict=True)) if questions else {}
    found = [hit for step in steps if (hit := _found_in(step, answers)) is not None]
    gaps = tuple(dict.fromkeys(gap for answer in answers.values() for gap in answer.gaps))
    if _is_consumer(found):
        return Resolution(AccountMatch("none", reason="consumer", gaps=gaps))
    if not found:
        reason = None if gaps else _reason(requester, addresses, workspace)
        return Resolution(AccountMatch("none", reason=reason, gaps=gaps))
    before = steps[: steps.index(found[0].step) + 1]
    sure = not any(answers[question].gaps for step in before for question in step.questions)
    decided = _decide(found, sure=sure)
    return replace(decided, match=replace(decided.match, gaps=gaps))
