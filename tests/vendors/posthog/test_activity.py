"""The counting queries of PostHog, run for real on DuckDB beside the same counts by hand.

DuckDB has the few functions under other names; each is a macro here. ClickHouse's own empty
maximum is 0, as `maxIf` says.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest

from plugin.sources.mapping.queries import Rows
from plugin.sources.mapping.reading import PropertyPlace
from plugin.vendors.posthog.activity_facts import people_of, usage_of
from plugin.vendors.posthog.activity_query import activity_sql, people_sql
from plugin.vendors.posthog.activity_spec import IDLE, Spec, values_of

UNTIL = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ZONE = "America/Los_Angeles"
PLACE = PropertyPlace("PostHog", "usd", "UTC")
MACROS = """
CREATE MACRO ifNull(a, b) AS coalesce(a, b);
CREATE MACRO has(l, x) AS list_contains(l, x);
CREATE MACRO intDiv(a, b) AS a // b;
CREATE MACRO toUnixTimestamp(t) AS CAST(floor(epoch(t)) AS BIGINT);
CREATE MACRO fromUnixTimestamp(n) AS to_timestamp(n);
CREATE MACRO toTimeZone(t, z) AS t AT TIME ZONE z;
CREATE MACRO toDate(t) AS CAST(t AS DATE);
CREATE MACRO toDayOfWeek(d) AS isodow(d);
CREATE MACRO startsWith(a, b) AS starts_with(a, b);
CREATE MACRO endsWith(a, b) AS suffix(a, b);
CREATE MACRO splitByChar(c, s) AS string_split(s, c);
CREATE MACRO arrayElement(l, i) AS list_extract(l, i);
CREATE MACRO countIf(c) AS count(*) FILTER (WHERE c);
CREATE MACRO maxIf(x, c) AS coalesce(max(x) FILTER (WHERE c), 0);
CREATE MACRO uniqExactIf(x, c) AS count(DISTINCT x) FILTER (WHERE c);
CREATE MACRO groupUniqArrayIf(x, c) AS coalesce(list(DISTINCT x) FILTER (WHERE c), []);
CREATE MACRO groupUniqArrayArray(l) AS coalesce(list_distinct(flatten(list(l))), []);
CREATE TABLE events (
    person_id VARCHAR, event VARCHAR, timestamp TIMESTAMPTZ, "$group_0" VARCHAR,
    person STRUCT(properties STRUCT(email VARCHAR, name VARCHAR), created_at TIMESTAMPTZ)
);
"""
STARTED = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Event:
    """Something that a person did."""

    person: str
    event: str
    at: datetime
    account: str = "a-104"
    email: str | None = None


def _spec(**changes: Any) -> Spec:
    usual = Spec(0, ("a-104",), (), {}, (), (), UNTIL, ZONE)
    return replace(usual, **changes)


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return an empty project."""
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        opened.execute(MACROS)
        yield opened


def _fill(database: duckdb.DuckDBPyConnection, events: Sequence[Event]) -> None:
    database.execute(
        "INSERT INTO events SELECT person, event, moment, account, {'properties':"
        " {'email': email, 'name': 'Name ' || person}, 'created_at': $started} FROM (SELECT"
        " unnest($person) AS person, unnest($event) AS event, unnest($at) AS moment,"
        " unnest($account) AS account, unnest($email) AS email)",
        {
            **{
                name: [getattr(one, name) for one in events]
                for name in ("person", "event", "at", "account", "email")
            },
            "started": STARTED,
        },
    )


def _run(database: duckdb.DuckDBPyConnection, sql: str, spec: Spec) -> Rows:
    wanted = set(re.findall(r"\{(\w+)\}", sql))
    text = re.sub(r"\{(\w+)\}", r"$\1", sql.replace("$group_0", '"$group_0"'))
    bound = {name: value for name, value in values_of(spec).items() if name in wanted}
    assert wanted <= set(bound)
    found = database.execute(text, bound)
    columns = tuple(column[0].lower() for column in found.description or ())
    rows = tuple(dict(zip(columns, row, strict=True)) for row in found.fetchall())
    return Rows(columns, rows)


def _usage(
    database: duckdb.DuckDBPyConnection, spec: Spec, since: datetime | None = None
) -> dict[str, Any]:
    found = usage_of(_run(database, activity_sql(spec), spec), spec, since)
    return {path.removeprefix("usage."): value for path, value in found.values.items()}


