"""Ask every upstream of a workspace at once, within one deadline; failures are results too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from plugin.errors import Problem
from plugin.fetching import asking
from plugin.fetching.answers import (
    FindResult,
    Lookup,
    TicketWriter,
    find_result,
    lookup,
    version,
    writer,
)
from plugin.fetching.asking import ConnectionSource, Tenant, source
from plugin.fetching.entries import EVERYTHING, CacheEntry, FetchOutcome, Key
from plugin.fetching.gate import SourceState
from plugin.fetching.questions import Held, Question
from plugin.fetching.resources import Resources
from plugin.fetching.stages import timed
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Identity, TicketKey, Upstream

Connections = Mapping[str, tuple[Upstream, Connection]]


def _digest(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class PendingAnswer:
    """Questions about one account that are on their way, by connection, and what is held so far."""

    questions: Mapping[str, Question]
    held: Mapping[Key, Held]


class Sources:
    """The connections of one workspace; made once and shared by its requests.

    Deadlines are instants of the runtime's monotonic clock. No failure of an upstream is
    ever raised here.
    """

    def __init__(self, tenant: Tenant, connections: Connections, resources: Resources) -> None:
        self._tenant = tenant
        self._runtime = resources
        self._sources = {
            name: source(tenant, upstream, connection, resources)
            for name, (upstream, connection) in connections.items()
        }

    @timed("gather")
    def ask(self, ref: AccountRef) -> PendingAnswer:
        """Ask each connection about the account and return at once: what for is `answers`.

        At once, but for the moment in which the questions go out.
        """
        questions = self._questions(ref)
        asked = PendingAnswer(questions, self._start(questions))
        self._runtime.let_go(_coming(asked.held))
        return asked

    @timed("gather")
    def answers(self, asked: PendingAnswer, deadline: float) -> dict[str, Lookup]:
        """Return what each connection says by `deadline`; late answers are kept."""
        self._wait(asked.held, deadline)
        now = self._runtime.clock.now()
        return {
            name: lookup(name, question.windows.fresh, asked.held[question.key], now)
            for name, question in asked.questions.items()
        }

    def gather(self, ref: AccountRef, deadline: float) -> dict[str, Lookup]:
        """Return what each connection says of the account by `deadline`."""
        return self.answers(self.ask(ref), deadline)

    def version(self, ref: AccountRef) -> str | None:
        """Return what changes whenever `gather` would say something else; None if it would wait.

        Reads nothing but the cache and decodes nothing, so that what was rendered from the same
        version can be shown again. Stale answers are refreshed behind it, as by `gather`.
        """
        asked = self._questions(ref)
        self._runtime.listen()
        held = self._runtime.cache.ask(list(asked.values()))
        now = self._runtime.clock.now()
        return version([held[question.key] for question in asked.values()], now)

    def find(self, name: str, identity: Identity, deadline: float) -> FindResult:
        """Return the accounts that a connection knows under `identity`."""
        asked = self._sources[name]
        if asked.upstream.find is None:
            return FindResult(name, asked=False)
        question = _whose(asked, identity)
        held = self._ask({name: question}, deadline)
        return find_result(name, held[question.key], self._runtime.clock.now())

    @timed("resolve")
    def find_all(
        self, identities: Sequence[Identity], deadline: float
    ) -> list[tuple[FindResult, ...]]:
        """Return for each identity what every connection that can be asked knows under it.

        All are asked at once; connections come in the order of the settings.
        """
        able = {name: one for name, one in self._sources.items() if one.upstream.find is not None}
        pairs = [(name, identity) for identity in identities for name in able]
        asked = {pair: _whose(able[pair[0]], pair[1]) for pair in pairs}
        held = self._ask(asked, deadline)
        now = self._runtime.clock.now()
        return [
            tuple(find_result(name, held[asked[name, identity].key], now) for name in able)
            for identity in identities
        ]

    def search_all(self, words: str, deadline: float) -> tuple[FindResult, ...]:
        """Return what every connection that can be searched finds by name or domain."""
        able = {name: one for name, one in self._sources.items() if one.upstream.search}
        asked = {name: _search(one, words) for name, one in able.items()}
        held = self._ask(asked, deadline)
        now = self._runtime.clock.now()
        return tuple(find_result(name, held[question.key], now) for name, question in asked.items())

    def whose(
        self, name: str, asked: TicketKey, deadline: float, *, anew: bool = False
    ) -> TicketWriter:
        """Return who wrote a ticket, as the connection `name` says; `anew` forgets what it said."""
        tag = asking.ticket_tag(asked)
        if anew:
            self._runtime.invalidate(self._tenant.name, name, (tag,))
        source = self._sources[name]
        record = f"whose:{_digest(asked.ticket_id, asked.customer_id)}"
        question = _question(source, record, partial(asking.whose, source, asked), (tag,))
        question = replace(question, windows=source.find_lives)
        held = self._ask({name: question}, deadline)
        return writer(held[question.key], self._runtime.clock.now())

    def invalidate(self, name: str, *words: str) -> None:
        """Forget what a connection said of accounts, named by any id, address or domain.

        Without a word, all that it ever said.
        """
        tags = dict.fromkeys(map(asking.tag_of, words or (EVERYTHING,)))
        self._runtime.invalidate(self._tenant.name, name, tuple(tags))

    def reopen(self, name: str) -> None:
        """Ask a connection again that was refused: its rights were changed at the vendor."""
        self._sources[name].gate.reopen()
        self.invalidate(name)

    def states(self) -> tuple[SourceState, ...]:
        """Return how each connection is doing."""
        return tuple(
            source.gate.state(name, source.upstream.title) for name, source in self._sources.items()
        )

    def check(self, name: str) -> tuple[Problem, ...]:
        """Return what is wrong with a connection, as its own check sees it."""
        return asking.check(self._sources[name])

    def _questions(self, ref: AccountRef) -> dict[str, Question]:
        keys = (ref.id, ref.domain, sorted(ref.domains), sorted(ref.emails))
        record = f"account:{_digest(keys, dict(ref.external_ids))}"
        common = asking.common_tags(ref)
        return {name: _about(each, ref, record, common) for name, each in self._sources.items()}

    def _ask(self, asked: Mapping[Any, Question], deadline: float) -> dict[Key, Held]:
        held = self._start(asked)
        self._wait(held, deadline)
        return held

    def _start(self, asked: Mapping[Any, Question]) -> dict[Key, Held]:
        self._runtime.listen()
        return self._runtime.cache.ask(list(asked.values()))

    def _wait(self, held: Mapping[Key, Held], deadline: float) -> None:
        coming = _coming(held)
        if coming:
            self._runtime.wait(coming, deadline)
        for key, each in held.items():
            if each.entry is None and each.coming and not each.coming.done():
                self._runtime.tally.add("late", key.upstream)


def _coming(held: Mapping[Key, Held]) -> list[Future[CacheEntry]]:
    return [each.coming for each in held.values() if each.entry is None and each.coming]


def _about(
    source: ConnectionSource, ref: AccountRef, record: str, common: tuple[str, ...]
) -> Question:
    # Facts about the requester differ by requester, the rest by the account's keys alone.
    if source.is_personal:
        record = f"{record}:{_digest(ref.people[:1])}"
        common = (*common, *map(asking.tag_of, ref.people[:1]))
    else:
        ref = replace(ref, requester=None)
    tags = asking.tags_of(ref, source.connection.name, common)
    return _question(source, record, partial(asking.fetch, source, ref), tags)


def _whose(source: ConnectionSource, identity: Identity) -> Question:
    record = f"find:{_digest(identity.by, identity.value)}"
    tags = (asking.tag_of(identity.value),)
    asked = _question(source, record, partial(asking.find, source, identity), tags)
    return replace(asked, windows=source.find_lives)


def _search(source: ConnectionSource, words: str) -> Question:
    record = f"search:{_digest(words)}"
    asked = _question(source, record, partial(asking.search, source, words), ())
    return replace(asked, windows=source.find_lives)


def _question(
    source: ConnectionSource, record: str, ask: Callable[[], FetchOutcome], tags: tuple[str, ...]
) -> Question:
    workspace, name = source.tenant.name, source.connection.name

    def submit(job: Callable[[], None], *, urgent: bool) -> bool:
        place = f"{workspace}/{name}"
        return source.resources.submit(source.upstream.name, place, job, urgent=urgent)

    # Other settings are other answers: a new field mapping shows at once, in every process.
    key = Key(workspace, name, f"{record}:{source.gate.proof[:16]}{asking.mark(source)}")
    return Question(key, source.lives, ask, submit, tags, source.seconds)
