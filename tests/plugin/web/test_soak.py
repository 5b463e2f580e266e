"""Answering again and again keeps nothing: what grows with each request would grow without end."""

from __future__ import annotations

import gc
import logging
import tracemalloc

ROUNDS = 150
MOST_BYTES = 200  # a request; a kept request, answer or log line is thousands


def test_memory_does_not_grow_with_requests(send, signed):
    """Warm frames and refusals, after as many that filled pools and caches."""
    good, bad = signed("demo-intercom"), signed("demo-zendesk")

    def some() -> None:
        for _ in range(ROUNDS):
            assert send(good).status_code == 200
            send(bad)
        gc.collect()

    logging.disable(logging.CRITICAL)  # pytest keeps every line
    some()
    tracemalloc.start()
    try:
        some()
        before = tracemalloc.get_traced_memory()[0]
        some()
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        logging.disable(logging.NOTSET)

    assert after - before < MOST_BYTES * ROUNDS * 2
