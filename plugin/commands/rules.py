"""`sidelight rules`: check, format, test and cover rule files, and explain what they say.

The front door hands in what needs the service, in the context's object: `account_context`
(who, workspace) → the account, its rules and the moment; `workspace_schema` (workspace) → the
fields that its rules may read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from plugin.account.context import AccountContext
from plugin.commands import rule_reports as reports
from plugin.commands.rule_paths import RuleFiles, TestedFiles, read_tested
from plugin.errors import SidelightError
from plugin.rules.binding import bind
from plugin.rules.conversion import Moment
from plugin.rules.coverage import cover as cover_rules
from plugin.rules.coverage import unread_fields
from plugin.rules.diagnostic import Diagnostic, errors
from plugin.rules.evaluation import why_hidden
from plugin.rules.generated_tests import GeneratedResult, run_generated
from plugin.rules.judged import judge_rules
from plugin.rules.rule_format import format_text
from plugin.rules.rule_test_run import TestOutcome, run_test, testable
from plugin.rules.rules import RuleSet
from plugin.rules.schema import Schema, vocabulary_schema
from plugin.rules.shape_check import nearest
from plugin.rules.values import binding_values

AccountOf = Callable[[str, str | None, Path | None], tuple[AccountContext, RuleSet, Moment]]
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FILES = click.argument("files", metavar="FILE…", nargs=-1, required=True, type=_FILE)
_FORMAT = click.option(
    "output", "--format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
_STRICT = click.option("--strict", is_flag=True, help="Warnings count as findings.")
_WORKSPACE = click.option("--workspace", metavar="W", help="Read its custom fields and plans too.")


def _wired(context: click.Context) -> Mapping[str, Any]:
    return context.obj if isinstance(context.obj, Mapping) else {}


def _schema(context: click.Context, workspace: str | None) -> Schema:
    if workspace is None:
        return vocabulary_schema()
    ask = _wired(context).get("workspace_schema")
    if ask is None:
        raise click.UsageError("--workspace needs a service; set it up in sidelight.toml")
    schema: Schema = ask(workspace)
    return schema


def _leave(context: click.Context, *, wrong: bool) -> None:
    context.exit(1 if wrong else 0)


def _counts(findings: tuple[Diagnostic, ...], *, strict: bool) -> bool:
    return bool(findings) if strict else bool(errors(findings))


@click.group(epilog="Example: sidelight rules test rules/acme.yaml")
def rules() -> None:
    """Work on rule files: check, fmt, test, cover, explain."""


@rules.command(epilog="Example: sidelight rules check rules/acme.yaml --strict")
@_FILES
@_FORMAT
@_STRICT
@_WORKSPACE
@click.pass_context
def check(
    context: click.Context,
    files: tuple[Path, ...],
    output: str,
    strict: bool,  # noqa: FBT001 (click hands a flag over by name)
    workspace: str | None,
) -> None:
    """Report everything that is wrong with rule files and their tests, all at once."""
    schema = _schema(context, workspace)
    findings = tuple(x for path in files for x in RuleFiles(schema).findings(path))
    reports.print_findings(findings, output, f"{len(files)} checked: nothing to report.")
    _leave(context, wrong=_counts(findings, strict=strict))


@rules.command(epilog="Example: sidelight rules fmt rules/acme.yaml --check")
@_FILES
@click.option("only_check", "--check", is_flag=True, help="Change nothing; exit 1 where it would.")
@_FORMAT
@click.pass_context
def fmt(
    context: click.Context,
    files: tuple[Path, ...],
    only_check: bool,  # noqa: FBT001 (click hands a flag over by name)
    output: str,
) -> None:
    """Write rule files in their one canonical form; comments stay."""
    findings: list[Diagnostic] = []
    changed: list[str] = []
    for path in files:
        before = path.read_bytes()
        formatted = format_text(before, str(path))
        findings += formatted.findings
        if formatted.text is not None and formatted.text.encode() != before:
            changed.append(str(path))
            if not only_check:
                path.write_text(formatted.text, encoding="utf-8", newline="\n")
    if output == "json":
        listed = [finding.as_json() for finding in findings]
        reports.print_json({"findings": listed, "changed": changed})
    else:
        for line in (*map(str, findings), *_changes(changed, only_check=only_check)):
            click.echo(line)
    _leave(context, wrong=bool(findings) or (only_check and bool(changed)))


def _changes(changed: list[str], *, only_check: bool) -> list[str]:
    verb = "would be changed" if only_check else "changed"
    return [f"{name}: {verb}" for name in changed] or ["Nothing to change."]


def _tested(context: click.Context, files: tuple[Path, ...], output: str) -> TestedFiles:
    """Return rule sets with their tests; findings end the command."""
    tested = read_tested(files, vocabulary_schema())
    if errors(tested.findings):
        reports.print_findings(tested.findings, output, "")
        context.exit(1)
    return tested


def _run(tested: TestedFiles, output: str) -> tuple[list[TestOutcome], GeneratedResult]:
    outcomes: list[TestOutcome] = []
    passed = 0
    problems: list[str] = []
    for tests, ruleset in tested.pairs:
        ready = testable(ruleset)
        for test in tests.tests:
            begun = time.perf_counter()
            outcomes.append(run_test(test, tests, ready, ruleset.schema))
            if output == "text":
                seconds = time.perf_counter() - begun
                click.echo(reports.outcome_line(outcomes[-1], seconds))
        generated = run_generated(tests, ruleset, ruleset.schema)
        passed += generated.passed
        problems += generated.problems
    formatted, unstable = tested.format_results()
    return outcomes, GeneratedResult(passed + formatted, (*problems, *unstable))


@rules.command(name="test", epilog="Example: sidelight rules test rules/acme.yaml")
@_FILES
@_FORMAT
@click.pass_context
def run_tests(context: click.Context, files: tuple[Path, ...], output: str) -> None:
    """Run the tests beside rule files, written and generated; failures explain themselves."""
    tested = _tested(context, files, output)
    outcomes, generated = _run(tested, output)
    report = reports.tests_json(outcomes, generated)
    if output == "json":
        reports.print_json(report)
    else:
        reports.print_test_summary(report)
    _leave(context, wrong=bool(report["failed"] or generated.problems))


@rules.command(epilog="Example: sidelight rules cover rules/acme.yaml")
@_FILES
@_FORMAT
@click.pass_context
def cover(context: click.Context, files: tuple[Path, ...], output: str) -> None:
    """Tell what tests cover: each live rule needs one that fires, is silent, and is unknown."""
    tested = _tested(context, files, output)
    lacking = []
    content: list[dict[str, Any]] = []
    for ruleset, tests in tested.by_rules():
        covered = cover_rules(tests, ruleset, ruleset.schema)
        unread = unread_fields(ruleset, ruleset.schema)
        lacking += [each.problem() for each in covered if each.status == "live" and each.lacks()]
        content.append(
            {"rules": [each.as_json() for each in covered], "unread_fields": list(unread)}
        )
        if output == "text":
            reports.print_coverage(covered, unread)
    if output == "json":
        merged = {
            key: [x for part in content for x in part[key]] for key in ("rules", "unread_fields")
        }
        reports.print_json({**merged, "problems": lacking})
    for problem in lacking if output == "text" else ():
        click.echo(problem)
    _leave(context, wrong=bool(lacking))


def _account(
    context: click.Context, who: str, workspace: str | None, config: Path | None
) -> tuple[AccountContext, RuleSet, Moment]:
    ask: AccountOf | None = _wired(context).get("account_context")
    if ask is None:
        raise click.UsageError("explain needs a service; set it up in sidelight.toml")
    try:
        return ask(who, workspace, config)
    except SidelightError as error:
        raise click.ClickException(str(error)) from error


@rules.command(
    epilog="Example: sidelight rules explain --account northwind.example --rule health_drop"
)
@click.option(
    "--account", "who", required=True, metavar="WHO", help="E-mail, domain or account id."
)
@click.option("--rule", "rule_id", metavar="ID", help="This rule only.")
@click.option("--workspace", metavar="W", help="The workspace, where there are several.")
@click.option("--config", type=click.Path(path_type=Path), help="Default: SIDELIGHT_CONFIG.")
@_FORMAT
@click.pass_context
def explain(
    context: click.Context,
    who: str,
    rule_id: str | None,
    workspace: str | None,
    config: Path | None,
    output: str,
) -> None:
    """Tell why each rule lights on an account, or why it does not."""
    account, ruleset, moment = _account(context, who, workspace, config)
    known = [rule.id for rule in ruleset.rules]
    if rule_id is not None and rule_id not in known:
        raise click.UsageError(f"no rule '{rule_id}'; {nearest(rule_id, known)}".rstrip("; "))
    binding = bind(account, ruleset.schema, moment)
    judged = judge_rules(testable(ruleset), binding, moment)
    hidden = why_hidden(ruleset, judged, moment)
    values = binding_values(binding, moment)
    asked = [each for each in judged if rule_id in (None, each.rule.id)]
    found = [reports.explanation_json(each, ruleset.hash, hidden, values) for each in asked]
    if output == "json":
        reports.print_json({"account": account.account.id, "rules": found})
        return
    for explained, each in zip(found, asked, strict=True):
        reports.print_explanation(explained, each)
