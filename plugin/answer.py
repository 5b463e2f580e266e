"""One frame request becomes one widget: the story of a ticket that opens, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from plugin.account.context import AccountContext, AccountMatch, Gap
from plugin.confirmation import with_confirmation, withheld
from plugin.context.answers import FindResult, Lookup, joined
from plugin.context.assemble import assemble
from plugin.context.lookups import Sources
from plugin.context.offers import Offer
from plugin.context.redaction import redact, restricted_seen
from plugin.context.resolution import Answer, Ask, Pin, Resolution, resolve
from plugin.context.revenue.facts import with_revenue
from plugin.context.revenue.policy import P0, Policy
from plugin.context.turns import thinking
from plugin.correcting import corrected, correction, for_whom
from plugin.errors import Unanswered
from plugin.frame import FrameRequest, Requester, Viewer
from plugin.section import Scene
from plugin.seen import SeenSignals, see
from plugin.settings import Connection, Workspace
from plugin.show import resolved, unconfigured, unresolved
from plugin.signals.conversion import Moment
from plugin.signals.rules import RuleSet
from plugin.signals.schema import Schema
from plugin.signals.signal import Signals
from plugin.signals.states import StoredState
from plugin.signals.values import viewer_values
from plugin.store.memory import Memory, Recall
from plugin.store.noting import Shown, note, viewer_name
from plugin.store.pinning import as_pin, pin_keys, with_requester
from plugin.store.pins import StoredPin
from plugin.upstream import AccountRef, Identity, Mined, Upstream
from plugin.wording import Wording, read_locale
from widgets.widget import Component, Widget

States = Mapping[str, StoredState] | None


@dataclass(frozen=True, slots=True)
class Desk:
    """One workspace at work: its sources of facts, its rules, its reader of ticket texts.

    `judge` evaluates the rules on all facts of a context at a moment, in a role's order, with
    the states that were stored, if there are any. Without `memory` nothing is remembered.
    `reads_ticket` says that some rule looks at the ticket that is open.
    """

    workspace: Workspace
    connections: Mapping[str, tuple[Upstream, Connection]]
    sources: Sources
    judge: Callable[[AccountContext, datetime, str, States], Signals]
    mine: Callable[[str, str, Sequence[str]], Mined]
    schema: Schema
    rules: RuleSet
    policy: Policy = P0
    memory: Memory | None = None
    reads_ticket: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """What is known, before anybody looks: the match, all facts, and what stands out.

    `recall` is what was remembered of the account, None where nothing can be; `opened` are the
    sections that this viewer keeps open; `version` differs whenever what the sources told of
    `account` does.
    """

    match: AccountMatch
    context: AccountContext
    signals: Signals | None = None
    loading: bool = False
    recall: Recall | None = None
    opened: frozenset[str] = frozenset()
    account: AccountRef | None = None
    version: str | None = None


def _one_answer(results: Sequence[FindResult]) -> Answer:
    """Take the first connection that knows: it is the system of record for this account.

    What the others know it by goes with it; who could not be asked is a gap where nobody knew.
    """
    knowing = [result for result in results if result.accounts]
    if not knowing:
        failed = [result for result in results if result.reason not in (None, "not_found")]
        return Answer((), tuple(Gap("account", one.name, one.reason or "broken") for one in failed))
    first, *others = knowing
    known_as = {one.name: one.accounts[0].id for one in others if len(one.accounts) == 1}
    return Answer(
        tuple(replace(a, external_ids={**known_as, **a.external_ids}) for a in first.accounts)
    )


def _ask(desk: Desk, deadline: float) -> Ask:
    """Return how identity questions are put: all at once, to whoever can answer."""

    def ask(questions: Sequence[Identity]) -> list[Answer]:
        return [_one_answer(found) for found in desk.sources.find_all(questions, deadline)]

    return ask


def _offer(desk: Desk, name: str, looked: Lookup, now: datetime) -> Offer:
    upstream, connection = desk.connections[name]
    facts = looked.facts and with_revenue(looked.facts, desk.policy, now)
    return Offer(
        name=name,
        title=upstream.title,
        supplies=upstream.covers(connection.options),
        facts=facts,
        reason=looked.reason,
        served_stale=looked.facts is not None and looked.reason is not None,
        budget=looked.budget,
        until=looked.until,
    )


def _mined(desk: Desk, request: FrameRequest) -> Mined | None:
    ticket = request.ticket
    if ticket is None or ticket.subject is None:
        return None
    return desk.mine(ticket.id or "", ticket.subject, [ticket.text] if ticket.text else [])


def account_by_id(desk: Desk, account_id: str, deadline: float) -> AccountRef | None:
    """Return the account of this workspace that has this id, None when it has none.

    Raises Unanswered where a source that might have it could not be asked.
    """
    (found,) = _ask(desk, deadline)([Identity("external_id", account_id)])
    known = next((one for one in found.accounts if one.id and one.id == account_id), None)
    if known is None and found.gaps:
        raise Unanswered(f"{found.gaps[0].upstream} could not be asked: {found.gaps[0].reason}")
    return known


def _known_now(stored: StoredPin, desk: Desk, deadline: float) -> AccountRef | None:
    """Return the account of a pin as its source knows it, None where it cannot be asked now."""
    with suppress(Unanswered):
        return account_by_id(desk, stored.account_id, deadline)
    return None


def _pin(requester: Requester, desk: Desk, deadline: float) -> Pin | None:
    """Return what a person decided about the requester, with the account's keys as of now."""
    if desk.memory is None:
        return None
    stored = desk.memory.pin(pin_keys(requester, desk.workspace))
    if stored is None:
        return None
    pin, known = as_pin(stored, requester), _known_now(stored, desk, deadline)
    return pin if known is None else replace(pin, account=with_requester(known, requester))


