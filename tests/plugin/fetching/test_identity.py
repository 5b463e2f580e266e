"""Whose answer it is: by identity, requester, workspace and version."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from plugin.errors import UpstreamTimeout
from plugin.upstream import AccountRef, Facts, Identity, Link
from tests.plugin.fetching.conftest import ACME, LATER, first_of, raises, says, source

MAIL = Identity("contact_email", "ann@acme.example")


@pytest.mark.parametrize("word", ["7", "acme.example", "Ann@Acme.example", "cus_1"])
def test_a_webhook_may_name_the_account_as_it_knows_it(sources, word):
    """By our id, the vendor's own, an address or a domain."""
    calls = []

    def fetch(_ref, link):
        calls.append(1)
        return Facts({}, link.now)

    ref = AccountRef("7", "Acme", "acme.example", (), ("ann@acme.example",), {"billing": "cus_1"})
    billing = sources(source(fetch))
    billing.gather(ref, LATER)
    billing.invalidate("billing", word)
    billing.gather(ref, LATER)

    assert len(calls) == 2


def test_finds_accounts_and_keeps_the_answer(sources):
    """The same address asks the CRM once an hour."""
    calls = []

    def find(identity, _link):
        calls.append(identity.value)
        return (ACME,)

    crm = sources(source(says(), "crm", find=find))
    found = [crm.find("crm", MAIL, LATER) for _ in range(3)]

    assert ([each.accounts for each in found], calls) == ([(ACME,)] * 3, ["ann@acme.example"])


def test_nobody_found_is_an_answer_for_a_short_time(sources, ticking):
    """No reason is given, because nothing failed."""
    calls = []

    def find(_identity, _link):
        calls.append(1)
        return ()

    crm = sources(source(says(), "crm", find=find))
    found = [crm.find("crm", MAIL, LATER) for _ in range(3)]
    ticking.tick(61)
    crm.find("crm", MAIL, LATER)

    assert [(each.accounts, each.reason) for each in found] == [((), None)] * 3
    assert len(calls) == 2


def test_a_search_that_fails_says_so(sources):
    """The match may change once the CRM is back."""
    crm = sources(source(says(), "crm", find=raises(UpstreamTimeout("no"))))

    assert crm.find("crm", MAIL, LATER).reason == "timed_out"


def test_a_connection_without_search_is_not_asked(sources):
    """That is no gap."""
    found = sources(source(says())).find("billing", MAIL, LATER)

    assert (found.asked, found.reason, found.accounts) == (False, None, ())


def test_what_is_about_the_requester_is_not_shown_for_another(sources):
    """Two people of one account are two people."""
    supplies = frozenset({"tickets", "requester.title"})
    helpdesk = sources(
        source(
            lambda ref, link: Facts({"requester.title": ref.emails[0]}, link.now),
            "helpdesk",
            supplies=supplies,
        )
    )
    two = [AccountRef("7", "Acme", emails=mails) for mails in (("a@x", "b@x"), ("b@x", "a@x"))]

    titles = [helpdesk.gather(ref, LATER)["helpdesk"].facts.values for ref in two]
    assert titles == [{"requester.title": "a@x"}, {"requester.title": "b@x"}]


def test_workspaces_never_share_an_answer(sources, resources):
    """The same connection name and account id in two workspaces are two accounts."""
    north = sources(source(says("north")), workspace="north")
    south = sources(source(says("south")), workspace="south")

    plans = [
        each.gather(ACME, LATER)["billing"].facts.values["contract.plan"]
        for each in (north, south, north, south)
    ]
    assert plans == ["north", "south", "north", "south"]
    resources.purge("north")
    assert south.gather(ACME, LATER)["billing"].loading is False


def test_a_version_stands_for_what_would_be_shown(sources, ticking):
    """What was rendered from the same version can be shown again, and from no other."""
    answers = [says("gold"), says("silver")]
    billing = sources(source(first_of(answers)))
    billing.gather(ACME, LATER)
    first = billing.version(ACME)
    ticking.tick(30)
    again = billing.version(ACME)
    answers.pop(0)
    billing.invalidate("billing", "7")
    billing.gather(ACME, LATER)

    assert first is not None
    assert (again == first, billing.version(ACME) == first) == (True, False)


def test_a_version_tells_fresh_from_stale(sources, ticking):
    """The amber mark appears without another answer, and behind it a refresh begins."""
    calls = []

    def fetch(_ref, link):
        calls.append(1)
        return Facts({}, link.now)

    billing = sources(source(fetch))
    billing.gather(ACME, LATER)
    fresh = billing.version(ACME)
    ticking.tick(17 * 60)

    assert billing.version(ACME) not in {fresh, None}
    for _ in range(100):
        if len(calls) == 2:
            break
        threading.Event().wait(0.02)
    assert len(calls) == 2


def test_there_is_no_version_while_an_answer_is_on_its_way(sources, hang):
    """What is incomplete is not rendered once and kept."""
    fetch, _ = hang

    assert sources(source(fetch), source(says(), "crm")).version(ACME) is None


def _by_requester(sources: Any, **more: Any) -> list[str | None]:
    """Return the connection, and what each person of one account is told of themselves."""
    seen: list[str | None] = []

    def fetch(ref: AccountRef, link: Link) -> Facts:
        seen.append(ref.requester)
        return Facts({"contract.plan": ref.requester or "nobody"}, link.now)

    connection = sources(source(fetch, "crm", **more))
    for who in ("a@x", "b@x", "a@x"):
        connection.gather(replace(ACME, requester=who), LATER)
    return seen


def test_a_personal_connection_is_asked_for_each_person(sources):
    """Where the settings say that facts differ by who writes, each has an answer of their own."""
    assert _by_requester(sources, personal=lambda _options: True) == ["a@x", "b@x"]


@pytest.mark.parametrize("personal", [None, lambda _options: False])
def test_no_other_connection_is_told_who_writes(sources, personal):
    """One answer serves the whole account, so it may not depend on who asked first."""
    assert _by_requester(sources, personal=personal) == [None]


def test_a_persons_answer_is_forgotten_by_their_address(sources):
    """A webhook about an address reaches what was kept for its owner."""
    answers = [says("gold"), says("silver")]
    crm = sources(source(first_of(answers), "crm", personal=lambda _options: True))
    ref = replace(ACME, requester="a@x")
    crm.gather(ref, LATER)
    answers.pop(0)
    crm.invalidate("crm", "a@x")

    assert crm.gather(ref, LATER)["crm"].facts.values == {"contract.plan": "silver"}


def test_the_requester_comes_first_among_the_people():
    """Whoever wants one address takes that of who writes."""
    ref = AccountRef("7", "Acme", emails=("a@x", "b@x"))

    assert ref.people == ("a@x", "b@x")
    assert replace(ref, requester="b@x").people == ("b@x", "a@x")
