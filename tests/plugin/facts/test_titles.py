"""Roles and seniority guessed from titles."""

from __future__ import annotations

import pytest

from plugin.facts.titles import role_of, seniority_of


@pytest.mark.parametrize(
    ("title", "role", "seniority"),
    [
        ("CFO", "economic_buyer", "c_level"),
        ("IT Director", "technical_evaluator", "director"),
        ("VP Sales", "executive_sponsor", "vp"),
        ("Vice President of Operations", "executive_sponsor", "vp"),
        ("President", "executive_sponsor", "c_level"),
        ("Accounts Payable Clerk", "billing", "staff"),
        ("Salesforce Administrator", "admin", "staff"),
        ("Data Analyst", "user", "staff"),
        ("Head of Engineering", "technical_evaluator", "director"),
        ("Team Lead Support", "user", "manager"),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_title_suggests_a_part_and_a_rank(title, role, seniority):
    """A guess from the words of the title; nothing from nothing."""
    assert (role_of(title), seniority_of(title)) == (role, seniority)
