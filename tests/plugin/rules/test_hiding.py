"""What hides what, and in which order the rest is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plugin.rules.states import StoredState
from tests.plugin.rules.lamps import names, rule_line, shown

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_order_is_kind_then_severity_then_file() -> None:
    """Risk and competition first, then growth, then hygiene; three in the first view."""
    lines = [
        rule_line("tidy", "hygiene", "critical"),
        rule_line("grow", "expansion", "high"),
        rule_line("low_risk", "risk", "low"),
        rule_line("rival", "competitive", "high"),
        rule_line("high_risk", "risk", "high"),
    ]
    signals = shown(lines)

    assert names(signals.shown) == ["rival", "high_risk", "low_risk"]
    assert names(signals.more) == ["grow", "tidy"]
    assert names(signals.for_role("ae").shown) == ["grow", "rival", "high_risk"]
    assert names(signals.for_role("stranger").shown) == names(signals.shown)


def test_a_critical_risk_hides_growth() -> None:
    """Nobody is pitched to while a critical risk is lit."""
    signals = shown([rule_line("grow", "expansion", "high"), rule_line("r", "risk", "critical")])

    assert names(signals.shown) == ["r"]
    assert signals.hidden[0].hidden_by == "critical r"


def test_a_critical_risk_in_shadow_hides_nothing() -> None:
    """Shadow rules are counted, and have no say."""
    risk = rule_line("r", "risk", "critical", status="shadow")
    signals = shown([rule_line("grow", "expansion", "high"), risk])

    assert names(signals.shown) == ["grow"]
    assert names(signals.shadow) == ["r"]


def test_superseding_reaches_through_rules_that_are_off() -> None:
    """A hides b and, through it, c."""
    off = rule_line("b", "risk", "low", "supersedes: [c]").replace("> 0", "< 0")
    lines = [rule_line("a", "risk", "high", "supersedes: [b]"), off, rule_line("c", "risk", "low")]

    assert names(shown(lines).shown) == ["a"]


@pytest.mark.parametrize(
    ("first", "visible"),
    [
        (rule_line("a", "risk", "high", "supersedes: [b]", status="shadow"), ["b"]),
        (
            rule_line("a", "risk", "high", "supersedes: [b], suppress_when: account.employees > 1"),
            ["b"],
        ),
        (
            rule_line("a", "risk", "high", "supersedes: [b]").replace(
                "employees > 0", "children > 0"
            ),
            ["b"],
        ),
        (rule_line("a", "risk", "high", "supersedes: [b]"), ["a"]),
    ],
    ids=["shadow", "suppressed", "unknown", "lit"],
)
def test_only_a_lit_live_rule_supersedes(first: str, visible: list[str]) -> None:
    """Shadow, suppressed and unknown rules hide nothing."""
    assert names(shown([first, rule_line("b", "risk", "low")]).shown) == visible


@pytest.mark.parametrize(("kind", "visible"), [("expansion", []), ("risk", ["a"])])
def test_an_unknown_suppression_hides_growth_only(kind: str, visible: list[str]) -> None:
    """While nobody knows whether a pitch is welcome there is none; a risk is still named."""
    line = rule_line("a", kind, "low", "suppress_when: health.score < 40")

    assert names(shown([line]).shown) == visible


def test_suppress_if_asks_for_a_lit_live_rule() -> None:
    """A rule may stand back behind others by name."""
    lines = [rule_line("a", "risk", "low", "suppress_if: [b]"), rule_line("b", "risk", "low")]
    shadow = [lines[0], rule_line("b", "risk", "low", status="shadow")]

    assert names(shown(lines).shown) == ["b"]
    assert names(shown(shadow).shown) == ["a"]


@pytest.mark.parametrize(
    ("row", "visible"),
    [
        ({"snoozed_until": NOW + timedelta(days=1)}, []),
        ({"dismissed": "known"}, []),
        ({"dismissed": "wrong"}, ["b"]),
    ],
)
def test_what_was_put_aside_still_hides_unless_it_was_wrong(row, visible) -> None:
    """A snoozed or dismissed signal keeps its power; one dismissed as wrong loses it."""
    stored = {"a": StoredState("a", "lit", **row)}
    lines = [rule_line("a", "risk", "high", "supersedes: [b]"), rule_line("b", "risk", "low")]

    assert names(shown(lines, states=stored).shown) == visible
