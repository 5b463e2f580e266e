"""What the page says before a tenant is registered."""

from __future__ import annotations

from plugin.errors import UnknownTenant
from plugin.settings.records import Install
from plugin.web.onboarding import missing_setting


def test_it_says_that_settings_are_read_at_start() -> None:
    """The line to add is there, and that Sidelight must be restarted or reloaded to read it."""
    install = Install("acme-zendesk", "zendesk", "acme")
    shown = str(missing_setting(install, UnknownTenant("installation_id", "42")))

    assert 'installation_id = "42"' in shown
    assert "restart or reload Sidelight" in shown
