"""What an agent may not see leaves by no door: frames, actions, the API, the terminal, the log.

The account has a figure of its own for every restricted field, every rule is live, and the bytes
of every answer are searched for each figure in every notation.
"""

from __future__ import annotations

import csv
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from plugin.cli import main
from plugin.demo.setup import set_up_demo
from plugin.helpdesk import Trial
from plugin.log import JsonLines
from plugin.store.tables import METADATA
from plugin.web.app import create_app
from plugin.workspace.start import load_settings
from plugin.workspace.trial_request import signed_trial
from tests.plugin.conftest import BASE, NOW, Hands
from tests.plugin.web.notations import pattern_of
from tests.plugin.web.test_frames import token_of

EMAIL = "billing.admin@northwind.example"
FIGURES = {
    "contract.arr": Decimal("31847.23"),
    "contract.crm_arr": Decimal("36213.91"),
    "account.annual_revenue": Decimal("8412355.17"),
    "invoices[].amount of a failed one": Decimal("4733.59"),
    "invoices[].amount of an old one": Decimal("6843.39"),
    "deals[].amount": Decimal("13977.43"),
}
SECRET_WORDS = ("Northwind renewal", "d-northwind-1", "Discovery-stage")
SPEAKING = (  # the rules whose texts and evidence name restricted figures
    "renewal_window_open_bug",
    "invoice_overdue",
    "sources_disagree",
    "deal_under_way",
)
OWN_RULES = """
groups:
  - name: our own
    owner: cs-leads
    rules:
      - id: deal_under_way
        kind: risk
        severity: high
        status: live
        when: deals.exists(deal, deal.status == 'open' && deal.amount >= 10)
        headline: "{{ deal.name }} over {{ money(deal.amount) }} is at {{ deal.stage }}"
        detail: "{{ money(contract.mrr) }} a month; {{ money(account.annual_revenue) }} in all."
        play: {text: "Ask how it goes.", owner: csm}
"""
AGENT, CSM, EXECUTIVE = "1", "2", "3"
KEYS = (
    '[{ name = "shown", key = "%s", role = "agent" }, { name = "all", key = "%s", role = "csm" }]'
)


def _rewrite(path: Path, change: dict[str, str]) -> None:
    """Change the row of Northwind."""
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    mine = next(row for row in rows if row["account_id"] == "northwind")
    mine.update(change)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(mine))
        writer.writeheader()
        writer.writerows(rows)


def _write_figures(data: Path) -> None:
    told = {name: str(amount) for name, amount in FIGURES.items()}
    arr, crm, revenue, failed, old, deal = told.values()
    _rewrite(data / "subscriptions.csv", {"amount": arr, "approximate": ""})
    _rewrite(data / "accounts.csv", {"crm_arr": crm, "annual_revenue": revenue, "approximate": ""})
    due = {"currency": "USD", "status": "open"}
    late = {"id": "INV-1", "amount": old, "due_at": "2026-09-01", **due}
    declined = {"id": "INV-2", "amount": failed, "due_at": "2026-11-10", **due, "status": "failed"}
    fields = (data / "invoices.csv").read_text().splitlines()[0].split(",")
    with (data / "invoices.csv").open("a", newline="") as file:
        for row in (late, declined):
            csv.DictWriter(file, fields).writerow({"account_id": "northwind", "attempts": 3, **row})
    _rewrite(data / "deals.csv", {"amount": deal, "stage": "Discovery-stage"})


def _live_rules(folder: Path) -> str:
    shipped = (Path("plugin/rules/packs/default.yaml")).read_text()
    shadow = re.findall(r"- id: (\w+)", shipped)
    lines = ["version: 1", "extends: default@1", "override:"]
    lines += [f"  - {{id: {rule}, replace: {{status: live}}}}" for rule in shadow]
    (folder / "rules.yaml").write_text("\n".join(lines) + OWN_RULES)
    return 'rules = "rules.yaml"\n'


