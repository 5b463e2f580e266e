"""The vendors' own packages from npm judge what we sign, build and send."""

from __future__ import annotations

import dataclasses
import os
import re
from pathlib import Path
from typing import Any

import pytest

from plugin.errors import BadSignature
from tests.families.helpdesks.bench import ROOT, bench
from tests.get_client_sdks import HINT, find
from tests.manifest.broken import found, good, with_files
from tests.manifest.front_ends.node import run


@pytest.fixture(scope="module")
def modules() -> Path:
    """Return where the packages are; without them the test is skipped, in CI it fails."""
    there = find()
    if there is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HINT)
    return there


@pytest.mark.parametrize("body", ["{}", '{"ticket": {"subject": "Größe 😀"}}', ""])
def test_hubspots_own_signature_is_taken(modules: Path, body: str) -> None:
    """What HubSpot's client signs proves the call; its signature of another body does not."""
    desk = bench("hubspot")
    asked = dataclasses.replace(desk.signed(), body=body.encode())
    facts: dict[str, Any] = {
        "url": asked.url,
        "clientSecret": desk.install.secrets[0],
        "timestamp": int(asked.headers["x-hubspot-request-timestamp"]),
    }

    def signed(text: str) -> Any:
        proof = run("ask_vendor.js", str(modules), "hubspot", requestBody=text, **facts)
        headers = {**asked.headers, "x-hubspot-signature-v3": proof}
        return desk.helpdesk.verify(dataclasses.replace(asked, headers=headers), desk.install)

    assert signed(body).agent_id == "7"
    with pytest.raises(BadSignature):
        signed(f"{body} ")


def _refusals(modules: Path, folder: Path, files: dict[str, bytes]) -> list[str]:
    for path, content in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    refused: list[str] = run("ask_vendor.js", str(modules), "forge", folder=str(folder))
    return refused


def test_atlassians_validator_takes_our_package(modules: Path, tmp_path: Path) -> None:
    """The manifest that we build has no error by the rules of `forge lint`."""
    assert _refusals(modules, tmp_path, dict(good("jira").files)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"render: native", "render: html"),
        (r"key: [\w-]+", "key: has a space"),
        (r"resources:", "resource:"),
    ],
)
def test_what_atlassians_validator_refuses_we_refuse(
    modules: Path, tmp_path: Path, old: str, new: str
) -> None:
    """A broken manifest is found by their validator and by our check alike."""
    manifest = good("jira").files["manifest.yml"].decode()
    broken = re.sub(old, new, manifest, count=1)
    package = with_files(good("jira"), {"manifest.yml": broken})

    assert broken != manifest
    assert _refusals(modules, tmp_path, dict(package.files)) != []
    assert found(package) != set()


def test_our_canvas_has_the_version_of_salesforces_script(modules: Path) -> None:
    """Our messages name the version of the SDK whose form they have."""
    theirs = (modules / "@salesforce/canvas-js-sdk/js/client.js").read_text(encoding="utf-8")
    ours = (ROOT / "static/helpdesks/salesforce.js").read_text(encoding="utf-8")
    version = re.search(r'cversion = ("[\d.]+")', theirs)

    assert version is not None
    assert f"clientVersion = {version[1]}" in ours