def locate(requester: Requester | None, desk: Desk, deadline: float) -> Resolution:
    """Return whose account a requester belongs to, by `deadline` (monotonic seconds)."""
    who, ask = requester or Requester(), _ask(desk, deadline)
    found = resolve(who, desk.workspace, ask, _pin(who, desk, deadline))
    if found.account is None:
        return found
    return replace(found, account=replace(found.account, requester=who.email))


def _recalled(
    desk: Desk, account: AccountRef, viewer: Viewer
) -> tuple[Recall | None, frozenset[str]]:
    """Return what is remembered of the account, and the sections that the viewer keeps open."""
    if desk.memory is None:
        return None, frozenset()
    return desk.memory.recall(account.id), desk.memory.opened(viewer_name(viewer))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was asked for and brought together, before anybody thinks about it.

    Without an `account` nothing was asked of the sources; `looked` is what each of them said.
    """

    found: Resolution
    account: AccountRef | None = None
    looked: Mapping[str, Lookup] = field(default_factory=dict)
    mined: Mined | None = None
    recall: Recall | None = None
    opened: frozenset[str] = frozenset()


def gather(request: FrameRequest, desk: Desk, deadline: float) -> Gathered:
    """Find the requester's account and ask all about it, by `deadline` (monotonic seconds)."""
    found = locate(request.requester, desk, deadline)
    account = found.account
    if account is None:
        return Gathered(found)
    asked = desk.sources.ask(account)
    recall, opened = _recalled(desk, account, request.viewer)  # while the sources answer
    mined = _mined(desk, request)
    looked = desk.sources.answers(asked, deadline)
    return Gathered(found, account, looked, mined, recall, opened)


def judged(gathered: Gathered, request: FrameRequest, desk: Desk, now: datetime) -> Record:
    """Return what is known of an account from what was gathered; nothing is waited for."""
    match, account, looked = gathered.found.match, gathered.account, gathered.looked
    if account is None:
        return Record(match, AccountContext(as_of=now), loading=bool(match.gaps))
    offers = [_offer(desk, name, one, now) for name, one in looked.items()]
    context = assemble(account, offers, desk.workspace, now, request, gathered.mined)
    recall = gathered.recall
    signals = desk.judge(context, now, request.viewer.role, recall.states if recall else None)
    loading = any(one.loading for one in looked.values())
    version = joined(one.version for one in looked.values())
    return Record(match, context, signals, loading, recall, gathered.opened, account, version)


