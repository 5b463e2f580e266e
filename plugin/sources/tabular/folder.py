"""Keep a folder of tables in memory: read what changed, swap it whole, keep the last good.

A file put in place by renaming is taken at once. One that is rewritten in place is taken when
it has stood still for SETTLED, so that half of it is never shown.
"""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path

from plugin.errors import UpstreamUnavailable
from plugin.sources.tabular.csv_rows import read_csv
from plugin.sources.tabular.directory import AccountIndex, build_directory
from plugin.sources.tabular.exports import recognised
from plugin.sources.tabular.header_fit import header_fit
from plugin.sources.tabular.joins import Join, join
from plugin.sources.tabular.json_rows import read_json
from plugin.sources.tabular.problems import BadFile, TableProblem
from plugin.sources.tabular.raw import BYTES_MAX
from plugin.sources.tabular.sheets import SHEETS
from plugin.sources.tabular.table import Table, build_table
from plugin.sources.tabular.table_map import PLAIN, TableMap

SETTLED = timedelta(seconds=1)
APART = timedelta(seconds=1)
BACK = timedelta(seconds=10)  # that a folder written anew may take until it is whole again
SUFFIXES = (".csv", ".json", ".jsonl")
_LAST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()  # a file may claim any time
Maps = tuple[tuple[str, TableMap], ...]  # table → what the settings say of its file
Stamp = tuple[str, int, int, int]  # name, inode, size, time of change in ns


@dataclass(frozen=True, slots=True)
class FolderPart:
    """One table of the folder: the last good one, and why a newer file is not in force."""

    seen: tuple[Stamp, ...]
    table: Table | None = None
    stamp: Stamp | None = None
    reason: TableProblem | None = None

    @property
    def as_of(self) -> datetime | None:
        """Return when the file in force was last changed."""
        return _changed(self.stamp) if self.stamp else None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All tables of the folder at one moment, their rows found by whose they are."""

    parts: Mapping[str, FolderPart]
    join: Join
    directory: AccountIndex

    @property
    def tables(self) -> dict[str, Table]:
        """Return the tables that can be read, by name."""
        return {name: part.table for name, part in self.parts.items() if part.table}

    @property
    def problems(self) -> tuple[TableProblem, ...]:
        """Return everything that is wrong with the files, in their order."""
        reasons = [part.reason for part in self.parts.values() if part.reason]
        found = [problem for table in self.tables.values() for problem in table.problems]
        return (*reasons, *found, *self.join.problems)


def _changed(stamp: Stamp) -> datetime:
    return datetime.fromtimestamp(min(max(stamp[3] / 1e9, 0), _LAST), UTC)


def _stamp(name: str, status: os.stat_result) -> Stamp:
    return name, status.st_ino, status.st_size, status.st_mtime_ns


def _look(folder: Path) -> dict[str, list[Stamp]]:
    """Return the stamps of the files that may be tables, by the table's name."""
    found: dict[str, list[Stamp]] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name = Path(entry.name.lower())
                if name.suffix in SUFFIXES and name.stem in SHEETS:
                    found.setdefault(name.stem, []).append(_stamp(entry.name, entry.stat()))
    except OSError as error:
        raise UpstreamUnavailable(
            f"The folder {folder} cannot be read: {error.strerror}"
        ) from error
    return found


