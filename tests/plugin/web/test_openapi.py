"""docs/openapi.yaml says what the code does: addresses, methods, fields and answers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from plugin.actions.perform import ACTIONS
from plugin.store.ledger import OutcomeSchema
from plugin.store.outcomes import RESULTS, STAGES
from plugin.web.actions import _ActionSchema

SPEC: dict[str, Any] = YAML(typ="safe").load(Path("docs/openapi.yaml").read_text(encoding="utf-8"))
SCHEMAS = SPEC["components"]["schemas"]
OURS = ("api.", "packages.", "frames.", "actions.", "hooks.")
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


def test_every_door_is_told_and_no_other(app):
    """Address by address, method by method."""
    told = {
        (path, method.upper())
        for path, doors in SPEC["paths"].items()
        for method in doors
        if method != "parameters"
    }
    known = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(OURS)
        for method in (rule.methods or set()) - {"OPTIONS"}
        if method != "HEAD" or rule.rule.startswith("/hooks/")
    }

    assert told == known


def test_the_fields_are_those_of_the_code():
    """What is read of an outcome and of an act, and the words that they may hold."""
    outcome, wish = SCHEMAS["Outcome"], SCHEMAS["Wish"]
    action = SPEC["paths"]["/frames/{install_id}/actions/{action}"]["parameters"][1]

    assert set(outcome["properties"]) == set(OutcomeSchema().fields)
    assert {name for name, one in OutcomeSchema().fields.items() if one.required} == set(
        outcome["required"]
    )
    assert set(outcome["properties"]["stage"]["enum"]) == set(STAGES)
    assert set(outcome["properties"]["outcome"]["enum"]) == {*RESULTS, None}
    assert set(wish["properties"]) == set(_ActionSchema().fields)
    assert set(action["schema"]["enum"]) == set(ACTIONS)


def _schema(path: str, method: str, status: int) -> Any:
    """Return the schema of a JSON answer, references put in; red where the status is not told."""
    answer = SPEC["paths"][path][method]["responses"][str(status)]
    if "$ref" in answer:
        answer = SPEC["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    told = dict(answer["content"]["application/json"].get("schema") or {})
    return {**told, "components": SPEC["components"]}


DOORS = [
    ("/api/v1/outcomes", "post"),
    ("/frames/{install_id}", "post"),
    ("/frames/{install_id}/widget", "post"),
    ("/frames/{install_id}/actions/{action}", "post"),
    ("/hooks/{workspace}/{name}", "post"),
]


@pytest.mark.parametrize(("path", "method"), DOORS)
def test_whatever_comes_is_answered_as_told(app, path, method):
    """No JSON that a stranger sends gives a status or a form that the description lacks."""
    values = {"install_id": "demo-zendesk", "action": "pin", "workspace": "demo", "name": "crm"}

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(body=_JSON, token=st.sampled_from(["", "Bearer x", "Bearer \xff"]))
    def check(body: Any, token: str) -> None:
        headers = {"Authorization": token} if token else {}
        answer = app.test_client().open(
            path.format(**values), method=method.upper(), json=body, headers=headers
        )
        schema = _schema(path, method, answer.status_code)
        Draft202012Validator(schema).validate(answer.json)

    check()
