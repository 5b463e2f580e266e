"""The door of the admins: the package of an install, for whoever holds the workspace's key."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from manifest.build import build
from plugin.errors import BadSignature
from plugin.settings.package_facts import facts_of
from plugin.settings.records import Install
from plugin.store.audit import AuditEvent
from plugin.web.callers import caller, note_call
from plugin.web.foreign_access import audit_stranger
from plugin.web.services import Services, current_services

packages = Blueprint("packages", __name__)


def _install(services: Services, install_id: str) -> Install:
    """Return the install if the caller may have it; what does not exist is refused alike."""
    runtime, key = caller(services, "packages")
    own, install = runtime.workspace.id, services.installs.get(install_id)
    if install is not None and install.workspace != own:
        audit_stranger(services, install, f"API key of {own}", "package")
    if install is None or install.workspace != own:
        raise BadSignature("the API key does not open this install")
    got = AuditEvent(services.now(), f"api:{key.name}", "package_downloaded", install.id, key.role)
    note_call(runtime, got)
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