def _read(path: Path) -> tuple[bytes, Stamp]:
    """Return a file's bytes and the stamp that they belong to."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for its writer
            raise UpstreamUnavailable(f"{path} is not a file")
        with path.open("rb") as file:
            before = _stamp(path.name, os.fstat(file.fileno()))
            data = file.read(BYTES_MAX + 1)
            after = _stamp(path.name, path.stat())
    except OSError as error:
        raise UpstreamUnavailable(f"{path} cannot be read: {error.strerror}") from error
    if before != after:
        raise BadFile("is being written")
    if len(data) > BYTES_MAX:
        raise BadFile(f"is larger than {BYTES_MAX // 1_000_000} MB")
    return data, after


def _load(folder: Path, name: str, stamps: tuple[Stamp, ...], said: TableMap) -> FolderPart:
    """Return one table, freshly read; BadFile where it cannot be."""
    if len(stamps) > 1:
        names = " and ".join(stamp[0] for stamp in stamps)
        raise BadFile(f"stands there as {names}", 0, "keep one of them")
    file = stamps[0][0]
    if not (folder / file).resolve().is_relative_to(folder.resolve()):
        raise BadFile("is a link that leads out of its folder", 0, "put the file itself there")
    data, stamp = _read(folder / file)
    sheet = SHEETS[name]
    if file.lower().endswith((".csv", ".tsv", ".txt")):
        raw = read_csv(data, said.delimiter, said.encoding, partial(header_fit, sheet, said))
    else:
        raw = read_json(data, said.list_at, said.encoding)
    return FolderPart(
        stamps, build_table(raw, sheet, file, recognised(raw.columns, sheet, said)), stamp
    )


def _is_moving(old: FolderPart, stamps: tuple[Stamp, ...], now: datetime) -> bool:
    """Say whether a file is being rewritten in place: the same file, changed just now."""
    same = old.table is not None and [old.seen[0][1]] == [stamp[1] for stamp in stamps]
    return same and abs(now - _changed(stamps[0])) < SETTLED


def _refuse(stamps: tuple[Stamp, ...], old: FolderPart | None, problem: TableProblem) -> FolderPart:
    """Return the last good table with the reason why the newer file is not in force."""
    if old is None or old.table is None:
        return FolderPart(stamps, reason=problem)
    kept = replace(problem, message=f"{problem.message}; the file as it was before stays in force")
    return replace(old, seen=stamps, reason=kept)


@dataclass(frozen=True, slots=True)
class _Files:
    """Which files of a folder are read, and how."""

    folder: Path
    names: tuple[str, ...]
    maps: Maps

    def said(self, name: str) -> TableMap:
        """Return what the settings say of a table."""
        return dict(self.maps).get(name, PLAIN)

    def part(
        self, name: str, stamps: tuple[Stamp, ...], old: FolderPart | None, now: datetime
    ) -> FolderPart:
        """Return the table as it is now, or as it last was where now is no good."""
        if old and (stamps == old.seen or _is_moving(old, stamps, now)):
            return old
        try:
            new = _load(self.folder, name, stamps, self.said(name))
        except UpstreamUnavailable as error:  # gone since it was looked at, or closed to us
            if old is None or old.table is None:
                raise
            return _refuse(stamps, old, TableProblem(stamps[0][0], 0, "", str(error)))
        except BadFile as error:
            problem = TableProblem(stamps[0][0], error.line, "", str(error), error.hint)
            return _refuse(stamps, old, problem)
        if new.table and new.table.torn and old and old.table:
            torn = TableProblem(stamps[0][0], 0, "", "ends in the middle of a row")
            return _refuse(stamps, old, torn)
        return new

    def look(self) -> dict[str, tuple[Stamp, ...]]:
        """Return the stamps of the tables that are there; raise UpstreamUnavailable."""
        return {n: tuple(found) for n, found in _look(self.folder).items() if n in self.names}

    def is_gone(self, found: Mapping[str, object], old: Mapping[str, FolderPart]) -> bool:
        """Tell whether the folder lost what every answer needs: the accounts, or all it had."""
        needed = {"accounts"} & set(old) or set(old)
        return bool(needed) and not needed & set(found)

    def stamps(
        self, found: Mapping[str, tuple[Stamp, ...]], old: Mapping[str, FolderPart], now: datetime
    ) -> list[tuple[Stamp, ...]]:
        """Return the stamps of the files as they count now: a moving one as it last stood."""
        return [
            part.seen if (part := old.get(name)) and _is_moving(part, stamps, now) else stamps
            for name, stamps in found.items()
        ]

    def parts(
        self, found: Mapping[str, tuple[Stamp, ...]], old: Mapping[str, FolderPart], now: datetime
    ) -> dict[str, FolderPart]:
        """Return every table that has a file."""
        return {
            name: self.part(name, found[name], old.get(name), now)
            for name in self.names
            if name in found
        }


def _snapshot(parts: Mapping[str, FolderPart]) -> Snapshot:
    tables = {name: part.table for name, part in parts.items() if part.table}
    joined = join(tables)
    return Snapshot(parts, joined, build_directory(tables, joined))


class Folder:
    """A folder as last read: asking it costs one look at the directory while nothing changes."""

    def __init__(self, path: Path, names: tuple[str, ...], maps: Maps) -> None:
        self._files = _Files(path, names, maps)
        self._snapshot: Snapshot | None = None
        self._reading = threading.Lock()
        self._looked: tuple[datetime, str] | None = None
        self._gone_at: datetime | None = None

    def mark(self, now: datetime) -> str:
        """Return a word that changes with the files; the folder is looked at once a second."""
        looked = self._looked
        if looked and abs(now - looked[0]) < APART:
            return looked[1]
        snapshot = self._snapshot
        old = snapshot.parts if snapshot else {}
        stamps = self._files.stamps(self._found(old, now), old, now)
        word = hashlib.sha256(repr(stamps).encode()).hexdigest()[:16]
        self._looked = (now, word)
        return word

    def _found(self, old: Mapping[str, FolderPart], now: datetime) -> dict[str, tuple[Stamp, ...]]:
        """Return the stamps of the tables; of one that is being written anew, as they were.

        A folder that is deleted and written again is nowhere, then empty, then half there: its
        last good tables stay until the accounts are back, and the others as long as it takes.
        """
        before = {name: part.seen for name, part in old.items()}
        try:
            found = self._files.look()
        except UpstreamUnavailable:
            if not old:
                raise
            found = {}
        if self._files.is_gone(found, old):
            self._gone_at = now
            return before
        is_back = self._gone_at is not None and now - self._gone_at < BACK
        return {**before, **found} if is_back else found

    def snapshot(self, now: datetime) -> Snapshot:
        """Return the folder as it is; one caller reads what changed, the others do not wait."""
        last = self._snapshot
        if not self._reading.acquire(blocking=last is None) and last is not None:
            return last
        try:
            last = self._snapshot
            old = last.parts if last else {}
            parts = self._files.parts(self._found(old, now), old, now)
            if last is None or parts != old:
                last = _snapshot(parts)
            self._snapshot = last
            return last
        finally:
            self._reading.release()


@lru_cache(maxsize=64)
def open_folder(path: Path, names: tuple[str, ...], maps: Maps) -> Folder:
    """Return the one Folder of this path, these tables and these mappings."""
    return Folder(path, names, maps)
