"""Read each ticket's text once, however often the ticket itself is fetched anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from threading import Lock

from cachetools import LRUCache

from plugin.fetching.compute_lock import compute_lock
from plugin.upstream import Mined

Mine = Callable[[str, str, Sequence[str]], Mined]
MOST = 5_000  # tickets of a workspace; what one says takes a few hundred bytes


def _digest(ticket_id: str, subject: str, texts: Sequence[str]) -> bytes:
    told = json.dumps([ticket_id, subject, list(texts)])  # a lone surrogate stays ASCII
    return hashlib.blake2b(told.encode("ascii"), digest_size=16).digest()


class ReadOnce:
    """A reader of texts that keeps what a text said under its digest, and never the text.

    Reading costs some milliseconds a text, and a busy account has 200 tickets that are fetched
    anew every minute. Two threads may read one text at the same time; they find the same.
    """

    def __init__(self, mine: Mine, most: int = MOST) -> None:
        self._mine = mine
        self._known: LRUCache[bytes, Mined] = LRUCache(most)
        self._lock = Lock()

    def __call__(self, ticket_id: str, subject: str, texts: Sequence[str]) -> Mined:
        """Return what a ticket's subject and the customer's own messages say."""
        key = _digest(ticket_id, subject, texts)
        with self._lock:
            known = self._known.get(key)
        if known is not None:
            return known
        with compute_lock:
            found = self._mine(ticket_id, subject, texts)
        with self._lock:
            self._known[key] = found
        return found
