"""A small account, its schema and short ways to judge it, for all tests of the language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from plugin.account.context import Gap
from plugin.rules.binding import Binding, bind_mapping
from plugin.rules.conversion import Moment
from plugin.rules.language.checked import Checked
from plugin.rules.language.finding import Finding
from plugin.rules.language.program import Program, check, compile_program
from plugin.rules.language.scope import Scope
from plugin.rules.schema import vocabulary_schema

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENT = Moment(NOW)
SCHEMA = vocabulary_schema(plans=["Starter", "Growth", "Scale", "Enterprise"])
PARAMS: Mapping[str, bool | float | str] = {
    "window": 90,
    "questions": 3,
    "plan": "Growth",
    "strict": True,
}
DEFS = {
    "in_window": "today <= contract.renewal_at"
    " && contract.renewal_at - today <= days(params.window)",
    "bug_open": "tickets.exists(bug, bug.kind == 'bug' && bug.status in ['new', 'open'])",
    "broken": "contract.arrr > 3",
    "half": "contract.arr > ",
    "hen": "egg && contract.arr > 1",
    "egg": "hen || contract.arr > 2",
}
SCOPE = Scope(SCHEMA, PARAMS, DEFS)

NORTHWIND: Mapping[str, Any] = {
    "account": {"name": "Northwind", "tier": "2", "is_reference": False, "domains": ["nw.com"]},
    "contract": {"arr": 30000, "plan": "Growth", "renewal_at": "2027-01-20"},
    "health": {"score": 58, "score_30d_ago": 72},
    "usage": {
        "modules": [
            {"name": "Reporting", "entitled": True, "events_90d": 1180},
            {"name": "Integrations", "entitled": True, "events_90d": 0},
        ]
    },
    "tickets": [
        {"id": "NW-31", "kind": "bug", "status": "open", "topics": ["bug"],
         "created_at": "2026-11-09T08:00:00Z"},
        {"id": "NW-29", "kind": "question", "status": "closed", "topics": ["billing"],
         "created_at": "2026-11-03T10:00:00Z"},
        {"id": "NW-26", "kind": "question", "status": "solved", "topics": ["billing"],
         "created_at": "2026-10-06T10:00:00Z"},
        {"id": "NW-22", "kind": "question", "status": "solved", "topics": ["billing"],
         "created_at": "2026-09-02T10:00:00Z"},
    ],
    "mentions": [],
}  # fmt: skip


def bound(
    values: Mapping[str, Any] = NORTHWIND,
    gaps: Mapping[str, str] | None = None,
    partial: Iterable[str] = (),
) -> Binding:
    """Return an account of plain values; `gaps` maps a path to the reason it is missing."""
    missing = [Gap(path, "crm", reason) for path, reason in (gaps or {}).items()]
    return bind_mapping(values, SCHEMA, MOMENT, missing, partial)


def of_kinds(*kinds: str | None, partial: bool = False) -> Binding:
    """Return an account with tickets of these kinds; None is a ticket that does not say."""
    items = [{"id": f"T{at}", **({"kind": kind} if kind else {})} for at, kind in enumerate(kinds)]
    return bound({"tickets": items}, partial=["tickets"] if partial else ())


def checked(text: str) -> Checked:
    """Return a check in the common scope."""
    return check(text, SCOPE)


def program(text: str) -> Program:
    """Return the program of a condition that must be sound."""
    result = checked(text)
    assert result.is_sound, result.findings
    return compile_program(result)


def judge(text: str, binding: Binding) -> bool | None:
    """Return what a condition says of an account; both ways of judging must agree."""
    compiled = program(text)
    result = compiled.run(binding)
    assert compiled.run_kleene(binding) == result
    return result.value


def reasons(text: str, binding: Binding) -> dict[str, str]:
    """Return what is missing for a condition: path → reason."""
    return {gap.field: gap.reason for gap in program(text).run(binding).missing}


def marked(finding: Finding) -> str:
    """Return the text that a finding points at."""
    return (finding.text or "")[finding.start : finding.end]
