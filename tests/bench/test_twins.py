"""The hand-written twins of the rules say the same, or the comparison would mean nothing."""

from __future__ import annotations

from bench.accounts import accounts
from bench.hand_written import RULES
from bench.rules import differences, programs


def test_thirty_rules_have_a_twin_that_says_the_same():
    """On a few complete accounts, rule by rule."""
    assert len(RULES) == len(programs()) == 30
    assert list(differences(accounts(10))) == []
