"""`sidelight package` and `sidelight install`: what an admin puts into the helpdesk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import click

from manifest.build import UnknownHelpdesk, build, setup_calls
from manifest.calls import Call
from manifest.check import check, check_reading
from manifest.facts import Facts
from manifest.kinds import kind_of
from manifest.package import AppPackage
from manifest.problem import Problem
from manifest.reading import read_path
from plugin.commands.install_calls import apply_calls
from plugin.errors import ConfigurationError
from plugin.settings.package_facts import facts_of, kind_named
from plugin.settings.records import Install, Settings
from plugin.view.wording import plural
from plugin.workspace.start import load_settings, settings_path

_INSTALL = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}\Z")
# Helpdesks only call https; plain http is for a helpdesk that runs on this machine, too.
_BASE_URL = re.compile(
    r"(https://[A-Za-z0-9.\-\[\]:]+|http://(localhost|127\.0\.0\.1)(:\d{1,5})?)/?\Z"
)
SIGNS = {"error": "✗", "warning": "!"}


def _report(problems: Iterable[Problem], form: str) -> None:
    """Print findings, and end the command: exit code 1 if there is any."""
    found = list(problems)
    if form == "json":
        rows = [
            {"file": one.path, "rule": one.rule, "message": one.message, "level": one.level}
            for one in found
        ]
        click.echo(json.dumps({"problems": rows}, ensure_ascii=False, indent=2))
    else:
        for one in found:
            click.echo(f"{SIGNS[one.level]} {one}")
        click.echo(plural(len(found), "problem") if found else "✓ All is well.")
    raise SystemExit(1 if found else 0)


def _check_path(path: Path, helpdesk: str | None, form: str) -> None:
    kind = kind_of(kind_named(helpdesk)) if helpdesk else None
    try:
        reading = read_path(path)
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be read: {error.strerror}") from error
    _report(check_reading(reading, kind), form)


def _usable_settings(config: Path | None) -> Settings | None:
    """Return the settings if they can be used: the package is often made before they can."""
    path = settings_path(config)
    if config is None and not path.exists():
        return None
    try:
        return load_settings(path)
    except ConfigurationError:
        note = "the settings cannot be used yet (sidelight check says why), so only the"
        click.echo(f"· {path}: {note} command line counts", err=True)
        return None


def _address(base_url: str | None, settings: Settings | None) -> str:
    url = base_url or (settings.service.base_url if settings else None)
    if url is None or not _BASE_URL.match(url):
        hint = "write https:// and the host only, such as https://sidelight.example.com"
        raise click.BadParameter(hint, param_hint="--base-url")
    return url


def _known_install(settings: Settings | None, install_id: str, kind: str) -> Install | None:
    install = settings.installs.get(install_id) if settings else None
    if install is not None and install.kind != kind:
        message = f"the install {install_id} is of the kind {install.kind}, not {kind}"
        raise click.BadParameter(message, param_hint="--install")
    return install


def _facts(kind: str, install_id: str, base_url: str | None, settings: Settings | None) -> Facts:
    """Return what the command line says, and where the install is known, what its settings say."""
    if not _INSTALL.match(install_id):
        hint = "use lower-case letters, digits, - and _, at most 63"
        raise click.BadParameter(hint, param_hint="--install")
    url = _address(base_url, settings)
    install = _known_install(settings, install_id, kind)
    if install is None or settings is None:
        return Facts(install_id, url)
    return facts_of(install, settings.workspaces[install.workspace].locale, url)


def _built(kind: str, facts: Facts) -> AppPackage:
    try:
        return build(kind, facts)
    except UnknownHelpdesk as error:
        raise click.BadParameter(str(error), param_hint="HELPDESK") from error


def _write(package: AppPackage, install_id: str, output: Path) -> None:
    folder, zipped = output / install_id, output / f"{install_id}.zip"
    try:
        for path, content in package.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        zipped.write_bytes(package.zipped())
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    click.echo(f"✓ {zipped} ({plural(len(package.files), 'file')}); the same in {folder}/")


@click.command()
@click.argument("helpdesk", required=False)
@click.option("--install", "install_id", metavar="ID", help="The install that it is for.")
@click.option("--base-url", metavar="URL", help="Default: [service] base_url.")
@click.option("--output", type=click.Path(path_type=Path, file_okay=False), help="Where to.")
@click.option("--check", "path", type=click.Path(path_type=Path), help="Check this zip or folder.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--config", type=click.Path(path_type=Path), help="Default: SIDELIGHT_CONFIG.")
def package(  # noqa: PLR0913 - click hands each option over as an argument
    *,
    helpdesk: str | None,
    install_id: str | None,
    base_url: str | None,
    output: Path | None,
    path: Path | None,
    form: str,
    config: Path | None,
) -> None:
    """Build the package that installs Sidelight in HELPDESK, or check one.

    It is written as a zip and as a folder, and holds no secret.

    Example: sidelight package zendesk --install acme-zendesk --output build

    Example: sidelight package --check build/acme-zendesk.zip
    """
    if path is not None:
        _check_path(path, helpdesk, form)
        return
    if helpdesk is None or install_id is None or output is None:
        raise click.UsageError("write HELPDESK, --install ID and --output DIR, or --check PATH")
    kind = kind_named(helpdesk)
    facts = _facts(kind, install_id, base_url, _usable_settings(config))
    made = _built(kind, facts)
    problems = check(made)
    if problems:
        _report(problems, form)
    _write(made, install_id, output)


def _print_calls(calls: Iterable[Call], form: str) -> None:
    if form == "json":
        rows = [call.as_json() for call in calls]
        click.echo(json.dumps({"calls": rows}, ensure_ascii=False, indent=2))
        return
    for call in calls:
        click.echo(f"{call.method} {call.url}")
        for name, text in call.headers.items():
            click.echo(f"{name}: {text}")
        click.echo(json.dumps(call.body, ensure_ascii=False, indent=2) + "\n")
    click.echo("Nothing was sent. ${…} is filled in when you add --apply.")


@click.command()
@click.argument("helpdesk")
@click.option("--install", "install_id", metavar="ID", required=True, help="The install.")
@click.option("--apply", "sends", is_flag=True, help="Send the calls; otherwise print them.")
@click.option("--token", envvar="SIDELIGHT_SETUP_TOKEN", help="Better in SIDELIGHT_SETUP_TOKEN.")
@click.option("--base-url", metavar="URL", help="Default: [service] base_url.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--config", type=click.Path(path_type=Path), help="Default: SIDELIGHT_CONFIG.")
def install(  # noqa: PLR0913 - click hands each option over as an argument
    *,
    helpdesk: str,
    install_id: str,
    sends: bool,
    token: str | None,
    base_url: str | None,
    form: str,
    config: Path | None,
) -> None:
    """Set Sidelight up in HELPDESK by its API: plain, chatwoot or gorgias.

    Without --apply the calls are only printed. The token is an administrator's, for this once.

    Example: sidelight install plain --install acme-plain --apply
    """
    kind = kind_named(helpdesk)
    settings = _usable_settings(config)
    calls = setup_calls(kind, _facts(kind, install_id, base_url, settings))
    if not calls:
        hint = f"{helpdesk} has no API for this: sidelight package {helpdesk} makes what it needs"
        raise click.BadParameter(hint, param_hint="HELPDESK")
    if not sends:
        _print_calls(calls, form)
        return
    known = _known_install(settings, install_id, kind)
    if known is None:
        raise click.UsageError(f"--apply needs the install {install_id} in the settings")
    apply_calls(calls, known.secrets[0], token)
