"""The code of a Freshworks app: it may only call what the manifest declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.values import table
from manifest.package import AppPackage
from manifest.problem import Problem

MANIFEST = "manifest.json"
SERVER = "server/server.js"
CLIENT = b"{{{appclient}}}"
TEMPLATE = re.compile(r"invokeTemplate\(\s*['\"`]([\w-]+)['\"`]")
FUNCTION = re.compile(r"\brequest\.invoke\(\s*['\"`]([\w-]+)['\"`]")
GONE = re.compile(r"\b(?:client|\$)\.?request\.(?:get|post|put|patch|delete)\(")


def _sources(package: AppPackage, folder: str) -> dict[str, str]:
    return {
        path: package.files[path].decode("utf-8", "replace")
        for path in sorted(package.files)
        if path.startswith(folder) and path.endswith((".js", ".html"))
    }


def _exported(source: str, name: str) -> bool:
    plain = rf"\b{re.escape(name)}\s*(?::|\()|['\"]{re.escape(name)}['\"]\s*:"
    return re.search(plain, source) is not None


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
