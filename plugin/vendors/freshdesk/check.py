"""Say what is wrong with a connection to Freshdesk: domain, key, rights, statuses, fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from plugin.errors import Problem, UpstreamError, UpstreamRefused, did_you_mean
from plugin.sources.ticketing.answers import record_of, records, text
from plugin.sources.ticketing.checking import checked, no_answer
from plugin.upstream import Link
from plugin.vendors.freshdesk.api import TITLE
from plugin.vendors.freshdesk.tickets import STATUSES

ALL_TICKETS = "1"  # an agent's ticket scope
Look = Callable[[Link, str], Iterator[Problem]]


def _choices(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield number and name of each status."""
    choices = row.get("choices")
    for number, names in choices.items() if isinstance(choices, Mapping) else ():
        yield number, (text(names[0]) if isinstance(names, list) and names else "") or number


def _statuses(link: Link, key: str) -> Iterator[Problem]:
    """Yield the company's own statuses that have no meaning here."""
    asked = [("type", "default_status")]
    known = {**STATUSES, **link.options["statuses"]}
    for row in records(link.client.get("/api/v2/ticket_fields", asked), "", TITLE):
        for number, name in _choices(row):
            if number not in known:
                said = f"status {number} ({name}) has no meaning here: such a ticket has no status"
                hint = 'say what it amounts to, such as "on_hold"'
                yield Problem(f"{key}.statuses.{number}", said, hint)


def _external_id(link: Link, key: str) -> Iterator[Problem]:
    name = link.options.get("external_id")
    rows = records(link.client.get("/api/v2/company_fields"), "", TITLE) if name else []
    known = [text(row.get("name")) for row in rows]
    if name and name not in known:
        hint = did_you_mean(name, known, "create it, or name another one")
        yield Problem(f"{key}.external_id", f"companies have no field {name}", hint)


def _ratings(link: Link, key: str) -> Iterator[Problem]:
    if link.options["ratings"]:
        asked = [("per_page", "1")]
        records(link.client.get("/api/v2/surveys/satisfaction_ratings", asked), "", TITLE)
        yield Problem(f"{key}.ratings", "the key may read ratings", is_note=True)


PARTS: tuple[tuple[str, str, Look], ...] = (
    ("ticket fields", "give its agent's role the right to see ticket fields", _statuses),
    ("company fields", "give its agent's role the right to see company fields", _external_id),
    ("ratings", "or set ratings = false", _ratings),
)


def _look(link: Link, key: str, what: str, hint: str, part: Look) -> Iterator[Problem]:
    try:
        yield from part(link, key)
    except UpstreamRefused:
        yield Problem(f"{key}.key", f"Freshdesk refuses it for {what}", hint)
    except UpstreamError as error:
        yield no_answer(key, f"{TITLE}, asked for {what},", error, "try again")


def _agent(link: Link, key: str) -> Iterator[Problem]:
    """Yield what is wrong with whose key it is; nothing more is asked where it is no agent's."""
    agent = record_of(link.client.get("/api/v2/agents/me"), TITLE)
    if text(agent.get("ticket_scope")) != ALL_TICKETS:
        hint = "give the agent global access, or use the key of one who has it"
        yield Problem(f"{key}.key", "its agent does not see all tickets", hint)
    for what, hint, part in PARTS:
        yield from _look(link, key, what, hint, part)


def check(link: Link) -> tuple[Problem, ...]:
    """Return what is wrong with the domain, the key, its agent's rights, statuses and fields."""
    key = f"upstreams.{link.name}"
    hint = "copy the API key of an active agent: Profile settings → Your API key"
    refused = Problem(f"{key}.key", "Freshdesk refuses it", hint)
    absent = Problem(
        f"{key}.domain",
        f"there is no Freshdesk at {link.options['domain']}.freshdesk.com",
        "write what stands before .freshdesk.com",
    )
    down = "is the domain right? Else see status.freshdesk.com"
    return checked(link, TITLE, _agent(link, key), refused=refused, absent=absent, hint=down)
