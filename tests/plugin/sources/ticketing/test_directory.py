"""From what is known of an account to its organisation: the surest way first, each in its order."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from plugin.errors import UpstreamNotFound
from plugin.sources.ticketing.directory import Directory
from plugin.upstream import AccountRef, Client, Identity, Link

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ACME = AccountRef(
    "A-1", "Acme", "acme.example", ("acme.example", "acme.test"), emails=("a@acme.example",)
)
ROW = {"id": 7, "name": "Acme", "domains": ("acme.example",)}


class Asked(list[tuple[str, str]]):
    """The questions in their order; the one in `found` finds the organisation."""

    def way(self, by: str, found: str = "") -> Any:
        """Return a way to ask that notes each question."""

        def ask(_link: Link, value: str) -> list[dict[str, Any]]:
            self.append((by, value))
            return [ROW] if by == found else []

        return ask


def _directory(asked: Asked, found: str = "") -> Directory:
    return Directory(
        title="Desk",
        word="company",
        ids=re.compile(r"[0-9]+"),
        one=lambda _link, key: ROW if key == "7" else None,
        ways={by: asked.way(by, found) for by in ("external_id", "domain", "contact_email")},
        named=asked.way("name", found),
        of_person=asked.way("person", found),
        domains=lambda row: tuple(row["domains"]),
    )


@pytest.fixture
def link() -> Link:
    """Return a connection that nothing is asked of."""
    return Link("acme", "helpdesk", {}, cast("Client", None), NOW)


def test_every_way_is_tried_in_its_order(link: Link) -> None:
    """An id before domains, domains before a person, a name last."""
    asked = Asked()

    assert _directory(asked).key(ACME, link) is None
    assert asked == [
        ("external_id", "A-1"),
        ("domain", "acme.example"),
        ("domain", "acme.test"),
        ("contact_email", "a@acme.example"),
        ("name", "Acme"),
    ]


def test_the_first_that_finds_ends_it(link: Link) -> None:
    """Nothing more is asked where a surer way has found the account."""
    asked = Asked()

    assert _directory(asked, "domain").key(ACME, link) == "7"
    assert asked == [("external_id", "A-1"), ("domain", "acme.example")]


def test_a_namesake_with_other_domains_is_another(link: Link) -> None:
    """A name alone decides only where no domain speaks against it."""
    other = replace(ACME, domain="else.example", domains=())

    assert _directory(Asked(), "name").key(ACME, link) == "7"
    assert _directory(Asked(), "name").key(replace(other, id="A-2"), link) is None


@pytest.mark.parametrize("known", ["8", "../8"])
def test_a_known_id_is_taken_or_refused_unasked(link: Link, known: str) -> None:
    """Where an id is known, nobody is looked for by other means."""
    asked = Asked()
    ref = replace(ACME, external_ids={"helpdesk": known})

    with pytest.raises(UpstreamNotFound, match="Desk has no company of this id"):
        _directory(asked).organisation(ref, link)
    assert asked == []


@pytest.mark.parametrize(
    ("by", "value", "asks"),
    [
        ("organization", " 7 ", []),
        ("external_id", "A-1", [("external_id", "A-1"), ("person", "A-1")]),
        ("contact_email", "no address", []),
        ("contact_email", "a@acme.example", [("contact_email", "a@acme.example")]),
        ("domain", "", []),
        ("name", "Acme", []),
    ],
)
def test_an_identity_is_asked_for_by_its_own_way(
    link: Link, by: str, value: str, asks: list[tuple[str, str]]
) -> None:
    """What cannot be known so is not asked; an id may be one that a person has."""
    asked = Asked()
    found = _directory(asked).find(Identity(by, value), link)

    assert asked == asks
    assert [ref.external_ids for ref in found] == ([{"helpdesk": "7"}] if value == " 7 " else [])


def test_an_id_of_an_organisation_and_of_anothers_person_is_two_answers(link: Link) -> None:
    """Both are asked for the id that we gave; one that is found by both is one answer."""
    asked = Asked()
    other = {"id": 9, "name": "Other", "domains": ()}
    both = replace(_directory(asked, "external_id"), of_person=lambda _link, _value: [ROW, other])

    assert [ref.id for ref in both.find(Identity("external_id", "A-1"), link)] == ["7", "9"]
