"""What an admin uploads: files by their path, and the same zip bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold
UNIX = 3
PLAIN_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class AppPackage:
    """The files of one package, path → bytes; paths are relative and divided by slashes.

    `kind` names the rules that it must meet: the helpdesk, or `sheet` for pages to read.
    """

    kind: str
    files: Mapping[str, bytes]

    def zipped(self) -> bytes:
        """Return the package as a zip: sorted names, one date, one set of permissions.

        Nothing is compressed, because compressors differ between machines and releases.
        """
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for path in sorted(self.files):
                archive.writestr(_entry(path), self.files[path])
        return target.getvalue()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, EARLIEST)
    entry.create_system = UNIX
    entry.external_attr = PLAIN_FILE
    return entry
