"""Reading rule files: every mistake at once, each at its line and column."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.rules.rule_file import Loaded, load_rules
from plugin.rules.schema import vocabulary_schema
from plugin.rules.yaml_tree import MAX_BYTES

Read = Callable[..., Loaded]
MANY_TIERS = f"{{tier: [{', '.join('t' * 40 + str(number) for number in range(99))}]}}"
NEAREST = "did you mean 'contract.arr'?"


def codes(loaded: Loaded) -> list[str]:
    """Return the codes of all findings, in file order."""
    return [finding.code for finding in loaded.findings]


def test_a_sound_rule_loads_without_a_finding(one_rule: Read, rules_of) -> None:
    """What is right is silent."""
    assert one_rule().findings == ()
    assert [rule.id for rule in rules_of().rules] == ["few_seats", "stale_source"]


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"when": "contract.arrr > 3"}, "unknown-field", (9, 15)),
        ({"when": '"contract.arrr > 3"'}, "unknown-field", (9, 16)),
        (
            {"when": ">-\n          contract.seats_paid > 1\n          && nope"},
            "unknown-name",
            (11, 20),
        ),
        ({"when": "'account.tier == ''1'' && nope'"}, "unknown-name", (9, 41)),
        ({"when": "contract.seats_paid"}, "not-a-condition", (9, 15)),
        ({"when": "account.stage == 'renewin'"}, "enum-typo", (9, 32)),
        ({"when": "contract.seats_paid = 3"}, "single-equals", (9, 35)),
        ({"when": "contract.seats_paid =< 3"}, "single-equals", (9, 35)),
        ({"headline": '"{{ contract.seat }}"'}, "template-field", (10, 23)),
        ({"headline": '"{{ date(contract.seats_paid) }}"'}, "template-format", (10, 28)),
        ({"headline": '"{{ monney(contract.arr) }}"'}, "template-format", (10, 20)),
        ({"severity": "hihg"}, "bad-value", (7, 19)),
        ({"kind": "risky"}, "bad-value", (6, 15)),
        ({"id": "Few-Seats"}, "bad-id", (5, 13)),
        ({"play": None}, "missing-play", (8, 17)),
        ({"when": None}, "missing-key", (5, 9)),
        ({"whne": "contract.seats_paid < 5"}, "unknown-key", (12, 9)),
        ({"dwell": "soon"}, "bad-value", (12, 16)),
        ({"supersedes": "[few_seat]"}, "unknown-id", (12, 22)),
        ({"min_data": "{contract.seat_paid: 5}"}, "unknown-field", (12, 20)),
        ({"params": "{nope: 5}"}, "unknown-name", (12, 18)),
        ({"escalate_when": "{low: contract.seats_paid < 2}"}, "bad-value", (12, 25)),
        ({"review_by": "2027-02-30"}, "bad-value", (12, 20)),
        ({"applies_to": "{stage: [renewin]}"}, "bad-value", (12, 30)),
        ({"overrides": "[{severity: high}]"}, "missing-key", (12, 22)),
        ({"tags": "&a [x]"}, "yaml-alias", (12, 15)),
        ({"when": "!has(contract.renewal_at)"}, "yaml-syntax", (9, 15)),
    ],
)
def test_names_the_mistake_at_its_place(one_rule: Read, change, code, place) -> None:
    """Each mistake gives one finding, pointing into the file through quotes and folds."""
    loaded = one_rule(**change)

    assert loaded.rules is None
    found = [(finding.code, finding.line, finding.column) for finding in loaded.findings]
    assert (code, *place) in found


def test_reports_all_mistakes_at_once(one_rule: Read) -> None:
    """One reading brings every finding, in file order."""
    shown = '"{{ contract.arrr }} {{ bug.subject }}"'
    changes = {"kind": "risky", "when": "contract.arrr > 3", "headline": shown}

    assert codes(one_rule(**changes)) == ["bad-value", "unknown-field", "template-field"]


def test_a_circle_of_defs_hides_no_other_mistake(schema) -> None:
    """The circle is told once, and the rest of the file is checked."""
    rule = (
        "- {id: one, kind: risk, severity: low, status: draft, headline: '{{ contract.plann }}',"
        " when: 'a && contract.arrr > 3'}"
    )
    head = "version: 1\ndefs: {a: b && true, b: a}\n"
    loaded = load_rules(f"{head}groups:\n  - name: g\n    rules:\n      {rule}\n", "x", schema)

    assert codes(loaded) == ["def-cycle", "template-field", "unknown-field"]


def test_prints_place_sentence_source_and_carets(one_rule: Read) -> None:
    """A finding reads like a compiler's, with the wrong piece underlined."""
    finding = one_rule(when="contract.arrr > 3").findings[0]

    assert str(finding).splitlines() == [
        f"acme.yaml:9:15: unknown-field: unknown field 'contract.arrr'; {NEAREST}",
        " | contract.arrr > 3",
        " | ^^^^^^^^^^^^^",
    ]
    assert (finding.rule, finding.key, finding.end_column) == ("few_seats", "when", 28)


