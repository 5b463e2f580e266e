"""What one workspace remembers; where the store is down, everything goes on without it."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from cachetools import TTLCache
from sqlalchemy import Connection

from plugin.errors import StoreUnavailable
from plugin.rules.states import StoredState
from plugin.store import audit, episodes, erasing, feedback, folds, outcomes, pins, snoozes
from plugin.store.database import Database
from plugin.store.pseudonyms import pseudonym
from plugin.store.transitions import UNTOLD, Judging
from plugin.store.watch import StoreWatch
from plugin.store.writer import Job, Writer

_LATELY, _HOUR = 20_000, 3600.0


@dataclass(frozen=True, slots=True)
class Recall:
    """What is remembered of an account: states by rule, what lies over them laid over them.

    `opened` are the sections that the viewer who asks keeps open.
    """

    states: Mapping[str, StoredState] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()


def _laid_over(
    row: StoredState, snooze: snoozes.Snooze | None, dismissed: feedback.Feedback | None
) -> StoredState:
    if snooze is not None:
        row = dataclasses.replace(
            row,
            snoozed_until=snooze.until,
            marked_severity=snooze.severity,
            marked_version=snooze.version,
        )
    if dismissed is not None:
        row = dataclasses.replace(
            row, dismissed=dismissed.word, marked_hash=dismissed.input_hash or None
        )
    return row


class Memory:
    """The store as one workspace sees it: every row it reads or writes is that workspace's."""

    def __init__(
        self, workspace: str, database: Database, writer: Writer, watch: StoreWatch | None = None
    ) -> None:
        self.workspace = workspace
        self.database = database
        self.writer = writer
        self.watch = watch or StoreWatch(database.monotonic)
        self.on_erasure: Callable[[], object] = lambda: None
        self._erased_at: datetime | None = None
        self._has_looked = False
        self._turns = 0
        self._lock = threading.Lock()
        self._lately: TTLCache[Hashable, bool] = TTLCache(_LATELY, _HOUR, database.monotonic)

    def pin(self, keys: Sequence[pins.PinKey]) -> pins.StoredPin | None:
        """Return the pin of the first key that has one; None too while the store is down."""
        if not keys:
            return None
        with suppress(StoreUnavailable), self.database.read() as connection:
            self._heed(connection)
            return pins.find(connection, self.workspace, keys)
        return None

    def recall(self, account_id: str, viewer: str | None = None) -> Recall | None:
        """Return what is remembered of an account; None while the store is down."""
        with suppress(StoreUnavailable), self.database.read() as connection:
            self._heed(connection)
            opened = folds.opened(connection, self.workspace, viewer) if viewer else frozenset()
            return Recall(self.states(connection, account_id), opened)
        return None

    def states(self, connection: Connection, account_id: str) -> dict[str, StoredState]:
        """Return rule → state, with its snooze and its dismissal."""
        rows = episodes.of_account(connection, self.workspace, account_id)
        snoozed = snoozes.of_account(connection, self.workspace, account_id)
        dismissed = feedback.dismissals(connection, self.workspace, account_id)
        return {
            rule: _laid_over(
                rows.get(rule, StoredState(rule)), snoozed.get(rule), dismissed.get(rule)
            )
            for rule in rows | snoozed | dismissed
        }

    def keep_states(
        self,
        account_id: str,
        recall: Recall,
        rows: Mapping[str, StoredState],
        now: datetime,
        judging: Judging = UNTOLD,
    ) -> None:
        """Write behind the answer what judging changed, and which dismissals are over."""
        kept = episodes.since(recall.states, rows, now, judging)
        if kept.rows or kept.over:
            self.behind(account_id, lambda connection: self._put(connection, account_id, kept))

    def count_states(
        self,
        account_id: str,
        recall: Recall,
        judge: Callable[[], Mapping[str, StoredState]],
        now: datetime,
        judging: Judging = UNTOLD,
    ) -> None:
        """Judge, too, behind the answer, what nobody sees; write what that changed."""
        kept: list[episodes.Episodes] = []

        def prepare() -> bool:
            kept[:] = [episodes.since(recall.states, judge(), now, judging)]
            return bool(kept[0].rows or kept[0].over)

        def write(connection: Connection) -> None:
            for one in kept:
                self._put(connection, account_id, one)

        self.behind(account_id, write, prepare)

    def _put(self, connection: Connection, account_id: str, kept: episodes.Episodes) -> None:
        episodes.put(connection, self.workspace, account_id, kept)
        if kept.over:
            feedback.end_of_rules(connection, self.workspace, account_id, kept.over, kept.at)

    def keep_outcomes(self, account_id: str, entries: Sequence[outcomes.Outcome]) -> None:
        """Add entries to the ledger behind the answer."""

        def write(connection: Connection) -> None:
            for entry in entries:
                outcomes.add(connection, self.workspace, entry)

        if entries:
            self.behind(account_id, write)

    def keep_fold(self, viewer: str, section: str, *, opened: bool, now: datetime) -> None:
        """Remember a section as the viewer left it."""
        fold = folds.Fold(self.workspace, viewer, section, opened, now)
        self.behind("", lambda connection: folds.put(connection, fold))

    def keep_event(self, account_id: str, event: audit.AuditEvent) -> None:
        """Add to the audit behind the answer, the account by its pseudonym."""

        def write(connection: Connection) -> None:
            self.append(connection, account_id, event)

        self.behind(account_id, write)

    def append(
        self, connection: Connection, account_id: str | None, event: audit.AuditEvent
    ) -> None:
        """Add to the audit within a transaction, the account by its pseudonym."""
        if account_id:
            name = pseudonym(connection, self.workspace, "account", account_id)
            event = dataclasses.replace(event, target=f"account:{name} {event.target}".strip())
        audit.append(connection, self.workspace, event)

    @contextmanager
    def act(self) -> Iterator[Connection]:
        """Give a writing connection for an act: one at a time in the workspace, in any process.

        What an act reads before it writes is thus still so when it writes. What it changes it
        audits, too: one that came before, or came to nothing, changes nothing for others.
        """
        with self.database.write() as connection:
            audit.take_turn(connection, self.workspace)
            before = audit.head_of(connection, self.workspace)
            yield connection
            turns = self._turns
            if audit.head_of(connection, self.workspace) != before:
                audit.count_turn(connection, self.workspace)
                turns = audit.turns(connection, self.workspace)
        self._turns = turns  # on disk now; seen a second later, it would be news once more

    def is_first(self, what: Hashable) -> bool:
        """Tell whether this process meets `what` for the first time within an hour."""
        with self._lock:
            known = what in self._lately
            self._lately[what] = True
            return not known

    def turns(self) -> int:
        """Return what rises whenever people change what is shown, here or in another process.

        It is looked up behind the answers, once a second, for as long as somebody asks.
        """
        self.watch.keep(self.workspace, self.look)
        return self._turns

    def look(self) -> None:
        """See what other processes have erased or changed."""
        with suppress(StoreUnavailable), self.database.read() as connection:
            self._heed(connection)

    def _heed(self, connection: Connection) -> None:
        """Forget, in this process too, what another one has erased or changed."""
        self._turns = audit.turns(connection, self.workspace)
        erased_at = erasing.latest(connection, self.workspace)
        with self._lock:
            before, self._erased_at = self._erased_at, erased_at
            is_news = self._has_looked and erased_at != before
            self._has_looked = True
        if not is_news:
            return
        subjects = erasing.subjects_since(connection, self.workspace, before)

        def is_meant(account_id: str) -> bool:
            return erasing.are_gone(connection, self.workspace, account_id, subjects)

        self.writer.forget(self.workspace, is_meant)
        self.on_erasure()

    def behind(
        self,
        account_id: str,
        write: Callable[[Connection], None],
        prepare: Callable[[], bool] | None = None,
    ) -> None:
        """Queue something to write; when it does not fit, it is dropped and counted.

        What is erased meanwhile, in whichever process, is not written any more.
        """
        known, has_looked = self._erased_at, self._has_looked

        def unless_erased(connection: Connection) -> None:
            audit.take_turn(connection, self.workspace)
            subjects: frozenset[str] = frozenset()
            if has_looked:
                subjects = erasing.subjects_since(connection, self.workspace, known)
            if not erasing.are_gone(connection, self.workspace, account_id, subjects):
                write(connection)

        self.writer.add(Job(self.workspace, account_id, unless_erased, prepare))
