"""Mixpanel: what is asked of it and where, which settings it takes, and what check says."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError

from plugin.errors import UpstreamLimited
from plugin.fetching.http.errors import of_status
from plugin.upstream import ConnectionMemory, Link
from plugin.vendors.mixpanel.source import mixpanel
from tests.families.sources.recordings import NAME, Recording, load
from tests.vendors.mixpanel.mixpanel_project import (
    PLAIN,
    START,
    Project,
    fetch,
    link_to,
    options,
    project_of,
    ref,
)


def test_a_limit_without_a_time_is_long() -> None:
    """Mixpanel counts by the hour and never says how long: ten minutes, not ten seconds."""
    project = project_of(1)
    project.fault = lambda _number: of_status(429, {}, None, START)
    with pytest.raises(UpstreamLimited) as caught:
        fetch(project, ConnectionMemory(), "a-0")

    assert caught.value.until == START + timedelta(minutes=10)


def test_asks_for_the_mapped_properties_alone() -> None:
    """A page holds what is mapped and the name, so that a thousand profiles fit in it."""
    project = project_of(1)
    fetch(project, ConnectionMemory(), "a-0")

    assert json.loads(project.asked[0]["output_properties"]) == ["$name", "Plan"]


@pytest.mark.parametrize(
    "changes",
    [
        {"region": "moon"},
        {"project": "31337x"},
        {"data_group_id": "company"},
        {"username": "a:b"},
        {"secret": " "},
        {"fields": {}},
        {"fields": {"contract.plam": "Plan"}},
        {"group_key": "email"},
    ],
)
def test_refuses_bad_options(changes: dict[str, Any]) -> None:
    """Whatever could not be an option is found when the settings are read."""
    with pytest.raises(ValidationError):
        mixpanel.options().load({**PLAIN, **changes})


@pytest.mark.parametrize(
    ("region", "host"),
    [("us", "mixpanel.com"), ("eu", "eu.mixpanel.com"), ("in", "in.mixpanel.com")],
)
def test_each_region_has_its_host(region: str, host: str) -> None:
    """A project is asked for where its data lie."""
    assert mixpanel.base_url(options(region=region)) == f"https://{host}/api/query"


def test_a_project_with_data_views_names_the_global_one() -> None:
    """Mixpanel wants the view's number beside the project's."""
    paths: list[str] = []
    project = project_of(1)

    def post(path: str, body: Any, *_args: Any, **_options: Any) -> Any:
        paths.append(path)
        return Project.post(project, "/engage?project_id=31337", body, form=True)

    project.post = post  # type: ignore[method-assign]
    mixpanel.fetch(ref("a-0"), link_to(project, ConnectionMemory(), data_view=77))

    assert paths == ["/engage?project_id=31337&workspace_id=77"]


def test_the_credentials_are_a_service_accounts() -> None:
    """Name and secret go as basic authentication."""
    assert mixpanel.headers(options())["Authorization"] == "Basic c2lkZWxpZ2h0OnMtMQ=="


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """Return Mixpanel's recorded answers."""
    return load("mixpanel", tmp_path)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, ["service account", "region eu"]),
        (403, ["may not read project 31337"]),
        (402, ["plan has no Query API"]),
        (400, ["data_group_id", "number of a group"]),
        (404, ["no project 31337"]),
    ],
)
def test_check_says_what_a_refusal_means(
    recording: Recording, status: int, words: list[str]
) -> None:
    """A wrong account, project, group or region are told apart."""
    api = recording.api()
    api.fault = of_status(status, {}, {"error": "…"}, START)
    assert mixpanel.check is not None
    (found,) = mixpanel.check(recording.link(api))

    assert all(word in str(found) for word in words), str(found)


def test_check_names_properties_that_no_profile_has(recording: Recording) -> None:
    """A slip in a property's name is told with the one that may be meant, and fill rates beside."""
    assert mixpanel.check is not None
    options = {
        **recording.said["options"],
        "fields": {"contract.plan": "Plam", "account.tier": "Seats"},
    }
    link = Link("acme", NAME, mixpanel.options().load(options), recording.api(), START)
    found = [str(one) for one in mixpanel.check(link)]

    assert any("no property Plam" in one and "Plan" in one for one in found)
    assert any("Seats is filled in 2 of 3" in one for one in found)


def test_check_says_when_the_group_is_empty(recording: Recording) -> None:
    """No profile at all is a wrong group or region, not a good connection."""
    assert mixpanel.check is not None
    found = mixpanel.check(recording.link(recording.api(*recording.said["empty"])))

    assert "no profiles of this group" in str(found[0])
