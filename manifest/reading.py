"""Read a package that lies on disk, as a zip or a folder; what cannot be read is a finding."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from manifest.package import AppPackage
from manifest.problem import Problem

MOST_BYTES = 50_000_000  # of all files together, unpacked
MOST_FILES = 5_000
SKIPPED = frozenset({".git", "node_modules", "__pycache__", ".DS_Store"})
FAULTS = (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError)
TOO_BIG = f"the package holds more than {MOST_BYTES // 1_000_000} MB or {MOST_FILES} files"


@dataclass(frozen=True, slots=True)
class Reading:
    """The files that could be read, and what was wrong with the others."""

    files: dict[str, bytes]
    problems: list[Problem]

    def package(self, kind: str) -> AppPackage:
        """Return the files as a package of this kind."""
        return AppPackage(kind, self.files)


def _is_safe(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, into: Reading) -> None:
    path = entry.filename
    if stat.S_ISLNK(entry.external_attr >> 16):
        into.problems.append(Problem(path, "symlink", "a package holds no links; put the file in"))
    elif not _is_safe(path):
        into.problems.append(Problem(path, "unsafe-path", "this path leads out of the package"))
    elif path in into.files:
        into.problems.append(Problem(path, "duplicate-file", "the zip holds this file twice"))
    else:
        try:
            into.files[path] = archive.read(entry)
        except FAULTS as error:
            into.problems.append(Problem(path, "unreadable-file", f"cannot be unpacked: {error}"))


def read_zip(content: bytes, name: str = "package.zip") -> Reading:
    """Return the files of a zip; `name` is how its own findings call it."""
    found = Reading({}, [])
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            too_big = sum(entry.file_size for entry in entries) > MOST_BYTES
            if too_big or len(entries) > MOST_FILES:
                return Reading({}, [Problem(name, "too-big", TOO_BIG)])
            for entry in entries:
                _read_entry(archive, entry, found)
    except (*FAULTS, ValueError) as error:
        found.problems.append(Problem(name, "not-a-zip", f"is not a readable zip: {error}"))
    return found


def _files_below(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.rglob("*")):
        if not SKIPPED.intersection(path.relative_to(folder).parts):
            yield path


def read_folder(folder: Path) -> Reading:
    """Return the files below a folder; what tools leave behind (.git, node_modules) is left out."""
    found = Reading({}, [])
    size = 0
    for path in _files_below(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            message = "a package holds no links; put the file in"
            found.problems.append(Problem(name, "symlink", message))
        elif path.is_file():
            size += path.stat().st_size
            if size > MOST_BYTES or len(found.files) >= MOST_FILES:
                return Reading({}, [Problem(folder.name, "too-big", TOO_BIG)])
            found.files[name] = path.read_bytes()
    return found


def read_path(path: Path) -> Reading:
    """Return the files of the zip or folder at `path`; raises OSError where there is none."""
    if path.is_dir():
        return read_folder(path)
    if path.stat().st_size > 2 * MOST_BYTES:
        return Reading({}, [Problem(path.name, "too-big", TOO_BIG)])
    return read_zip(path.read_bytes(), path.name)
