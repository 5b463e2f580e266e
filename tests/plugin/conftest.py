"""The demo workspace at a fixed moment, as one service that tests talk to."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from plugin.demo.setup import set_up_demo
from plugin.fetching.clock import Clock
from plugin.frame import SignedRequest
from plugin.helpdesk import Trial
from plugin.settings.records import Settings
from plugin.web.app import create_app
from plugin.web.services import Services
from plugin.workspace.runtime import WorkspaceRuntime
from plugin.workspace.start import load_settings
from plugin.workspace.trial_request import signed_trial
from tests.postgresql import empty_postgresql, postgresql

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BASE = "http://127.0.0.1:8321"

__all__ = ["empty_postgresql", "postgresql"]  # fixtures for every folder below


class Hands:
    """A clock whose hands a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def tick(self, **passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**passed)

    def clock(self) -> Clock:
        """Return the clock."""
        return Clock(lambda: self.now, time.monotonic, lambda _seconds: None)


@pytest.fixture(scope="session")
def same_hands() -> Hands:
    """The hands of the one service that all tests share."""
    return Hands()


@pytest.fixture
def hands(same_hands: Hands) -> Hands:
    """The time of day, set back for each test."""
    same_hands.now = NOW
    return same_hands


@pytest.fixture(scope="session")
def demo_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Write the demo once and read its settings."""
    folder: Path = tmp_path_factory.mktemp("demo")
    return load_settings(set_up_demo(folder, "127.0.0.1:8321", NOW))


@pytest.fixture(scope="session")
def same_app(demo_settings: Settings, same_hands: Hands) -> Flask:
    """One service for all tests: setting it up compiles every rule."""
    return create_app(demo_settings, clock=same_hands.clock())


@pytest.fixture
def app(same_app: Flask, hands: Hands) -> Flask:
    """The service on the demo workspace, at the fixed moment."""
    del hands
    return same_app


@pytest.fixture
def services(app: Flask) -> Services:
    """The parts of the service."""
    found: Services = app.extensions["sidelight"]
    return found


@pytest.fixture
def runtime(services: Services) -> WorkspaceRuntime:
    """The demo's workspace at work."""
    return services.runtimes["demo"]


Launch = Callable[..., SignedRequest]


@pytest.fixture
def signed(services: Services) -> Launch:
    """Sign a request as a helpdesk would."""

    def sign(install_id: str, **trial: Any) -> SignedRequest:
        install = services.installs[install_id]
        helpdesk = services.helpdesks[install.kind]
        return signed_trial(helpdesk, install, Trial(**trial), BASE, services.clock.now())

    return sign


@pytest.fixture
def send(app: Flask):
    """Send a signed request through the door."""

    def _send(request: SignedRequest, **changes: Any):
        target = request.url.removeprefix(BASE)
        options = {"method": request.method, "data": request.body, "headers": dict(request.headers)}
        return app.test_client().open(target, **(options | changes))

    return _send
