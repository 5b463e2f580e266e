"""One worker process of the storm test: many threads open one account at once.

Usage: python -m tests.faults.storm_worker SHARED_URL UPSTREAM_URL OPENINGS
Prints `ready`, waits for a line on stdin, and prints what it saw as JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable

from marshmallow import Schema

from plugin.fetching.asking import Tenant
from plugin.fetching.lookups import Sources
from plugin.fetching.resources import ResourceOptions, Resources
from plugin.settings.records import Connection
from plugin.upstream import AccountRef, Facts, Link, Upstream

NAMES = ("billing", "crm", "helpdesk", "analytics", "survey")
THREADS = 50


def _fetch(name: str) -> Callable[[AccountRef, Link], Facts]:
    return lambda ref, link: Facts({name: link.client.get(f"/{name}/{ref.id}")}, link.now)


def _sources(resources: Resources, url: str) -> Sources:
    connections = {}
    for name in NAMES:
        upstream = Upstream(
            name,
            name,
            "https://x",
            Schema,
            frozenset(),
            _fetch(name),
            base_url=lambda options: str(options["url"]),
        )
        connections[name] = (
            upstream,
            Connection(name, name, deadline=10.0, options={"url": url}, loopback=True),
        )
    return Sources(Tenant("north"), connections, resources)


def _storm(sources: Sources, openings: int) -> tuple[Counter[str], float]:
    seen: Counter[str] = Counter()
    slowest = [0.0]
    lock = threading.Lock()
    left = iter(range(openings))

    def work() -> None:
        while True:
            with lock:
                if next(left, None) is None:
                    return
            began = time.monotonic()
            found = sources.gather(AccountRef("7", "Acme"), began + 10)
            took = time.monotonic() - began
            with lock:
                slowest[0] = max(slowest[0], took)
                seen.update(each.reason or "answered" for each in found.values())

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen, slowest[0]


def main() -> None:
    """Run one worker."""
    shared, upstream, openings = sys.argv[1:4]
    # A second: the test counts calls, and a busy machine must not add any.
    options = ResourceOptions(shared_url=shared, shared_wait=1.0, secrets=("made-up",))
    resources = Resources(options)
    resources.listen()
    before = resources.tally.total("shared_command")
    sources = _sources(resources, upstream)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    seen, slowest = _storm(sources, int(openings))
    commands = resources.tally.total("shared_command") - before
    resources.close()
    sys.stdout.write(json.dumps({"seen": seen, "slowest": slowest, "commands": commands}) + "\n")


if __name__ == "__main__":
    main()
