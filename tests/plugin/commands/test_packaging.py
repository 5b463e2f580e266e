"""`sidelight package` and `sidelight install`, as an admin types them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from manifest.build import helpdesks, setup_calls
from manifest.calls import find_made
from manifest.facts import Facts
from plugin.cli import main

SETTINGS = """
[service]
base_url = "https://ctx.acme.test"
secrets = ["0123456789abcdef0123456789abcdef"]
[workspaces.acme]
name = "Acme"
locale = "de"
[workspaces.acme.installs.acme-zendesk]
kind = "zendesk"
subdomain = "acme"
secrets = ["0123456789abcdef0123"]
[workspaces.acme.installs.acme-chatwoot]
kind = "chatwoot"
secrets = ["k&y+0123456789abcdef"]
hosts = ["{host}"]
account_id = "3"
[workspaces.acme.installs.acme-gorgias]
kind = "static_key"
secrets = ["static-0123456789abcdef"]
hosts = ["{host}"]
"""


@pytest.fixture
def config(tmp_path: Path, helpdesk_api: Api) -> Path:
    """Write settings whose helpdesk is on this machine."""
    path = tmp_path / "sidelight.toml"
    path.write_text(SETTINGS.format(host=helpdesk_api.url), encoding="utf-8")
    return path


def run(*words: str | Path, **options: Any) -> Result:
    """Run the command as a shell would."""
    return CliRunner().invoke(main, [str(word) for word in words], **options)


@dataclass(slots=True)
class Api:
    """A helpdesk's API on loopback: what it was asked, and what it answers."""

    url: str = ""
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    answers: list[tuple[int, Any]] = field(default_factory=list)
    there: dict[str, Any] = field(default_factory=dict)


def _handler(api: Api) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(200, api.there.get(self.path.partition("?")[0], []))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            api.asked.append((self.path, dict(self.headers), body))
            status, answer = api.answers.pop(0) if api.answers else (200, {"id": 7})
            self._say(status, answer)

        def _say(self, status: int, answer: Any) -> None:
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *said: object) -> None:
            """Keep quiet."""

    return Handler


@pytest.fixture
def helpdesk_api() -> Iterator[Api]:
    """Serve a helpdesk's API as long as the test lives."""
    api = Api()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(api))
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield api
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("name", [*helpdesks(), "gorgias", "dixa"])
def test_a_package_is_written_and_checks_clean(name: str, tmp_path: Path) -> None:
    """The zip and the folder of every helpdesk are written, and both check clean."""
    base = ("--base-url", "https://ctx.acme.test", "--output", tmp_path)
    result = run("package", name, "--install", "acme-1", *base)

    assert result.exit_code == 0, result.output
    assert run("package", "--check", tmp_path / "acme-1.zip").exit_code == 0
    assert run("package", "--check", tmp_path / "acme-1").exit_code == 0


def test_the_settings_are_used_where_they_know_the_install(config: Path, tmp_path: Path) -> None:
    """Address and language come from the settings; no secret enters the package."""
    words = ("--install", "acme-zendesk", "--output", tmp_path, "--config", config)
    assert run("package", "zendesk", *words).exit_code == 0

    manifest = json.loads((tmp_path / "acme-zendesk/manifest.json").read_bytes())
    assert manifest["defaultLocale"] == "de"
    assert manifest["domainWhitelist"] == ["ctx.acme.test"]
    assert b"0123456789abcdef" not in (tmp_path / "acme-zendesk.zip").read_bytes()


def test_the_command_line_is_enough(tmp_path: Path) -> None:
    """A package can be made before the settings can be used, and a note says so."""
    broken = tmp_path / "sidelight.toml"
    broken.write_text("[service]\n", encoding="utf-8")
    words = ("--base-url", "https://ctx.acme.test", "--output", tmp_path, "--config", broken)
    result = run("package", "front", "--install", "acme-front", *words)

    assert result.exit_code == 0
    assert "command line counts" in result.stderr


@pytest.mark.parametrize("helpdesk", ["freshdesk", "zendesk", "kustomer"])
def test_a_plain_http_address_is_refused(helpdesk: str, tmp_path: Path) -> None:
    """Helpdesks only call https, so a package is made for nothing else; nothing is written."""
    words = ("--base-url", "http://sidelight.test", "--output", tmp_path / "build")
    result = run("package", helpdesk, "--install", "acme", *words)

    assert result.exit_code == 2
    assert "write https://" in result.stderr
    assert not (tmp_path / "build").exists()


