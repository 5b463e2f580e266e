"""One pool for each upstream kind: kept-alive connections, and nothing from the environment."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import requests

from plugin.fetching.http.connections import GuardedAdapter, Network

HOSTS = 32  # hosts of one kind whose connections are kept
HEADERS = {"User-Agent": "Sidelight", "Accept": "application/json", "Accept-Encoding": "gzip"}
# It writes whole URLs, and people's addresses are in them; our own log says what failed.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class Pool:
    """Connections that the threads of a bulkhead share; `authorities` is the operator's CA bundle.

    It is no session of requests: proxies and ~/.netrc (which would overwrite our Authorization),
    cookies and redirects are what a session adds, and none of them may touch a call. Credentials
    go into each call alone.
    """

    def __init__(self, network: Network, threads: int, authorities: str | None = None) -> None:
        self._adapter = GuardedAdapter(network, HOSTS, threads)
        self._verify = authorities or True

    def send(
        self, method: str, url: str, headers: Mapping[str, str], timeout: Any, **content: Any
    ) -> requests.Response:
        """Send a call, its `content` named as requests does; the body is left to be read."""
        call = requests.PreparedRequest()
        call.prepare(method, url, headers={**HEADERS, **headers}, **content)
        return self._adapter.send(call, stream=True, timeout=timeout, verify=self._verify)

    def close(self) -> None:
        """Close every connection."""
        self._adapter.close()
