"""What a process has once for all its workspaces: cache, threads, connections, gates."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import Any

from plugin.errors import ConfigurationError, Problem, UpstreamUnset
from plugin.fetching.bulkheads import Bulkhead, BulkheadSize, Job
from plugin.fetching.cache import MAX_BYTES, SourceCache
from plugin.fetching.clock import Clock, system_clock
from plugin.fetching.entries import DAY, CacheEntry
from plugin.fetching.gate import Gate
from plugin.fetching.http.addresses import check_base
from plugin.fetching.http.client import Endpoint, HttpClient
from plugin.fetching.http.connections import Network, Resolve, resolve_by_system
from plugin.fetching.http.pools import Pool
from plugin.fetching.http.watchdog import Watchdog
from plugin.fetching.limits import CallRate
from plugin.fetching.shared.cache import Local, SharedCache
from plugin.fetching.shared.changes import SharedChange
from plugin.fetching.shared.sealing import keys_from
from plugin.fetching.shared.server import TIMEOUT, SharedServer, open_client
from plugin.fetching.tally import Tally
from plugin.fetching.tokens import AccessTokens
from plugin.fetching.worker_bus import BusListener, WorkerBus
from plugin.settings.records import Connection
from plugin.upstream import Client, Upstream

PURPOSE = b"sidelight connection"
ROUNDS = 10_000
HEAD_START = 0.01  # seconds that questions have to go out before anything else is computed
LONGEST_WAIT = 60.0  # seconds; no request waits for longer, whatever its deadline


@dataclass(frozen=True, slots=True)
class ResourceOptions:
    """What an operator may set.

    waiting      requests that may wait for a first answer at once; None: any. Half of the
                 request threads is a good value: the others stay free for warm requests.
    processes    worker processes that share a vendor's call rate.
    authorities  a CA bundle instead of the built-in one.
    shared_url   the shared cache, `valkey://` or `redis://`, an s behind for TLS; "" for none.
    shared_wait  seconds to wait for it; beyond that, asking the upstream is the better bet.
    stale_for    seconds for which an old copy may stand in for a silent source.
    secrets      the service's secrets, newest first: they sign what is shared.
    bus          where workers of one host tell each other of changes; None: nobody else is there.
    """

    max_bytes: int = MAX_BYTES
    bulkhead: BulkheadSize = field(default_factory=BulkheadSize)
    waiting: int | None = None
    processes: int = 1
    authorities: str | None = None
    shared_url: str = ""
    shared_wait: float = TIMEOUT
    secrets: tuple[str, ...] = ()
    stale_for: float = DAY
    resolve: Resolve = resolve_by_system
    board: WorkerBus | None = None


class NoClient:
    """The client of an upstream that is not called over HTTP."""

    def get(self, *_args: Any, **_options: Any) -> Any:
        """Refuse."""
        raise UpstreamUnset("this connection has no base URL")

    post = get


class Resources:
    """The shared parts of one process; threads start with the first question."""

    def __init__(
        self, options: ResourceOptions = ResourceOptions(), clock: Clock | None = None
    ) -> None:
        self.options = options
        self.clock = clock or system_clock()
        self.tally = Tally()
        self.tokens = AccessTokens()
        self.cache = SourceCache(self.clock, max_bytes=options.max_bytes, tally=self.tally)
        self.shared = self._share() if options.shared_url else None
        self.board = options.board or WorkerBus()
        self._changes = BusListener(self.board, "changed")
        self._watchdog = Watchdog(system_clock().monotonic)  # sockets live in real time
        self._lock = threading.Lock()
        self._bulkheads: dict[str, Bulkhead] = {}
        self._pools: dict[tuple[str, bool], Pool] = {}
        self._gates: dict[tuple[str, str], Gate] = {}
        self._rates: dict[str, CallRate] = {}
        self._places = threading.BoundedSemaphore(options.waiting) if options.waiting else None

    def gate(self, workspace: str, upstream: Upstream, connection: Connection) -> Gate:
        """Return the gate of a connection: a new one whenever its credentials are."""
        proof = _proof(upstream, connection)
        with self._lock:
            gate = self._gates.get((workspace, connection.name))
            if gate is None or gate.proof != proof:
                rate = self._rate(upstream, proof)
                gate = Gate(self.clock, proof, rate, rests=not upstream.local)
                self._gates[workspace, connection.name] = gate
            return gate

    def client(
        self, upstream: Upstream, connection: Connection, gate: Gate, seconds: float
    ) -> Client:
        """Return the client for one question of so many seconds in all.

        Raises UpstreamUnset if the base URL is one that may not be called.
        """
        url = upstream.base_url(connection.options)
        if url is None:
            return NoClient()
        endpoint = Endpoint(
            check_base(url, upstream.hosts, loopback=connection.loopback),
            upstream.headers(connection.options),
            self._pool(upstream.name, loopback=connection.loopback),
            gate,
            self.clock,
            self._watchdog,
        )
        return HttpClient(endpoint, seconds)

    def public_client(
        self, kind: str, base: str, gate: Gate, seconds: float, *, loopback: bool
    ) -> Client:
        """Return the client for one question that needs no credentials, at a checked base URL."""
        pool = self._pool(kind, loopback=loopback)
        return HttpClient(Endpoint(base, {}, pool, gate, self.clock, self._watchdog), seconds)

    def submit(self, kind: str, connection: str, job: Job, *, urgent: bool) -> bool:
        """Run a job in the threads of an upstream kind; False when its queue is full."""
        with self._lock:
            bulkhead = self._bulkheads.get(kind)
            if bulkhead is None:
                bulkhead = self._bulkheads[kind] = Bulkhead(kind, self.options.bulkhead)
        return bulkhead.submit(connection, job, urgent=urgent)

    def let_go(self, futures: Sequence[Future[CacheEntry]]) -> None:
        """Leave the processor to questions for a moment, so that they are on their way.

        Whoever computes meanwhile takes it from them, and every source is heard later.
        """
        if futures:
            wait(futures, timeout=HEAD_START)

    def wait(self, futures: Sequence[Future[CacheEntry]], deadline: float) -> None:
        """Wait for answers until the deadline; not at all while too many requests already do."""
        if self._places is not None and not self._places.acquire(blocking=False):
            self.tally.add("crowded", "")
            return
        try:
            left = deadline - self.clock.monotonic()
            wait(futures, timeout=min(max(0.0, left), LONGEST_WAIT))
        finally:
            if self._places is not None:
                self._places.release()

    def invalidate(self, workspace: str, upstream: str, tags: Sequence[str]) -> None:
        """Forget what is known under any of the tags, in every worker and on every host.

        Other hosts hear of it where the cache is shared.
        """
        for tag in tags:
            self._forget(workspace, upstream, tag)
        if self.shared is not None:
            self.shared.tell([SharedChange(workspace, upstream, tag) for tag in tags])
        self._changes.tell([(workspace, upstream, tag) for tag in tags])

    def generation(self, workspace: str) -> int:
        """Return a number that rises with each invalidation in a workspace, by any worker."""
        self.hear()
        return self.cache.generation(workspace)

    def listen(self) -> None:
        """Hear what other processes invalidated: workers at once, hosts within a second."""
        self.hear()
        if self.shared is not None:
            self.shared.listen()

    def hear(self) -> None:
        """Hear what other workers invalidated, at once."""
        if not self._changes.has_news:
            return
        changes = self._changes.news()
        if changes is None:
            self._forget_all()
        for workspace, upstream, tag in changes or ():
            self._forget(workspace, upstream, tag)
        if changes != [] and self.shared is not None:
            # What is fetched from now on must know of these, or nobody would believe it.
            self.shared.catch_up()

    def purge(self, workspace: str, upstream: str | None = None) -> bool:
        """Drop every byte of a workspace, or of a connection whose credentials were removed.

        False if the shared cache could not be reached; what it holds ends within two days.
        """
        self._forget_batches(workspace, upstream)
        self.cache.purge(workspace, upstream)
        return self.shared is None or self.shared.purge(workspace, upstream)

    def close(self) -> None:
        """Take no more questions; calls under way end by their own deadline."""
        with self._lock:
            for bulkhead in self._bulkheads.values():
                bulkhead.close()
            for pool in self._pools.values():
                pool.close()
        if self.shared is not None:
            self.shared.close()

    def _share(self) -> SharedCache:
        if not self.options.secrets:
            hint = "set service.secrets: they sign what is shared"
            raise ConfigurationError([Problem("cache.url", "needs a service secret", hint)])
        client = open_client(self.options.shared_url, self.options.shared_wait)
        store = SharedServer(client, self.clock.monotonic, self.tally)
        local = Local(self.clock, self.tally, self._forget, self._forget_all)
        shared = SharedCache(store, keys_from(self.options.secrets), local)
        self.cache.share(shared.prefetch, shared.fill)
        return shared

    def _forget(self, workspace: str, upstream: str, tag: str) -> None:
        self._forget_batches(workspace, upstream)
        self.cache.invalidate(workspace, upstream, tag)

    def _forget_all(self) -> None:
        self._forget_batches()
        self.cache.invalidate_all()

    def _forget_batches(self, workspace: str | None = None, upstream: str | None = None) -> None:
        with self._lock:
            for (space, name), gate in self._gates.items():
                if workspace in {None, space} and upstream in {None, name}:
                    gate.memory.forget()

    def _pool(self, kind: str, *, loopback: bool) -> Pool:
        with self._lock:
            if (kind, loopback) not in self._pools:
                network = Network(self._watchdog, self.options.resolve, loopback)
                threads = self.options.bulkhead.threads
                self._pools[kind, loopback] = Pool(network, threads, self.options.authorities)
            return self._pools[kind, loopback]

    def _rate(self, upstream: Upstream, proof: str) -> CallRate | None:
        if upstream.rate is None:
            return None
        if proof not in self._rates:
            share = upstream.rate / self.options.processes
            self._rates[proof] = CallRate(share, share * upstream.per, self.clock.monotonic)
        return self._rates[proof]


def _proof(upstream: Upstream, connection: Connection) -> str:
    # Slow on purpose: it becomes part of names, and credentials are among the options.
    parts = repr((upstream.name, sorted(connection.options.items(), key=lambda item: item[0])))
    return hashlib.pbkdf2_hmac("sha256", parts.encode(), PURPOSE, ROUNDS).hex()
