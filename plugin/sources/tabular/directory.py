"""Answer whose a key is: one index for each way in which an account is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from plugin.account.ids import id_key
from plugin.sources.tabular.joins import Join, address_key, domain_key, domains_in
from plugin.sources.tabular.table import Row, Table

Index = Mapping[str, tuple[Row, ...]]


def _any_case(address: str) -> str:
    return address_key(address).lower()


# Question → the indexes that are asked: what any of them finds is an answer.
_QUESTIONS: dict[str, tuple[tuple[str, Callable[[str], str]], ...]] = {
    "external_id": (("id", id_key),),
    "organization": (("organization", id_key), ("id", id_key)),
    "contact_email": (("address", _any_case),),
    "domain": (("domain", domain_key),),
}


@dataclass(frozen=True, slots=True)
class AccountIndex:
    """The rows of the accounts table by each of their keys."""

    indexes: Mapping[str, Index] = field(default_factory=dict)

    def ask(self, question: str, value: str) -> tuple[Row, ...]:
        """Return the accounts that answer, each once, in the file's order."""
        rows = {
            row.line: row
            for index, key in _QUESTIONS.get(question, ())
            for row in self.indexes.get(index, {}).get(key(value), ())
        }
        return self._with_twins(tuple(rows.values()))

    def _with_twins(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Return the rows with all others of their ids: two rows of one id are two answers."""
        same = self.indexes.get("id", {})
        found = {twin.line: twin for row in rows for twin in same.get(id_key(row.key[1]), (row,))}
        return tuple(found[line] for line in sorted(found))


def _index(pairs: Iterable[tuple[str, Row]]) -> Index:
    found: dict[str, dict[int, Row]] = {}
    for key, row in pairs:
        found.setdefault(key, {})[row.line] = row
    return {key: tuple(rows[line] for line in sorted(rows)) for key, rows in found.items()}


def _people(accounts: Iterable[Row], join: Join) -> Iterator[tuple[str, Row]]:
    """Yield the address of every contact with the account that it leads to."""
    for account in accounts:
        for person in join.find("contacts", [("account_id", account.key[1])]):
            if "email" in person.values:
                yield person.values["email"], account


def build_directory(tables: Mapping[str, Table], join: Join) -> AccountIndex:
    """Return the indexes of the accounts; none where the folder has no accounts."""
    rows = tables["accounts"].rows if "accounts" in tables else ()
    accounts = [row for row in rows if not row.lost]
    people = list(_people(accounts, join))
    return AccountIndex(
        {
            "id": _index((id_key(row.key[1]), row) for row in accounts),
            "organization": _index(
                (id_key(row.values["organization_id"]), row)
                for row in accounts
                if "organization_id" in row.values
            ),
            "address": _index((_any_case(address), row) for address, row in people),
            "domain": _index((domain_key(one), row) for row in accounts for one in domains_in(row)),
        }
    )
