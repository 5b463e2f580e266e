"""`sidelight rules explain`: why each rule lights on an account, or does not."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from plugin.account.context import AccountContext
from plugin.account.vocabulary import Account, Contract, Health, Ticket
from plugin.commands.rules import rules
from plugin.errors import UpstreamTimeout
from plugin.rules.conversion import Moment
from plugin.rules.rule_file import default_rules

MOMENT = Moment(datetime(2026, 11, 21, 12, tzinfo=UTC), answered=frozenset({"crm", "helpdesk"}))
NORTH = AccountContext(
    account=Account(id="0042", name="Northwind", tier="2"),
    contract=Contract(renewal_at=date(2027, 1, 20)),
    health=Health(score=58, score_7d_ago=61, score_30d_ago=72),
    tickets=(
        Ticket(
            id="NW-31",
            kind="bug",
            status="open",
            subject="CSV export fails",
            created_at=datetime(2026, 11, 9, 8, tzinfo=UTC),
        ),
    ),
)


def run(*words: object, **wiring: object) -> Result:
    """Run one command of the group."""
    return CliRunner().invoke(rules, [str(word) for word in words], obj=wiring or None)


def explain(*words: str) -> Result:
    """Explain Northwind."""
    known = (NORTH, default_rules(), MOMENT)
    return run(
        "explain",
        "--account",
        "northwind.example",
        *words,
        account_context=lambda _who, _workspace, _config: known,
    )


def test_explain_says_why_a_rule_fires() -> None:
    """State, headline, conditions, what was read, and the items that decided."""
    output = explain("--rule", "renewal_window_open_bug").output

    assert output.startswith("renewal_window_open_bug (live): firing, high — Renews in 60 days")
    assert "contract.renewal_at = 2027-01-20T00:00:00Z" in output
    assert "items: NW-31" in output


def test_explain_says_why_a_rule_does_not_fire() -> None:
    """A rule that is off shows the conditions that keep it off."""
    (found,) = json.loads(explain("--rule", "health_drop", "--format", "json").output)["rules"]

    assert (found["state"], found["headline"], found["since"]) == ("off", None, None)
    assert [part["value"] for part in found["because"]] == [False, False]
    assert found["because"][0]["read"]["health.score"] == 58


def test_explain_says_what_an_unknown_rule_misses() -> None:
    """Field, upstream and reason of what is missing."""
    (found,) = json.loads(explain("--rule", "usage_drop", "--format", "json").output)["rules"]

    assert found["state"] == "unknown"
    assert {"field": "usage.change_ratio", "upstream": "analytics", "reason": "not_configured"} in (
        found["missing"]
    )


def test_explain_tells_all_rules_of_an_account() -> None:
    """Without --rule every judged rule is explained, the dark ones too."""
    report = json.loads(explain("--format", "json").output)

    assert report["account"] == "0042"
    assert len(report["rules"]) == len(default_rules().rules) - 1


def test_explain_of_an_unknown_rule_is_wrong_usage() -> None:
    """The nearest id is offered."""
    result = explain("--rule", "helth_drop")

    assert result.exit_code == 2
    assert "did you mean 'health_drop'?" in result.output


def test_explain_leaves_with_one_sentence_when_the_account_cannot_be_read() -> None:
    """An upstream's failure is a sentence, not a trace."""

    def fail(_who: str, _workspace: str | None, _config: Path | None):
        raise UpstreamTimeout("the CRM did not answer in time")

    result = run("explain", "--account", "x", account_context=fail)

    assert result.exit_code == 1
    assert "the CRM did not answer in time" in result.output


def test_explain_needs_the_service() -> None:
    """Without settings there is nothing to look the account up in."""
    assert run("explain", "--account", "x").exit_code == 2
