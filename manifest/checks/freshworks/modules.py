"""The manifest of a Freshworks app: platform, modules, and the places where it appears."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from manifest.checks.shapes import check_shape
from manifest.checks.values import is_text, table
from manifest.package import AppPackage
from manifest.problem import Problem

MANIFEST = "manifest.json"
PLATFORM = "3.0"
COMMON = "common"
PLACES = {
    COMMON: frozenset({"full_page_app", "cti_global_sidebar"}),
    "support_ticket": frozenset(
        {
            "ticket_sidebar",
            "ticket_requester_info",
            "ticket_top_navigation",
            "ticket_background",
            "time_entry_background",
            "ticket_attachment",
            "ticket_conversation_editor",
            "new_ticket_requester_info",
            "new_ticket_background",
        }
    ),
}
SILENT = ("ticket_background", "time_entry_background", "new_ticket_background")
LEGACY = ("product", "whitelisted_domains", "whitelisted-domains")
TIMEOUTS = (5, 10, 15, 20, 25, 30)  # seconds


def _wrong(rule: str, message: str) -> Problem:
    return Problem(MANIFEST, rule, message)


def _head(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    version = manifest.get("platform-version")
    if version != PLATFORM:
        yield _wrong("platform-version", f'is {version!r}; write "platform-version": "{PLATFORM}"')
    for key in LEGACY:
        if key in manifest:
            yield _wrong("legacy-key", f"{key} belongs to platform 2; write modules")
    engines = table(manifest.get("engines"))
    for key in ("node", "fdk"):
        if not is_text(engines.get(key)):
            yield _wrong("engines", f"engines.{key} is missing")
    given = manifest.get("dependencies", {})
    if not isinstance(given, dict) or not all(is_text(one) for one in given.values()):
        yield _wrong("dependencies", "dependencies must be an object: package → version")


def _is_svg(package: AppPackage, path: str) -> bool:
    return path.endswith(".svg") and b"<svg" in package.files[f"app/{path}"]


def _place(
    package: AppPackage, where: str, name: str, value: Mapping[str, Any]
) -> Iterator[Problem]:
    for key in ("url", "icon"):
        given = value.get(key)
        if not is_text(given):
            if key == "url" or name not in SILENT:
                yield _wrong(f"location-{key}", f"{where}.{key} is missing")
        elif f"app/{given}".partition("?")[0] not in package.files:
            message = f"{where}: {given} is named in manifest.json and was not found"
            yield Problem(f"app/{given}", f"location-{key}-missing", message)
        elif key == "icon" and not _is_svg(package, str(given)):
            yield _wrong("location-icon", f"{where}.icon must be an SVG")


def _places(package: AppPackage, module: str, given: Any) -> Iterator[Problem]:
    if not isinstance(given, dict):
        yield _wrong("location-type", f"modules.{module}.location must be an object")
        return
    known = PLACES.get(module)
    for name, value in given.items():
        where = f"modules.{module}.location.{name}"
        if known is not None and name not in known:
            message = f"Invalid location(s) mentioned in modules: {module} has no {name}"
            yield _wrong("location-unknown", message)
        if isinstance(value, dict):
            yield from _place(package, where, name, value)
        else:
            yield _wrong("location-type", f"{where} must be an object with url and icon")


def _functions(given: Any) -> Iterator[Problem]:
    for name, options in table(given).items():
        timeout = table(options).get("timeout")
        if timeout is not None and (isinstance(timeout, bool) or timeout not in TIMEOUTS):
            message = f"modules.common.functions.{name}.timeout must be one of {TIMEOUTS} seconds"
            yield _wrong("function-timeout", message)


def check_modules(package: AppPackage, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the manifest's head and its modules."""
    yield from check_shape(MANIFEST, "freshworks_manifest", manifest)
    yield from _head(manifest)
    modules = manifest.get("modules")
    if not isinstance(modules, dict):
        yield _wrong("modules-required", "modules is missing: an object, module → what it has")
        return
    if not set(modules) - {COMMON}:
        message = "At least one module apart from common must be mentioned"
        yield _wrong("module-besides-common", message)
    for name, module in modules.items():
        if not isinstance(module, dict):
            yield _wrong("modules-type", f"modules.{name} must be an object")
        elif "location" in module:
            yield from _places(package, name, module["location"])
    yield from _functions(table(modules.get(COMMON)).get("functions"))
