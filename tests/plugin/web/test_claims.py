"""What the page may claim after a proven launch, and what it may not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.errors import BadRequest, BadSignature
from plugin.frame import FrameRequest, Requester, TicketRef, Viewer
from plugin.settings.records import Install
from plugin.web.page_claims import MAX_BODY, read_claims, token_claims

INSTALL = Install(id="acme", kind="zendesk", workspace="acme", roles={"7": "csm", "9": "ae"})
LAUNCH = FrameRequest(install_id="acme", viewer=Viewer("7"), proven=frozenset({"viewer"}))
SIGNED = FrameRequest(
    install_id="acme",
    ticket=TicketRef("25"),
    requester=Requester(external_id="500"),
    viewer=Viewer("7"),
    proven=frozenset({"ticket", "requester", "viewer"}),
)


def _read(claims: Any, launch: FrameRequest = LAUNCH) -> FrameRequest:
    raw = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    return read_claims(raw, token_claims(launch), INSTALL)


def test_reads_the_ticket_and_the_requester() -> None:
    """The page tells the ticket and the requester; neither is proven."""
    asked = _read(
        {
            "ticket": {"id": 25, "subject": " Export fails "},
            "requester": {"id": 9, "email": "jane@acme.test", "name": "J", "organization_id": "3"},
            "theme": "dark",
            "locale": "de-DE",
            "color": "ignored",
        }
    )

    assert asked.ticket == TicketRef("25", "Export fails")
    assert asked.requester == Requester("jane@acme.test", "J", "9", "3")
    assert (asked.theme, asked.locale, asked.stage) == ("dark", "de-DE", "widget")
    assert asked.proven == {"viewer"}


@pytest.mark.parametrize("claims", [{}, b"", {"ticket": None, "requester": None}, {"ticket": {}}])
def test_nothing_claimed_is_nothing_known(claims: Any) -> None:
    """A page without ticket asks for nobody."""
    asked = _read(claims)

    assert (asked.ticket, asked.requester) == (None, None)


def test_a_claim_gives_no_role() -> None:
    """The viewer comes from the token alone, and the role from the settings of today."""
    asked = _read({"viewer": {"id": "9", "role": "ae"}, "agent": {"id": "9"}, "role": "ae"})

    assert asked.viewer == Viewer("7", None, "csm")


def test_a_proven_group_gives_its_role_at_each_call() -> None:
    """It goes with the token; the role is looked up in the settings of today."""
    launch = FrameRequest("acme", viewer=Viewer("8", groups=("9",)), proven=frozenset({"viewer"}))

    assert _read({"groups": ["7"]}, launch).viewer == Viewer("8", None, "ae")


def test_an_agent_who_is_only_claimed_is_not_in_the_token() -> None:
    """An unproven viewer does not become a proven one on the way through the token."""
    unproven = FrameRequest(install_id="acme", viewer=Viewer("7", role="csm"))

    assert _read({}, unproven).viewer == Viewer(None, None, "agent")


def test_what_is_proven_wins() -> None:
    """A claimed address beside a proven id is used, and then no longer called proven."""
    asked = _read({"ticket": {"id": "25"}, "requester": {"id": "500", "email": "j@b.test"}}, SIGNED)

    assert asked.requester == Requester("j@b.test", None, "500")
    assert asked.proven == {"viewer", "ticket"}


def test_a_claimed_name_leaves_the_requester_proven() -> None:
    """A name tells nobody from another."""
    asked = _read({"requester": {"name": "Jane"}}, SIGNED)

    assert asked.requester == Requester(None, "Jane", "500")
    assert asked.proven == {"viewer", "ticket", "requester"}


@pytest.mark.parametrize(
    "claims",
    [
        {"ticket": {"id": "26"}, "requester": {"email": "eve@evil.test"}},
        {"requester": {"id": "501", "email": "eve@evil.test"}},
    ],
    ids=["another ticket", "another person"],
)
def test_a_claim_about_someone_else_is_not_believed(claims: Any) -> None:
    """Claims that contradict the proof are left out whole."""
    asked = _read(claims, SIGNED)

    assert (asked.ticket, asked.requester) == (SIGNED.ticket, SIGNED.requester)


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param([], id="a list"),
        pytest.param(b"{", id="half a body"),
        pytest.param(b"[" * 10_000, id="nested without end"),
        pytest.param({"ticket": "25"}, id="a ticket that is a text"),
        pytest.param({"ticket": {"id": True}}, id="an id that is a truth"),
        pytest.param({"ticket": {"id": 1.5}}, id="an id with decimals"),
        pytest.param({"ticket": {"id": ["25"]}}, id="an id that is a list"),
        pytest.param({"ticket": {"id": "9" * 129}}, id="a long id"),
        pytest.param({"ticket": {"subject": "a" * 501}}, id="a long subject"),
        pytest.param({"requester": {"email": "a" * 321}}, id="a long address"),
        pytest.param({"requester": {"name": "a" * 301}}, id="a long name"),
        pytest.param({"locale": "a" * 36}, id="a long locale"),
        pytest.param(b" " * MAX_BODY + b"{}", id="a long body"),
        pytest.param(b"\xff\xfe{}", id="bytes that are no text"),
    ],
)
def test_refuses_claims_that_cannot_be_read(claims: Any) -> None:
    """Unreadable or oversized claims are refused, never cut."""
    with pytest.raises(BadRequest):
        _read(claims)


@pytest.mark.parametrize("address", ["", "jane", "@acme.test", "a b@c.test", "{{x}}@y.test", None])
def test_what_is_no_address_is_unknown(address: str | None) -> None:
    """A blank, a name or an unfilled placeholder is no e-mail address."""
    asked = _read({"requester": {"email": address, "name": "J"}})

    assert asked.requester is not None
    assert asked.requester.email is None


def test_a_token_of_another_install_is_refused() -> None:
    """A token opens the install that it was made for, and no other."""
    other = Install(id="other", kind="zendesk", workspace="other")

    with pytest.raises(BadSignature):
        read_claims(b"{}", token_claims(LAUNCH), other)


@settings(max_examples=60)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "ticket": st.none() | st.dictionaries(st.sampled_from(["id", "subject"]), st.text()),
            "requester": st.dictionaries(
                st.sampled_from(["email", "name", "id", "organization_id"]), st.text() | st.none()
            ),
            "theme": st.text(),
            "locale": st.text(),
        },
    )
)
def test_any_text_is_read_or_refused(claims: dict[str, Any]) -> None:
    """Whatever the page says, the answer is a request or a refusal, and it can be encoded."""
    try:
        asked = _read(claims)
    except BadRequest:
        return

    assert repr(asked).encode()
    assert asked.proven == {"viewer"}
    assert asked.theme in ("light", "dark", None)


def test_half_a_character_does_not_survive() -> None:
    """A lone surrogate of a JSON escape becomes a question mark, so that it can be written."""
    asked = _read(b'{"ticket": {"id": "1", "subject": "x\\ud800y"}}')

    assert asked.ticket == TicketRef("1", "x?y")