def test_what_the_helpdesk_would_refuse_is_not_written(tmp_path: Path) -> None:
    """A host that Freshworks' proxy does not call is a finding, and nothing is written."""
    words = ("--base-url", "https://10.0.0.7", "--output", tmp_path / "build")
    result = run("package", "freshdesk", "--install", "acme", *words)

    assert result.exit_code == 1
    assert "✗ config/requests.json: request-host:" in result.stdout
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("zendesc", "--install", "a", "--base-url", "https://x.test", "--output", "build"),
        ("zendesk", "--install", "A b", "--base-url", "https://x.test", "--output", "build"),
        ("zendesk", "--install", "a", "--base-url", "https://x.test/path", "--output", "build"),
        ("zendesk", "--install", "a"),
        ("--install", "a", "--output", "build"),
    ],
)
def test_a_wrong_call_says_how(words: tuple[str, ...]) -> None:
    """A wrong command line ends with a usage error, exit code 2."""
    assert run("package", *words).exit_code == 2


def test_an_install_of_another_kind_is_refused(config: Path, tmp_path: Path) -> None:
    """The package of one helpdesk for the install of another is a mistake."""
    words = ("--install", "acme-zendesk", "--output", tmp_path, "--config", config)
    result = run("package", "front", *words)
    assert result.exit_code == 2
    assert "is of the kind zendesk" in result.stderr


def test_findings_as_json(tmp_path: Path) -> None:
    """Each finding has its file, rule and message; all of them are there."""
    (tmp_path / "manifest.json").write_text('{"frameworkVersion": "1.0"}', encoding="utf-8")
    result = run("package", "--check", tmp_path, "--format", "json")
    rows = json.loads(result.stdout)["problems"]

    assert result.exit_code == 1
    assert {"file", "rule", "message", "level"} == set(rows[0])
    assert {"author-required", "framework-version", "location-required"} <= {
        row["rule"] for row in rows
    }


def test_the_kind_may_be_named(tmp_path: Path) -> None:
    """A folder is checked as the package of the helpdesk that is named."""
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    result = run("package", "freshdesk", "--check", tmp_path)
    assert "platform-version" in result.stdout


def test_nothing_to_check_is_said(tmp_path: Path) -> None:
    """A path where nothing is ends with a sentence."""
    result = run("package", "--check", tmp_path / "none.zip")
    assert result.exit_code == 1
    assert "cannot be read: No such file" in result.stderr


def test_without_apply_nothing_is_sent(config: Path, helpdesk_api: Api) -> None:
    """The calls are printed, with names in the place of every secret."""
    words = ("--install", "acme-chatwoot", "--config", config, "--token", "t0ken")
    result = run("install", "chatwoot", *words)

    assert result.exit_code == 0
    assert f"POST {helpdesk_api.url}/api/v1/accounts/3/dashboard_apps" in result.stdout
    assert "?k=${KEY}" in result.stdout
    assert "t0ken" not in result.stdout
    assert helpdesk_api.asked == []


def test_apply_sends_the_call(config: Path, helpdesk_api: Api) -> None:
    """The key goes into the address, quoted; the token into the header."""
    words = ("--install", "acme-chatwoot", "--config", config, "--apply")
    result = run("install", "chatwoot", *words, env={"SIDELIGHT_SETUP_TOKEN": "t0ken"})
    ((path, headers, body),) = helpdesk_api.asked

    assert (result.exit_code, result.stdout) == (0, "✓ dashboard_app\n")
    assert path == "/api/v1/accounts/3/dashboard_apps"
    assert headers["api_access_token"] == "t0ken"
    assert body["content"] == [
        {
            "type": "frame",
            "url": "https://ctx.acme.test/frames/acme-chatwoot?k=k%26y%2B0123456789abcdef",
        }
    ]


def test_a_later_call_uses_what_an_earlier_one_answered(config: Path, helpdesk_api: Api) -> None:
    """Gorgias' widget names the integration that was just made, as a number."""
    words = ("--install", "acme-gorgias", "--config", config, "--apply", "--token", "t")
    result = run("install", "gorgias", *words)
    first, second = helpdesk_api.asked

    assert result.exit_code == 0, result.output
    assert first[2]["http"]["headers"] == {"Authorization": "Bearer static-0123456789abcdef"}
    assert first[2]["http"]["form"]["requester"]["email"] == "{{ticket.customer.email}}"
    assert (second[0], second[2]["integration_id"]) == ("/api/widgets", 7)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, {}), "status 401"),
        ((502, {}), "status 502"),
        ((200, {"errors": [{"message": "no such field"}]}), "no such field"),
        ((200, {"data": {"create": {"error": {"message": "taken"}}}}), "taken"),
    ],
)
def test_a_call_that_fails_ends_the_setup(
    config: Path, helpdesk_api: Api, answer: tuple[int, Any], said: str
) -> None:
    """After a refusal nothing more is sent, and nothing is sent twice."""
    helpdesk_api.answers.append(answer)
    words = ("--install", "acme-gorgias", "--config", config, "--apply", "--token", "t")
    result = run("install", "gorgias", *words)

    assert result.exit_code == 1
    assert said in result.stderr
    assert len(helpdesk_api.asked) == 1


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (401, "make a new API token"),
        (403, "use one of an administrator"),
        (404, "hosts and account_id"),
        (422, "mend what it says"),
        (429, "wait a minute"),
        (500, "run the command again later"),
        (503, "run the command again later"),
    ],
)
def test_a_refusal_keeps_the_vendors_words(
    config: Path, helpdesk_api: Api, status: int, advice: str
) -> None:
    """What the helpdesk says of a refusal is shown, with what to do about it."""
    helpdesk_api.answers.append((status, {"errors": [{"message": "Title is too long"}]}))
    words = ("--install", "acme-chatwoot", "--config", config, "--apply", "--token", "t")
    result = run("install", "chatwoot", *words)

    assert result.exit_code == 1
    assert f"status {status}" in result.stderr
    assert "It says: Title is too long" in result.stderr
    assert advice in result.stderr


