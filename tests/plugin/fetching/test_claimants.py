"""Whoever claims a key is a candidate: no spelling of it hides a second account."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin.account.domains import parents, read_domain
from plugin.account.ids import same_id
from plugin.account.shared_domains import shared_by
from plugin.facts.resolution import IndexAnswer, resolve
from plugin.frame import Requester
from plugin.settings.records import Workspace
from plugin.vendors.files.source import check, files
from tests.vendors.files.files_folder import connect

SPACE = Workspace("w", "W")
NAMES = st.sampled_from(["harbour.example", "eu.harbour.example", "hafen-köln.example"])
SPELLINGS = (
    str.upper,
    str.title,
    lambda name: f"www.{name}",
    lambda name: f"https://{name}/start?x=1",
    lambda name: f"//{name}:8443",
    lambda name: f"{name}.",
    lambda name: read_domain(name) or name,
)
SHARED = """privaterelay.appleid.com duck.com mozmail.com anonaddy.me acme.zendesk.com kpnmail.nl
hotmail.dk yahoo.co.nz seznam.cz abv.bg walla.co.il docomo.ne.jp hanmail.net 163.com bigpond.com
xtra.co.nz sympatico.ca uol.com.br mweb.co.za vtext.com mail.yahoo.fr otenet.gr"""
CASES = st.sampled_from([str.upper, str.lower, str.title, str.swapcase])


def _table(folder: Path, name: str, rows: list[list[str]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def _matched(accounts: list[list[str]], people: list[list[str]], email: str):
    with TemporaryDirectory() as name:
        folder = Path(name)
        _table(folder, "accounts", [["account_id", "name", "domain", "domains"], *accounts])
        _table(folder, "contacts", [["account_id", "email"], *people])
        link = connect(folder)
        find = files.find
        assert find is not None
        return resolve(
            Requester(email), SPACE, lambda asked: [IndexAnswer(find(one, link)) for one in asked]
        ).match


@settings(max_examples=40, deadline=None)
@given(NAMES, st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS), st.booleans(), st.booleans())
def test_a_second_claimant_of_a_domain_leaves_no_tick(name, first, second, in_list, below):
    """One as `domain`, one in `domains`, in any spelling: which account is asked."""
    email = f"new@{'mail.' if below else ''}{name}"
    one, other = ["a", "A", first(name), ""], ["b", "B", second(name), ""]
    if in_list:
        other = ["b", "B", "", f"else.example;{second(name)}"]

    assert _matched([one], [], email).account_id == "a"
    assert _matched([one, other], [], email).status == "ambiguous"


@settings(max_examples=20, deadline=None)
@given(CASES, CASES, CASES)
def test_a_second_claimant_of_an_address_leaves_no_tick(first, second, asked):
    """No letter case of an address decides between two accounts."""
    email = "ada.lund@harbour.example"
    accounts = [["a", "A", "", ""], ["b", "B", "", ""]]

    assert _matched(accounts, [["a", first(email)]], asked(email)).account_id == "a"
    both = [["a", first(email)], ["b", second(email)]]
    assert _matched(accounts, both, asked(email)).status == "ambiguous"


def test_the_check_names_a_domain_that_leads_nowhere_or_twice(tmp_path: Path):
    """A provider's domain and one with two owners are told with file and line."""
    _table(
        tmp_path,
        "accounts",
        [
            ["account_id", "name", "domain", "domains"],
            ["a", "A", "harbour.example", ""],
            ["b", "B", "", "www.harbour.example"],
            ["c", "C", "tuta.com", ""],
        ],
    )

    told = [str(one) for one in sorted(check(connect(tmp_path, parts=("accounts",))), key=str)]

    assert len(told) == 2
    assert "line 2, column domain: harbour.example is claimed by 2 accounts: a (line 2)," in told[0]
    assert "until then people are asked which account it is" in told[0]
    assert "line 4, column domain: tuta.com is a mail provider's domain, so no" in told[1]
    assert "company_domains of the workspace" in told[1]


@pytest.mark.parametrize("domain", SHARED.split())
def test_providers_and_relays_of_all_countries_are_nobodys(domain):
    """A mailbox there says nothing about a firm."""
    assert shared_by(domain)


@pytest.mark.parametrize(
    "domain", ["zendesk.com", "apple.com", "stanford.edu", "harbour.example", "yahooinc.com"]
)
def test_a_firm_with_a_provider_among_its_products_stays_a_firm(domain):
    """Only what lies below, or the mailboxes' own domain, is shared."""
    assert shared_by(domain) is None


def test_parents_end_at_the_domain_that_a_firm_registers():
    """Nearest first; nothing above a public suffix."""
    assert parents("a.b.eu.harbour.co.uk") == (
        "b.eu.harbour.co.uk",
        "eu.harbour.co.uk",
        "harbour.co.uk",
    )
    assert parents("harbour.github.io") == ()


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("001Ax000003Qa1B", "001Ax000003Qa1BIAS", True),
        ("001Ax000003Qa1B", "001Ax000003Qa1b", False),
        ("001Ax000003Qa1BIAS", "001AX000003QA1BIAS", True),
        ("cus_1", "CUS_1", True),
        ("a-1", "a-2", False),
        ("", "", False),
    ],
)
def test_a_short_and_a_long_salesforce_id_are_one(first, second, same):
    """The three characters behind say which letters are capitals; case counts without them."""
    assert same_id(first, second) is same
