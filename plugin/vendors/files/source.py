"""Read facts from a folder of CSV and JSON files: what a small firm with a spreadsheet has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, fields, validate

from plugin.errors import Problem, UpstreamBroken, UpstreamError, UpstreamUnavailable, UpstreamUnset
from plugin.settings.schema import FolderPath
from plugin.sources.tabular.cells import read_instant
from plugin.sources.tabular.claims import doubtful_domains
from plugin.sources.tabular.facts import is_named, read
from plugin.sources.tabular.folder import Folder, Snapshot, open_folder
from plugin.sources.tabular.joins import Join, same_key
from plugin.sources.tabular.options import FileSchema, TableMaps, maps_of
from plugin.sources.tabular.problems import BadCell
from plugin.sources.tabular.sheets import SHEETS
from plugin.sources.tabular.table import LINKED, Row
from plugin.upstream import AccountChanges, AccountRef, Facts, Identity, Link, Upstream

DOCS = "https://www.rfc-editor.org/rfc/rfc4180"
PROBLEMS_MAX = 200
SEARCH_MAX = 10
FRESH = 86_400.0  # seconds: files are written daily; a changed one is read at once anyway
NO_ACCOUNTS = "{folder} holds no accounts.csv, accounts.json or accounts.jsonl"


class AsOf(fields.Field[Any]):
    """`file`, `read` or an instant in ISO 8601."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str | datetime:
        del attr, data
        try:
            return str(value) if value in ("file", "read") else read_instant(value)
        except BadCell as error:
            raise ValidationError(f"neither file, read nor a time: {error}") from error


class FilesOptions(FileSchema):
    """The settings of one connection of kind `files`."""

    folder = FolderPath(required=True, validate=validate.Length(min=1))
    parts = fields.List(
        fields.String(validate=validate.OneOf(list(SHEETS))),
        load_default=lambda: list(SHEETS),
        validate=validate.Length(min=1),
    )
    as_of = AsOf(load_default="file")
    mapping = TableMaps(load_default=dict)


def _parts(options: Mapping[str, Any]) -> tuple[str, ...]:
    chosen = options.get("parts") or SHEETS
    return tuple(name for name in SHEETS if name in chosen)


def supplies_by(options: Mapping[str, Any]) -> frozenset[str]:
    """Return the paths that the tables of this connection fill, custom ones at large."""
    known = frozenset(path for name in _parts(options) for path in SHEETS[name].paths)
    has_custom = any(not SHEETS[name].root for name in _parts(options))
    return known | ({"custom"} if has_custom else set())


def _folder(link: Link) -> Folder:
    """Return the folder that the connection reads."""
    folder = link.options.get("folder")
    if not folder:
        raise UpstreamUnset("The setting `folder` is empty: name the folder of the files")
    return open_folder(Path(folder), _parts(link.options), maps_of(link.options))


def mark(link: Link) -> str:
    """Return a word that changes with the files of this connection."""
    return _folder(link).mark(link.now)


def _snapshot(link: Link) -> Snapshot:
    """Return the folder as it is now; its accounts must be readable, if it is asked for them."""
    snapshot = _folder(link).snapshot(link.now)
    part = snapshot.parts.get("accounts")
    if "accounts" in _parts(link.options) and part is None:
        raise UpstreamUnavailable(NO_ACCOUNTS.format(folder=link.options["folder"]))
    if part is not None and part.table is None and part.reason:
        raise UpstreamBroken(f"{part.reason.where} {part.reason.message}")
    return snapshot


def fetch(ref: AccountRef, link: Link) -> Facts:
    """Return what the files say of one account."""
    return read(_snapshot(link), ref, link)


def _emails(join: Join, row: Row) -> tuple[str, ...]:
    people = join.find("contacts", [("account_id", row.key[1])])
    return tuple(
        dict.fromkeys(person.values["email"] for person in people if "email" in person.values)
    )


def _ref(row: Row, join: Join, name: str) -> AccountRef:
    linked = {found[1]: row.values[key] for key in row.values if (found := LINKED.fullmatch(key))}
    return AccountRef(
        id=row.key[1],
        name=row.values["name"],
        domain=row.values.get("domain"),
        domains=row.values.get("domains", ()),
        emails=_emails(join, row),
        external_ids={**linked, name: row.key[1]},
    )


def find(identity: Identity, link: Link) -> tuple[AccountRef, ...]:
    """Return every account that answers the question; two rows of one id are two answers."""
    if not identity.value or "accounts" not in _parts(link.options):
        return ()
    snapshot = _snapshot(link)
    rows = snapshot.directory.ask(identity.by, identity.value)
    if not rows and identity.by == "contact_email":
        return _person(identity.value, snapshot.join)
    return tuple(_ref(row, snapshot.join, link.name) for row in rows)


