"""The door of the admins: the package of an install, for whoever holds the workspace's key."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, make_response, request

from manifest.build import build
from plugin.errors import BadSignature
from plugin.settings.package_facts import facts_of
from plugin.settings.records import Install, Settings
from plugin.web.foreign_access import audit_stranger
from plugin.web.services import Services, current_services

packages = Blueprint("packages", __name__)
_BEARER = "Bearer "


def _same(given: str, key: str) -> bool:
    # Bytes, because compare_digest refuses text beyond ASCII; a header may hold anything.
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), key.encode())


def _workspaces_of(settings: Settings, given: str) -> set[str]:
    """Return whose key it is; every key is compared, so that the time taken tells nothing."""
    keys = [(space.id, one.key) for space in settings.workspaces.values() for one in space.api_keys]
    matches = [(name, _same(given, key)) for name, key in keys]
    return {name for name, same in matches if same}


def _install(services: Services, install_id: str) -> Install:
    """Return the install if the caller may have it; what does not exist is refused alike."""
    header = request.headers.get("Authorization", "")
    given = header.removeprefix(_BEARER) if header.startswith(_BEARER) else ""
    allowed = _workspaces_of(services.settings, given)
    install = services.installs.get(install_id)
    if install is not None and allowed and install.workspace not in allowed:
        audit_stranger(services, install, f"API key of {', '.join(sorted(allowed))}", "package")
    if install is None or install.workspace not in allowed:
        raise BadSignature("the API key does not open this install")
    return install


@packages.get("/api/v1/installs/<install_id>/package")
def package(install_id: str) -> Response:
    """Return the install's package as a zip, the same bytes each time."""
    services = current_services()
    install = _install(services, install_id)
    locale = services.settings.workspaces[install.workspace].locale
    facts = facts_of(install, locale, services.settings.service.base_url)
    response = make_response(build(install.kind, facts).zipped())
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{install.id}.zip"'
    return response
