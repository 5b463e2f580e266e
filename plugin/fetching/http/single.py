"""Send one call outside of any workspace's connections: for what an admin does by hand."""

from __future__ import annotations

from urllib.parse import urlsplit

from plugin.errors import UpstreamUnset
from plugin.fetching.clock import Clock
from plugin.fetching.gate import Gate
from plugin.fetching.http.addresses import LOOPBACK_HOSTS, check_base
from plugin.fetching.http.client import Endpoint, HttpClient
from plugin.fetching.http.connections import Network
from plugin.fetching.http.pools import Pool
from plugin.fetching.http.watchdog import Watchdog
from plugin.fetching.limits import RetryAllowance


def single_client(url: str, clock: Clock, seconds: float) -> HttpClient:
    """Return a client for the host of `url`, which never tries a call twice.

    This machine may be called where the address names it. Raises UpstreamUnset if the address
    may not be called.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise UpstreamUnset("the address cannot be read") from error
    loopback = host in LOOPBACK_HOSTS
    base = check_base(f"{parts.scheme}://{parts.netloc}", (host,), loopback=loopback)
    watchdog = Watchdog(clock.monotonic)
    gate = Gate(clock)
    gate.retries = RetryAllowance(share=0.0)
    gate.retries.spend()  # a call that creates something must not be repeated
    pool = Pool(Network(watchdog, loopback=loopback), 1)
    return HttpClient(Endpoint(base, {}, pool, gate, clock, watchdog), seconds)