def know(request: FrameRequest, desk: Desk, now: datetime, deadline: float) -> Record:
    """Return what is known of the requester's account by `deadline` (monotonic seconds)."""
    gathered = gather(request, desk, deadline)
    with thinking:
        return judged(gathered, request, desk, now)


def seen_by(
    record: Record, role: str, desk: Desk, wording: Wording
) -> tuple[AccountContext, SeenSignals]:
    """Return the account and its signals as `role` may see them: redacted before it is worded."""
    context = redact(record.context, role, desk.workspace)
    if record.signals is None:
        return context, SeenSignals()
    space = desk.workspace
    moment = Moment(wording.now, space.time_zone, space.currency)
    values = viewer_values(context, desk.schema, moment)
    signals = see(record.signals.for_role(role), values, desk.schema, str(wording.locale))
    return context, signals


def wording_for(request: FrameRequest, desk: Desk, now: datetime) -> Wording:
    """Return how the viewer of `request` reads numbers and days."""
    locale = read_locale(request.locale, desk.workspace.locale)
    return Wording(locale, ZoneInfo(desk.workspace.time_zone), now)


def _asked_at(request: FrameRequest, desk: Desk) -> str:
    """Return the name of the helpdesk whose API was asked who wrote the ticket."""
    told = request.confirmation
    known = desk.connections.get(told.by) if told else None
    return known[0].title if known else "the helpdesk"


def show(record: Record, request: FrameRequest, desk: Desk, now: datetime) -> Widget:
    """Return the widget of a record for the viewer of `request`."""
    wording, told = wording_for(request, desk, now), request.confirmation
    if not desk.connections:
        return unconfigured(wording.tag)
    if told is not None and told.withheld:
        return withheld(told, _asked_at(request, desk), wording.tag)
    widget = _drawn(record, request, desk, wording)
    widget = with_confirmation(widget, request, _asked_at(request, desk))
    return corrected(widget, _correction(record, request, desk))


def _drawn(record: Record, request: FrameRequest, desk: Desk, wording: Wording) -> Widget:
    if record.signals is None:
        email = request.requester.email if request.requester else None
        ask = None if desk.memory is None else for_whom(request.requester, desk.workspace)
        return unresolved(record.match, email, wording.tag, ask)
    context, signals = seen_by(record, request.viewer.role, desk, wording)
    scene = Scene(
        record.match,
        context,
        signals,
        request.viewer,
        desk.workspace,
        wording,
        record.opened,
        desk.rules if record.recall is not None else None,
    )
    return resolved(scene, loading=record.loading)


def _correction(record: Record, request: FrameRequest, desk: Desk) -> tuple[Component, ...]:
    """Return what "Not this account?" opens; nothing where no choice could be remembered."""
    if desk.memory is None or (record.signals is None and record.match.reason is None):
        return ()
    return correction(record.match, request.requester, desk.workspace)


def remember(record: Record, request: FrameRequest, desk: Desk, now: datetime) -> None:
    """Queue what is to be remembered of an answer; nobody waits for it."""
    account_id, recall, signals = record.match.account_id, record.recall, record.signals
    if desk.memory is None or recall is None or signals is None or account_id is None:
        return
    viewer = request.viewer
    restricted = restricted_seen(record.context, viewer.role, desk.workspace)
    shown = Shown(account_id, viewer, record.context, signals, recall, restricted)
    note(desk.memory, shown, now)


def answer(request: FrameRequest, desk: Desk, now: datetime, deadline: float) -> Widget:
    """Return the widget for one frame request: know, show, remember."""
    record = know(request, desk, now, deadline)
    widget = show(record, request, desk, now)
    remember(record, request, desk, now)
    return widget
