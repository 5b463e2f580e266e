"""Turn a snapshot of the folder into the facts of one account."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from plugin.errors import UpstreamBroken, UpstreamNotFound, UpstreamUnset
from plugin.sources.tabular.contracts import Plain, read_contract
from plugin.sources.tabular.folder import Snapshot
from plugin.sources.tabular.found import RowFindings, merge, spoiled
from plugin.sources.tabular.items import read_items, read_tickets
from plugin.sources.tabular.joins import same_key
from plugin.sources.tabular.problems import TableProblem
from plugin.sources.tabular.records import read_record
from plugin.sources.tabular.sheets import SHEETS
from plugin.sources.tabular.table import Key, Row, Table
from plugin.upstream import AccountRef, BadValue, Facts, Link

Rows = Mapping[str, tuple[Row, ...]]
_IN_THE_CRM = {"contract.arr": "contract.crm_arr", "contract.seats_paid": "contract.crm_seats"}


def keys_of(ref: AccountRef, name: str) -> tuple[Key, ...]:
    """Return the keys under which this connection may know the account."""
    domains = ([ref.domain] if ref.domain else []) + list(ref.domains)
    return (
        ("account_id", ref.external_ids.get(name, ref.id)),
        *(same_key("domain", domain) for domain in dict.fromkeys(domains)),
        *(same_key("email", address) for address in dict.fromkeys(ref.emails)),
    )


def _rows(snapshot: Snapshot, ref: AccountRef, link: Link) -> Rows:
    """Return the account's rows; where there is a list of accounts, only its id counts."""
    keys = keys_of(ref, link.name)
    keys = keys[:1] if "accounts" in snapshot.tables else keys
    return {name: snapshot.join.find(name, keys) for name in snapshot.tables}


def _check_known(rows: Rows, ref: AccountRef) -> None:
    """Raise UpstreamNotFound where a table that lists accounts does not have this one."""
    listing = [name for name in rows if not SHEETS[name].root]
    unlisted = "accounts" in rows and not rows["accounts"]
    if unlisted or (listing and not any(rows.values())):
        raise UpstreamNotFound(f"The files have no row of the account {ref.id!r}")


def _children(table: Table, found: RowFindings, account_id: str) -> RowFindings:
    """Return the account with the number of accounts that name it as their parent."""
    if "account.children" in found.values or "parent_id" not in table.columns:
        return found
    count = sum(row.values.get("parent_id") == account_id for row in table.rows if not row.lost)
    return replace(found, values={**found.values, "account.children": count})


def _read(table: Table, rows: tuple[Row, ...], link: Link) -> RowFindings:
    today = _today(link)
    if table.sheet.name == "tickets":
        return read_tickets(table, rows, today, link.mine)
    if table.sheet.root:
        return read_items(table, rows, today)[0]
    if table.sheet.name == "subscriptions":
        return read_contract(table, rows, today)[0] if rows else RowFindings()
    return read_record(table, rows)


def _absent(snapshot: Snapshot, names: tuple[str, ...]) -> Iterator[BadValue]:
    """Yield a gap for all that the tables without a good file would have given."""
    covered = {path for table in snapshot.tables.values() for path in table.sheet.paths}
    for name in names:
        part = snapshot.parts.get(name)
        paths = SHEETS[name].paths - covered
        if part is None:
            message = f"there is no {name}.csv, {name}.json or {name}.jsonl in the folder"
            reason = "broken" if is_named(names) else "not_configured"
            yield from spoiled(paths, TableProblem(name, 0, "", message), reason)
        elif part.table is None and part.reason:
            yield from spoiled(paths, part.reason)


def _stand_in(found: RowFindings, path: str, source: str, value: Any) -> RowFindings:
    """Return the facts with `value` for a path that nothing is known or wrong about."""
    taken = path in found.values or any(bad.field == path for bad in found.bad)
    if taken or value is None or source not in found.values:
        return found
    values = {**found.values, path: value}
    return replace(found, values=values, fields={**found.fields, path: found.fields[source]})


def _spoiled_with(found: RowFindings, path: str, source: str) -> RowFindings:
    """Return the facts with `path` as unreadable as the cell that would have stood in for it."""
    if path in found.values:
        return found
    same = [replace(bad, field=path) for bad in found.bad if bad.field == source]
    return replace(found, bad=(*found.bad, *same))


def _whole(found: RowFindings, rows: Rows, names: tuple[str, ...]) -> RowFindings:
    """Return the facts where accounts and billing in one folder stand in for each other.

    The accounts give ARR and seats where the folder could have subscriptions and has none.
    """
    if not rows.get("accounts"):
        return found
    if "subscriptions" in names and "subscriptions" not in rows:
        for path, source in _IN_THE_CRM.items():
            found = _stand_in(found, path, source, found.values.get(source))
            found = _spoiled_with(found, path, source)
    return found


def _as_of(snapshot: Snapshot, rows: Rows, link: Link) -> datetime:
    """Return the oldest time that any of the rows holds for: its own, the setting's, the file's."""
    said = link.options.get("as_of", "file")
    times = []
    for name, part in snapshot.parts.items():
        general = {"read": link.now, "file": part.as_of}.get(said, said) or link.now
        times += [row.as_of or general for row in rows.get(name, ())]
        times += [] if rows.get(name) or part.table is None else [general]
    return min([*times, link.now])


def is_named(names: Collection[str]) -> bool:
    """Say whether settings name these tables: one that is named and has no file is lost."""
    return set(names) != set(SHEETS)


def _check_readable(snapshot: Snapshot, names: tuple[str, ...]) -> None:
    """Raise UpstreamUnset where no table has a file, UpstreamBroken where none is a table."""
    if not snapshot.parts:
        raise UpstreamUnset(f"The folder holds no file for {', '.join(names)}")
    if not snapshot.tables:
        reasons = [f"{problem.where} {problem.message}" for problem in snapshot.problems]
        raise UpstreamBroken("; ".join(reasons))


def read(snapshot: Snapshot, ref: AccountRef, link: Link) -> Facts:
    """Return what the files say of one account.

    Raises UpstreamNotFound where they do not have it, UpstreamUnset where there is no file at
    all, UpstreamBroken where none of them is a table.
    """
    names = tuple(link.options.get("parts") or SHEETS)
    _check_readable(snapshot, names)
    rows = _rows(snapshot, ref, link)
    _check_known(rows, ref)
    tables = snapshot.tables
    found = {name: _read(tables[name], rows[name], link) for name in tables}
    if "accounts" in found:
        found["accounts"] = _children(tables["accounts"], found["accounts"], ref_id(ref, link))
    said = _whole(merge(found.values()), rows, names)
    gaps = (*said.bad, *_absent(snapshot, names))
    bad = tuple(gap for gap in gaps if gap.field not in said.values)
    return Facts(
        said.values,
        _as_of(snapshot, rows, link),
        said.fields,
        said.partial,
        bad,
        subscriptions=_subscriptions(snapshot, rows, link),
        untold=said.untold,
    )


def _subscriptions(snapshot: Snapshot, rows: Rows, link: Link) -> tuple[Plain, ...]:
    """Return the account's subscriptions, for their revenue to be counted."""
    own, table = rows.get("subscriptions"), snapshot.tables.get("subscriptions")
    return read_contract(table, own, _today(link))[1] if own and table else ()


def _today(link: Link) -> date:
    return link.now.astimezone(ZoneInfo(link.time_zone)).date()


def ref_id(ref: AccountRef, link: Link) -> str:
    """Return the account's id in these files."""
    return ref.external_ids.get(link.name, ref.id)
