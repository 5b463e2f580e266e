"""Say for `sidelight check` which domains of the accounts lead to no account, or to several."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from plugin.sources.tabular.folder import Snapshot
from plugin.sources.tabular.joins import domain_key, domains_in
from plugin.sources.tabular.problems import TableProblem
from plugin.sources.tabular.table import Row, Table

_HINTS = {
    "own_domain": "it is yours: leave it out, or take it from own_domains of the workspace",
    "shared_domain": "list the people as contacts; if it is this firm's own, put it into "
    "company_domains of the workspace",
}
_WHY = {
    "own_domain": "a domain of your own firm",
    "shared_domain": "a domain that many share",
    "free_mail": "a mail provider's domain",
    "disposable": "a domain of throw-away addresses",
}


def _shared(table: Table, row: Row, domain: str, reason: str) -> TableProblem:
    message = f"{domain} is {_WHY.get(reason, reason)}, so no requester is found by it"
    hint = _HINTS.get(reason, _HINTS["shared_domain"])
    return TableProblem(table.file, row.line, "domain", message, hint)


def _twice(table: Table, rows: tuple[Row, ...], domain: str) -> TableProblem:
    names = ", ".join(f"{row.key[1]} (line {row.line})" for row in rows)
    message = f"{domain} is claimed by {len(rows)} accounts: {names}"
    hint = "keep it at one; until then people are asked which account it is"
    return TableProblem(table.file, rows[0].line, "domain", message, hint, is_note=True)


def doubtful_domains(
    snapshot: Snapshot, unusable: Callable[[str], str | None]
) -> Iterator[TableProblem]:
    """Yield a problem for each claimed domain that no account is found by, or several are.

    `unusable` says why no account is found by a domain (a match reason).
    """
    table = snapshot.tables.get("accounts")
    claimed = snapshot.directory.indexes.get("domain", {})
    for row in table.rows if table else ():
        for domain in () if row.lost else dict.fromkeys(map(domain_key, domains_in(row))):
            rows, reason = claimed.get(domain, ()), unusable(domain)
            if table and reason:
                yield _shared(table, row, domain, reason)
            elif table and len(rows) > 1 and rows[0] is row:
                yield _twice(table, rows, domain)
