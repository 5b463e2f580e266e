"""Whatever a manifest holds, the checker answers with findings and never crashes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manifest.check import check
from manifest.package import AppPackage
from manifest.problem import Problem
from tests.manifest.broken import good

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEYS = sorted(
    {
        *("author", "location", "support", "ticket_sidebar", "url", "parameters", "name", "type"),
        *("scopes", "secure", "oauth", "domainWhitelist", "experiments", "private", "objectTypes"),
        *("modules", "common", "requests", "functions", "schema", "host", "options", "icon", "app"),
        *("config", "auth", "permittedUrls", "fetch", "uid", "kviews", "meta", "template", "title"),
        *("packageDirectories", "path", "calls", "helpdesk", "headers", "body", "variables"),
        *("input", "http", "triggers", "content", "resources", "remotes", "key", "endpoint"),
        *("resolver", "operations", "permissions", "timeout", "srcDir", "entrypoint", "context"),
    }
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(["2.0", "3.0", "app", "card", "plain", "static_key", "https://x.test", "mtls"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=6), inner, max_size=6)
    ),
    max_leaves=30,
)
JSON_FILES = [
    ("zendesk", "manifest.json"),
    ("zendesk", "translations/en.json"),
    ("freshdesk", "manifest.json"),
    ("freshdesk", "config/requests.json"),
    ("freshdesk", "config/iparams.json"),
    ("hubspot", "hsproject.json"),
    ("hubspot", "src/app/app-hsmeta.json"),
    ("hubspot", "src/app/cards/helpdesk-hsmeta.json"),
    ("salesforce", "sfdx-project.json"),
    ("jira", "manifest.yml"),
    ("kustomer", "app.json"),
    ("plain", "setup.json"),
    ("chatwoot", "setup.json"),
    ("static_key", "setup.json"),
]


def _checked(helpdesk: str, path: str, content: bytes) -> list[Problem]:
    package = good(helpdesk)
    return check(AppPackage(package.kind, {**package.files, path: content}))


@pytest.mark.parametrize(("helpdesk", "path"), JSON_FILES)
@FEW
@given(value=VALUES)
def test_any_json_is_survived(helpdesk: str, path: str, value: Any) -> None:
    """Any JSON in the place of a manifest gives findings, each with file, rule and words."""
    for problem in _checked(helpdesk, path, json.dumps(value).encode()):
        assert problem.path
        assert problem.rule
        assert problem.message


def _inside(value: Any, draw: st.DataObject) -> Any:
    """Return the value with one thing deep inside it replaced by anything."""
    if isinstance(value, dict) and value and draw.draw(st.integers(0, 4)):
        name = draw.draw(st.sampled_from(sorted(value)))
        return {**value, name: _inside(value[name], draw)}
    if isinstance(value, list) and value and draw.draw(st.integers(0, 4)):
        place = draw.draw(st.integers(0, len(value) - 1))
        return [*value[:place], _inside(value[place], draw), *value[place + 1 :]]
    return draw.draw(VALUES)


@pytest.mark.parametrize(
    ("helpdesk", "path"), [one for one in JSON_FILES if one[1].endswith(".json")]
)
@FEW
@given(draw=st.data())
def test_one_odd_value_is_survived(helpdesk: str, path: str, draw: st.DataObject) -> None:
    """Anything in one place of an otherwise good file is survived."""
    value = _inside(json.loads(good(helpdesk).files[path]), draw)
    assert isinstance(_checked(helpdesk, path, json.dumps(value).encode()), list)


@pytest.mark.parametrize("helpdesk", ["zendesk", "freshdesk", "hubspot", "jira", "front"])
@FEW
@given(content=st.binary(max_size=60))
def test_any_bytes_are_survived(helpdesk: str, content: bytes) -> None:
    """Any bytes in the place of any file give a list of findings."""
    for path in good(helpdesk).files:
        assert isinstance(_checked(helpdesk, path, content), list)
