"""Guess from a job title which part a person plays and how senior they are; shown as inferred."""

from __future__ import annotations

import re

# In order: the first pattern that matches wins. Words of a title, in English.
_ROLES = (
    ("billing", r"accounts? (payable|receivable)|billing|bookkeep\w*|invoic\w*"),
    ("economic_buyer", r"cfo|chief financial\w*|finance|controller|procurement|purchasing|buyer"),
    (
        "technical_evaluator",
        (
            r"cto|cio|ciso|chief (technology|information)\w*|it|engineer\w*|developer|architect"
            r"|security|devops|infrastructure|data platform|systems?"
        ),
    ),
    (
        "executive_sponsor",
        (
            r"ceo|coo|cmo|cro|chief \w+ officer|founder|owner|president|managing director"
            r"|(e?s?vp|vice president)"
        ),
    ),
    ("admin", r"admin\w*|office manager|operations manager"),
)
_SENIORITY = (
    ("c_level", r"c[a-z]o|ciso|chief|founder|president(?<!vice president)|owner|managing director"),
    ("vp", r"[es]?vp|vice president|partner"),
    ("director", r"director|head of|head"),
    ("manager", r"manager|lead|supervisor|controller"),
)


def _first(table: tuple[tuple[str, str], ...], title: str) -> str | None:
    for word, pattern in table:
        if re.search(rf"\b(?:{pattern})\b", title):
            return word
    return None


def role_of(title: str | None) -> str | None:
    """Return the contact role that a title suggests; `user` when it says nothing else."""
    if not title or not title.strip():
        return None
    return _first(_ROLES, title.lower()) or "user"


def seniority_of(title: str | None) -> str | None:
    """Return the seniority that a title suggests; `staff` when it says nothing else."""
    if not title or not title.strip():
        return None
    return _first(_SENIORITY, title.lower()) or "staff"
