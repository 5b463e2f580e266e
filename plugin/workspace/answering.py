"""One frame request becomes one widget: the story of a ticket that opens, in reading order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from plugin.account.context import AccountContext, AccountMatch
from plugin.facts.assemble import assemble
from plugin.facts.offers import Offer
from plugin.facts.redaction import redact, restricted_seen
from plugin.facts.resolution import Resolution
from plugin.fetching.answers import Lookup, joined
from plugin.fetching.compute_lock import compute_lock
from plugin.frame import FrameRequest
from plugin.revenue.facts import with_revenue
from plugin.rules.conversion import Moment
from plugin.rules.signal import Signals
from plugin.rules.states import StoredState
from plugin.rules.values import viewer_values
from plugin.store.memory import Recall
from plugin.store.noting import Shown, note, viewer_name
from plugin.store.transitions import Judging
from plugin.upstream import AccountRef, Mined
from plugin.view.account_choice import corrected, correction, for_whom
from plugin.view.section import Scene
from plugin.view.signal_view import SeenSignals, see
from plugin.view.views import resolved, unconfigured, unresolved
from plugin.view.wording import Wording, read_locale
from plugin.workspace.matching import locate
from plugin.workspace.requester_note import with_confirmation, withheld
from plugin.workspace.runtime import WorkspaceRuntime
from widgets.widget import Component, Widget


@dataclass(frozen=True, slots=True)
class Record:
    """What is known, before anybody looks: the match, all facts, and what stands out.

    `recall` is what was remembered of the account, None where nothing can be; `version` differs
    whenever what the sources told of `account` does.
    """

    match: AccountMatch
    context: AccountContext
    signals: Signals | None = None
    loading: bool = False
    recall: Recall | None = None
    account: AccountRef | None = None
    version: str | None = None


def _offer(runtime: WorkspaceRuntime, name: str, looked: Lookup, now: datetime) -> Offer:
    upstream, connection = runtime.connections[name]
    facts = looked.facts and with_revenue(looked.facts, runtime.policy, now)
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


def _mined(runtime: WorkspaceRuntime, request: FrameRequest) -> Mined | None:
    ticket = request.ticket
    if ticket is None or ticket.subject is None:
        return None
    return runtime.mine(ticket.id or "", ticket.subject, [ticket.text] if ticket.text else [])


def _recalled(
    runtime: WorkspaceRuntime, account: AccountRef, request: FrameRequest
) -> Recall | None:
    name = viewer_name(request.viewer, request.install_id)
    return runtime.memory.recall(account.id, name) if runtime.memory else None


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


def gather(request: FrameRequest, runtime: WorkspaceRuntime, deadline: float) -> Gathered:
    """Find the requester's account and ask all about it, by `deadline` (monotonic seconds)."""
    found = locate(request.requester, runtime, deadline)
    account = found.account
    if account is None:
        return Gathered(found)
    asked = runtime.sources.ask(account)
    recall = _recalled(runtime, account, request)  # while the sources answer
    mined = _mined(runtime, request)
    looked = runtime.sources.answers(asked, deadline)
    return Gathered(found, account, looked, mined, recall)


def judged(
    gathered: Gathered, request: FrameRequest, runtime: WorkspaceRuntime, now: datetime
) -> Record:
    """Return what is known of an account from what was gathered; nothing is waited for."""
    match, account, looked = gathered.found.match, gathered.account, gathered.looked
    if account is None:
        return Record(match, AccountContext(as_of=now), loading=bool(match.gaps))
    offers = [_offer(runtime, name, one, now) for name, one in looked.items()]
    context = assemble(account, offers, runtime.workspace, now, request, gathered.mined)
    recall = gathered.recall
    signals = runtime.judge(context, now, request.viewer.role, recall.states if recall else None)
    loading = any(one.loading for one in looked.values())
    version = joined(one.version for one in looked.values())
    return Record(match, context, signals, loading, recall, account, version)


def know(
    request: FrameRequest, runtime: WorkspaceRuntime, now: datetime, deadline: float
) -> Record:
    """Return what is known of the requester's account by `deadline` (monotonic seconds)."""
    gathered = gather(request, runtime, deadline)
    with compute_lock:
        return judged(gathered, request, runtime, now)


