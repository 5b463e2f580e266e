"""What holds for every test: nobody leaves this machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# A busy machine makes no example wrong: what must be fast says so in a test of its own.
settings.register_profile("sidelight", deadline=None)
settings.load_profile("sidelight")

_connect = socket.socket.connect
_getaddrinfo = socket.getaddrinfo


class LeftTheMachine(AssertionError):
    """A test reached for the network."""


def _is_here(host: object) -> bool:
    if host in ("localhost", "", None):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _guarded_connect(self: socket.socket, address: Any) -> None:
    if isinstance(address, tuple) and not _is_here(address[0]):
        raise LeftTheMachine(f"a test connects to {address[0]}")
    _connect(self, address)


def _guarded_getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
    if not _is_here(host.decode() if isinstance(host, bytes) else host):
        raise LeftTheMachine(f"a test looks up {host}")
    return _getaddrinfo(host, *args, **options)


@pytest.fixture(autouse=True, scope="session")
def stay_here() -> Iterator[None]:
    """Let no test connect to, or look up, anything but this machine."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded_connect)
    patch.setattr(socket, "getaddrinfo", _guarded_getaddrinfo)
    yield
    patch.undo()