def search(words: str, link: Link) -> tuple[AccountRef, ...]:
    """Return the first accounts, in the file's order, whose name or domain holds the words."""
    if "accounts" not in _parts(link.options):
        return ()
    snapshot, wanted = _snapshot(link), words.casefold().split()
    rows = (row for rows in snapshot.directory.indexes.get("id", {}).values() for row in rows)
    found = (row for row in rows if wanted and all(word in _said(row) for word in wanted))
    return tuple(_ref(row, snapshot.join, link.name) for row in islice(found, SEARCH_MAX))


def _cursor(snapshot: Snapshot, link: Link) -> str:
    """Return a word for the tables in force and how they are read, not for those refused."""
    stamps = [(name, part.stamp) for name, part in sorted(snapshot.parts.items())]
    state = (stamps, str(maps_of(link.options)))
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]


def changed(link: Link, cursor: str | None) -> tuple[AccountChanges, str]:
    """Return all accounts when a file is another one than at the cursor, else none.

    Of two rows with one id the first stands for it. While a row cannot be read the list is not
    whole: its account is still there.
    """
    if "accounts" not in _parts(link.options):
        raise UpstreamUnset("The setting `parts` leaves out accounts: nothing lists them here")
    snapshot = _snapshot(link)
    now = _cursor(snapshot, link)
    if now == cursor:
        return AccountChanges(), now
    rows = [twins[0] for twins in snapshot.directory.indexes.get("id", {}).values()]
    table = snapshot.tables["accounts"]
    is_whole = not table.torn and not any(row.lost for row in table.rows)
    refs = tuple(_ref(row, snapshot.join, link.name) for row in rows)
    return AccountChanges(refs, is_whole=is_whole), now


def first_accounts(link: Link, most: int) -> tuple[AccountRef, ...]:
    """Return the first accounts in the file's order, for somebody who tries a mapping."""
    snapshot = _snapshot(link)
    rows = (row for rows in snapshot.directory.indexes.get("id", {}).values() for row in rows)
    return tuple(_ref(row, snapshot.join, link.name) for row in islice(rows, most))


def _said(row: Row) -> str:
    names = (row.values["name"], row.values.get("domain") or "", *row.values.get("domains", ()))
    return " ".join(names).casefold()


def _person(address: str, join: Join) -> tuple[AccountRef, ...]:
    """Return a contact who belongs to no account, as an account without an id."""
    for row in join.find("contacts", [same_key("email", address)]):
        return (AccountRef("", row.values.get("name") or "", emails=(address,)),)
    return ()


def _lost_parts(snapshot: Snapshot, link: Link) -> list[Problem]:
    """Return a problem for each table that `parts` names and that has no file."""
    names, folder = _parts(link.options), link.options["folder"]
    if not is_named(names):
        return []
    return [
        Problem(
            f"upstreams.{link.name}.parts",
            f"names {name}, and {folder} holds no {name}.csv, {name}.json or {name}.jsonl",
            "put the file there, or take the name out: until then its facts are unknown",
        )
        for name in names
        if name not in snapshot.parts and name != "accounts"
    ]


def _no_accounts(snapshot: Snapshot, link: Link) -> list[Problem]:
    """Return a problem where the one table that must be there is not."""
    if "accounts" in snapshot.parts or "accounts" not in _parts(link.options):
        return []
    message = NO_ACCOUNTS.format(folder=link.options["folder"])
    return [Problem(f"upstreams.{link.name}.folder", message, "accounts is the one table needed")]


def check(link: Link) -> tuple[Problem, ...]:
    """Return everything that is wrong with the folder and its files."""
    try:
        snapshot = _folder(link).snapshot(link.now)
    except UpstreamError as error:
        return (Problem(f"upstreams.{link.name}.folder", str(error), "see docs/vendors/files.md"),)
    problems = (*snapshot.problems, *doubtful_domains(snapshot, link.unusable))
    found = [
        Problem(one.where, one.message, one.hint, is_note=one.is_note)
        for one in sorted(problems, key=lambda one: one.is_note)
    ]
    rest = len(found) - PROBLEMS_MAX
    more = [Problem(f"upstreams.{link.name}", f"{rest} more problems in its files")]
    lost = (*_no_accounts(snapshot, link), *_lost_parts(snapshot, link))
    return (*lost, *found[:PROBLEMS_MAX], *(more if rest > 0 else []))


files = Upstream(
    name="files",
    title="Files",
    docs_url=DOCS,
    options=FilesOptions,
    supplies=supplies_by({}),
    supplies_by=supplies_by,
    fetch=fetch,
    find=find,
    search=search,
    changed=changed,
    check=check,
    mark=mark,
    budget=FRESH,
    local=True,
)