def seen_by(
    record: Record, role: str, runtime: WorkspaceRuntime, wording: Wording
) -> tuple[AccountContext, SeenSignals]:
    """Return the account and its signals as `role` may see them: redacted before it is worded."""
    context = redact(record.context, role, runtime.workspace)
    if record.signals is None:
        return context, SeenSignals()
    space = runtime.workspace
    moment = Moment(wording.now, space.time_zone, space.currency)
    values = viewer_values(context, runtime.schema, moment)
    signals = see(record.signals.for_role(role), values, runtime.schema, str(wording.locale))
    return context, signals


def wording_for(request: FrameRequest, runtime: WorkspaceRuntime, now: datetime) -> Wording:
    """Return how the viewer of `request` reads numbers and days."""
    locale = read_locale(request.locale, runtime.workspace.locale)
    return Wording(locale, ZoneInfo(runtime.workspace.time_zone), now)


def _asked_at(request: FrameRequest, runtime: WorkspaceRuntime) -> str:
    """Return the name of the helpdesk whose API was asked who wrote the ticket."""
    told = request.confirmation
    known = runtime.connections.get(told.by) if told else None
    return known[0].title if known else "the helpdesk"


def show(record: Record, request: FrameRequest, runtime: WorkspaceRuntime, now: datetime) -> Widget:
    """Return the widget of a record for the viewer of `request`."""
    wording, told = wording_for(request, runtime, now), request.confirmation
    if not runtime.connections:
        return unconfigured(wording.tag)
    if told is not None and told.withheld:
        return withheld(told, _asked_at(request, runtime), wording.tag)
    widget = _drawn(record, request, runtime, wording)
    widget = with_confirmation(widget, request, _asked_at(request, runtime))
    return corrected(widget, _correction(record, request, runtime))


def _drawn(
    record: Record, request: FrameRequest, runtime: WorkspaceRuntime, wording: Wording
) -> Widget:
    if record.signals is None:
        email = request.requester.email if request.requester else None
        ask = None if runtime.memory is None else for_whom(request.requester, runtime.workspace)
        return unresolved(record.match, email, wording.tag, ask)
    context, signals = seen_by(record, request.viewer.role, runtime, wording)
    scene = Scene(
        record.match,
        context,
        signals,
        request.viewer,
        runtime.workspace,
        wording,
        record.recall.opened if record.recall else frozenset(),
        runtime.rules if record.recall is not None else None,
    )
    return resolved(scene, loading=record.loading)


def _correction(
    record: Record, request: FrameRequest, runtime: WorkspaceRuntime
) -> tuple[Component, ...]:
    """Return what "Not this account?" opens; nothing where no choice could be remembered."""
    if runtime.memory is None or (record.signals is None and record.match.reason is None):
        return ()
    return correction(record.match, request.requester, runtime.workspace)


def remember(
    record: Record, request: FrameRequest, runtime: WorkspaceRuntime, now: datetime
) -> None:
    """Queue what is to be remembered of an answer; nobody waits for it."""
    account_id, recall, signals = record.match.account_id, record.recall, record.signals
    if runtime.memory is None or recall is None or signals is None or account_id is None:
        return
    viewer = request.viewer
    restricted = restricted_seen(record.context, viewer.role, runtime.workspace)
    shown = Shown(
        account_id, viewer, record.context, signals, recall, restricted, request.install_id
    )
    note(runtime.memory, shown, now)

    def count() -> Mapping[str, StoredState]:
        with compute_lock:
            return runtime.shadows(record.context, now, recall.states)

    judging = Judging(runtime.rules.hash, record.context.contract.arr, is_shadow=True)
    runtime.memory.count_states(account_id, recall, count, now, judging)


def answer(
    gathered: Gathered, request: FrameRequest, runtime: WorkspaceRuntime, now: datetime
) -> tuple[Record, Widget]:
    """Return what is known from what was gathered and its widget: judge, show, remember.

    It waits for nothing; whoever serves many tickets at once calls it under the compute lock.
    """
    record = judged(gathered, request, runtime, now)
    widget = show(record, request, runtime, now)
    remember(record, request, runtime, now)
    return record, widget
