"""What the commands of `sidelight rules` print: text for people, JSON for editors and CI."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from plugin.rules.coverage import RuleCoverage
from plugin.rules.diagnostic import Diagnostic
from plugin.rules.evaluation import signal_of
from plugin.rules.explanation import because_json, because_text, gap_json
from plugin.rules.generated_tests import GeneratedResult
from plugin.rules.judged import Judged
from plugin.rules.rendered import render
from plugin.rules.rendering import Values
from plugin.rules.rule_test_run import TestOutcome

STATES = {True: "firing", False: "off", None: "unknown"}


def print_json(content: Any) -> None:
    """Print a value as JSON that people can read too."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def print_findings(findings: Sequence[Diagnostic], output: str, clean: str) -> None:
    """Print what was found in rule files, or that nothing was."""
    if output == "json":
        print_json({"findings": [finding.as_json() for finding in findings]})
        return
    for finding in findings:
        click.echo(str(finding))
    wrong = sum(1 for finding in findings if finding.severity == "error")
    summary = f"{_count(wrong, 'error')}, {_count(len(findings) - wrong, 'warning')}"
    click.echo(summary if findings else clean)


def outcome_line(outcome: TestOutcome, seconds: float) -> str:
    """Return one line for a test, with its time; below it what went wrong."""
    mark = {"passed": "ok  ", "failed": "FAIL", "todo": "todo"}[outcome.result]
    lines = [f"{mark} {outcome.file}:{outcome.line} {outcome.name} ({seconds * 1000:.1f} ms)"]
    shown = outcome.problems if outcome.result == "failed" or _passes_now(outcome) else ()
    lines += [f"     {line}" for problem in shown for line in problem.splitlines()]
    return "\n".join(lines)


def _passes_now(outcome: TestOutcome) -> bool:
    return outcome.result == "todo" and any("passes now" in text for text in outcome.problems)


def tests_json(outcomes: Iterable[TestOutcome], generated: GeneratedResult) -> dict[str, Any]:
    """Return how all tests went, for CI."""
    listed = list(outcomes)
    results = [outcome.result for outcome in listed]
    return {
        "passed": results.count("passed"),
        "failed": results.count("failed"),
        "todo": results.count("todo"),
        "tests": [outcome.as_json() for outcome in listed],
        "generated": generated.as_json(),
    }


def print_test_summary(report: Mapping[str, Any]) -> None:
    """Print the counts, and what went wrong in generated tests."""
    generated = report["generated"]
    for problem in generated["problems"]:
        click.echo(f"FAIL generated: {problem}")
    click.echo(
        f"{report['passed']} passed, {report['failed']} failed, {report['todo']} todo; "
        f"generated: {generated['passed']} passed, {generated['failed']} failed"
    )


def print_coverage(covered: Sequence[RuleCoverage], unread: Sequence[str]) -> None:
    """Print what tests cover, rule by rule, and the fields that no rule reads."""
    for each in covered:
        counts = ", ".join(f"{number} {word}" for word, number in each.counts().items())
        click.echo(f"{each.rule} ({each.status}): {counts}")
        for leaf in each.leaves:
            if never := leaf.never():
                click.echo(f"    never {' or '.join(never)}: {leaf.condition}")
    click.echo(f"{_count(len(unread), 'field')} that no rule reads: {', '.join(unread)}")


def _state(judged: Judged) -> str:
    return "pending" if judged.is_pending else STATES[judged.judgement.value]


def explanation_json(
    judged: Judged, ruleset: str, hidden: Mapping[str, str], values: Values
) -> dict[str, Any]:
    """Return why one rule gives what it gives."""
    judgement = judged.judgement
    signal = signal_of(judged, tracked=False)
    fires = judgement.value is True
    return {
        "rule": judged.rule.id,
        "version": judged.rule.version,
        "ruleset": ruleset,
        "status": judged.rule.status,
        "state": _state(judged),
        "severity": judgement.severity,
        "since": None,
        "tracked": False,
        "headline": render(signal, values, "en").headline if fires else None,
        "hidden_by": hidden.get(judged.rule.id, "") if fires else "",
        "exempt": judgement.exempt,
        "because": [because_json(part) for part in judgement.because()],
        "missing": [gap_json(gap) for gap in judgement.missing],
    }


def print_explanation(explained: Mapping[str, Any], judged: Judged) -> None:
    """Print why one rule gives what it gives."""
    line = f"{explained['rule']} ({explained['status']}): {explained['state']}"
    line += f", {explained['severity']}" if explained["state"] == "firing" else ""
    line += f" — {explained['headline']}" if explained["headline"] else ""
    click.echo(line)
    if explained["hidden_by"]:
        click.echo(f"    not shown: {explained['hidden_by']}")
    if explained["exempt"]:
        click.echo(f"    excepted: {explained['exempt']}")
    if judged.judgement.variant.timing.is_tracked():
        click.echo("    its times (dwell, hold_for, cooldown) are not tracked here")
    if text := because_text(judged.judgement.because()):
        click.echo(text)
