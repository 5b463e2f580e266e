"""Connections that look where they go: each address is checked before it is connected to."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from plugin.fetching.http.addresses import is_admitted
from plugin.fetching.http.errors import AddressRefused
from plugin.fetching.http.watchdog import Watchdog

Result = TypeVar("Result")
SocketAddress = tuple[Any, ...]
Resolve = Callable[[str, int], Sequence[tuple[socket.AddressFamily, SocketAddress]]]


def resolve_by_system(host: str, port: int) -> list[tuple[socket.AddressFamily, SocketAddress]]:
    """Ask the system for the addresses of a host, in the order in which to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(socket.AddressFamily(family), address) for family, _, _, _, address in found]


@dataclass(frozen=True, slots=True)
class Network:
    """What the connections of a pool share: names, watchdog, and which network is theirs."""

    watchdog: Watchdog
    resolve: Resolve = resolve_by_system
    loopback: bool = False

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """Return a connected socket within the connection's timeout, name look-up included."""
        due = time.monotonic() + (connection.timeout or 0.0)
        error: OSError | None = None
        for family, address in self._admitted(connection):
            left = due - time.monotonic()
            if left <= 0:
                break
            try:
                return _open(family, address, left, connection.socket_options or ())
            except OSError as failure:
                error = failure
        if error is None or isinstance(error, TimeoutError):
            raise ConnectTimeoutError(connection, f"no connection to {connection.host} in time")
        raise NewConnectionError(connection, f"no connection: {error}") from error

    def _admitted(
        self, connection: HTTPConnection
    ) -> Sequence[tuple[socket.AddressFamily, SocketAddress]]:
        try:
            found = self.resolve(connection.host, connection.port)
        except socket.gaierror as error:
            raise NameResolutionError(connection.host, connection, error) from error
        except (OSError, UnicodeError) as error:
            raise NewConnectionError(connection, "the name cannot be looked up") from error
        # All of them: a name with one private address is up to something.
        if not all(is_admitted(address[0], loopback=self.loopback) for _, address in found):
            raise AddressRefused(connection.host)
        return found


def _open(
    family: socket.AddressFamily, address: SocketAddress, timeout: float, options: Any
) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        for option in options:
            opened.setsockopt(*option)
        opened.settimeout(timeout)
        opened.connect(address)
    except BaseException:
        opened.close()
        raise
    return opened


class GuardedConnection(HTTPConnection):
    """Connects through a network of ours, and bounds each step by the connection's timeout."""

    network: Network

    def _new_conn(self) -> socket.socket:
        return self.network.connect(self)

    def connect(self) -> None:
        """Open the connection, TLS included."""
        self._in_time(super().connect)

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 overrides it
        """Read the status line and all headers."""
        return self._in_time(super().getresponse)

    def _in_time(self, step: Callable[[], Result]) -> Result:
        with self.network.watchdog.limit(self.timeout or 0.0, self._stop) as watch:
            try:
                return step()
            finally:  # even if it seems complete: http.client takes the end for the headers' end
                if watch.fired:
                    raise TimeoutError("it did not finish in time")

    def _stop(self) -> None:
        if self.sock is not None:
            self.sock.shutdown(socket.SHUT_RDWR)


def _pools(ours: Network) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(GuardedConnection):
        network = ours

    class Secure(GuardedConnection, HTTPSConnection):
        network = ours

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class GuardedAdapter(HTTPAdapter):
    """Opens only admitted connections, keeps them alive, retries nothing by itself."""

    def __init__(self, network: Network, hosts: int, threads: int) -> None:
        self._network = network
        super().__init__(pool_connections=hosts, pool_maxsize=threads, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool manager, with our own connections in its pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._network)
