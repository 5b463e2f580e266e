"""A workspace's file over the shipped pack: by id and by param, each key with its own place."""

from __future__ import annotations

import pytest

ACME = """\
version: 1
extends: default@1
params: {renewal_window_days: 60}
override:
  - {id: health_drop, replace: {params: {health_fall_30d: 10}, severity: high},
     append: {tags: [acme]}}
  - {id: ticket_pileup, replace: {status: retired}}
  - {id: csat_drop_or_detractor,
     append: {except: [{account: "0018", until: 2027-03-31, why: Pilot}]}}
groups:
  - name: our own
    rules:
      - {id: thin_adoption, kind: risk, severity: medium, status: shadow,
         when: usage.daily_power_users <= 2, headline: "{{ usage.daily_power_users }} power users"}
"""


@pytest.fixture
def acme(load):
    """Return the rules of a workspace that adapts the pack."""
    loaded = load(ACME)
    assert loaded.findings == ()
    return loaded.rules


def test_overrides_change_one_key_and_keep_the_rest(acme, pack) -> None:
    """Severity and one param change; the condition stays the pack's."""
    ours, theirs = acme.rule("health_drop"), pack.rule("health_drop")

    assert (ours.base.severity, ours.tags) == ("high", ("acme",))
    assert ours.base.params["health_fall_30d"] == 10
    assert ours.base.conditions.when.text == theirs.base.conditions.when.text
    assert ours.version != theirs.version


def test_a_param_of_the_file_reaches_every_rule(acme) -> None:
    """The pack's slider moves; its range stays."""
    assert acme.params["renewal_window_days"].default == 60
    assert acme.params["renewal_window_days"].most == 180
    assert acme.rule("renewal_window_open_bug").base.params["renewal_window_days"] == 60


def test_own_rules_stand_beside_the_packs(acme, pack) -> None:
    """All rules of the pack are there, and the own one; what is retired is not judged."""
    names = [rule.id for rule in acme.rules]

    assert set(names) == {rule.id for rule in pack.rules} | {"thin_adoption"}
    assert not acme.rule("ticket_pileup").is_judged
    assert acme.rule("csat_drop_or_detractor").exemptions[0].account == "0018"


def test_untouched_rules_keep_their_version(acme, pack) -> None:
    """A snooze of a rule that nobody changed outlives a change elsewhere."""
    assert acme.rule("cancel_language").version == pack.rule("cancel_language").version


@pytest.mark.parametrize(
    ("line", "code", "place"),
    [
        ("- {id: helth_drop, replace: {severity: high}}", "unknown-id", (4, 10)),
        ("- {id: health_drop, replace: {severty: high}}", "unknown-key", (4, 33)),
        ("- {id: health_drop, replace: {severity: hi}}", "bad-value", (4, 43)),
        ("- {id: health_drop, replace: {id: other}}", "unknown-key", (4, 33)),
        ("- {id: health_drop, replace: {params: {health_fal: 1}}}", "unknown-name", (4, 42)),
        ("- {id: health_drop, replace: {params: {health_fall_30d: 50}}}", "param-range", (4, 59)),
        ("- {id: health_drop, replace: {when: health.scor < 3}}", "unknown-field", (4, 39)),
        ("- {id: health_drop, append: {severity: high}}", "bad-value", (4, 42)),
        ("- {id: health_drop, append: {supersedes: [nope]}}", "unknown-id", (4, 45)),
    ],
)
def test_mistakes_point_into_the_workspaces_file(load, line: str, code: str, place) -> None:
    """Whatever is wrong with an override is found where it was written, with the rule's name."""
    loaded = load(f"version: 1\nextends: default\noverride:\n  {line}\n")

    assert loaded.rules is None
    assert (code, *place) in [(x.code, x.line, x.column) for x in loaded.findings]
    assert {x.file for x in loaded.findings} == {"acme.yaml"}


def test_a_replaced_condition_of_another_version_is_a_warning(load) -> None:
    """Whoever replaced `when` hears that the pack has moved on."""
    change = "{id: health_low, replace: {when: health.score < 40}}"
    loaded = load(f"version: 1\nextends: default@4\noverride:\n  - {change}\n")

    assert [(x.code, x.severity) for x in loaded.findings if x.code != "unused-param"] == [
        ("changed-base", "warning")
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("defs:\n  bug_open: account.employees < 1\n", "duplicate-id"),
        ("params: {renewal_window_days: 365}\n", "param-range"),
        ("params: {renewal_window_days: long}\n", "param-range"),
    ],
)
def test_a_pack_is_not_bent_by_accident(load, body: str, code: str) -> None:
    """A def of the pack is its own, and a param keeps its range and kind."""
    assert code in [x.code for x in load(f"version: 1\nextends: default\n{body}").findings]
