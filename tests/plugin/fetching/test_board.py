"""The bus of the workers: everything told is heard, by processes that share it, once each."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from plugin.fetching.resources import ResourceOptions, Resources
from plugin.fetching.worker_bus import LARGEST, PLACES, BusListener, WorkerBus

LONGEST = ("changed", "w" * 63, "u" * 63, "f" * 16)


def test_what_is_told_is_heard_in_its_order():
    """Each notice whole, the longest names and any letters included."""
    board, notices = WorkerBus(), [("written", "acme", str(number), "ü☃\n") for number in range(5)]
    board.tell([*notices, LONGEST])

    assert board.since(0) == (6, [*notices, LONGEST])
    assert board.since(5) == (6, [LONGEST])
    assert board.since(6) == (6, [])


def test_a_notice_that_does_not_fit_is_left_out():
    """It never spoils the one beside it."""
    board = WorkerBus()

    assert board.tell([("a",), ("x" * LARGEST,), ("b",)]) == (0, 2)
    assert board.since(0) == (2, [("a",), ("b",)])


def test_who_missed_too_much_is_told_so():
    """A page has an end: what fell off it cannot be heard any more."""
    board = WorkerBus()
    board.tell([("changed", str(number)) for number in range(PLACES + 1)])

    assert board.since(0) == (PLACES + 1, None)
    told = board.since(1)[1]
    assert told == [("changed", str(number)) for number in range(1, PLACES + 1)]


def test_an_ear_hears_its_own_kind_from_others_once():
    """Neither itself, nor what concerns somebody else."""
    board = WorkerBus()
    ours, theirs, other = (
        BusListener(board, "changed"),
        BusListener(board, "changed"),
        BusListener(board, "written"),
    )
    ours.tell([("a",), ("b",)])

    assert theirs.has_news
    assert theirs.news() == [("a",), ("b",)]
    assert not theirs.has_news
    assert not ours.has_news
    assert other.news() == []


def test_threads_do_not_write_over_each_other():
    """Each of them tells alone."""
    board = WorkerBus()

    def tell(name: str) -> None:
        for number in range(100):
            board.tell([(name, str(number))])

    threads = [threading.Thread(target=tell, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    notices = board.since(0)[1]
    assert notices is not None
    assert len(set(notices)) == 400


FORKED = """
import os, signal
from plugin.fetching.worker_bus import WorkerBus
board, children = WorkerBus(), []
for name in ("a", "b", "c"):
    pid = os.fork()
    if pid == 0:
        for number in range(200):
            board.tell([(name, str(number))])
        os._exit(0)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
holds, held = os.pipe()
killed = os.fork()
if killed == 0:
    with board._alone():
        os.write(held, b"!")
        signal.pause()
os.read(holds, 1)
os.kill(killed, signal.SIGKILL)
os.waitpid(killed, 0)
board.tell([("d", "0")])
print(len(set(board.since(0)[1])))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="workers are forked")
def test_processes_share_it_and_a_killed_one_keeps_no_lock():
    """Made before the fork, it is one bus for all of them."""
    done = subprocess.run(
        [sys.executable, "-c", FORKED],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.stdout.strip(), done.stderr) == ("601", "")


@pytest.fixture
def workers():
    """Two processes' worth of caches on one board."""
    board = WorkerBus()
    made = [Resources(ResourceOptions(board=board)) for _ in range(2)]
    yield made
    for resources in made:
        resources.close()


def test_a_worker_hears_before_it_answers(workers):
    """Its generation tells of the other's changes at once, and of each only once."""
    one, two = workers
    before = two.generation("acme")
    one.invalidate("acme", "crm", ["a", "b"])
    after = two.generation("acme")

    assert after > before
    assert two.generation("acme") == after


def test_a_change_of_one_workspace_is_none_of_another(workers):
    """What was made for the others stays."""
    one, _ = workers
    before = [each.generation("rival") for each in workers]
    one.invalidate("acme", "crm", ["a"])

    assert [each.generation("rival") for each in workers] == before


def test_a_worker_does_not_hear_itself(workers):
    """What it fetched since then is not thrown away."""
    one, _ = workers
    one.invalidate("acme", "crm", ["a"])

    assert one.cache.generation("acme") == one.generation("acme")


def test_a_worker_that_slept_through_too_much_forgets_everything(workers):
    """It cannot know what it missed."""
    one, two = workers
    before = two.generation("rival")
    for number in range(PLACES + 1):
        one.invalidate("acme", "crm", [str(number)])

    assert two.generation("rival") > before


def test_a_new_worker_hears_only_what_comes(workers):
    """Its cache is empty: nothing in it can be outdated."""
    one, _ = workers
    one.invalidate("acme", "crm", ["a"])
    late = Resources(one.options)
    before = late.generation("acme")
    one.invalidate("acme", "crm", ["b"])

    assert before == Resources().generation("acme")
    assert late.generation("acme") > before
    late.close()
