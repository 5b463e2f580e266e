"""The schema of rules is made from the vocabulary."""

from __future__ import annotations

from datetime import timedelta

import pytest

from plugin.account.vocabulary import FIELDS
from plugin.rules.schema import TYPES, roots, spec_at, vocabulary_schema

SCHEMA = vocabulary_schema()


def test_every_field_of_the_vocabulary_may_be_read():
    """No field is left out, each has a label, a meaning and a source."""
    assert set(SCHEMA) == set(FIELDS)
    assert all(spec.label and spec.doc and spec.upstream for spec in SCHEMA.values())


@pytest.mark.parametrize(
    ("path", "kind", "unit"),
    [
        ("contract.arr", "number", "money"),
        ("contract.renewal_at", "timestamp", "date"),
        ("usage.last_seen_at", "timestamp", None),
        ("account.domains", "list<string>", None),
        ("usage.weekly_active", "list<number>", "people"),
        ("tickets", "list<record>", None),
        ("tickets[].topics", "list<string>", None),
        ("invoices[].amount", "number", "money"),
        ("account.csm.email", "string", None),
    ],
)
def test_types_of_the_vocabulary_become_types_of_rules(path, kind, unit):
    """Money is a number, dates and date-times are timestamps, the unit tells them apart."""
    spec = spec_at(SCHEMA, path)

    assert spec is not None
    assert (spec.type, spec.unit) == (kind, unit)


def test_lists_hold_100_items_and_tickets_200():
    """More are cut when an account is bound."""
    sizes = {spec.max_items for path, spec in SCHEMA.items() if path != "tickets"}

    assert sizes == {100}
    assert SCHEMA["tickets"].max_items == 200


def test_restricted_fields_and_closed_lists_come_along():
    """The roles' redaction and the check of words rest on them."""
    assert SCHEMA["contract.arr"].restricted
    assert SCHEMA["deals"].items["name"].restricted
    assert SCHEMA["tickets"].items["kind"].enum == ("question", "bug", "task", "incident")
    assert SCHEMA["contract.plan"].enum == ()


def test_a_workspace_names_its_plans_and_custom_fields():
    """Plans become a closed list; a custom field has a type of the vocabulary."""
    schema = vocabulary_schema(
        custom={"nrr": "number", "go_live": "date"},
        plans=["S", "L"],
        upstreams={"custom.nrr": "warehouse"},
    )

    assert schema["contract.plan"].enum == ("S", "L")
    assert (schema["custom.nrr"].type, schema["custom.nrr"].upstream) == ("number", "warehouse")
    assert (schema["custom.go_live"].type, schema["custom.go_live"].unit) == ("timestamp", "date")


@pytest.mark.parametrize("kind", TYPES)
def test_a_custom_field_may_have_any_type(kind):
    """Every type of the vocabulary is known."""
    assert vocabulary_schema(custom={"x": kind})["custom.x"].type


def test_a_live_workspace_names_the_connection_behind_a_field():
    """A path of its own wins over its root; other items keep their usual source."""
    schema = vocabulary_schema(
        upstreams={"contract": "stripe", "contract.arr": "sql", "contacts": "hubspot"}
    )

    assert schema["contract.plan"].upstream == "stripe"
    assert schema["contract.arr"].upstream == "sql"
    assert schema["contacts"].items["email"].upstream == "hubspot"
    assert schema["contacts"].items["last_seen_at"].upstream == "analytics"


def test_an_age_limit_belongs_to_a_field():
    """Only the field that is named has one."""
    schema = vocabulary_schema(max_ages={"contract.renewal_at": timedelta(days=7)})

    assert schema["contract.renewal_at"].max_age == timedelta(days=7)
    assert schema["contract.arr"].max_age is None


def test_every_root_is_reserved():
    """Also the lists, and `custom` where no such field is mapped."""
    assert roots(SCHEMA) >= {"account", "tickets", "ticket", "custom", "requester", "mentions"}


@pytest.mark.parametrize(
    "path", ["contract.nope", "tickets[].nope", "nope[].x", "contract.arr[].x"]
)
def test_an_unknown_path_has_no_spec(path):
    """Nothing is made up."""
    assert spec_at(SCHEMA, path) is None