def _ago(days: float) -> datetime:
    return UNTIL - timedelta(days=days)


def _people(events: Sequence[Event], low: int, high: int) -> int:
    return len({one.person for one in events if low <= (UNTIL - one.at) // timedelta(1) < high})


def _day(one: Event) -> date:
    return one.at.astimezone(ZoneInfo(ZONE)).date()


def _by_hand(events: Sequence[Event]) -> dict[str, Any]:
    """Count the same of a list of events, all of them activity of the customer's people."""
    recent = [one for one in events if one.at > _ago(90)]
    by_person = Counter(one.person for one in recent)
    days = sorted({_day(one) for one in recent})
    workdays = {
        (one.person, _day(one)) for one in events if one.at > _ago(28) and _day(one).weekday() < 5
    }
    power = Counter(person for person, _ in workdays)
    return {
        "active_users_28d": _people(events, 0, 28),
        "active_users_prior_28d": _people(events, 28, 56),
        "active_users_90d_ago": _people(events, 90, 118),
        "seats_active": _people(events, 0, 30),
        "seats_active_30d_ago": _people(events, 30, 60),
        "daily_power_users": sum(1 for count in power.values() if count > 10),
        "top_user_share": max(by_person.values()) / len(recent),
        "median_gap_days": median((b - a).days for a, b in pairwise(days)),
        "last_seen_at": max(one.at for one in events).replace(microsecond=0),
        "weekly_active": tuple(_people(events, 7 * w, 7 * w + 7) for w in range(25, -1, -1)),
    }


def _random_events(chance: random.Random, count: int) -> list[Event]:
    return [
        Event(f"p{int(chance.random() ** 2 * 12)}", "opened", _ago(chance.random() ** 2 * 180))
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_counts_what_happened(database: duckdb.DuckDBPyConnection, seed: int) -> None:
    """Every number is the one that counting by hand gives."""
    events = _random_events(random.Random(seed), 600)  # noqa: S311 - to be repeated
    _fill(database, events)

    assert _usage(database, _spec(), STARTED) == _by_hand(events)


def test_other_accounts_staff_and_housekeeping_are_no_activity(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Neither another group, nor our own people, nor what the library sends by itself counts."""
    own = Event("p1", "opened", _ago(3), email="ada@marigold.example")
    noise = [
        Event("p2", "opened", _ago(1), account="a-105"),
        Event("p3", "opened", _ago(1), email="Ben@Own.example"),
        Event("p4", "opened", _ago(1), email="eve@eu.own.example"),
        *(Event("p5", name, _ago(1)) for name in IDLE),
        Event("p6", "opened", UNTIL + timedelta(hours=1)),
        Event("p7", "opened", _ago(26 * 7 + 1)),
    ]
    _fill(database, [own, *noise])
    said = _usage(database, _spec(staff=("own.example",)))

    assert said["active_users_28d"] == 1
    assert said["last_seen_at"] == own.at
    assert said["weekly_active"] == (1,)
    assert said["top_user_share"] == 1.0


def test_a_look_alike_of_our_domain_is_a_customer(database: duckdb.DuckDBPyConnection) -> None:
    """notown.example is not own.example, and a person without an address is nobody's staff."""
    _fill(
        database,
        [
            Event("p1", "opened", _ago(1), email="ada@notown.example"),
            Event("p2", "opened", _ago(1)),
        ],
    )

    assert _usage(database, _spec(staff=("own.example",)))["active_users_28d"] == 2


def test_only_the_named_events_are_activity(database: duckdb.DuckDBPyConnection) -> None:
    """With `active`, other events count for their module and for nothing else."""
    _fill(
        database,
        [
            Event("p1", "report_opened", _ago(2)),
            Event("p2", "export_done", _ago(1)),
            Event("p2", "export_done", _ago(60)),
            Event("p3", "export_done", _ago(120)),
        ],
    )
    modules = {"Reporting": ("report_",), "Export": ("export_", "csv_"), "Forms": ("form_",)}
    said = _usage(database, _spec(active=("report_opened",), modules=modules))

    assert said["active_users_28d"] == 1
    assert said["last_seen_at"] == _ago(2)
    counted = [
        (module.name, module.events_90d, module.users_28d, module.last_used_at)
        for module in said["modules"]
    ]
    assert counted == [
        ("Reporting", 1, 1, _ago(2)),
        ("Export", 2, 1, _ago(1)),
        ("Forms", 0, 0, None),
    ]


def test_exports_beside_the_usual_week(database: duckdb.DuckDBPyConnection) -> None:
    """The last week's exports stand beside the median of the twelve before."""
    last = [Event("p1", "export_done", _ago(1)) for _ in range(40)]
    before = [Event("p1", "export_done", _ago(7 * week + 1)) for week in range(1, 13)] * 3
    _fill(database, [*last, *before, Event("p1", "export_started", _ago(1))])
    said = _usage(database, _spec(exports=("export_done",)))

    assert (said["exports_7d"], said["exports_median_7d"]) == (40, 3.0)


def test_silence_of_a_known_group_is_a_fact(database: duckdb.DuckDBPyConnection) -> None:
    """Nobody is active: 0, in as many weeks as the group is known for; the rest is not told."""
    said = _usage(database, _spec(), since=_ago(20))

    assert said["active_users_28d"] == 0
    assert said["weekly_active"] == (0, 0, 0)
    assert not {"last_seen_at", "top_user_share", "median_gap_days"} & set(said)


def test_weeks_before_the_account_was_there_are_unknown(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """A young account has as many weeks as it is old, and the quiet ones among them are 0."""
    _fill(database, [Event("p1", "opened", _ago(8)), Event("p2", "opened", _ago(22))])

    assert _usage(database, _spec())["weekly_active"] == (1, 0, 1, 0)
    assert _usage(database, _spec(), since=_ago(40))["weekly_active"] == (0, 0, 1, 0, 1, 0)


def test_accounts_without_groups_are_their_peoples_domains(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Without a group type the addresses of people say whose they are, exactly."""
    _fill(
        database,
        [
            Event("p1", "opened", _ago(1), "", "Ada@Marigold.example"),
            Event("p2", "opened", _ago(1), "", "ben@eu.marigold.example"),
            Event("p3", "opened", _ago(1), "", "eve@notmarigold.example"),
            Event("p4", "opened", _ago(1), ""),
        ],
    )
    spec = _spec(group_type=None, keys=("marigold.example", "marigold.test"))

    assert _usage(database, spec)["active_users_28d"] == 1


def test_each_person_has_first_and_last_activity(database: duckdb.DuckDBPyConnection) -> None:
    """People with an address come latest first, each with a tier; staff is left out."""
    daily = [Event("p1", "opened", _ago(n), email="ada@marigold.example") for n in range(28)]
    weekly = [
        Event("p2", "opened", _ago(7 * n + 1), email="ben@marigold.example") for n in (0, 1, 3)
    ]
    seldom = [Event("p3", "opened", _ago(20), email="eve@marigold.example")]
    gone = [Event("p4", "opened", _ago(100), email="sam@marigold.example")]
    staff = [Event("p5", "opened", _ago(1), email="me@own.example"), Event("p6", "opened", _ago(1))]
    _fill(database, [*daily, *weekly, *seldom, *gone, *staff])
    spec = _spec(staff=("own.example",))
    found = people_of(_run(database, people_sql(spec), spec), spec, PLACE)
    people = found.values["contacts"]

    assert [(one.email, one.usage_tier) for one in people] == [
        ("ada@marigold.example", "daily_power"),
        ("ben@marigold.example", "weekly"),
        ("eve@marigold.example", "occasional"),
        ("sam@marigold.example", "dormant"),
    ]
    assert people[0].name == "Name p1"
    assert people[1].last_seen_at == _ago(1)
    assert people[1].first_seen_at == STARTED


def test_no_name_of_the_settings_becomes_text() -> None:
    """Whatever events, modules, keys and domains are called, the query's text stays the same."""
    evil = "x') OR 1=1 --"

    def spec(key: str, name: str) -> Spec:
        return _spec(
            keys=(key,),
            active=(name,),
            modules={name: (name,)},
            exports=(name,),
            staff=(name,),
        )

    for build in (activity_sql, people_sql):
        assert build(spec("a-104", "opened")) == build(spec(evil, evil))
