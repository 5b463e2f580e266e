"""The Freshworks app: a plain key, or a token that its server part signs."""

from __future__ import annotations

import base64
import dataclasses
import json

import pytest

from plugin.errors import BadSignature, ExpiredSignature
from tests.families.helpdesks.bench import NOW, TRIAL, Bench, bench, later, mac, post


@pytest.fixture
def freshdesk() -> Bench:
    """Return Freshdesk, whose app signs."""
    desk = bench("freshdesk")
    return dataclasses.replace(desk, install=desk.with_options(signed=True))


def test_freshdesk_reads_the_signed_token(freshdesk: Bench) -> None:
    """With the app's server part, what is asked stands in the token, not in the body."""
    request = dataclasses.replace(freshdesk.signed(), body=b'{"requester": {"email": "e@b.test"}}')

    asked = freshdesk.asked(request)

    assert asked.requester is not None
    assert asked.requester.email == TRIAL.email
    assert asked.proven == frozenset()


def test_freshdesk_refuses_an_old_token(freshdesk: Bench) -> None:
    """The token of the app counts five minutes."""
    with pytest.raises(ExpiredSignature):
        freshdesk.helpdesk.verify(later(freshdesk.signed(), 301), freshdesk.install)


def test_a_short_secret_signs_nothing(freshdesk: Bench) -> None:
    """A token under a secret that can be guessed is refused, also where it is the right one."""
    secret = "x" * 31
    header, claims = ({"alg": "HS256"}, {"iat": int(NOW.timestamp())})
    signed = b".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in (header, claims)
    )
    tag = base64.urlsafe_b64encode(mac(secret, signed)).rstrip(b"=")
    request = post(b"{}", {"authorization": f"Bearer {(signed + b'.' + tag).decode()}"})

    with pytest.raises(BadSignature, match="32 bytes"):
        freshdesk.helpdesk.verify(request, freshdesk.keyed(secret))


def test_freshdesk_refuses_a_token_of_another_account(freshdesk: Bench) -> None:
    """The account in the token must be the install's."""
    other = dataclasses.replace(
        freshdesk.install, options={**freshdesk.install.options, "account": "b.freshdesk.com"}
    )

    with pytest.raises(BadSignature):
        freshdesk.helpdesk.verify(freshdesk.signed(), other)
