"""Whatever an upstream does on the wire, the client ends in time with one of a few errors."""

from __future__ import annotations

import gzip
import socket
import ssl
import zlib
from decimal import Decimal

import pytest

from plugin.errors import (
    UpstreamBroken,
    UpstreamLimited,
    UpstreamNotFound,
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnavailable,
    UpstreamUnset,
)
from tests.faults.conftest import answer

GZIP = {"Content-Encoding": "gzip"}


def chunk(data: bytes) -> bytes:
    """Return one piece of a chunked body."""
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_returns_the_json_of_a_good_answer(faults):
    """Fractions are exact, as money must be."""
    value = faults.ask(lambda talk: talk.send(answer(b'{"mrr": 12.10}')))

    assert value == {"mrr": Decimal("12.10")}


def test_reads_chunks_and_gzip(faults):
    """Both ways to send a body of unknown length, at once."""
    body = gzip.compress(b'{"seats": 7}')
    head = CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")

    def script(talk):
        talk.send(head + chunk(body[:9]) + chunk(body[9:]) + b"0\r\n\r\n")

    assert faults.ask(script) == {"seats": 7}


def test_refused_connection_is_unavailable(faults):
    """Nobody listens: known at once."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(UpstreamUnavailable):
            faults.client(url).get("/")


def test_reset_before_any_answer_is_unavailable(faults):
    """The upstream hung up."""
    with pytest.raises(UpstreamUnavailable):
        faults.ask(lambda talk: talk.reset())


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda talk: talk.hang(), id="before the headers"),
        pytest.param(lambda talk: talk.drip(b"HTTP/1.1 200 OK\r\n" * 9, 0.05), id="status drips"),
        pytest.param(
            lambda talk: talk.drip(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 40, 0.02),
            id="headers drip",
        ),
        pytest.param(lambda talk: (talk.send(answer(b"{}")[:-2]), talk.hang()), id="body hangs"),
        pytest.param(
            lambda talk: (talk.send(answer(b" " * 99)[:-99]), talk.drip(b" " * 99, 0.05)),
            id="body drips",
        ),
        pytest.param(
            lambda talk: (talk.send(CHUNKED), talk.drip(chunk(b" ") * 40, 0.02)), id="chunks drip"
        ),
    ],
)
def test_ends_in_time(faults, stopwatch, script):
    """The total time holds for names, connection, headers and body together."""
    with pytest.raises(UpstreamTimeout):
        faults.ask(script, seconds=0.3)

    assert stopwatch() < 0.6


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda talk: talk.send(b"\x16\x03garbage\r\n\r\n"), id="garbage"),
        pytest.param(
            lambda talk: talk.send(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"),
            id="too many headers",
        ),
        pytest.param(
            lambda talk: talk.send(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000 + b"\r\n\r\n"),
            id="header too long",
        ),
        pytest.param(
            lambda talk: (talk.send(answer(b'{"a": 1}')[:-3]), talk.reset()), id="reset in the body"
        ),
        pytest.param(
            lambda talk: (talk.send(answer(b'{"a": 1}')[:-3]), talk.connection.close()),
            id="body too short",
        ),
        pytest.param(
            lambda talk: (talk.send(CHUNKED + b"zz\r\n{}"), talk.connection.close()), id="bad chunk"
        ),
        pytest.param(
            lambda talk: talk.send(answer(b"no gzip at all", headers=GZIP)), id="bad gzip"
        ),
        pytest.param(lambda talk: talk.send(answer(b"")), id="empty"),
        pytest.param(lambda talk: talk.send(answer(b"{'a': 1}")), id="not JSON"),
        pytest.param(lambda talk: talk.send(answer(b'{"a": NaN}')), id="NaN"),
        pytest.param(lambda talk: talk.send(answer(b'{"a": 1e99999}')), id="absurd number"),
        pytest.param(lambda talk: talk.send(answer(b"9" * 9_999)), id="absurd integer"),
        pytest.param(lambda talk: talk.send(answer(b"[" * 99_999)), id="too deep"),
        pytest.param(lambda talk: talk.send(answer(b'{"a": "\xff"}')), id="not UTF-8"),
        pytest.param(
            lambda talk: talk.send(answer(headers={"Content-Type": "text/html"})), id="HTML"
        ),
        pytest.param(
            lambda talk: talk.send(
                answer(headers={"Content-Type": "application/json; charset=iso-8859-1"})
            ),
            id="another charset",
        ),
        pytest.param(
            lambda talk: talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
            id="no content type",
        ),
        pytest.param(lambda talk: talk.send(answer(status="418 I'm a teapot")), id="odd status"),
        pytest.param(lambda talk: talk.send(answer(status="204 No Content", body=b"")), id="204"),
    ],
)
def test_an_unusable_answer_is_broken(faults, script):
    """Anything but good JSON is one error, and never an exception of a library."""
    with pytest.raises(UpstreamBroken):
        faults.ask(script, seconds=2.0)


@pytest.mark.parametrize("length", [True, False], ids=["with a length", "without"])
def test_gives_up_an_answer_that_is_too_large(faults, stopwatch, length):
    """A body of 100 MB is broken off at 2 MB."""
    sent = []

    def script(talk):
        size = 100 * 1024 * 1024
        head = answer(headers={"Content-Length": str(size)})[:-2] if length else CHUNKED
        talk.send(head)
        block = b" " * 65_536 if length else chunk(b" " * 65_536)
        for _ in range(size // 65_536):
            talk.send(block)
            sent.append(1)

    with pytest.raises(UpstreamBroken, match="larger"):
        faults.ask(script, seconds=3.0)

    assert stopwatch() < 2
    assert len(sent) * 65_536 < 50 * 1024 * 1024


def test_gives_up_a_gzip_bomb(faults):
    """What counts is the size after decoding, and no more than needed is decoded."""
    bomb = gzip.compress(b" " * 50 * 1024 * 1024)

    with pytest.raises(UpstreamBroken, match="larger"):
        faults.ask(lambda talk: talk.send(answer(bomb, headers=GZIP)), seconds=3.0)


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


@pytest.mark.parametrize(
    ("status", "error", "tries"),
    [
        ("401 Unauthorized", UpstreamRefused, 1),
        ("403 Forbidden", UpstreamRefused, 1),
        ("404 Not Found", UpstreamNotFound, 1),
        ("410 Gone", UpstreamNotFound, 1),
        ("422 Unprocessable Content", UpstreamBroken, 1),
        ("429 Too Many Requests", UpstreamLimited, 1),
        ("500 Internal Server Error", UpstreamUnavailable, 1),
        ("501 Not Implemented", UpstreamUnavailable, 1),
        ("502 Bad Gateway", UpstreamUnavailable, 2),
        ("503 Service Unavailable", UpstreamUnavailable, 2),
        ("504 Gateway Timeout", UpstreamUnavailable, 2),
    ],
)
def test_statuses(faults, status, error, tries):
    """Each refusal becomes one typed error, and only a passing one is tried once more."""
    server = faults.serve(lambda talk: talk.send(answer(b'{"code": "x"}', status)))

    with pytest.raises(error) as caught:
        faults.client(server.url, 2.0).get("/")

    assert (len(server.requests), caught.value.status) == (tries, int(status[:3]))
    assert caught.value.answer == {"code": "x"}


def test_a_refusal_in_plain_text_is_the_same_refusal(faults):
    """The status says enough; the body may be anything."""
    page = answer(b"<h1>no</h1>", "404 Not Found", {"Content-Type": "text/plain"})

    with pytest.raises(UpstreamNotFound):
        faults.ask(lambda talk: talk.send(page))


def test_a_limit_in_a_403_is_a_limit(faults):
    """Salesforce says so, and its credentials are all right."""
    body = b'[{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]'

    with pytest.raises(UpstreamLimited):
        faults.ask(lambda talk: talk.send(answer(body, "403 Forbidden")))


def test_a_second_try_may_succeed(faults):
    """One bad gateway is not worth a gap."""
    statuses = iter(["502 Bad Gateway", "200 OK"])

    assert faults.ask(lambda talk: talk.send(answer(status=next(statuses))), 2.0) == {}


def test_the_vendor_may_forbid_the_second_try(faults):
    """Stripe's own word outranks the status."""
    refusal = answer(status="503 Busy", headers={"Stripe-Should-Retry": "false"})
    server = faults.serve(lambda talk: talk.send(refusal))

    with pytest.raises(UpstreamUnavailable):
        faults.client(server.url, 2.0).get("/")

    assert len(server.requests) == 1


