"""Every helpdesk's package: it builds, checks clean, and is the same twice."""

from __future__ import annotations

import dataclasses
import io
import zipfile

import pytest

from manifest.build import UnknownHelpdesk, build, helpdesks
from manifest.check import check, check_reading
from manifest.facts import Facts
from manifest.kinds import recognise
from manifest.reading import read_folder, read_zip
from plugin.families import HELPDESKS
from tests.manifest.broken import FACTS, good

ALL = list(HELPDESKS)
ODD = Facts(
    "acme-2",
    "https://sidelight.acme-group.test/",
    hosts=("https://acme.example",),
    locale="de-CH",
    title='Tim\'s "A&B" <b>light</b> ${KEY}',
    options={"app_id": "ari:cloud:ecosystem::app/0f6c0f6c-0f6c-4f6c-8f6c-0f6c0f6c0f6c"},
)


def test_every_helpdesk_has_a_package() -> None:
    """The folders of packages are the helpdesks of the service, none more and none fewer."""
    assert list(helpdesks()) == ALL


def test_an_unknown_helpdesk_is_named_with_the_known_ones() -> None:
    """The error for an unknown name says which names there are."""
    with pytest.raises(UnknownHelpdesk, match="'zendesc'; known: chatwoot, crisp"):
        build("zendesc", FACTS)


@pytest.mark.parametrize("name", ALL)
def test_a_package_is_clean(name: str) -> None:
    """What we build has no finding."""
    assert check(good(name)) == []


@pytest.mark.parametrize("name", ALL)
def test_odd_names_stay_clean(name: str) -> None:
    """Quotes, tags and ampersands in a title break no file."""
    assert check(build(name, ODD)) == []


@pytest.mark.parametrize("name", ALL)
def test_a_package_is_the_same_twice(name: str) -> None:
    """The same facts give the same bytes."""
    assert build(name, FACTS).zipped() == build(name, dataclasses.replace(FACTS)).zipped()


@pytest.mark.parametrize("name", ALL)
def test_a_package_names_the_address_that_is_called(name: str) -> None:
    """Some file says where Sidelight answers, and with which install."""
    content = b"\n".join(good(name).files.values())
    assert b"ctx.acme.test" in content
    assert b"/frames/acme" in content


@pytest.mark.parametrize("name", ALL)
def test_a_package_is_known_again(name: str) -> None:
    """Read back as a zip, the package is recognised by its files, and is still clean."""
    reading = read_zip(good(name).zipped())

    assert recognise(reading.files) == good(name).kind
    assert reading.files == good(name).files
    assert check_reading(reading) == []


def test_the_zip_holds_sorted_names_one_date_and_plain_files() -> None:
    """Nothing in the zip depends on when or where it was made."""
    with zipfile.ZipFile(io.BytesIO(good("zendesk").zipped())) as archive:
        entries = archive.infolist()

    assert [one.filename for one in entries] == sorted(good("zendesk").files)
    assert {one.date_time for one in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {one.external_attr >> 16 for one in entries} == {0o100644}


def test_a_folder_reads_like_its_zip(tmp_path) -> None:
    """A folder gives the same files; what tools leave behind is left out."""
    for path, content in good("hubspot").files.items():
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (tmp_path / "src/app/cards/node_modules").mkdir()
    (tmp_path / "src/app/cards/node_modules/x-hsmeta.json").write_text("{")

    assert read_folder(tmp_path).files == good("hubspot").files
    assert check_reading(read_folder(tmp_path)) == []


def test_the_title_is_the_admins() -> None:
    """A package carries the title and the language that it is built with."""
    package = build("zendesk", dataclasses.replace(FACTS, title="Acme 360", locale="fr-CA"))
    assert b'"name": "Acme 360"' in package.files["manifest.json"]
    assert b'"defaultLocale": "fr"' in package.files["manifest.json"]


def test_an_insecure_address_is_reported_everywhere() -> None:
    """A package for a plain http address has a finding, whatever the helpdesk."""
    facts = dataclasses.replace(FACTS, base_url="http://10.0.0.7:8321")
    clean = [name for name in ALL if not check(build(name, facts))]
    assert clean == []
