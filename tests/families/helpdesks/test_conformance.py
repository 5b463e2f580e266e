"""What every helpdesk adapter must do; each brings its data, found by its name."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from plugin import errors
from plugin.errors import BadSignature, ExpiredSignature, FrameError, UnknownTenant
from plugin.families import HELPDESKS
from plugin.frame import Proof, SignedRequest
from tests.families.helpdesks.bench import (
    DATA,
    NOW,
    ROOT,
    TRIAL,
    Bench,
    bench,
    later,
    read,
    read_request,
)

PARTS = ("## Set up", "## Rotate", "## Remove", "## What is sent")
COVERING = ("body", "query", "token")
FILES = ("install.json", "cases.json", "vectors.json")
CASES = [(name, case) for name in HELPDESKS for case in read(name, "cases.json")]
VECTORS = [(name, vector) for name in HELPDESKS for vector in read(name, "vectors.json")]


def _ids(entries: list[tuple[str, Any]]) -> list[str]:
    return [f"{name}-{entry['name']}" for name, entry in entries]


def _having(test: Callable[[Bench], bool]) -> list[str]:
    return [name for name in HELPDESKS if test(bench(name))]


@pytest.fixture(params=list(HELPDESKS))
def desk(request: pytest.FixtureRequest) -> Bench:
    """Return each helpdesk in turn."""
    return bench(str(request.param))


@pytest.fixture(params=_having(lambda desk: desk.max_age is not None))
def timed(request: pytest.FixtureRequest) -> Bench:
    """Return each helpdesk whose proof carries a time."""
    return bench(str(request.param))


@pytest.fixture(params=_having(lambda desk: desk.signs in COVERING))
def covering(request: pytest.FixtureRequest) -> Bench:
    """Return each helpdesk whose proof covers what it brings."""
    return bench(str(request.param))


@pytest.fixture(params=_having(lambda desk: desk.tenant is not None))
def shared(request: pytest.FixtureRequest) -> Bench:
    """Return each helpdesk whose secret may serve several tenants."""
    return bench(str(request.param))


def _changed(request: SignedRequest, signs: str, at: float) -> SignedRequest:
    raw = request.query if signs == "query" else request.body
    place = int(len(raw) * at)
    other = b"a" if raw[place : place + 1] != b"a" else b"b"
    raw = raw[:place] + other + raw[place + 1 :]
    if signs != "query":
        return dataclasses.replace(request, body=raw)
    url = request.url.partition("?")[0] + "?" + raw.decode()
    return dataclasses.replace(request, query=raw, url=url)


def test_data_belongs_to_a_helpdesk() -> None:
    """No data is left behind by a helpdesk that is gone."""
    assert {folder.parent.name for folder in DATA.glob("*/helpdesk")} == set(HELPDESKS)


def test_brings_its_data_and_its_page(desk: Bench) -> None:
    """A new helpdesk brings its data, its docs and, with a bridge, its script."""
    name = desk.helpdesk.name
    wanted = [DATA / name / "helpdesk" / file for file in FILES] + [
        ROOT / f"docs/vendors/{name}.md"
    ]
    script = ROOT / f"static/helpdesks/{name}.js"

    assert [path for path in wanted if not path.is_file()] == []
    assert script.is_file() == desk.helpdesk.bridge
    says = script.read_text(encoding="utf-8") if script.is_file() else ""
    assert ("sidelight.show(" in says) == desk.helpdesk.tells
    assert desk.helpdesk.docs_url.startswith("https://")


def test_accepts_its_own_signature(desk: Bench) -> None:
    """A request signed by the newest secret is accepted and read."""
    asked = desk.asked(desk.signed())

    assert asked.install_id == "acme"
    assert asked.requester is None or asked.requester.email in (TRIAL.email, None)


def test_accepts_the_previous_secret(desk: Bench) -> None:
    """While a secret is replaced, requests signed by the old one still pass."""
    rotating = desk.keyed(desk.other, *desk.install.secrets)

    assert desk.asked(desk.signed(), rotating).install_id == "acme"


def test_refuses_the_secret_of_another_install(desk: Bench) -> None:
    """A request that another secret signed is refused."""
    with pytest.raises(BadSignature):
        desk.helpdesk.verify(desk.signed(), desk.keyed(desk.other))


@pytest.mark.parametrize("secrets", [(), ("",), (" \n",)], ids=["none", "empty", "blank"])
def test_an_install_without_secret_is_closed(desk: Bench, secrets: tuple[str, ...]) -> None:
    """An empty or missing secret proves nothing, also for a request signed with it."""
    with pytest.raises(BadSignature):
        desk.helpdesk.verify(desk.signed(), desk.keyed(*secrets))


@pytest.mark.parametrize("at", [0.3, 0.5, 0.8])
def test_refuses_a_changed_byte(covering: Bench, at: float) -> None:
    """One changed byte of what the proof covers is enough."""
    with pytest.raises(BadSignature):
        covering.helpdesk.verify(_changed(covering.signed(), covering.signs, at), covering.install)


def test_refuses_a_request_without_proof(desk: Bench) -> None:
    """Without headers, query and body there is nothing to believe."""
    bare = SignedRequest("POST", desk.signed().url.partition("?")[0], {}, b"", b"", NOW)

    with pytest.raises(BadSignature) as caught:
        desk.helpdesk.verify(bare, desk.install)

    assert not isinstance(caught.value, ExpiredSignature)


def test_refuses_a_stale_request(timed: Bench) -> None:
    """Where the proof carries a time, it ends, and says so."""
    assert timed.max_age is not None

    with pytest.raises(ExpiredSignature):
        timed.helpdesk.verify(later(timed.signed(), timed.max_age + 61), timed.install)


def test_refuses_a_request_from_the_future(timed: Bench) -> None:
    """A time in the future is wrong, not old."""
    assert timed.max_age is not None

    with pytest.raises(BadSignature) as caught:
        timed.helpdesk.verify(later(timed.signed(), -timed.max_age - 61), timed.install)

    assert not isinstance(caught.value, ExpiredSignature)


def test_accepts_a_request_in_time(desk: Bench) -> None:
    """A request that took some seconds to arrive is no stale one."""
    assert desk.helpdesk.verify(later(desk.signed(), 20), desk.install) is not None


def test_a_stale_request_that_is_wrong_too_is_only_wrong(desk: Bench) -> None:
    """Only a right signature learns that it is old."""
    with pytest.raises(BadSignature) as caught:
        desk.helpdesk.verify(later(desk.signed(), 10**6), desk.keyed(desk.other))

    assert not isinstance(caught.value, ExpiredSignature)


def _expected_error(word: str) -> type[Exception]:
    kind = getattr(errors, word)
    assert issubclass(kind, FrameError)
    return kind  # type: ignore[no-any-return]  # getattr of a module is Any


@pytest.mark.parametrize(("name", "vector"), VECTORS, ids=_ids(VECTORS))
def test_verifies_as_the_vector_says(name: str, vector: dict[str, Any]) -> None:
    """Requests written down by the vendor, or by hand, are accepted or refused as they should."""
    desk = bench(name)
    secrets = tuple(vector.get("secrets", desk.install.secrets))
    install = dataclasses.replace(desk.with_options(**vector.get("options", {})), secrets=secrets)
    request = read_request(vector["request"])
    if vector["expect"] == "accepted":
        assert desk.helpdesk.verify(request, install) is not None
        return
    kind = _expected_error(vector["expect"])

    with pytest.raises(kind) as caught:
        desk.helpdesk.verify(request, install)

    assert type(caught.value) is kind


@pytest.mark.parametrize(("name", "case"), CASES, ids=_ids(CASES))
def test_reads_who_asks(name: str, case: dict[str, Any]) -> None:
    """Each recorded request gives the ticket, requester and viewer that it names."""
    desk = bench(name)
    install = desk.with_options(**case.get("options", {}))
    request, proof = read_request(case["request"]), Proof(**case.get("proof", {}))
    if "error" in case:
        with pytest.raises(_expected_error(case["error"])):
            desk.helpdesk.parse(request, proof, install)
        return

    asked = dataclasses.asdict(desk.helpdesk.parse(request, proof, install))

    found = json.loads(json.dumps(asked, default=sorted))
    for key, value in case["expect"].items():
        part = found[key]
        shown = {k: part[k] for k in value} if isinstance(value, dict) and part else part
        assert shown == value, key


def test_whom_it_does_not_prove_sees_the_least(desk: Bench) -> None:
    """A generous default role is for people whom the helpdesk names, not for its key."""
    generous = dataclasses.replace(desk.install, default_role="csm")
    asked = desk.asked(desk.signed(), generous)

    assert asked.viewer.role == ("csm" if "viewer" in asked.proven else "agent")


def test_an_unregistered_tenant_is_named(shared: Bench) -> None:
    """A right signature of a tenant that is not registered names the setting and the id."""
    assert shared.tenant is not None

    with pytest.raises(UnknownTenant) as caught:
        shared.helpdesk.verify(shared.signed(), shared.with_options(**{shared.tenant: None}))

    assert caught.value.setting == shared.tenant
    assert caught.value.tenant == shared.install.options[shared.tenant]


def test_only_named_pages_may_frame_it(desk: Bench) -> None:
    """A frame names its hosts one by one; nothing else may show it."""
    for origin in desk.helpdesk.ancestors(desk.install):
        parts = urlsplit(origin)
        assert (parts.scheme, parts.path, parts.query) == ("https", "", "")
        assert parts.hostname not in (None, "*")


def test_its_page_names_its_settings(desk: Bench) -> None:
    """The admin's page names each setting of the helpdesk, and how to turn a secret over."""
    page = (ROOT / f"docs/vendors/{desk.helpdesk.name}.md").read_text(encoding="utf-8")
    options = list(desk.helpdesk.options().fields)

    assert [option for option in options if f"`{option}`" not in page] == []
    assert [
        part
        for part in ("## Set up", "## Rotate", "## Remove", "## What is sent")
        if part not in page
    ] == []
    assert len(page.partition(" as a source\n")[0].splitlines()) <= 72


def test_a_proof_says_truly_how_long_it_holds(desk: Bench) -> None:
    """What is remembered of a proof never outlives the proof itself."""
    request = desk.signed()
    proof = desk.helpdesk.verify(request, desk.install)
    assert not (proof.timeless and proof.expires_at)
    if proof.timeless:
        assert desk.helpdesk.verify(later(request, 10 * 365 * 86_400), desk.install).timeless
    if proof.expires_at is not None:
        over = (proof.expires_at - request.received_at).total_seconds()
        with pytest.raises(ExpiredSignature):
            desk.helpdesk.verify(later(request, over + 61), desk.install)
