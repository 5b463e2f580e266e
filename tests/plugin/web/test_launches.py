"""Launches that count once."""

from __future__ import annotations

import pytest

from plugin.errors import ExpiredSignature
from plugin.web.launches import Launches


def test_a_launch_is_taken_once() -> None:
    """The second use of one proof is refused as too old; another proof passes."""
    launches = Launches(lambda: 0.0, 60)
    launches.take("a")
    launches.take("b")

    with pytest.raises(ExpiredSignature):
        launches.take("a")


def test_a_proof_with_its_own_end_passes_always() -> None:
    """Where the protocol limits the proof itself nothing is remembered."""
    launches = Launches(lambda: 0.0, 60)
    launches.take(None)
    launches.take(None)


def test_a_launch_is_forgotten_in_time() -> None:
    """What was taken long ago no longer fills the memory."""
    now = [0.0]
    launches = Launches(lambda: now[0], 60)
    launches.take("a")
    now[0] = 61.0

    launches.take("a")
