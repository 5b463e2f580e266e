"""The client goes where it may and nowhere else, with its own token and nothing more."""

from __future__ import annotations

import socket
import ssl

import pytest

from plugin.errors import UpstreamBroken, UpstreamTimeout, UpstreamUnavailable, UpstreamUnset
from plugin.fetching.clock import system_clock
from tests.faults.conftest import answer


def test_never_follows_a_redirect(faults):
    """A redirect may lead to a private address; even its body is left unread."""
    target = faults.serve(lambda talk: talk.send(answer()))

    def script(talk):
        moved = {"Location": f"{target.url}/latest/meta-data", "Content-Length": "9999999"}
        talk.send(answer(b"", "302 Found", moved))
        talk.hang()

    with pytest.raises(UpstreamBroken):
        faults.ask(script, seconds=3.0)

    assert target.requests == []


def test_sends_nothing_from_the_environment(faults, monkeypatch, tmp_path):
    """Proxies and ~/.netrc are ignored: the latter would even replace our token."""
    server = faults.serve(lambda talk: talk.send(answer()))
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login admin password made-up\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    faults.client(server.url).get("/")

    assert b"authorization: bearer made-up" in server.requests[0].lower()


def test_keeps_no_cookies(faults):
    """One tenant's session must not travel with the next one's call."""
    server = faults.serve(lambda talk: talk.send(answer(headers={"Set-Cookie": "a=b; Path=/"})))
    client = faults.client(server.url)
    client.get("/")
    client.get("/")

    assert b"cookie" not in server.requests[1].lower()


def test_follows_a_paging_link_on_its_own_host(faults):
    """A full link is as good as a path."""
    server = faults.serve(lambda talk: talk.send(answer()))
    faults.client(server.url).get(f"{server.url}/customers?page=2")

    assert server.requests[0].startswith(b"GET /customers?page=2 ")


def test_never_sends_a_token_after_a_link_to_another_host(faults):
    """The link is checked before anything is sent."""
    server, other = (faults.serve(lambda talk: talk.send(answer())) for _ in range(2))

    with pytest.raises(UpstreamBroken, match="leads away"):
        faults.client(server.url).get(f"{other.url}/customers?page=2")

    assert other.connections == 0


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "::ffff:127.0.0.1"]
)
def test_a_name_that_leads_inside_is_not_called(faults, address):
    """The address is checked when the connection is made, not when the name is read."""
    server = faults.serve(lambda talk: talk.send(answer()))
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    client = faults.client(
        f"http://crm.example:{server.port}",
        loopback=False,
        resolve=lambda _host, port: [(family, (address, port))],
    )

    with pytest.raises(UpstreamUnset, match="address"):
        client.get("/")

    assert server.connections == 0


def test_a_slow_name_look_up_counts(faults, stopwatch):
    """The time for the name comes off the time for the answer."""
    server = faults.serve(lambda talk: talk.send(answer()))

    def resolve(_host, port):
        system_clock().pause(0.3)
        return [(socket.AF_INET, ("127.0.0.1", port))]

    with pytest.raises(UpstreamTimeout):
        faults.client(f"http://localhost:{server.port}", 0.2, resolve=resolve).get("/")

    assert (stopwatch() < 1.5, server.connections) == (True, 0)


def test_an_unknown_name_is_unavailable(faults):
    """The resolver says so."""

    def resolve(_host, _port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(UpstreamUnavailable):
        faults.client("http://nowhere.example", resolve=resolve).get("/")


def test_plain_text_instead_of_tls_is_unavailable(faults):
    """A server that does not speak TLS is not asked in plain text instead."""
    server = faults.serve(lambda talk: talk.send(answer()))

    with pytest.raises(UpstreamUnavailable):
        faults.client(server.url.replace("http:", "https:"), 2.0).get("/")

    assert b"made-up" not in b"".join(server.requests)


@pytest.mark.parametrize("trusted", [True, False])
def test_only_a_trusted_certificate_gets_the_token(faults, certificate, trusted):
    """A certificate that nobody vouches for is unavailable; the operator may name a bundle."""
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(*certificate)
    server = faults.serve(lambda talk: talk.send(answer()), secure)
    client = faults.client(
        f"https://localhost:{server.port}",
        2.0,
        resolve=lambda _host, port: [(socket.AF_INET, ("127.0.0.1", port))],
        authorities=str(certificate[0]) if trusted else None,
    )
    if trusted:
        assert client.get("/") == {}
    else:
        with pytest.raises(UpstreamUnavailable):
            client.get("/")
        assert server.requests == []


def test_a_tls_greeting_that_drips_ends_in_time(faults, stopwatch):
    """The handshake is part of the time to connect."""
    greeting = b"\x16\x03\x03\x40\x00" + b"\x02" * 400
    server = faults.serve(lambda talk: talk.drip(greeting, 0.02))

    with pytest.raises(UpstreamTimeout):
        faults.client(server.url.replace("http:", "https:"), 0.3).get("/")

    assert stopwatch() < 1.5
