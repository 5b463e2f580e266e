"""A setting in a wrong form is answered with what to write, never with a pattern."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from marshmallow import Schema, fields, validate

from plugin.families import HELPDESKS, UPSTREAMS
from plugin.settings.schema import ConnectionSchema, InstallSchema, ServiceSchema, WorkspaceSchema

SCHEMAS: list[type[Schema]] = [
    ServiceSchema,
    WorkspaceSchema,
    InstallSchema,
    ConnectionSchema,
    *(one.options for one in HELPDESKS.values()),
    *(one.options for one in UPSTREAMS.values()),
]


def _inside(field: fields.Field[object]) -> Iterator[fields.Field[object]]:
    yield field
    for part in ("inner", "key_field", "value_field"):
        inner = getattr(field, part, None)
        if isinstance(inner, fields.Field):
            yield from _inside(inner)
    if isinstance(field, fields.Nested):
        for one in field.schema.fields.values():
            yield from _inside(one)


def _patterns() -> Iterator[tuple[str, str]]:
    for schema in SCHEMAS:
        for name, field in schema().fields.items():
            for inner in _inside(field):
                for validator in inner.validators:
                    if isinstance(validator, validate.Regexp):
                        yield f"{schema.__name__}.{name}", str(validator.error)


PATTERNS = dict(_patterns())


@pytest.mark.parametrize("said", PATTERNS.values(), ids=list(PATTERNS))
def test_a_wrong_form_says_what_to_write(said: str) -> None:
    """Each pattern among the settings says in words what to write."""
    assert said != validate.Regexp.default_message
    assert said.startswith(("write", "use"))


@pytest.mark.parametrize(
    ("kind", "setting", "given", "example"),
    [
        ("zendesk", "subdomain", "https://acme.zendesk.com", '"acme"'),
        ("zendesk", "installation_id", "forty-two", '"42"'),
        ("freescout", "mailbox_id", "Support", '"1"'),
        ("salesforce", "organization_id", "acme", '"00Dx00000001hxy"'),
        ("chatwoot", "account_id", "acme", '"3"'),
        ("plain", "card_key", "my card", '"account"'),
        ("freshdesk", "account", "https://Acme.freshdesk.com", '"acme.freshdesk.com"'),
        ("hubspot", "portal_id", "acme", '"1234567"'),
        ("crisp", "website_id", "", '"8c842203-7ed8-4e29-a608-7cf78a7d2fcc"'),
    ],
)
def test_each_id_comes_with_an_example(kind: str, setting: str, given: str, example: str) -> None:
    """A wrong subdomain or id is answered with an example of a right one."""
    errors = HELPDESKS[kind].options().validate({setting: given})
    (said,) = errors[setting]
    assert f"such as {example}" in said
