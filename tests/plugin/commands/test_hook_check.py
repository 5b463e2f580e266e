"""`sidelight check` says which secrets of webhooks are missing, or of the wrong form."""

from __future__ import annotations

import pytest

from plugin.commands.hook_check import webhook_of
from plugin.families import HOOKS, UPSTREAMS
from plugin.settings.records import Connection
from tests.families.hooks.bench import bench

KEY = "workspaces.acme.upstreams.source"
WRONG = {"stripe": "rk_live_0123456789", "chargebee": "only-a-password", "generic": "too short"}


def _found(kind: str, *secrets: str) -> list[tuple[str, bool]]:
    connection = Connection("source", kind, webhook_secrets=secrets)
    return [(one.key, one.is_note) for one in webhook_of(UPSTREAMS[kind], connection, KEY)]


@pytest.mark.parametrize("kind", list(UPSTREAMS))
def test_a_missing_secret_is_a_note_where_the_vendor_would_tell(kind: str) -> None:
    """Webhooks are a choice; a connection without a vendor's own needs none."""
    wanted = [] if UPSTREAMS[kind].hook == "generic" else [(f"{KEY}.webhook_secrets", True)]

    assert _found(kind) == wanted


@pytest.mark.parametrize("kind", list(UPSTREAMS))
def test_a_right_secret_is_no_matter(kind: str) -> None:
    """The newest and the one before it."""
    hook = bench(UPSTREAMS[kind].hook)

    assert _found(kind, hook.secret, hook.other) == []


@pytest.mark.parametrize("kind", [kind for kind in UPSTREAMS if UPSTREAMS[kind].hook in WRONG])
def test_a_wrong_secret_is_a_problem_with_its_place(kind: str) -> None:
    """Another key of the vendor's, half of a pair, a word that is easily guessed."""
    hook = UPSTREAMS[kind].hook

    assert _found(kind, bench(hook).secret, WRONG[hook]) == [(f"{KEY}.webhook_secrets[1]", False)]


def test_the_wrong_ones_are_those_that_have_a_form() -> None:
    """No form is left untested."""
    assert {name for name in HOOKS if HOOKS[name].fault("x") is not None} == set(WRONG)