APPS = "/api/v1/accounts/3/dashboard_apps"


def test_twice_does_not_make_two_apps(config: Path, helpdesk_api: Api) -> None:
    """What an earlier run made is found and left as it is."""
    words = ("--install", "acme-chatwoot", "--config", config, "--apply", "--token", "t")
    run("install", "chatwoot", *words)
    (_, _, made) = helpdesk_api.asked[0]
    helpdesk_api.there[APPS] = [
        {"id": 3, "content": [{"url": "https://x.test"}]},
        {"id": 7, **made},
    ]
    result = run("install", "chatwoot", *words)

    assert (result.exit_code, len(helpdesk_api.asked)) == (0, 1)
    assert "is there already" in result.stdout


def test_an_app_with_another_key_is_told(config: Path, helpdesk_api: Api) -> None:
    """An app that carries an older key is named, and no second one is made beside it."""
    frame = {"type": "frame", "url": "https://ctx.acme.test/frames/acme-chatwoot?k=old"}
    helpdesk_api.there[APPS] = [{"id": 7, "title": "Sidelight", "content": [frame]}]
    words = ("--install", "acme-chatwoot", "--config", config, "--apply", "--token", "t")
    result = run("install", "chatwoot", *words)

    assert (result.exit_code, helpdesk_api.asked) == (1, [])
    assert "id 7" in result.stderr


def test_a_second_run_makes_what_the_first_could_not(config: Path, helpdesk_api: Api) -> None:
    """Gorgias' widget names the integration that an earlier run made."""
    there = {"id": 5, "http": {"url": "https://ctx.acme.test/frames/acme-gorgias"}}
    helpdesk_api.there["/api/integrations"] = {"data": [there]}
    words = ("--install", "acme-gorgias", "--config", config, "--apply", "--token", "t")
    run("install", "gorgias", *words)

    ((path, _, body),) = helpdesk_api.asked
    assert (path, body["integration_id"]) == ("/api/widgets", 5)


def test_plains_cards_are_looked_up_by_their_address() -> None:
    """The card of this install is found in Plain's answer, and no other one."""
    (call,) = setup_calls("plain", Facts("acme", "https://ctx.acme.test"))
    cards = [
        {"id": "a", "apiUrl": "https://x.test"},
        {"id": "b", "apiUrl": call.body["variables"]["input"]["apiUrl"]},
    ]
    assert find_made(call, {"data": {"customerCardConfigs": cards}}) == cards[1]
    assert find_made(call, {"data": {"customerCardConfigs": cards[:1]}}) is None


def test_a_missing_token_is_asked_for(config: Path, helpdesk_api: Api) -> None:
    """Before anything is sent, what is missing is named."""
    result = run("install", "chatwoot", "--install", "acme-chatwoot", "--config", config, "--apply")
    assert result.exit_code == 2
    assert "SIDELIGHT_SETUP_TOKEN" in result.stderr
    assert helpdesk_api.asked == []


def test_apply_wants_a_known_install(config: Path) -> None:
    """Without the install's secret there is nothing to send."""
    words = ("--install", "other", "--config", config, "--apply", "--token", "t")
    result = run("install", "plain", *words)
    assert result.exit_code == 2
    assert "needs the install other" in result.stderr


def test_a_helpdesk_without_an_api_is_pointed_to_its_sheet(config: Path) -> None:
    """The message names the command that makes the install sheet."""
    words = ("--install", "acme-front", "--config", config)
    assert "sidelight package front" in run("install", "front", *words).stderr


def test_the_calls_as_json(config: Path) -> None:
    """Programs get the same calls."""
    words = ("--install", "acme-plain", "--config", config, "--format", "json")
    (call,) = json.loads(run("install", "plain", *words).stdout)["calls"]
    assert call["body"]["variables"]["input"]["apiUrl"] == "https://ctx.acme.test/frames/acme-plain"