COUNTED = re.compile(r" [\d.e+-]+$", re.MULTILINE)  # counts of this process, as many as may be


@dataclass(frozen=True, slots=True)
class Doors:
    """A service with figures to hide, and where its settings lie."""

    app: Any
    path: Path
    hands: Hands

    @property
    def services(self) -> Any:
        """Return its parts."""
        return self.app.extensions["sidelight"]

    def open(self, install_id: str, agent: str) -> Iterator[str]:
        """Yield every answer that a frame of this install gives to this person."""
        install = self.services.installs[install_id]
        helpdesk, client = self.services.helpdesks[install.kind], self.app.test_client()
        for stage in helpdesk.stages:
            trial = Trial(EMAIL, ticket_id="NW-31", agent_id=agent, stage=stage)
            signed = signed_trial(helpdesk, install, trial, BASE, self.hands.now)
            where, headers = signed.url.removeprefix(BASE), dict(signed.headers)
            first = client.open(where, method=signed.method, data=signed.body, headers=headers)
            yield f"{first.headers}{first.text}"
            if "data-token" in first.text:
                yield from self._page(install_id, token_of(first.text))

    def _page(self, install_id: str, token: str) -> Iterator[str]:
        """Yield what the page asks for: the widget, each action, and what is refused."""
        claims = {"ticket": {"id": "NW-31"}, "requester": {"email": EMAIL}}
        rule = "repeated_billing_questions"
        acts: dict[str, dict[str, object]] = {
            "search": {"query": "northwind"},
            "feedback": {"value": f"{rule}:useful", "key": f"{install_id}-f"},
            "snooze": {"value": f"{rule}:1", "key": f"{install_id}-s"},
            "undo": {"value": f"{install_id}-s", "key": f"{install_id}-u"},
            "pin": {"value": "northwind", "key": f"{install_id}-p"},
            "unpin": {"key": f"{install_id}-n"},
            "refresh": {},
            "fold": {"value": "billing", "open": True},
            "nothing": {},
        }
        paths = {f"actions/{name}": wish for name, wish in acts.items()} | {"widget": {}}
        for form in ("text/html", "application/json"):
            for path, wish in paths.items():
                answer = self.app.test_client().post(
                    f"/frames/{install_id}/{path}",
                    json=claims | wish,
                    headers={"Authorization": f"Bearer {token}", "Accept": form},
                )
                yield f"{answer.headers}{answer.text}"

    def api(self, key: str) -> Iterator[str]:
        """Yield what other tools read."""
        client, headers = self.app.test_client(), {"Authorization": f"Bearer {key}"}
        for query in (f"email={EMAIL}", "id=northwind", ""):
            yield client.get(f"/api/v1/accounts?{query}", headers=headers).text
        for path in ("/readyz", "/healthz", "/frames/nothing"):
            yield client.get(path).text
        yield COUNTED.sub("", client.get("/metrics").text)

    def terminal(self, role: str) -> Iterator[str]:
        """Yield what a command prints."""
        for form in ("text", "json"):
            words = ["account", EMAIL, "--as", role, "--format", form, "--config", str(self.path)]
            result = CliRunner().invoke(main, words)
            assert result.exit_code == 0, result.output
            yield result.output

    def kept(self) -> Iterator[str]:
        """Yield all that is kept to be shown again: keys, answers and widgets."""
        for kept in (self.services.answers, self.services.widgets):
            for key, one in kept._kept.items():  # noqa: SLF001 - the bytes themselves
                yield f"{key!r}{one!r}"

    def store(self) -> str:
        """Return every row of memory, but what an account paid when a signal of it changed.

        That is kept for its worth then, and shown to nobody but an operator at a terminal.
        """
        assert self.services.store.writer.flush()
        with self.services.store.database.read() as connection:
            tables = METADATA.sorted_tables
            columns = [
                [one for one in table.columns if (table.name, one.name) != ("transitions", "arr")]
                for table in tables
            ]
            return str([connection.execute(select(*own)).all() for own in columns])


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Doors:
    """The demo with figures of its own for Northwind, every rule live, and keys for its API."""
    folder = tmp_path_factory.mktemp("doors")
    path = set_up_demo(folder, "127.0.0.1:8321", NOW)
    _write_figures(folder / "data")
    keys = KEYS % ("a" * 32, "c" * 32)
    head = f'name = "Lanternworks"\napi_keys = {keys}\n{_live_rules(folder)}'
    path.write_text(path.read_text().replace('name = "Lanternworks"\n', head))
    settings = load_settings(path)
    hands = Hands()
    return Doors(create_app(settings, clock=hands.clock()), path, hands)


