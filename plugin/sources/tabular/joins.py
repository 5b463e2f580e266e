"""Find the rows of an account: by its id, else by its domain or the address of a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from plugin.account.domains import normal_domain, read_domain
from plugin.account.ids import id_key
from plugin.sources.tabular.problems import TableProblem
from plugin.sources.tabular.table import Key, Row, Table


@dataclass(frozen=True, slots=True)
class Join:
    """The rows of every table by whose they are, and what cannot be told."""

    rows: Mapping[tuple[str, Key], tuple[Row, ...]]
    problems: tuple[TableProblem, ...] = ()

    def find(self, table: str, keys: Iterable[Key]) -> tuple[Row, ...]:
        """Return the rows of `table` under any of `keys`, each once, in the file's order."""
        same = {same_key(*key) for key in keys}
        found = {row.line: row for key in same for row in self.rows.get((table, key), ())}
        return tuple(found[line] for line in sorted(found))


def domain_key(domain: str) -> str:
    """Return a domain as it is compared: in normal form, where it is one."""
    return read_domain(domain) or domain.strip().lower()


def address_key(address: str) -> str:
    """Return an e-mail address as it is compared: the local part as it is, the domain folded."""
    local, _, domain = address.strip().rpartition("@")
    return f"{local}@{normal_domain(domain) or domain.lower()}"


def same_key(kind: str, value: str) -> Key:
    """Return a row's key as it is compared; addresses in lower case, ids in one spelling."""
    compared = {"domain": domain_key, "account_id": id_key}.get(kind)
    return kind, compared(value) if compared else address_key(value).lower()


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, account_id in pairs:
        found.setdefault(key, {})[account_id] = None
    return {key: tuple(ids) for key, ids in found.items()}


def _rows(tables: Mapping[str, Table], name: str) -> list[Row]:
    return [row for row in tables[name].rows if row.key[0]] if name in tables else []


def _domains(rows: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    own = [(domain, row.key[1]) for row in rows for domain in domains_in(row)]
    return _unique((domain_key(domain), owner) for domain, owner in own)


def domains_in(account: Row) -> tuple[str, ...]:
    """Return every domain that a row of the accounts claims, the primary one first."""
    primary = account.values.get("domain")
    return tuple(dict.fromkeys(filter(None, (primary, *account.values.get("domains", ())))))


@dataclass(frozen=True, slots=True)
class _Owners:
    """What this folder's accounts and contacts say about whose a key is."""

    ids: frozenset[str] | None  # None where the folder has no accounts
    domains: Mapping[str, tuple[str, ...]]
    people: Mapping[str, tuple[str, ...]]  # by address

    def of(self, key: Key) -> tuple[str, ...]:
        """Return the ids of the accounts that `key` may mean."""
        if key[0] == "account_id":
            return (key[1],)
        return (self.domains if key[0] == "domain" else self.people).get(same_key(*key)[1], ())


def _problem(table: Table, row: Row, message: str, hint: str) -> TableProblem:
    return TableProblem(table.file, row.line, row.key[0], message, hint)


def _twice(table: Table, rows: tuple[Row, ...]) -> list[TableProblem]:
    """Return a problem for each of several rows where one account may have one."""
    whole = [row for row in rows if not row.lost]
    may_repeat = bool(table.sheet.root) or table.sheet.name == "subscriptions"
    if may_repeat or len(whole) <= 1:
        return []
    lines = ", ".join(str(row.line) for row in whole)
    message = f"{whole[0].key[1]!r} stands in lines {lines}; none of them is used"
    return [_problem(table, row, message, "keep one row") for row in whole]


def _place(table: Table, row: Row, owners: _Owners) -> tuple[Key | None, TableProblem | None]:
    """Return the key that a row is found under, None where it cannot be told whose it is."""
    found = owners.of(row.key)
    if len(found) > 1:
        message = f"{row.key[1]!r} belongs to several accounts: {', '.join(found)}"
        return None, _problem(table, row, message, "fill in account_id")
    key = same_key("account_id", found[0]) if found else same_key(*row.key)
    is_person = table.sheet.name == "contacts" and key[0] == "email"  # one without a company
    if owners.ids is None or key[1] in owners.ids or row.lost or is_person:
        return key, None
    message = f"{row.key[1]!r} is no account of the accounts file"
    return key, _problem(table, row, message, "the row is never shown")


def _people(rows: Mapping[tuple[str, Key], list[Row]]) -> dict[str, tuple[str, ...]]:
    """Return the accounts that each contact's address stands for."""
    return _unique(
        (address_key(row.values["email"]).lower(), key[1])
        for (table, key), found in rows.items()
        if table == "contacts" and key[0] == "account_id"
        for row in found
        if "email" in row.values
    )


def _order(name: str) -> tuple[bool, bool]:
    """Accounts and contacts come first: they say whose the other rows are."""
    return (name != "accounts", name != "contacts")


def join(tables: Mapping[str, Table]) -> Join:
    """Return the rows of all tables by whose they are, with what cannot be told apart."""
    accounts = [row for row in _rows(tables, "accounts") if not row.lost]
    ids = frozenset(id_key(row.key[1]) for row in accounts) if "accounts" in tables else None
    owners = _Owners(ids, _domains(accounts), {})
    rows: dict[tuple[str, Key], list[Row]] = {}
    problems: list[TableProblem] = []
    for name in sorted(tables, key=_order):
        for row in _rows(tables, name):
            key, problem = _place(tables[name], row, owners)
            problems += [problem] if problem else []
            if key:
                rows.setdefault((name, key), []).append(row)
        if name == "contacts":
            owners = replace(owners, people=_people(rows))
    found = {key: tuple(some) for key, some in rows.items()}
    twice = [problem for (name, _), some in found.items() for problem in _twice(tables[name], some)]
    return Join(found, (*problems, *twice))
