"""SQL: which queries and URLs settings may hold, and drivers that are missing."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamNotFound, UpstreamUnset
from plugin.upstream import AccountRef, Link
from plugin.vendors.sql.engines import ENGINES, Warehouse
from plugin.vendors.sql.source import sql
from tests.families.sources.recordings import NOW, FakeApi

QUERY = {"sql": "SELECT tier FROM accounts WHERE id = :account_id", "fields": {"account.tier": "t"}}
URL = "sqlite:///warehouse.db"


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM accounts",
        "SELECT 1; DROP TABLE accounts",
        "-- SELECT\nUPDATE accounts SET tier = 1",
        "/* SELECT */ INSERT INTO accounts VALUES (1)",
        "SELECT tier FROM accounts WHERE phone = :phone",
        "",
    ],
)
def test_refuses_what_is_no_query(text: str) -> None:
    """One statement that reads, with values that we know; the rest is an error in the settings."""
    with pytest.raises(ValidationError):
        sql.options().load({"url": URL, "queries": {"q": {**QUERY, "sql": text}}})


@pytest.mark.parametrize(
    "text",
    [
        "select tier from accounts where id = :account_id;",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "-- of one account\nSELECT tier::text FROM accounts WHERE domain = :domain",
        "SELECT '12:30' FROM accounts WHERE lower(email) = lower(:email)",
    ],
)
def test_takes_queries(text: str) -> None:
    """Comments, casts and a closing semicolon do no harm."""
    assert sql.options().load({"url": URL, "queries": {"q": {**QUERY, "sql": text}}})


@pytest.mark.parametrize(
    "options",
    [
        {"url": "mysql://a:b@h/d"},
        {"url": "nonsense"},
        {"url": "${X}"},
        {"queries": {}},
        {"queries": {"q": {**QUERY, "fields": {"account.tyre": "t"}}}},
        {"queries": {"q": {**QUERY, "fields": {"account.tier": "t; --"}}}},
        {"queries": {"q": {**QUERY, "items": "planets"}}},
        {"rows": 0},
        {"seconds": "2h"},
    ],
)
def test_refuses_bad_options(options: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError) as caught:
        sql.options().load({"url": URL, "queries": {"q": QUERY}, **options})

    assert "a:b" not in str(caught.value)


@pytest.mark.parametrize(("kind", "driver"), [("snowflake", "snowflake"), ("bigquery", "google")])
def test_names_the_extra_of_a_missing_driver(kind: str, driver: str) -> None:
    """Without the driver the gap says what to install."""
    if importlib.util.find_spec(driver) is not None:
        pytest.skip(f"the driver of {kind} is installed")
    with pytest.raises(UpstreamUnset, match=rf"install sidelight\[{kind}\]"):
        ENGINES.of(Warehouse(f"{kind}://user:pw@host/db", 1.0))


def test_does_not_ask_without_the_value() -> None:
    """An account without the domain that the only query wants is not known there."""
    query = {**QUERY, "sql": "SELECT tier FROM accounts WHERE domain = :domain"}
    options = sql.options().load({"url": URL, "queries": {"q": query}})
    with pytest.raises(UpstreamNotFound, match="no domain"):
        sql.fetch(AccountRef("a-1", "Acme"), Link("w", "x", options, FakeApi([], {}), NOW))


def test_custom_columns_reach_the_rules() -> None:
    """A custom field of a query has its type in the rule schema; those of items have none."""
    query = {**QUERY, "fields": {"custom.region": {"from": "r", "type": "number"}}}
    options = sql.options().load({"url": URL, "queries": {"q": query}})

    assert sql.custom(options) == {"region": "number"}
    assert sql.covers(options) == {"custom.region"}
