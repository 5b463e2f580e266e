"""The shared pieces of proofs, in the corners that no single helpdesk shows."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from plugin.errors import BadSignature, ConfigurationError, ExpiredSignature
from plugin.frame import Viewer
from plugin.incoming import fields, installs
from plugin.incoming.json_body import email, text
from plugin.proofs import ages, mac, tokens
from plugin.proofs.basic import basic
from plugin.settings.records import Install

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
INSTALL = Install("acme", "front", "acme", roles={"Ada@us.test": "ae", "7": "csm", "vips": "csm"})


def test_every_secret_is_tried() -> None:
    """Time does not tell which secret matched: all of them are used."""
    asked: list[str] = []

    def remember(secret: str) -> str:
        asked.append(secret)
        return secret

    mac.prove("new", ("new", "", "old"), remember)

    assert asked == ["new", "old"]


@pytest.mark.parametrize("given", ["ключ", "\udcff", "é", ""])
def test_a_signature_of_any_text_is_refused_calmly(given: str) -> None:
    """Characters that no signature has are wrong, not a crash."""
    with pytest.raises(BadSignature):
        mac.prove_key(given, ("secret",))


def test_a_key_may_hold_any_text() -> None:
    """A static key of non-ASCII letters is compared by its bytes."""
    mac.prove_key("schlüssel", ("schlüssel",))


def test_tokens_have_one_algorithm() -> None:
    """A second one, an HMAC above all, would let a public key sign."""
    assert tokens.ALGORITHMS == ("RS256",)


def test_fields_keep_blank_values() -> None:
    """A blank value is a value."""
    assert fields.read_fields(b"a=&b=1+2&c=%2F") == {"a": "", "b": "1 2", "c": "/"}


@pytest.mark.parametrize("raw", [b"a=1&a=1", b"a=%ff", b"\xff", b"&".join([b"a%d=1"] * 65)])
def test_odd_fields_prove_nothing(raw: bytes) -> None:
    """Doubled names, broken text and floods of fields are refused."""
    with pytest.raises(BadSignature):
        fields.read_fields(raw)


def test_a_hint_never_raises() -> None:
    """What only serves the looks is left out where it cannot be read."""
    assert fields.hint(b"theme=dark&theme=light", "theme") == "dark"
    assert fields.hint(b"\xff", "theme") is None
    assert fields.hint(b"theme=", "theme") is None


@pytest.mark.parametrize(("seconds", "error"), [(301, ExpiredSignature), (-301, BadSignature)])
def test_an_age_has_two_ends(seconds: int, error: type[Exception]) -> None:
    """Too old says so; from the future is wrong."""
    with pytest.raises(error) as caught:
        ages.check_age(NOW - timedelta(seconds=seconds), NOW, timedelta(minutes=5))

    assert type(caught.value) is error


@pytest.mark.parametrize("digits", [None, "", "abc", "-5", "1.5", "١٢٣", "9" * 17, "9" * 15])
def test_a_time_that_is_none_proves_nothing(digits: str | None) -> None:
    """Only plain digits within the calendar are a time."""
    with pytest.raises(BadSignature):
        ages.read_epoch_text(digits)


def test_reads_seconds_and_milliseconds() -> None:
    """The same instant in both units."""
    assert ages.read_epoch_text("1793264400") == ages.read_epoch_text(
        "1793264400000", a_second=1000
    )


@pytest.mark.parametrize(
    ("agent_id", "address", "groups", "role"),
    [
        ("7", "ada@us.test", (), "csm"),
        ("8", "ADA@us.test", (), "ae"),
        ("8", None, ("other", "vips"), "csm"),
        (None, None, (), "agent"),
    ],
    ids=["the id first", "the e-mail in any case", "a group", "nobody"],
)
def test_a_role_is_looked_up(
    agent_id: str | None, address: str | None, groups: tuple[str, ...], role: str
) -> None:
    """The install says who sees what: by id, e-mail or group."""
    assert installs.viewer(INSTALL, agent_id, address, groups) == Viewer(agent_id, address, role)


def test_whom_the_helpdesk_does_not_name_sees_the_least() -> None:
    """A default role is for people who are known, not for whoever holds the install's key."""
    generous = dataclasses.replace(INSTALL, default_role="csm")

    assert installs.viewer(generous, "somebody").role == "csm"
    assert installs.viewer(generous, None, None, ("some group",)).role == "csm"
    assert installs.viewer(generous, None).role == "agent"
    assert installs.viewer(generous, "", "").role == "agent"


def test_only_the_own_machine_may_frame_without_tls() -> None:
    """Everywhere else a host is https, whatever the setting says."""
    hosts = ("http://a.test/", "https://b.test", "c.test:8443", "http://localhost:8321")
    install = Install("acme", "front", "acme", hosts=hosts)

    assert installs.https_origins(install) == (
        "https://a.test",
        "https://b.test",
        "https://c.test:8443",
        "http://localhost:8321",
    )


def test_signing_without_secret_names_the_setting() -> None:
    """A trial of an install without secret says what to fill in."""
    with pytest.raises(ConfigurationError, match=r"installs\.acme\.secrets"):
        installs.signing_secret(INSTALL)


@pytest.mark.parametrize("value", [None, True, 1.5, [], {}, "", "  ", "a" * 1001, 10**40])
def test_what_is_no_text_is_unknown(value: object) -> None:
    """Only texts and whole numbers of a sane length are read."""
    assert text(value) is None


def test_an_address_is_trimmed() -> None:
    """White space around an address is not part of it."""
    assert email(" jane@acme.test\n") == "jane@acme.test"


@pytest.mark.parametrize(
    ("user", "password", "said"),
    [
        ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123£", "dGVzdDoxMjPCow=="),
    ],
)
def test_basic_authentication_is_as_the_standard_shows_it(
    user: str, password: str, said: str
) -> None:
    """The examples of RFC 7617, sections 2 and 2.1."""
    assert basic(user, password) == {"Authorization": f"Basic {said}"}
