"""The few commands that are sent to the shared server; one that is down costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from plugin.errors import ConfigurationError, Problem
from plugin.fetching.breaker import Breaker, BreakerPolicy
from plugin.fetching.shared.changes import SharedChange
from plugin.fetching.shared.lookout import Sight
from plugin.fetching.shared.sealing import Position
from plugin.fetching.tally import Tally

TIMEOUT = 0.05  # seconds: longer than that, asking the upstream is the better bet
CONNECTIONS = 16  # of one process
STREAM = "sl1:changes"
PROBE = "sl1:check"
MOST_CHANGES = 10_000
PAGE = 1_000
POLICY = BreakerPolicy(row=2, rest=1.0, longest_rest=15.0, probe_limit=1.0)
SCHEMES = {"valkey": "redis", "valkeys": "rediss"}
_TROUBLES = {  # the narrower kinds first
    redis.AuthenticationError: "refuses the user or the password in the URL",
    redis.exceptions.NoPermissionError: "does not let this user read and write keys of sl1:*",
    redis.exceptions.ReadOnlyError: "is a replica that takes no writes: name its primary",
    redis.exceptions.OutOfMemoryError: "is full: give it memory, or let it evict",
    redis.ResponseError: "refuses to read and write",
}
Result = TypeVar("Result")

# Take the lease if it is free, and read the value in the same step: a lease without a second
# look would fetch again what the former holder has just stored.
ACQUIRE = """
local value = redis.call('get', KEYS[1])
local taken = redis.call('set', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2])
return {taken and 1 or 0, value}
"""
# Store and give the lease back, but only while it is still ours.
FINISH = """
if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
if ARGV[3] ~= '0' then redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return redis.call('del', KEYS[2])
"""
# Count, and let the counter end some time after it began.
COUNT = """
local count = redis.call('incr', KEYS[1])
if count == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return count
"""


@dataclass(frozen=True, slots=True)
class Lease:
    """Whether the lease was taken, and what the name holds."""

    is_ours: bool
    value: bytes | None


def open_client(url: str, timeout: float = TIMEOUT) -> redis.Redis:
    """Return a client without hidden retries; TLS (rediss) and credentials are in the URL.

    Raises ConfigurationError for a URL that cannot be used.
    """
    scheme, colon, rest = url.partition(":")
    try:
        pool = redis.BlockingConnectionPool.from_url(
            SCHEMES.get(scheme, scheme) + colon + rest,
            max_connections=CONNECTIONS,
            timeout=timeout,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),  # the default retries ten times, for seconds
            protocol=2,
            driver_info=None,
        )
    except ValueError as error:
        hint = "valkey://host:6379/0, or valkeys:// with TLS; user and password before the host"
        raise ConfigurationError([Problem("cache.url", "cannot be used", hint)]) from error
    return redis.Redis.from_pool(pool)


def trouble(url: str, patience: float = 2.0) -> str | None:
    """Return what is wrong with the server at `url`, as it answers within `patience` seconds.

    It must be reachable, let us in, and keep what is written.
    """
    client = open_client(url, patience)
    try:
        client.set(PROBE, b"1", ex=1)
        return None if client.get(PROBE) == b"1" else "does not keep what is written"
    except (redis.RedisError, OSError) as error:
        named = (words for kind, words in _TROUBLES.items() if isinstance(error, kind))
        return next(named, "cannot be reached")
    finally:
        client.close()


def _position(mark: bytes) -> Position:
    milliseconds, _, number = mark.partition(b"-")
    return int(milliseconds), int(number)


def _change(mark: bytes, fields: dict[bytes, bytes]) -> SharedChange:
    words = [fields.get(name, b"").decode("utf-8", "replace") for name in (b"w", b"u", b"t")]
    return SharedChange(words[0], words[1], words[2], _position(mark))


class SharedServer:
    """The shared server behind a breaker; each method answers None while it is out of reach."""

    def __init__(
        self, client: redis.Redis, monotonic: Callable[[], float], tally: Tally | None = None
    ) -> None:
        self._client = client
        self._breaker = Breaker(monotonic, POLICY)
        self._tally = tally or Tally()
        self._acquire = client.register_script(ACQUIRE)
        self._count = client.register_script(COUNT)
        self._finish = client.register_script(FINISH)

    def read(
        self, names: Sequence[str], after: Position
    ) -> tuple[list[Any], list[SharedChange]] | None:
        """Return the values under `names` and the changes told since, in one trip."""

        def ask() -> tuple[list[Any], list[SharedChange]]:
            with self._client.pipeline(transaction=False) as pipeline:
                if names:
                    pipeline.mget(list(names))
                pipeline.xrange(STREAM, f"({after[0]}-{after[1]}", "+", count=PAGE)
                *values, changes = pipeline.execute()
            return (values[0] if values else []), [_change(*each) for each in changes]

        return self._try(ask, 2 if names else 1)

    def look(self, names: Sequence[str]) -> list[Sight] | None:
        """Return what the names hold, and which of them somebody is fetching."""

        def ask() -> list[Sight]:
            asked = [part for name in names for part in (name, f"{name}:lease")]
            found: Any = self._client.mget(asked)
            pairs = zip(found[::2], found[1::2], strict=True)
            return [Sight(value, lease is not None) for value, lease in pairs]

        return self._try(ask)

    def acquire(self, name: str, token: str, seconds: float) -> Lease | None:
        """Take the lease of a name if it is free, and read what the name holds."""

        def ask() -> Lease:
            keys = [name, f"{name}:lease"]
            taken, value = self._acquire(keys=keys, args=[token, int(seconds * 1000)])
            return Lease(bool(taken), value)

        return self._try(ask)

    def finish(self, name: str, token: str, value: bytes = b"", seconds: float = 0.0) -> bool:
        """Store the value for so long, if there is one, and give the lease back if it is ours.

        Tried twice: what was fetched is worth more than a moment's trouble on the line.
        """

        def ask() -> bool:
            keys = [name, f"{name}:lease"]
            lifetime = max(1, int(seconds * 1000)) if value else 0
            return bool(self._finish(keys=keys, args=[token, value, lifetime]))

        done = self._try(ask)
        return bool(self._try(ask) if done is None else done)

    def tell(self, change: SharedChange) -> Position | None:
        """Tell every process of a change, and return its place in the order of changes."""
        fields: Any = {"w": change.workspace, "u": change.upstream, "t": change.tag}

        def ask() -> Position:
            mark: Any = self._client.xadd(STREAM, fields, maxlen=MOST_CHANGES, approximate=True)
            return _position(mark)

        return self._try(ask)

    def forget(self, pattern: str) -> int | None:
        """Delete all names that match; None if not all could be reached."""

        def ask() -> int:
            names: list[Any] = list(self._client.scan_iter(match=pattern, count=PAGE))
            return sum(int(self._client.unlink(name)) for name in names)

        return self._try(ask)

    def count(self, name: str, seconds: float) -> int | None:
        """Count a name once more for so long since it first came; None if out of reach."""

        def ask() -> int:
            return int(self._count(keys=[name], args=[max(1, int(seconds * 1000))]))

        return self._try(ask)

    def is_up(self) -> bool:
        """Return whether the server answers now, whatever the breaker thinks."""
        try:
            return bool(self._client.ping())
        except (redis.RedisError, OSError):
            return False

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _try(self, ask: Callable[[], Result], commands: int = 1) -> Result | None:
        if not self._breaker.enter():
            return None
        self._tally.add("shared_command", "", commands)
        try:
            answer = ask()
        except (redis.RedisError, OSError, ValueError, TypeError):
            self._breaker.fail()
            self._tally.add("shared_error", "")
            return None
        self._breaker.succeed()
        return answer
