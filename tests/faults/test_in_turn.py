"""The workers of one gunicorn share what a proxy opens at once."""

from __future__ import annotations

import socket
from contextlib import ExitStack

from bench.servers import Server, children, gunicorn
from tests.faults.processes import until
from tests.faults.workers import held

BURSTS, OPENED = 8, 16
ASK = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"


def _smaller_share(server: Server) -> int:
    """Open many connections at once; return how many the worker with fewer of them holds."""
    workers = children(server.process.pid)
    with ExitStack() as stack:
        opened = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), 15))
            for _ in range(OPENED)
        ]
        for one in opened:
            one.sendall(ASK)
        assert all(one.recv(12) == b"HTTP/1.1 200" for one in opened)
        shares = [held(worker, server.port) for worker in workers]
    assert sum(shares) == OPENED
    assert until(lambda: not any(held(worker, server.port) for worker in workers))
    return min(shares)


def test_connections_that_come_at_once_are_shared():
    """Each worker gets its part; in turn it would be half, by chance a quarter."""
    with gunicorn("bench.constant:create_app()", {"WEB_CONCURRENCY": "2"}) as server:
        assert until(lambda: _smaller_share(server) > 0)  # both have started
        shares = [_smaller_share(server) for _ in range(BURSTS)]

    assert sum(shares) >= 0.35 * BURSTS * OPENED, shares
