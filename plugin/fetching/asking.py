"""Ask one connection one thing, and turn whatever happens into an outcome that can be kept."""

from __future__ import annotations

import hashlib
import logging
import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from plugin.account.shared_domains import shared_by
from plugin.errors import Problem, UpstreamBroken, UpstreamError, UpstreamLimited, UpstreamNotFound
from plugin.fetching import budgets
from plugin.fetching.encoding import Unreadable, encode
from plugin.fetching.entries import EVERYTHING, Failure, FetchOutcome, Windows
from plugin.fetching.gate import Gate
from plugin.fetching.resources import Resources
from plugin.fetching.tokens import AuthorisedClient
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Identity, Link, Mined, TicketKey, Upstream, no_mining

CHECK_SECONDS = 30.0  # a check asks many things, and a person waits for it at a terminal
log = logging.getLogger("sidelight.upstreams")


@dataclass(frozen=True, slots=True)
class Tenant:
    """What an upstream's functions learn of the workspace that asks.

    `mine` reads its tickets; `own_domains` are those of its own people;
    `unusable` says why no account is found by a domain, as in Link.
    """

    name: str
    currency: str = "usd"
    time_zone: str = "UTC"
    mine: Callable[[str, str, Sequence[str]], Mined] = no_mining
    own_domains: frozenset[str] = frozenset()
    unusable: Callable[[str], str | None] = shared_by


@dataclass(frozen=True, slots=True)
class ConnectionSource:
    """One connection of a tenant, ready to be asked.

    `seconds` bound one question in all; `is_personal`: its facts differ by requester.
    """

    tenant: Tenant
    upstream: Upstream
    connection: Connection
    resources: Resources
    gate: Gate
    seconds: float
    lives: Windows
    find_lives: Windows
    is_personal: bool


def source(
    tenant: Tenant, upstream: Upstream, connection: Connection, resources: Resources
) -> ConnectionSource:
    """Return the connection with its gate, its time and its windows."""
    return ConnectionSource(
        tenant,
        upstream,
        connection,
        resources,
        resources.gate(tenant.name, upstream, connection),
        budgets.seconds(upstream, connection),
        budgets.lives(upstream, connection, resources.options.stale_for),
        budgets.find_lives(upstream, connection, resources.options.stale_for),
        upstream.is_personal(connection.options),
    )


def tag_of(word: str) -> str:
    """Return a short mark for an id, an address or a domain: no address is kept or sent."""
    if word == EVERYTHING:
        return word
    return hashlib.blake2b(word.strip().lower().encode(), digest_size=8).hexdigest()


def common_tags(ref: AccountRef) -> tuple[str, ...]:
    """Return the marks of the account's own words: id, domains, addresses."""
    return _tags((ref.id, *_each(ref.id), ref.domain, *ref.domains, *ref.emails))


def _tags(words: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag_of(word) for word in words if word))


def _each(ids: str) -> list[str]:
    """Return the single ids where one text holds several: an account of several customers."""
    return re.split(r"[\s,;]+", ids)


