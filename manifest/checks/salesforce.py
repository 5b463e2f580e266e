"""Check a Salesforce project: well-formed metadata, a Canvas app, and a page that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from manifest.checks.documents import read_object, read_text
from manifest.checks.metadata import SPACE, check_elements
from manifest.checks.shapes import check_shape
from manifest.checks.values import is_secure_url, is_text, tables
from manifest.package import AppPackage
from manifest.problem import Problem, warning

PROJECT = "sfdx-project.json"
APP = ".connectedApp-meta.xml"
PAGE = ".page"
NAME = re.compile(r"[A-Za-z](_?[A-Za-z0-9])*\Z", re.ASCII)
# https://developer.salesforce.com/docs/platform/canvas/guide/
LOCATIONS = frozenset(
    {
        "Aura",
        "AppLauncher",
        "Chatter",
        "ChatterFeed",
        "Mobile",
        "MobileNav",
        "None",
        "OpenCTI",
        "PageLayout",
        "Publisher",
        "ServiceDesk",
        "Visualforce",
    }
)
API_VERSION = re.compile(r"\d{2,3}\.0\Z", re.ASCII)
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
APEX = "urn:apex"
FOLDERS = {APP: "connectedApps", PAGE: "pages", f"{PAGE}-meta.xml": "pages"}
CANVAS = f"{{{APEX}}}canvasApp"


def _parse(path: str, source: str) -> ET.Element | Problem:
    if "<!DOCTYPE" in source or "<!ENTITY" in source:
        return Problem(path, "xml-doctype", "metadata has no document type and no entities")
    try:
        # No document type passes the line above, so nothing can expand or load.
        return ET.fromstring(source)  # noqa: S314 - see the comment above
    except (ET.ParseError, ValueError, RecursionError) as error:
        return Problem(path, "xml-malformed", f"is not well-formed: {error}")


def _project(package: AppPackage) -> Iterator[Problem]:
    document = read_object(package, PROJECT)
    yield from document.problems
    if document.problems:
        return
    yield from check_shape(PROJECT, "sfdx_project", document.table)
    folders = tables(document.table.get("packageDirectories"))
    if not folders:
        yield Problem(PROJECT, "package-directories", "packageDirectories names no folder")
    for one in folders:
        path = one.get("path")
        if not is_text(path) or not any(name.startswith(f"{path}/") for name in package.files):
            yield Problem(PROJECT, "package-directories", f"{path!r} holds no files")
    if len(folders) > 1 and [one.get("default") for one in folders].count(True) != 1:
        message = "of several packageDirectories, one is the default"
        yield Problem(PROJECT, "package-directories", message)
    version = document.table.get("sourceApiVersion")
    if not isinstance(version, str) or not API_VERSION.match(version):
        yield Problem(PROJECT, "api-version", f'sourceApiVersion is {version!r}; write "62.0"')


def _text(root: ET.Element, name: str) -> str:
    found = root.find(f"{SPACE}{name}")
    return (found.text or "").strip() if found is not None else ""


def _canvas(path: str, canvas: ET.Element) -> Iterator[Problem]:
    if not is_secure_url(_text(canvas, "canvasUrl")):
        yield Problem(path, "canvas-url", "canvasUrl must be an https address")
    if _text(canvas, "accessMethod") != "Post":
        message = "accessMethod must be Post: only then the launch is signed"
        yield Problem(path, "canvas-access", message)
    places = [(one.text or "").strip() for one in canvas.findall(f"{SPACE}locations")]
    if not places:
        yield Problem(path, "canvas-locations", "canvasConfig names no locations")
    for place in places:
        if place not in LOCATIONS:
            yield Problem(path, "canvas-locations", f"{place!r} is no location of Canvas")


def _app(path: str, root: ET.Element) -> Iterator[Problem]:
    if root.tag != f"{SPACE}ConnectedApp":
        yield Problem(path, "app-root", "must be a ConnectedApp of Salesforce's metadata namespace")
        return
    for name in ("label", "contactEmail"):
        if not _text(root, name):
            yield Problem(path, "app-text", f"{name} is missing")
    if not NAME.match(PurePosixPath(path).name.removesuffix(APP)):
        message = "the name of the file is the app's: letters, digits, single _ between them"
        yield Problem(path, "app-name", message)
    canvas = root.find(f"{SPACE}canvasConfig")
    if canvas is None:
        yield Problem(path, "canvas-missing", "canvasConfig is missing: this app is no canvas")
    else:
        yield from _canvas(path, canvas)


def _page_meta(path: str, root: ET.Element) -> Iterator[Problem]:
    if root.tag != f"{SPACE}ApexPage":
        yield Problem(path, "page-meta", "must be an ApexPage of Salesforce's metadata namespace")
        return
    for name in ("apiVersion", "label"):
        if not _text(root, name):
            yield Problem(path, "page-meta", f"{name} is missing")


def _folders(package: AppPackage) -> Iterator[Problem]:
    """Yield metadata that lies where a deployment does not look for it."""
    for path in sorted(package.files):
        for suffix, folder in FOLDERS.items():
            if path.endswith(suffix) and PurePosixPath(path).parent.name != folder:
                yield Problem(path, "folder", f"…{suffix} belongs into a folder {folder}/")


def _page(path: str, root: ET.Element, apps: set[str]) -> Iterator[Problem]:
    tops = [one.tag for one in root]
    if tops != [f"{{{APEX}}}page"]:
        yield Problem(path, "page-root", "a page is one <apex:page>")
    if root.find(f".//{CANVAS}") is None:
        yield Problem(path, "page-app", "the page shows no <apex:canvasApp>")
    for canvas in root.iter(CANVAS):
        name = canvas.get("developerName", "")
        if name not in apps:
            yield Problem(path, "page-app", f"developerName {name!r} is no app of this project")
        if "Id" not in [one.strip() for one in canvas.get("entityFields", "").split(",")]:
            message = "entityFields must name Id, and every field that is to be signed"
            yield warning(path, "page-fields", message)


def _trees(package: AppPackage, suffixes: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for path in sorted(package.files):
        if path.endswith(suffixes):
            yield path, str(read_text(package, path).value or "")


def check_salesforce(package: AppPackage) -> Iterator[Problem]:
    """Yield what a deployment would refuse, as far as it can be told without an org."""
    yield from _project(package)
    apps = {PurePosixPath(path).name.removesuffix(APP) for path, _ in _trees(package, (APP,))}
    if not apps:
        yield Problem(PROJECT, "app-missing", f"there is no …{APP}")
    for path, source in _trees(package, (".xml",)):
        root = _parse(path, source)
        if isinstance(root, Problem):
            yield root
            continue
        yield from check_elements(path, root)
        if path.endswith(APP):
            yield from _app(path, root)
        elif path.endswith(f"{PAGE}-meta.xml"):
            yield from _page_meta(path, root)
    yield from _folders(package)
    for path, source in _trees(package, (PAGE,)):
        inside = DECLARATION.sub("", source)
        root = _parse(path, f'<page xmlns:apex="{APEX}" xmlns:c="urn:c">{inside}</page>')
        yield from [root] if isinstance(root, Problem) else _page(path, root, apps)
        if f"{path}-meta.xml" not in package.files:
            yield Problem(f"{path}-meta.xml", "page-meta", f"{path} needs this file beside it")