def test_a_mistake_in_a_def_points_there_and_names_the_rule(one_rule: Read) -> None:
    """Expanded defs keep their place."""
    loaded = one_rule("defs:\n  small: contract.seets_paid < 5\n", when="small")
    (finding,) = loaded.findings

    assert (finding.line, finding.column, finding.rule) == (3, 10, "few_seats")
    assert finding.key == "defs.small"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"applies_to": "{plan: [Grwoth]}"}, "enum-typo"),
        ({"overrides": "[{for: {plan: [Grwoth]}, severity: high}]"}, "enum-typo"),
        (
            {"applies_to": f"{{tier: [{', '.join('t' * 40 + str(n) for n in range(99))}]}}"},
            "bad-value",
        ),
        ({"overrides": "[{for: {}, severity: high}]"}, "bad-value"),
        ({"overrides": "[5]"}, "bad-value"),
        ({"play": "5"}, "bad-value"),
        ({"except": "[{account: [1]}]"}, "bad-value"),
    ],
)
def test_limits_of_a_rule_are_checked_like_conditions(change: dict[str, str], code: str) -> None:
    """A closed list of plans holds for applies_to and overrides; odd values are findings."""
    schema = vocabulary_schema(plans=["Starter", "Growth"])
    lines = "".join(f"        {key}: {value}\n" for key, value in change.items())
    keys = "id: a\n        kind: risk\n        severity: low\n        status: draft\n"
    rule = f"      - {keys}        when: account.employees < 1\n        headline: x\n{lines}"
    loaded = load_rules(f"version: 1\ngroups:\n  - name: g\n    rules:\n{rule}", "x", schema)

    assert loaded.rules is None
    assert code in codes(loaded)


def test_five_hundred_rules_are_the_most(load) -> None:
    """A set has a limit, and says at which rule it is passed."""
    keys = "kind: risk, severity: low, status: draft, when: account.employees > 5, headline: x"
    lines = "".join(f"      - {{id: r{number}, {keys}}}\n" for number in range(501))
    loaded = load(f"version: 1\ngroups:\n  - name: g\n    rules:\n{lines}")

    assert [(finding.code, finding.line) for finding in loaded.findings] == [("too-large", 505)]


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("defs:\n  a: b\n  b: a\n", "def-cycle"),
        ("defs:\n  tickets: 1 < 2\n", "reserved-name"),
        ("defs:\n  filter: 1 < 2\n", "reserved-name"),
        ("params:\n  few: {default: 5, min: 6}\n", "param-range"),
        ("params:\n  few: {default: 5, min: 6, max: 4}\n", "param-range"),
        ("params:\n  few: {min: 6}\n", "missing-key"),
        ("params:\n  few: {default: 5, mni: 1}\n", "unknown-key"),
        ("version: 1\n", "duplicate-key"),
        ("extends: defualt\n", "unknown-id"),
        ("grups: []\n", "unknown-key"),
    ],
)
def test_names_mistakes_of_the_file(one_rule: Read, head: str, code: str) -> None:
    """Params, defs and packs are held to their own rules."""
    loaded = one_rule(head)

    assert loaded.rules is None
    assert code in codes(loaded)


