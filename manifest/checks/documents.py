"""Read the JSON, text and pictures of a package; each failure is a finding with its file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from manifest.package import AppPackage
from manifest.problem import Problem

BOM = b"\xef\xbb\xbf"
PNG = b"\x89PNG\r\n\x1a\n"
HEADER = 24  # bytes up to width and height: https://www.w3.org/TR/png-3/#11IHDR


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded file, None where it cannot be decoded; then `problems` say why."""

    value: Any
    problems: tuple[Problem, ...] = ()

    @property
    def table(self) -> Mapping[str, Any]:
        """Return the value if it is a JSON object, an empty one otherwise."""
        return self.value if isinstance(self.value, dict) else {}


class _Repeated(ValueError):
    """One object names a key twice."""


def _once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Repeated(f"the key {key!r} occurs twice in one object")
        found[key] = value
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def read_text(package: AppPackage, path: str) -> Document:
    """Return a file as text; a missing file and bytes that are no UTF-8 are findings."""
    if path not in package.files:
        return Document(None, (Problem(path, "missing-file", "the package lacks this file"),))
    try:
        return Document(package.files[path].decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 at byte {error.start}"
        return Document(None, (Problem(path, "not-utf8", message),))


def read_json(package: AppPackage, path: str) -> Document:
    """Return a file's JSON; a repeated key is a finding, because helpdesks refuse it."""
    text = read_text(package, path)
    if text.value is None:
        return text
    if package.files[path].startswith(BOM):
        message = "begins with a byte order mark; save it as UTF-8 without one"
        return Document(None, (Problem(path, "byte-order-mark", message),))
    try:
        return Document(json.loads(text.value, object_pairs_hook=_once, parse_constant=_refuse))
    except _Repeated as error:
        return Document(None, (Problem(path, "duplicate-key", str(error)),))
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
    except (ValueError, RecursionError) as error:
        message = f"is not JSON: {error}"
    return Document(None, (Problem(path, "not-json", message),))


def read_object(package: AppPackage, path: str) -> Document:
    """Return a file's JSON object; another value is a finding."""
    found = read_json(package, path)
    if found.problems or isinstance(found.value, dict):
        return found
    return Document(None, (Problem(path, "not-an-object", "must hold one JSON object"),))


def png_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG in pixels, None where the bytes are no PNG."""
    header = content[:HEADER]
    if len(header) < HEADER or not header.startswith(PNG) or header[12:16] != b"IHDR":
        return None
    return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")
