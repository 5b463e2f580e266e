"""The shared cache on a real server: one call for all processes, and nothing outdated."""

from __future__ import annotations

import threading

from plugin.errors import UpstreamBroken
from plugin.upstream import Facts
from tests.faults.processes import ACME, PATIENT, plan, until


def test_what_one_process_fetched_is_there_for_the_next(world):
    """A restarted or second worker does not ask again."""
    assert [plan(world.process()), plan(world.process())] == ["gold", "gold"]
    assert world.calls == ["north:7"]


def test_a_failure_is_shared_too(world):
    """While the upstream fails, each process's callers share one call."""

    def fail(_ref, _link):
        raise UpstreamBroken("no")

    world.fetch = fail
    assert [plan(world.process()) for _ in range(3)] == ["broken"] * 3
    assert len(world.calls) == 1


def test_processes_that_ask_at_once_make_one_call(world):
    """The lease lets one of them fetch; the others wait for its answer."""
    together = threading.Barrier(4, timeout=10)

    def slow(_ref, link):
        world.real.pause(0.1)
        return Facts({"contract.plan": "gold"}, link.now)

    world.fetch = slow
    plans = []

    def work(sources):
        together.wait()
        plans.append(plan(sources))

    threads = [threading.Thread(target=work, args=(world.process(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (plans, len(world.calls)) == (["gold"] * 4, 1)


def test_a_stale_copy_of_another_process_is_shown_and_refreshed(world):
    """A new process is as good as one that was there."""
    plan(world.process())
    world.shift += 3600
    world.fetch = world.say("silver")
    fresh = world.process()

    assert fresh.gather(ACME, PATIENT)["billing"].freshness == "stale"
    assert until(lambda: plan(fresh) == "silver")


def test_an_invalidation_reaches_every_process(world):
    """A webhook comes to one worker; all of them forget."""
    one, two = world.process(), world.process()
    assert [plan(one), plan(two)] == ["gold", "gold"]
    world.fetch = world.say("silver")
    one.invalidate("billing", "acme.example")
    world.shift += 1.1

    assert [plan(one), plan(two), len(world.calls)] == ["silver", "silver", 2]


def test_what_was_fetched_after_an_invalidation_holds(world):
    """One refetch is enough for all processes, and it is believed."""
    one = world.process()
    plan(one)
    one.invalidate("billing", "7")
    plan(one)
    world.shift += 1.1

    assert [plan(one), plan(world.process()), len(world.calls)] == ["gold", "gold", 2]


def test_a_fill_from_before_an_invalidation_is_believed_by_nobody(world):
    """The old plan is not shared, whoever finishes last."""
    begun, finish = threading.Event(), threading.Event()

    def slow(_ref, link):
        begun.set()
        finish.wait(5)
        return Facts({"contract.plan": "old"}, link.now)

    world.fetch = slow
    one, two = world.process(), world.process()
    one.gather(ACME, 0)
    assert begun.wait(5)
    two.invalidate("billing", "7")
    world.fetch = world.say("new")
    finish.set()

    assert until(lambda: plan(two) == "new")
    assert plan(world.process()) == "new"


def test_an_invalidation_that_could_not_be_told_is_told_later(world, raw):
    """While the server is away its entries for the account are not believed here."""
    one, two = world.process(), world.process()
    plan(one)
    world.fetch = world.say("silver")
    raw.execute_command("CLIENT", "PAUSE", "400", "ALL")
    one.invalidate("billing", "7")
    world.real.pause(0.45)
    world.shift += 20
    assert until(lambda: raw.xlen("sl1:changes") == 1 or plan(one) == "")

    world.shift += 1.1
    assert [plan(one), plan(two)] == ["silver", "silver"]


def test_a_lease_whose_holder_died_ends(world, raw):
    """A killed worker costs a pause, not an answer."""
    plan(world.process())
    (name,) = [key for key in raw.keys("sl1:{*") if not key.endswith(b":lease")]
    raw.delete(name)
    raw.set(name + b":lease", b"of a dead process", px=150)

    assert plan(world.process()) == "gold"
    assert len(world.calls) == 2


def test_hosts_count_together_until_the_count_ends(world):
    """A limit holds over all of them; nothing of whom it is about lies there."""
    counted = []
    for _ in range(3):
        world.process()
        shared = world.runtimes[-1].shared
        counted.append(shared.count("('acme', 'anna@acme.com')", 0.2))

    assert counted == [1, 2, 3]
    assert until(lambda: shared.count("('acme', 'anna@acme.com')", 0.2) == 1)