@pytest.mark.parametrize(
    ("head", "changes", "code"),
    [
        ("defs:\n  unused: contract.seats_paid < 5\n", {}, "unused-def"),
        ("params:\n  unused: 5\n", {}, "unused-param"),
        ("", {"headline": '"{{ account.name }}"'}, "headline-unread"),
        ("", {"tags": "[on]"}, "yaml-word"),
        ("", {"when": "contract.renewal_at <= now"}, "date-against-now"),
        ("", {"min_data": "{usage.seats_active: 5}"}, "guard-unread"),
    ],
)
def test_warns_of_what_is_suspicious(one_rule: Read, head: str, changes, code: str) -> None:
    """A warning does not keep the rules from loading."""
    loaded = one_rule(head, **changes)

    assert loaded.rules is not None
    assert code in [finding.code for finding in loaded.findings]
    assert {finding.severity for finding in loaded.findings} == {"warning"}


def test_a_slip_in_a_shipped_params_name_is_an_error(one_rule: Read) -> None:
    """It would leave the shipped value in force without a word."""
    loaded = one_rule("extends: default\nparams:\n  renewal_window_dayz: 120\n")
    found = next(one for one in loaded.findings if one.code == "unused-param")

    assert loaded.rules is None
    assert "did you mean renewal_window_days?" in found.hint


def test_two_rules_of_one_id_are_refused(load) -> None:
    """An id names one rule."""
    keys = "id: a, kind: risk, severity: low, status: draft"
    rule = f"{{{keys}, when: account.employees < 1, headline: x}}"
    loaded = load(f"version: 1\ngroups:\n  - name: g\n    rules:\n      - {rule}\n      - {rule}\n")

    assert codes(loaded) == ["duplicate-id"]


def test_rules_that_hide_each_other_are_refused(load) -> None:
    """Superseding must not run in a circle."""
    head = "kind: risk, severity: low, status: draft, when: account.employees < 1, headline: x"
    loaded = load(
        "version: 1\ngroups:\n  - name: g\n    rules:\n"
        f"      - {{id: a, {head}, supersedes: [b]}}\n      - {{id: b, {head}, supersedes: [a]}}\n"
    )

    assert codes(loaded) == ["supersedes-cycle"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe", "yaml-syntax"),
        (b"", "yaml-syntax"),
        (b"a: [1", "yaml-syntax"),
        (b"a: b: c", "yaml-syntax"),
        (b"a: 1\n---\nb: 2\n", "yaml-syntax"),
        (b"a: \x00", "yaml-syntax"),
        (b"- just a list", "bad-value"),
        (b"#" * (MAX_BYTES + 1), "too-large"),
        (b"[" * 5000, "too-deep"),
        (b"a: &x [1]\nb: [*x, *x]\n", "yaml-alias"),
        (b"? [a]\n: 1\n", "yaml-syntax"),
        (b'a: "\\U00110000"', "yaml-syntax"),
    ],
)
def test_refuses_what_is_no_rule_file(schema, data: bytes, code: str) -> None:
    """Hostile and broken files give one calm finding."""
    loaded = load_rules(data, "acme.yaml", schema)

    assert loaded.rules is None
    assert code in codes(loaded)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.text(alphabet="{}[]:,-&*!|>'\"# \n\taé1", max_size=120))
)
def test_no_text_at_all_can_break_the_reader(data: bytes | str) -> None:
    """Whatever the bytes, reading ends in rules or findings."""
    loaded = load_rules(data, "acme.yaml", vocabulary_schema())

    assert loaded.rules is None
    assert loaded.findings


def test_equal_content_has_an_equal_hash(rules_of) -> None:
    """The hash names the content: spacing does not count, a threshold does."""
    first, same = rules_of(), rules_of(when="contract.seats_paid < 5")
    other = rules_of(when="contract.seats_paid < 6")

    assert first.hash == same.hash != other.hash
    assert first.rules[0].version == same.rules[0].version != other.rules[0].version
