"""One session for each upstream kind: kept-alive connections, and nothing from the environment."""

from __future__ import annotations

import logging
from http.cookiejar import DefaultCookiePolicy

import requests

from plugin.context.http.connections import GuardedAdapter, Network

HOSTS = 32  # hosts of one kind whose connections are kept
AGENT = "Sidelight"
# It writes whole URLs, and people's addresses are in them; our own log says what failed.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


class QuietSession(requests.Session):
    """A session that never follows, nor even reads, a redirect."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return None: to prepare a redirect, requests would read its body without a limit."""
        del resp
        return None


def session(network: Network, threads: int, authorities: str | None = None) -> requests.Session:
    """Return a session that is safe to share between the threads of a pool of `threads`.

    It ignores proxies and ~/.netrc (which would overwrite our Authorization) and keeps no
    cookies; credentials go into each call alone. `authorities` is a CA bundle of the operator's.
    """
    made = QuietSession()
    made.trust_env = False
    made.verify = authorities or True
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    made.headers.clear()
    made.headers.update(
        {"User-Agent": AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"}
    )
    adapter = GuardedAdapter(network, HOSTS, threads)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made
