"""HubSpot: who belongs to whom, what could not be read, and custom fields up to the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import ConfigurationError, UpstreamBroken
from plugin.facts.assemble import assemble
from plugin.facts.offers import Offer
from plugin.fetching.http.errors import of_status
from plugin.settings.records import Connection, Workspace
from plugin.upstream import AccountRef, Identity
from plugin.vendors.hubspot.source import hubspot
from plugin.workspace.setup import schema_of
from tests.families.sources.recordings import NAME, NOW, Recording, load

OBJECTS = "/crm/objects/2026-09"


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return HubSpot's recorded answers."""
    return load("hubspot", tmp_path)


def _find(recording: Recording, by: str, value: str, *routes: Any) -> tuple[AccountRef, ...]:
    assert hubspot.find is not None
    return hubspot.find(Identity(by, value), recording.link(recording.api(*routes)))


def _contact_of(recording: Recording, *companies: tuple[str, str], primary: str = "") -> Any:
    body = recording.files["contact.json"]
    rows = [{"id": key, "type": kind} for key, kind in companies]
    return {
        "get": f"{OBJECTS}/contacts/ada%40larkspur.example",
        "answer": {
            **body,
            "properties": {**body["properties"], "associatedcompanyid": primary},
            "associations": {"companies": {"results": rows}},
        },
    }


def _companies(recording: Recording, *ids: str) -> Any:
    body = recording.files["companies.json"]["results"][0]
    return {
        "post": f"{OBJECTS}/companies/batch/read",
        "body": {"inputs": [{"id": key} for key in ids]},
        "answer": {"results": [{**body, "id": key} for key in ids]},
    }


def test_offers_all_companies_without_a_primary_one(recording: Recording) -> None:
    """Two companies and no primary one are two answers, never the first of them."""
    contact = _contact_of(
        recording, ("5", "contact_to_company_unlabeled"), ("6", "contact_to_company_unlabeled")
    )
    routes = [contact, _companies(recording, "5", "6")]
    found = _find(recording, "contact_email", "ada@larkspur.example", *routes)

    assert [ref.id for ref in found] == ["5", "6"]


@pytest.mark.parametrize("primary", ["6", ""])
def test_counts_a_contact_for_its_primary_company(recording: Recording, primary: str) -> None:
    """The property names the primary company, or the association that has no other."""
    contact = _contact_of(
        recording,
        ("5", "contact_to_company_unlabeled"),
        ("6", "contact_to_company"),
        ("6", "contact_to_company_unlabeled"),
        primary=primary,
    )
    routes = [contact, _companies(recording, "6")]
    found = _find(recording, "contact_email", "ada@larkspur.example", *routes)

    assert [ref.id for ref in found] == ["6"]


def test_names_the_keys_that_others_know_the_account_by(recording: Recording) -> None:
    """The reference carries every domain and the id in billing."""
    found = _find(recording, "domain", "larkspur.example")[0]

    assert found.external_ids == {NAME: "51200417", "billing": "cus_Lark01"}
    assert found.domains == ("larkspur.example", "larkspur-eu.example", "larkspur.test")


def test_a_person_without_a_company_is_named(recording: Recording) -> None:
    """A consumer has a name and no account."""
    found = _find(recording, "contact_email", "solo@larkspur.test")

    assert found == (AccountRef("", "Sol Oduya", emails=("solo@larkspur.test",)),)


def test_refuses_the_contact_of_another_address(recording: Recording) -> None:
    """An answer for another address than the one asked for is no match."""
    route = {
        "get": f"{OBJECTS}/contacts/eve%40larkspur.example",
        "answer": recording.files["contact.json"],
    }
    with pytest.raises(UpstreamBroken):
        _find(recording, "contact_email", "eve@larkspur.example", route)


def test_follows_a_merged_company(recording: Recording) -> None:
    """HubSpot answers an old id with the company that it was merged into."""
    route = {"get": f"{OBJECTS}/companies/41200417", "answer": recording.files["company.json"]}
    ref = AccountRef("x", "Larkspur", external_ids={NAME: "41200417"})

    assert recording.fetch(recording.api(route), ref).values["account.name"] == "Larkspur Tools"


