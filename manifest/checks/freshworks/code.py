"""The code of a Freshworks app: it may only call what the manifest declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from manifest.checks.values import table
from manifest.package import AppPackage
from manifest.problem import Problem

MANIFEST = "manifest.json"
SERVER = "server/server.js"
CLIENT = b"{{{appclient}}}"
TEMPLATE = re.compile(r"invokeTemplate\(\s*['\"`]([\w-]+)['\"`]")
FUNCTION = re.compile(r"\brequest\.invoke\(\s*['\"`]([\w-]+)['\"`]")
REQUIRE = re.compile(r"\brequire\(\s*['\"]([^'\"]+)['\"]")
BUILT_IN = frozenset({"buffer", "crypto", "querystring", "url", "util", "zlib", "path", "assert"})
EXPORTS = re.compile(r"(?m)^\s*(?:module\.)?exports\s*=\s*\{")
HELPER = re.compile(r"\bfunction\b|=>|\bclass\s+\w")
COMMENT = re.compile(r"(?s)/\*.*?\*/|(?m:^\s*//[^\n]*$)")
LINK = re.compile(r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)=["']([^"'#]+)""")
FOREIGN = re.compile(r"[a-z]+:|//|\{")
GONE = re.compile(r"\b(?:client|\$)\.?request\.(?:get|post|put|patch|delete)\(")


def _sources(package: AppPackage, folder: str) -> dict[str, str]:
    return {
        path: package.files[path].decode("utf-8", "replace")
        for path in sorted(package.files)
        if path.startswith(folder) and path.endswith((".js", ".html"))
    }


def _exported(source: str, name: str) -> bool:
    # What stands before the exports, or is called there, is no export.
    inside = EXPORTS.split(source, maxsplit=1)[-1]
    plain = rf"(?<![.\w]){re.escape(name)}\s*(?::|\([^()]*\)\s*\{{)|['\"]{re.escape(name)}['\"]\s*:"
    return re.search(plain, inside) is not None


def _server(package: AppPackage) -> Iterator[Problem]:
    """Yield where the server part is not written as its parser reads it: exports first.

    https://developers.freshworks.com/docs/app-sdk/v3.0/support_ticket/serverless-apps/
    """
    if SERVER not in package.files:
        return
    source = COMMENT.sub("", package.files[SERVER].decode("utf-8", "replace"))
    before, *after = EXPORTS.split(source, maxsplit=1)
    if not after:
        yield Problem(SERVER, "server-exports", "must hold exports = {…} with its functions")
    elif HELPER.search(before):
        message = "a function stands before exports = {…}; put every helper below it"
        yield Problem(SERVER, "server-exports-first", message)


def _required(package: AppPackage, dependencies: Mapping[str, Any]) -> Iterator[Problem]:
    for path, source in _sources(package, "server/").items():
        for name in sorted(set(REQUIRE.findall(source)) - BUILT_IN):
            if not name.startswith((".", "node:")) and name not in dependencies:
                message = f"requires {name}, which manifest.json does not name in dependencies"
                yield Problem(path, "import-not-declared", message)


def _handlers(package: AppPackage, modules: Mapping[str, Any]) -> Iterator[Problem]:
    server = package.files.get(SERVER, b"").decode("utf-8", "replace")
    for module in modules.values():
        for name, event in table(table(module).get("events")).items():
            handler = table(event).get("handler")
            if isinstance(handler, str) and not _exported(server, handler):
                message = f"{name} is handled by {handler!r}, which is not exported"
                yield Problem(SERVER, "function-missing", message)


def _linked(package: AppPackage) -> Iterator[Problem]:
    """Yield what a page loads from the package and the package lacks."""
    for path, content in sorted(package.files.items()):
        if not path.startswith("app/") or not path.endswith(".html"):
            continue
        for name in sorted(set(LINK.findall(content.decode("utf-8", "replace")))):
            target = str(PurePosixPath(path).parent / name.partition("?")[0])
            if not FOREIGN.match(name) and target not in package.files:
                yield Problem(path, "page-file-missing", f"loads {name}, which is not there")


def _templates(sources: Mapping[str, str], declared: set[str]) -> Iterator[Problem]:
    used: set[str] = set()
    for path, source in sources.items():
        for name in sorted(set(TEMPLATE.findall(source))):
            used.add(name)
            if name not in declared:
                message = f"Request template '{name}' is not defined in manifest.json"
                yield Problem(path, "request-not-declared", message)
        if GONE.search(source):
            message = "request.get, post and so on are gone; write request.invokeTemplate"
            yield Problem(path, "legacy-request", message)
    for name in sorted(declared - used):
        message = f"Request template '{name}' is declared, and no code uses it"
        yield Problem(MANIFEST, "request-unused", message)


def _functions(package: AppPackage, declared: set[str]) -> Iterator[Problem]:
    for path, source in _sources(package, "app/").items():
        for name in sorted(set(FUNCTION.findall(source)) - declared):
            message = f"the function '{name}' is not declared in manifest.json"
            yield Problem(path, "function-not-declared", message)
    server = package.files.get(SERVER, b"").decode("utf-8", "replace")
    for name in sorted(declared):
        if not _exported(server, name):
            yield Problem(SERVER, "function-missing", f"Requested function not found: {name}")


def _pages(package: AppPackage, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    modules = table(manifest.get("modules")).values()
    places = [one for module in modules for one in table(table(module).get("location")).values()]
    for url in sorted({str(table(one).get("url")) for one in places}):
        path = f"app/{url}".partition("?")[0]
        if path in package.files and CLIENT not in package.files[path]:
            message = 'must load the SDK: <script src="{{{appclient}}}"></script>'
            yield Problem(path, "appclient-missing", message)


def check_code(package: AppPackage, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what the code asks for and the manifest does not declare, and the other way round."""
    common = table(table(manifest.get("modules")).get("common"))
    sources = _sources(package, "app/") | _sources(package, "server/")
    yield from _templates(sources, set(table(common.get("requests"))))
    yield from _functions(package, set(table(common.get("functions"))))
    yield from _pages(package, manifest)
    yield from _server(package)
    yield from _required(package, table(manifest.get("dependencies")))
    yield from _handlers(package, table(manifest.get("modules")))
    yield from _linked(package)