def test_retries_stay_a_small_share_of_calls(faults):
    """During an outage the calls must not double."""
    server = faults.serve(lambda talk: talk.send(answer(status="503 Busy")))
    for _ in range(20):
        with pytest.raises(UpstreamUnavailable):
            faults.client(server.url, 2.0).get("/")

    assert len(server.requests) <= 20 + 3


def test_a_token_is_not_asked_for_twice(faults):
    """A form may have side effects, so it is sent once."""
    server = faults.serve(lambda talk: talk.send(answer(status="503 Busy")))

    with pytest.raises(UpstreamUnavailable):
        faults.client(server.url, 2.0).post("/oauth/token", {"a": "b"}, form=True)

    assert len(server.requests) == 1


def test_keeps_connections_alive(faults):
    """A read to its end leaves the connection for the next call."""
    server = faults.serve(lambda talk: talk.send(answer()))
    client = faults.client(server.url, 2.0)
    for _ in range(5):
        client.get("/")

    assert (len(server.requests), server.connections) == (5, 1)


def test_a_connection_that_was_closed_while_idle_costs_no_answer(faults):
    """Upstreams close idle connections when they like."""

    def script(talk):
        talk.send(answer())
        talk.connection.close()

    server = faults.serve(script)
    client = faults.client(server.url, 2.0)

    assert [client.get("/"), client.get("/")] == [{}, {}]


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
        faults.gate._clock.pause(0.3)  # noqa: SLF001 — the clock that the client waits with
        return [(socket.AF_INET, ("127.0.0.1", port))]

    with pytest.raises(UpstreamTimeout):
        faults.client(f"http://localhost:{server.port}", 0.2, resolve=resolve).get("/")

    assert (stopwatch() < 0.6, server.connections) == (True, 0)


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

    assert stopwatch() < 0.6


def test_half_a_character_does_not_reach_the_page(faults):
    """A lone surrogate could not be written out again."""
    value = faults.ask(lambda talk: talk.send(answer(rb'{"name": "a\ud800b \ud83d\ude00"}')))

    assert value == {"name": "a�b 😀"}


def test_deflate_is_not_asked_for_and_still_no_crash(faults):
    """An upstream that compresses as it likes is read or refused."""
    body = zlib.compress(b"{}")

    assert faults.ask(
        lambda talk: talk.send(answer(body, headers={"Content-Encoding": "deflate"}))
    ) in ({}, None)