def test_finds_the_company_by_domain_where_its_id_is_unknown(recording: Recording) -> None:
    """An account that another system knows is looked up by its domain."""
    ref = AccountRef("a-1", "Larkspur", domain="larkspur.example")

    assert recording.fetch(recording.api(), ref).values["account.city"] == "Kassel"


def test_a_batch_with_errors_leaves_the_list_partial(recording: Recording) -> None:
    """A good status with errors in the body is not the whole list."""
    body = recording.files["deals.json"]
    answer = {**body, "results": body["results"][:1], "numErrors": 1, "errors": [{"id": "9102"}]}
    facts = recording.fetch(
        recording.api({"post": f"{OBJECTS}/deals/batch/read", "answer": answer})
    )

    assert len(facts.values["deals"]) == 1
    assert facts.partial == {"deals"}


def test_a_token_without_a_scope_leaves_a_gap(recording: Recording) -> None:
    """A refused list costs that list, with the reason, and not the account."""
    route = {"post": f"{OBJECTS}/deals/batch/read", "status": 403, "answer": {}}
    facts = recording.fetch(recording.api(route))

    assert "deals" not in facts.values
    assert [(bad.field, bad.reason) for bad in facts.bad] == [("deals", "refused")]


def test_a_check_names_a_property_that_is_missing(recording: Recording) -> None:
    """`sidelight check` says what HubSpot does not have, and how full the rest is."""
    files = {**recording.files, "company_properties.json": {"results": [{"name": "arr_valu"}]}}
    assert hubspot.check is not None
    found = hubspot.check(recording.link(recording.api(files=files)))

    assert "did you mean arr_valu?" in str(found[0])
    whole = hubspot.check(recording.link(recording.api()))
    assert "support_tier is filled in 1 of 1 sampled records" in " ".join(map(str, whole))


def test_a_daily_limit_is_a_limit() -> None:
    """A 429 with HubSpot's body for the day is rate_limited, for hours."""
    error = of_status(429, {}, {"errorType": "RATE_LIMIT", "policyName": "DAILY"}, NOW)

    assert error is not None
    assert error.reason == "rate_limited"


@pytest.mark.parametrize(
    "options",
    [
        {"token": ""},
        {"token": "t", "version": "v3"},
        {"token": "t", "fields": {"contract.arr": "Arr Value"}},
        {"token": "t", "links": {"Big Billing": "x"}},
        {"token": "t", "external_id": "a b"},
    ],
)
def test_refuses_bad_options(options: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        hubspot.options().load(options)


def _workspace(**kinds: str) -> Workspace:
    connections = {
        name: Connection(
            name,
            "hubspot",
            options=hubspot.options().load(
                {"token": "t", "fields": {"custom.region": {"from": "r", "type": kind}}}
            ),
        )
        for name, kind in kinds.items()
    }
    return Workspace("acme", "Acme", upstreams=connections)


def test_rules_may_read_custom_fields() -> None:
    """A custom field stands in the rule schema with its type and its connection."""
    spec = schema_of(_workspace(crm="number"))["custom.region"]

    assert (spec.type, spec.upstream) == ("number", "crm")
    assert spec.max_age is not None


def test_two_types_for_one_custom_field_are_an_error() -> None:
    """A rule could not know which one it reads."""
    with pytest.raises(ConfigurationError, match=r"custom.region: is a bool here and a number"):
        schema_of(_workspace(crm="number", other="bool"))


@pytest.mark.parametrize(("value", "known"), [("DACH", True), (["DACH"], False)])
def test_custom_fields_reach_the_record(recording: Recording, value: Any, known: bool) -> None:  # noqa: FBT001 — a case of the table
    """A custom field is a fact of the account, or a gap that says why it is none."""
    body = recording.files["company.json"]
    changed = {**body, "properties": {**body["properties"], "region_name": value}}
    facts = recording.fetch(recording.api(files={**recording.files, "company.json": changed}))
    offer = Offer("crm", "HubSpot", hubspot.covers(recording.options), facts)
    context = assemble(recording.account, [offer], Workspace("acme", "Acme"), NOW)
    gaps = [(gap.field, gap.reason) for gap in context.gaps if gap.field == "custom.region"]

    assert context.custom == ({"region": "DACH"} if known else {})
    assert gaps == ([] if known else [("custom.region", "bad_data")])
