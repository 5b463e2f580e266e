"""What every ticket system does to know an account by: the surest way first, never a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from plugin.sources.ticketing.answers import Record, text
from plugin.sources.ticketing.recall import recalled
from plugin.upstream import AccountRef, Link

DOMAINS_MOST = 3  # that are asked for
KNOWN = timedelta(hours=1)
UNKNOWN = timedelta(minutes=5)


def reference(link: Link, row: Record, domains: tuple[str, ...]) -> AccountRef:
    """Return an organisation or company of a ticket system as the account that it is."""
    key = text(row["id"])
    name = text(row.get("name")) or key
    return AccountRef(key, name, next(iter(domains), None), domains, external_ids={link.name: key})


def domains_of(ref: AccountRef) -> list[str]:
    """Return the domains of an account that are worth a question, the primary one first."""
    known = dict.fromkeys(domain.lower() for domain in (ref.domain, *ref.domains) if domain)
    return list(known)[:DOMAINS_MOST]


def agrees(ref: AccountRef, domains: Sequence[str]) -> bool:
    """Say whether an organisation of the account's name may be it: their domains do not differ."""
    own = {domain.lower() for domain in (ref.domain, *ref.domains) if domain}
    return not own or not domains or bool(own & set(domains))


def only_key(ways: Iterable[Sequence[Record]]) -> str | None:
    """Return the id of the record that the first way to find any finds; None for several.

    A later way might point to one of the several, and show a part of the account as the whole.
    """
    found = next((keys for rows in ways if (keys := {text(row["id"]) for row in rows})), set())
    return found.pop() if len(found) == 1 else None


def remembered(link: Link, ref: AccountRef, ask: Callable[[], str | None]) -> str | None:
    """Return the key that an account was found by, asking once an hour.

    Tickets are read anew each minute, and to find whose they are can take as many calls again.
    That none was found is forgotten sooner: somebody may be setting it up.
    """
    about = (ref.id, ref.name, ref.domain, ref.domains, ref.emails[:1])
    return recalled(link, about, ask, lambda key: KNOWN if key else UNKNOWN)


def quoted(value: str) -> str:
    """Return a value for a search language, where it stays one phrase.

    A quote or a backslash in it would end the phrase, and no value that is looked for has one.
    """
    return '"' + re.sub(r'["\\\x00-\x1f]', "", value) + '"'
