"""Go from what is known of an account to its organisation in a ticket system."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from plugin.errors import UpstreamNotFound
from plugin.sources.ticketing.answers import Record, text
from plugin.sources.ticketing.matching import agrees, domains_of, only_key, reference, remembered
from plugin.upstream import AccountRef, Identity, Link

Ask = Callable[[Link, str], Sequence[Record]]


def nothing(_link: Link, _value: str) -> Sequence[Record]:
    """Find none: the system cannot be asked so."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """What a ticket system knows organisations by: it may call them companies or accounts.

    title, word  the system's name, and its word for an organisation.
    ids          what its own ids look like.
    one          the organisation of such an id, None where there is none.
    ways         what else finds some, the surest first: `external_id` (the id that we gave it),
                 `domain`, `contact_email` (of one of its people).
    named        those of exactly this name.
    of_person    those of the person to whom we gave this id; asked beside `external_id`.
    domains      which domains one lists as its own.
    """

    title: str
    word: str
    ids: re.Pattern[str]
    one: Callable[[Link, str], Record | None]
    ways: Mapping[str, Ask]
    named: Ask = nothing
    of_person: Ask = nothing
    domains: Callable[[Record], tuple[str, ...]]

    def _ask(self, link: Link, by: str, value: str) -> Sequence[Record]:
        if by == "contact_email" and "@" not in value:
            return ()
        return self.ways.get(by, nothing)(link, value)

    def _rows(self, link: Link, by: str, value: str) -> Sequence[Record]:
        if by == "organization":
            found = self.one(link, value)
            return () if found is None else (found,)
        rows = self._ask(link, by, value)
        if by != "external_id":
            return rows
        # One id may have been given to an organisation and to a person of another: both claim it.
        every = (*rows, *self.of_person(link, value))
        return list({text(row["id"]): row for row in every}.values())

    def find(self, identity: Identity, link: Link) -> tuple[AccountRef, ...]:
        """Return the organisations that are known under an identity."""
        value = identity.value.strip()
        rows = self._rows(link, identity.by, value) if value else ()
        return tuple(reference(link, row, self.domains(row)) for row in rows)

    def _candidates(self, ref: AccountRef, link: Link) -> Iterator[Sequence[Record]]:
        """Yield what each way to know the account by finds, the surest first."""
        known = {
            "external_id": [ref.id] if ref.id else [],
            "domain": domains_of(ref),
            "contact_email": ref.emails[:1],
        }
        for by in self.ways:
            for value in known[by]:
                yield self._ask(link, by, value)
        if ref.name:
            yield [row for row in self.named(link, ref.name) if agrees(ref, self.domains(row))]

    def key(self, ref: AccountRef, link: Link) -> str | None:
        """Return the id of the account's organisation: the known one, else the only one found."""
        known = ref.external_ids.get(link.name, "")
        if known and not self.ids.fullmatch(known):
            raise self._absent()
        return known or remembered(link, ref, lambda: only_key(self._candidates(ref, link)))

    def organisation(self, ref: AccountRef, link: Link) -> Record | None:
        """Return the account's organisation itself, None where no single one is found."""
        key = self.key(ref, link)
        if key is None:
            return None
        row = self.one(link, key)
        if row is None:
            raise self._absent()
        return row

    def _absent(self) -> UpstreamNotFound:
        return UpstreamNotFound(f"{self.title} has no {self.word} of this id")