def tags_of(ref: AccountRef, name: str, common: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return the marks of all words by which a webhook of a connection may mean the account."""
    tags = common_tags(ref) if common is None else common
    external = ref.external_ids.get(name)
    return tags if external is None else (*tags, *_tags((external, *_each(external))))


def link(source: ConnectionSource, seconds: float | None = None) -> Link:
    """Return what the upstream's functions may use for one question asked now.

    `seconds` bound its calls in all; without them the connection's own time does.
    """
    plain = Link(
        workspace=source.tenant.name,
        name=source.connection.name,
        options=source.connection.options,
        client=source.resources.client(
            source.upstream, source.connection, source.gate, seconds or source.seconds
        ),
        now=source.resources.clock.now(),
        currency=source.tenant.currency,
        time_zone=source.tenant.time_zone,
        mine=source.tenant.mine,
        own_domains=source.tenant.own_domains,
        unusable=source.tenant.unusable,
        memory=source.gate.memory,
    )
    authorise = source.upstream.authorise
    if authorise is None:
        return plain
    tokens, proof = source.resources.tokens, source.gate.proof
    client = AuthorisedClient(plain.client, tokens, proof, partial(authorise, plain))
    return replace(plain, client=client)


def mark(source: ConnectionSource) -> str:
    """Return the state that the source is in, where it can tell without being asked; else ""."""
    if source.upstream.mark is None:
        return ""
    try:
        return f"@{source.upstream.mark(link(source))}"
    except UpstreamError:  # it cannot be looked at, so asking it will say why
        return "@"
    except Exception as error:  # noqa: BLE001 — an adapter's mistake is that upstream's gap
        _report(source, error)
        return "@"


def fetch(source: ConnectionSource, ref: AccountRef) -> FetchOutcome:
    """Ask what the connection says of an account."""
    return _ask(source, lambda: _fetch(source, ref))


def find(source: ConnectionSource, identity: Identity) -> FetchOutcome:
    """Ask which accounts the connection knows under an identity."""
    return _ask(source, lambda: _find(source, identity))


def search(source: ConnectionSource, words: str) -> FetchOutcome:
    """Ask which accounts of the connection hold these words in name or domain."""
    ask = source.upstream.search
    return _ask(source, lambda: _accounts(source, () if ask is None else ask(words, link(source))))


def ticket_tag(asked: TicketKey) -> str:
    """Return the mark of a ticket, or of a customer where no ticket is open."""
    return tag_of(f"ticket:{asked.ticket_id}" if asked.ticket_id else f"who:{asked.customer_id}")


def whose(source: ConnectionSource, asked: TicketKey) -> FetchOutcome:
    """Ask who wrote a ticket."""
    return _ask(source, lambda: _whose(source, asked))


def _whose(source: ConnectionSource, asked: TicketKey) -> FetchOutcome:
    ask = source.upstream.whose
    found = None if ask is None else ask(asked, link(source))
    if found is None:
        return FetchOutcome(failure=Failure(UpstreamNotFound.reason))
    tags = (tag_of(found.email),) if found.email else ()
    return FetchOutcome(encode(asdict(found)), tags)


def check(source: ConnectionSource) -> tuple[Problem, ...]:
    """Return what is wrong with a connection, as its own check sees it."""
    name = source.connection.name
    if source.upstream.check is None:
        return ()
    try:
        return source.upstream.check(link(source, max(CHECK_SECONDS, source.seconds)))
    except UpstreamError as error:
        return (Problem(name, str(error) or error.reason),)
    except Exception as error:  # noqa: BLE001 — a check that fails by itself is a finding, too
        _report(source, error)
        return (Problem(name, "its check failed by itself", "the log says where"),)


def _fetch(source: ConnectionSource, ref: AccountRef) -> FetchOutcome:
    facts = source.upstream.fetch(ref, link(source))
    return FetchOutcome(encode(replace(facts, ids=frozenset())), _tags(sorted(facts.ids)))


def _find(source: ConnectionSource, identity: Identity) -> FetchOutcome:
    ask = source.upstream.find
    return _accounts(source, () if ask is None else ask(identity, link(source)))


def _accounts(source: ConnectionSource, accounts: tuple[AccountRef, ...]) -> FetchOutcome:
    accounts = tuple(accounts)
    if not accounts:
        return FetchOutcome(failure=Failure(UpstreamNotFound.reason))
    tags = (tag for ref in accounts for tag in tags_of(ref, source.connection.name))
    return FetchOutcome(encode(accounts), tuple(dict.fromkeys(tags)))


def _ask(source: ConnectionSource, ask: Callable[[], FetchOutcome]) -> FetchOutcome:
    try:
        source.gate.enter()
    except UpstreamError as error:
        return FetchOutcome(failure=_failure(error, local=True))
    try:
        outcome = ask()
    except UpstreamNotFound as error:
        source.gate.answered()
        return FetchOutcome(failure=_failure(error))
    except UpstreamError as error:
        return _failed(source, error)
    except Exception as error:  # noqa: BLE001 — an adapter's mistake is that upstream's gap
        _report(source, error)
        kind = "unreadable facts" if isinstance(error, Unreadable) else "its adapter failed"
        return _failed(source, UpstreamBroken(kind))
    source.gate.answered()
    return outcome


def _failed(source: ConnectionSource, error: UpstreamError) -> FetchOutcome:
    source.gate.failed(error)
    log.warning(
        "upstream failed: workspace=%s connection=%s kind=%s reason=%s: %s",
        source.tenant.name,
        source.connection.name,
        source.upstream.name,
        error.reason,
        error,
    )
    return FetchOutcome(failure=_failure(error))


def _failure(error: UpstreamError, *, local: bool = False) -> Failure:
    until = error.until if isinstance(error, UpstreamLimited) else None
    return Failure(error.reason, None if until is None else until.timestamp(), local)


def _report(source: ConnectionSource, error: Exception) -> None:
    # The place and the type, never the text: it may quote what a customer wrote.
    frames: Any = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"
    log.error("adapter %s failed: %s at %s", source.upstream.name, type(error).__name__, where)
