"""The files of a Zendesk app: pictures of the right size, and nothing that Zendesk refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from manifest.checks.documents import png_size
from manifest.checks.values import table
from manifest.package import AppPackage
from manifest.problem import Problem, warning

SIZES = {
    "logo.png": ((320, 320),),
    "logo-small.png": ((128, 128),),
    "banner.png": ((830, 200), (1660, 400)),
}
NEEDED = ("logo.png", "logo-small.png")
WITH_ICON = frozenset({"top_bar", "nav_bar", "system_top_bar", "ticket_editor"})
ICON = re.compile(r"assets/(?:\w+/)?icon_(?P<location>\w+)\.svg\Z")
REFUSED_SUFFIXES = frozenset(
    [
        ".pdf",
        ".zip",
        ".gz",
        ".gzip",
        ".rar",
        ".7z",
        ".bz2",
        ".doc",
        ".docx",
        ".xls",
        ".xlsx",
        ".ppt",
        ".pptx",
        ".odt",
        ".mp3",
        ".mpeg",
        ".mpg",
        ".avi",
        ".bin",
        ".bz",
        ".sh",
        ".csh",
        ".jar",
    ]
)
REFUSED_STARTS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip or an office document",
    b"PK\x05\x06": "a zip",
    b"\x1f\x8b": "gzip",
    b"Rar!\x1a": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"BZh": "bzip2",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"ID3": "an MP3",
    b"\x00\x00\x01\xba": "MPEG video",
    b"\x00\x00\x01\xb3": "MPEG video",
    b"#!/": "a script",
}
SECRET = re.compile(rb"(?i)\b(password|secret|api[_-]?key)\b\s*[:=]\s*[\"'][^\"']{6,}[\"']")
PLAIN_HTTP = re.compile(rb"(?i)[\"'(]http://(?!www\.w3\.org/|localhost\b|127\.0\.0\.1\b)[^\"')\s]+")


def _is_avi(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"AVI "


def _refused(path: str, content: bytes) -> Iterator[Problem]:
    suffix = PurePosixPath(path).suffix.lower()
    named = [what for start, what in REFUSED_STARTS.items() if content.startswith(start)]
    if suffix in REFUSED_SUFFIXES:
        yield Problem(path, "file-type", f"Zendesk refuses files that end in {suffix}")
    elif named or _is_avi(content):
        what = named[0] if named else "AVI video"
        yield Problem(path, "file-type", f"the content is {what}, which Zendesk refuses")


def _picture(path: str, content: bytes) -> Iterator[Problem]:
    name = PurePosixPath(path).name
    if not path.startswith("assets/") or name not in SIZES:
        return
    size = png_size(content)
    if size is None:
        yield Problem(path, "image-format", "must be a PNG")
    elif size not in SIZES[name]:
        wanted = " or ".join(f"{width}×{height}" for width, height in SIZES[name])
        message = f"is {size[0]}×{size[1]} pixels; must be {wanted}"
        yield Problem(path, "image-size", message)


def _svg(path: str, content: bytes) -> Iterator[Problem]:
    icon = ICON.match(path)
    if icon and icon["location"] not in WITH_ICON:
        message = f"only {', '.join(sorted(WITH_ICON))} have an icon"
        yield Problem(path, "icon-location", message)
    if path.endswith(".svg") and b"data:image" in content:
        message = "a bitmap is embedded: Zendesk replaces this picture by a default one"
        yield warning(path, "svg-bitmap", message)


def _advice(path: str, content: bytes) -> Iterator[Problem]:
    if path.endswith((".js", ".html", ".json")) and SECRET.search(content):
        yield warning(path, "secret-in-code", "looks like a secret; use a secure parameter")
    if path.endswith((".js", ".html")) and PLAIN_HTTP.search(content):
        yield warning(path, "insecure-address", "names an http:// address; use https://")


def _places(manifest: Mapping[str, Any]) -> set[str]:
    products = table(manifest.get("location")).values()
    return {name for places in products for name in table(places)}


def _missing(package: AppPackage, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    names = {PurePosixPath(path).name for path in package.files if path.startswith("assets/")}
    for name in NEEDED:
        if name not in names:
            width, height = SIZES[name][0]
            message = f"there is none; admins see a placeholder (PNG, {width}×{height})"
            yield warning(f"assets/{name}", "logo-missing", message)
    for place in sorted(_places(manifest) & WITH_ICON):
        if f"icon_{place}.svg" not in names:
            message = f"{place} shows an icon, and there is none"
            yield warning(f"assets/icon_{place}.svg", "icon-missing", message)


def check_files(package: AppPackage, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the files, whatever the manifest says of them."""
    for path, content in sorted(package.files.items()):
        yield from _refused(path, content)
        yield from _picture(path, content)
        yield from _svg(path, content)
        yield from _advice(path, content)
    yield from _missing(package, manifest)
