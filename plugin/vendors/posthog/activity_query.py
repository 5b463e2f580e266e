"""The HogQL that counts an account's activity: one query for all numbers, one for its people.

The text depends on the settings alone, and of those only on how many names they hold; every
name, key and time is a value that PostHog binds (https://posthog.com/docs/api/queries).
Functions are few and plain, and each has its twin in other databases. Ages are whole days of
24 hours back from one instant, so that a week is as long as the other, whatever the time of day.
"""

from __future__ import annotations

from collections.abc import Sequence

from plugin.vendors.posthog.activity_spec import (
    DAY,
    EXPORT_WEEKS,
    MOST_PEOPLE,
    MOST_WORKDAYS,
    WEEKS,
    Spec,
)

_EMAIL = "ifNull(person.properties.email, '')"
_DOMAIN = f"lower(arrayElement(splitByChar('@', {_EMAIL}), -1))"


def _account(spec: Spec) -> str:
    return _DOMAIN if spec.group_type is None else f"$group_{spec.group_type}"


def _is_own(spec: Spec) -> str:
    if spec.group_type is None:
        return f"has({{keys}}, {_DOMAIN})"
    return f"$group_{spec.group_type} = {{key}}"


def _staff(spec: Spec) -> str:
    ends = [
        f"endsWith(lower(email), {{{name}_{index}}})"
        for index in range(len(spec.staff))
        for name in ("staff", "staff_below")
    ]
    return f"WHERE NOT ({' OR '.join(ends)})" if ends else ""


def _starts(index: int, prefixes: Sequence[str]) -> str:
    tests = [f"startsWith(event, {{module_{index}_{at}}})" for at in range(len(prefixes))]
    return f"({' OR '.join(tests)})"


def _events(spec: Spec) -> str:
    """Return the account's events of the time that is looked at, each with its age in days."""
    is_active = "has({counted}, event)" if spec.active else "NOT has({counted}, event)"
    return f"""
    SELECT person_id, event, timestamp, {_account(spec)} AS account, {_EMAIL} AS email,
        ifNull(person.properties.name, '') AS name, person.created_at AS created_at,
        intDiv({{until}} - toUnixTimestamp(timestamp), {DAY}) AS age,
        toDate(toTimeZone(timestamp, {{zone}})) AS day,
        {is_active} AS is_active
    FROM events
    WHERE {_is_own(spec)}
        AND timestamp > fromUnixTimestamp({{since}})
        AND timestamp <= fromUnixTimestamp({{until}})"""  # noqa: S608 - fixed pieces, see above


def _module_columns(index: int, prefixes: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what is counted of a module for each person, and over all of them."""
    at, name = _starts(index, prefixes), f"module_{index}"
    inner = [
        f"countIf({at} AND age < 90) AS {name}_events",
        f"countIf({at} AND age < 28) AS {name}_recent",
        f"maxIf(toUnixTimestamp(timestamp), {at}) AS {name}_last",
    ]
    outer = [
        f"ifNull(sum({name}_events), 0) AS {name}_events_90d",
        f"countIf({name}_recent > 0) AS {name}_users_28d",
        f"ifNull(max({name}_last), 0) AS {name}_last_used_at",
    ]
    return inner, outer


def _export_columns() -> tuple[list[str], list[str]]:
    weeks = range(EXPORT_WEEKS)
    inner = [
        f"countIf(has({{exports}}, event) AND intDiv(age, 7) = {week}) AS exports_{week}"
        for week in weeks
    ]
    return inner, [f"[{', '.join(f'ifNull(sum(exports_{week}), 0)' for week in weeks)}] AS exports"]


def _person_columns() -> list[str]:
    windows = {
        "recent": "age < 28",
        "prior": "age >= 28 AND age < 56",
        "quarter": "age >= 90 AND age < 118",
        "seats": "age < 30",
        "seats_before": "age >= 30 AND age < 60",
        "events": "age < 90",
    }
    return [
        "min(account) AS first_account",
        "max(account) AS last_account",
        "countIf(is_active) AS ever",
        "maxIf(toUnixTimestamp(timestamp), is_active) AS last_at",
        *(f"countIf(is_active AND {when}) AS {name}" for name, when in windows.items()),
        "uniqExactIf(day, is_active AND age < 28 AND toDayOfWeek(day) < 6) AS workdays",
        "groupUniqArrayIf(intDiv(age, 7), is_active) AS weeks",
        "groupUniqArrayIf(day, is_active AND age < 90) AS days",
    ]


def _account_columns() -> list[str]:
    weekly = ", ".join(f"countIf(has(weeks, {week}))" for week in range(WEEKS))
    return [
        "min(first_account) AS first_account",
        "max(last_account) AS last_account",
        "countIf(ever > 0) AS people",
        "ifNull(max(last_at), 0) AS last_seen_at",
        "countIf(recent > 0) AS active_users_28d",
        "countIf(prior > 0) AS active_users_prior_28d",
        "countIf(quarter > 0) AS active_users_90d_ago",
        "countIf(seats > 0) AS seats_active",
        "countIf(seats_before > 0) AS seats_active_30d_ago",
        f"countIf(workdays > {MOST_WORKDAYS}) AS daily_power_users",
        "ifNull(max(events), 0) AS top_events",
        "ifNull(sum(events), 0) AS all_events",
        f"[{weekly}] AS weekly",
        "groupUniqArrayArray(days) AS days",
    ]


def activity_sql(spec: Spec) -> str:
    """Return the query that answers one row: how the whole account uses the product."""
    inner, outer = _person_columns(), _account_columns()
    parts = [_module_columns(*each) for each in enumerate(spec.modules.values())]
    if spec.exports:
        parts.append(_export_columns())
    for more, over_all in parts:
        inner, outer = inner + more, outer + over_all
    return f"""SELECT {", ".join(outer)}
FROM (
    SELECT person_id, {", ".join(inner)}
    FROM ({_events(spec)}
    ) {_staff(spec)}
    GROUP BY person_id
)"""  # noqa: S608 - fixed pieces, see above


def people_sql(spec: Spec) -> str:
    """Return the query that answers a row for each person who has an address, latest first."""
    return f"""SELECT lower(email) AS address, max(name) AS full_name,
    min(account) AS first_account, max(account) AS last_account,
    toUnixTimestamp(min(created_at)) AS first_seen_at,
    max(toUnixTimestamp(timestamp)) AS last_seen_at,
    countIf(age < 28) AS recent,
    uniqExactIf(day, age < 28 AND toDayOfWeek(day) < 6) AS workdays,
    uniqExactIf(intDiv(age, 7), age < 28) AS weeks
FROM (SELECT * FROM ({_events(spec)}
    ) {_staff(spec)}
)
WHERE is_active AND email LIKE '%_@_%'
GROUP BY address
ORDER BY last_seen_at DESC
LIMIT {MOST_PEOPLE + 1}"""  # noqa: S608 - fixed pieces, see above
