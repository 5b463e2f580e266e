"""Zips and folders that cannot be read are findings, never crashes."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable

import pytest

from manifest import reading
from manifest.check import check_reading
from manifest.reading import read_folder, read_path, read_zip


def _zip(fill: Callable[[zipfile.ZipFile], None]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        fill(archive)
    return target.getvalue()


def _link(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("manifest.json")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


@pytest.mark.parametrize("path", ["../x.json", "/x.json", "a/../../x", "..\\x"])
def test_a_path_that_leads_out_is_reported(path: str) -> None:
    """A file outside of the package is not read."""
    found = read_zip(_zip(lambda archive: archive.writestr(path, "x")))
    assert [one.rule for one in found.problems] == ["unsafe-path"]
    assert found.files == {}


def test_a_link_in_a_zip_is_reported() -> None:
    """A link is a finding, because helpdesks refuse it."""
    found = read_zip(_zip(_link))
    assert [(one.path, one.rule) for one in found.problems] == [("manifest.json", "symlink")]


def test_a_link_in_a_folder_is_reported(tmp_path) -> None:
    """A link in a folder is not followed."""
    (tmp_path / "manifest.json").symlink_to("/etc/hostname")
    found = read_folder(tmp_path)
    assert [(one.path, one.rule) for one in found.problems] == [("manifest.json", "symlink")]


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_a_file_that_comes_twice_is_reported() -> None:
    """Which of two files of one name counts is nobody's guess."""

    def twice(archive: zipfile.ZipFile) -> None:
        archive.writestr("a", "1")
        archive.writestr("a", "2")

    assert [one.rule for one in read_zip(_zip(twice)).problems] == ["duplicate-file"]


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip at all", b"PK\x05\x06" + b"\0" * 10])
def test_what_is_no_zip_is_reported(content: bytes) -> None:
    """Bytes that are no zip give one finding."""
    problems = check_reading(read_zip(content, "app.zip"))
    assert [(one.path, one.rule) for one in problems] == [("app.zip", "not-a-zip")]


def test_a_damaged_file_is_reported_and_the_rest_is_read() -> None:
    """One file whose checksum is wrong does not hide the others."""

    def fill(archive: zipfile.ZipFile) -> None:
        archive.writestr("a.txt", "AAAA")
        archive.writestr("b.txt", "BBBB")

    found = read_zip(_zip(fill).replace(b"AAAA", b"AAAB"))

    assert [(one.path, one.rule) for one in found.problems] == [("a.txt", "unreadable-file")]
    assert found.files == {"b.txt": b"BBBB"}


def test_a_zip_that_unpacks_to_too_much_is_not_unpacked() -> None:
    """The size is known before a byte is unpacked."""

    def bomb(archive: zipfile.ZipFile) -> None:
        archive.writestr("x", b"\0" * (reading.MOST_BYTES + 1), zipfile.ZIP_DEFLATED)

    found = read_zip(_zip(bomb), "bomb.zip")
    assert [(one.path, one.rule) for one in found.problems] == [("bomb.zip", "too-big")]


def test_a_zip_of_something_else_is_reported(tmp_path) -> None:
    """Files that belong to no helpdesk's package are named as such."""
    target = tmp_path / "x.zip"
    target.write_bytes(_zip(lambda archive: archive.writestr("notes.txt", "x")))
    assert [one.rule for one in check_reading(read_path(target))] == ["unknown-package"]


def test_a_missing_path_is_the_callers_error(tmp_path) -> None:
    """Where there is nothing, the caller hears so."""
    with pytest.raises(FileNotFoundError):
        read_path(tmp_path / "none.zip")