PATTERNS = {name: pattern_of(amount) for name, amount in FIGURES.items()} | {
    word: re.compile(re.escape(word)) for word in SECRET_WORDS
}


TOOK = re.compile(r'dur=[\d.]+|"ms": [\d.]+')  # a slow answer may take as long as a figure


def _leaks(text: str) -> dict[str, str]:
    """Return what the text gives away, each with the words around it; milliseconds do not."""
    text = TOOK.sub("", text)
    found = {name: pattern.search(text) for name, pattern in PATTERNS.items()}
    return {
        name: text[max(0, hit.start() - 40) : hit.end() + 20] for name, hit in found.items() if hit
    }


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """All that is logged meanwhile, as it is written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    caplog.set_level(logging.DEBUG, "sidelight")
    logging.getLogger("sidelight").addHandler(handler)
    yield written
    logging.getLogger("sidelight").removeHandler(handler)


def test_no_frame_shows_an_agent_a_restricted_figure(doors, logged):
    """Every helpdesk, every stage, every action, HTML and JSON; nor does the log."""
    for install_id in doors.services.installs:
        for answer in doors.open(install_id, AGENT):
            assert _leaks(answer) == {}, install_id
    assert _leaks(logged.getvalue()) == {}


def test_no_frame_shows_an_account_executive_what_customers_wrote(doors):
    """Topics and counts; the subjects, the words and the writers of tickets stay in support."""
    written = re.compile("CSV export fails|VAT on our invoice|reporting.analyst@.*VAT|NW-26.*“")
    seen = "".join(doors.open("demo-zendesk", EXECUTIVE))

    assert "with an open bug: export" in seen
    assert written.search(seen) is None
    assert not any(written.search(answer) for answer in doors.terminal("ae"))
    assert written.search("".join(doors.open("demo-zendesk", CSM)))


def test_no_tool_is_told_a_restricted_figure_by_an_agents_key(doors):
    """The read API, and what operators read."""
    assert [_leaks(answer) for answer in doors.api("a" * 32)] == [{}] * 7


def test_no_terminal_shows_an_agents_view_a_restricted_figure(doors):
    """Text and JSON."""
    assert [_leaks(answer) for answer in doors.terminal("agent")] == [{}] * 2


def test_no_presentation_of_an_agent_and_no_byte_of_memory_holds_one(doors):
    """Keys and bodies of the cache, and the store's file."""
    list(doors.open("demo-zendesk", AGENT))
    mine = [one for one in doors.kept() if "role='agent'" in one]

    assert mine
    assert [_leaks(one) for one in mine] == [{}] * len(mine)
    assert _leaks(doors.store()) == {}


def test_the_same_search_finds_every_figure_in_a_csms_answers(doors):
    """So it looks at the right places, and every figure is really there to be hidden."""
    seen = "".join(doors.open("demo-zendesk", CSM))

    assert [rule for rule in SPEAKING if f'"rule": "{rule}"' not in seen] == []
    assert set(PATTERNS) - set(_leaks(seen)) <= {"d-northwind-1"}
    assert set(_leaks("".join(doors.api("c" * 32)))) == set(PATTERNS)
    assert set(_leaks("".join(doors.terminal("csm")))) == set(PATTERNS)
