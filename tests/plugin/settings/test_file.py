"""Settings: every problem at once, each with its key and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from marshmallow import Schema, fields

from plugin.errors import ConfigurationError
from plugin.settings import schema as settings_schema
from plugin.settings.file import Kinds, load


class _Options(Schema):
    folder = fields.String(required=True)


KINDS: dict[str, Kinds] = {"upstreams": {"files": _Options}, "helpdesks": {"desk": Schema}}

GOOD = """
[service]
secrets = ["${NEW}", "old-secret-of-the-service-0123456"]
frame_budget = "800ms"
[workspaces.acme]
name = "Acme"
own_domains = ["Acme.COM"]
exchange_rates = { eur = "1.08" }
roles = { csm = ["Anna@acme.com"] }
[workspaces.acme.upstreams.crm]
kind = "files"
ttl = "1h"
folder = "data"
[workspaces.acme.installs.acme-desk]
kind = "desk"
secrets = ["file:key.txt"]
roles = { ae = ["7"] }
"""


@pytest.fixture
def read(tmp_path: Path):
    """Read settings written by a test."""
    (tmp_path / "key.txt").write_text("secret of the desk\n")

    def _read(text: str, **environ: str):
        path = tmp_path / "sidelight.toml"
        path.write_text(text)
        return load(path, environ={"NEW": "new-secret" * 4} | environ, **KINDS)

    return _read


def problems(read, text: str) -> dict[str, str]:
    """Return key → message of every problem in a settings text."""
    with pytest.raises(ConfigurationError) as caught:
        read(text)
    return {problem.key: f"{problem.message} {problem.hint}" for problem in caught.value.problems}


def test_good_settings_become_records(read):
    """Times are seconds, secrets are read from where they lie, domains are lower-case."""
    settings = read(GOOD)

    assert settings.service.secrets == ("new-secret" * 4, "old-secret-of-the-service-0123456")
    assert settings.service.frame_budget == 0.8
    assert settings.workspaces["acme"].own_domains == {"acme.com"}
    assert settings.workspaces["acme"].upstreams["crm"].ttl == 3600
    assert settings.installs["acme-desk"].secrets == ("secret of the desk",)


def test_an_install_adds_its_roles_to_those_of_its_workspace(read):
    """Roles are given by e-mail or id, in any case."""
    assert read(GOOD).installs["acme-desk"].roles == {"anna@acme.com": "csm", "7": "ae"}


def test_every_problem_is_reported_at_once_with_its_key(read):
    """An admin mends the whole file in one go."""
    text = GOOD.replace('"800ms"', '"soon"').replace('"Acme"', '""').replace('"1h"', "3600")
    text = text.replace('folder = "data"', 'foldr = "data"').replace(
        "file:key.txt", "file:gone.txt"
    )

    found = problems(read, text)

    assert set(found) == {
        "service.frame_budget",
        "workspaces.acme.name",
        "workspaces.acme.upstreams.crm.ttl",
        "workspaces.acme.upstreams.crm.foldr",
        "workspaces.acme.upstreams.crm.folder",
        "workspaces.acme.installs.acme-desk.secrets[0]",
    }
    assert "did you mean 'folder'" in found["workspaces.acme.upstreams.crm.foldr"]
    assert "2.5s" in found["service.frame_budget"]


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (("${NEW}", "${GONE}"), "service.secrets[0]", "GONE is not set"),
        (('"${NEW}", ', '"", '), "service.secrets[0]", "is empty"),
        (('kind = "files"', 'kind = "fles"'), "workspaces.acme.upstreams.crm.kind", "'files'"),
        (('kind = "desk"', ""), "workspaces.acme.installs.acme-desk.kind", "is missing"),
        (('"1.08"', '"-1"'), "workspaces.acme.exchange_rates.eur", "greater than 0"),
        (
            ('own_domains = ["Acme.COM"]', 'api_keys = [{ name = "a" }]'),
            "workspaces.acme.api_keys[0].key",
            "is missing",
        ),
        (("[service]", "[servce]"), "servce", "did you mean [service]?"),
        (('name = "Acme"', 'name = "Acme"\nrules = "no.yaml"'), "workspaces.acme.rules", "no file"),
        (('csm = ["Anna', 'boss = ["Anna'), "workspaces.acme.roles.boss", "agent"),
        (('"Acme.COM"', '"acme"'), "workspaces.acme.own_domains[0]", "such as acme.com"),
        (("{ eur =", "{ zzz ="), "workspaces.acme.exchange_rates.zzz", "unknown currency"),
        (
            ('name = "Acme"', 'name = "Acme"\naccount_url = "javascript:x"'),
            "workspaces.acme.account_url",
            "{account_id}",
        ),
        (
            ('name = "Acme"', 'name = "Acme"\napi_keys = [{}]'),
            "workspaces.acme.api_keys[0].key",
            "is missing",
        ),
        (
            ('name = "Acme"', 'name = "Acme"\ncompetitors = [{ name = "" }]'),
            "workspaces.acme.competitors[0].name",
            "between 2 and 80",
        ),
        (
            ('name = "Acme"', 'name = "Acme"\narr_bands = ["50k", "5k"]'),
            "workspaces.acme.arr_bands",
            "ascending",
        ),
    ],
    ids=[
        "unset",
        "empty",
        "kind",
        "no kind",
        "rate",
        "half a key",
        "section",
        "rules",
        "role",
        "domain",
        "currency",
        "link",
        "no key",
        "rival",
        "bands",
    ],
)
def test_a_problem_names_its_key_and_what_to_do(read, change, key, says):
    """What is wrong, where, and what to do."""
    found = problems(read, GOOD.replace(*change))

    assert says in found[key]


def test_a_file_that_is_no_toml_or_is_missing_is_one_sentence(read, tmp_path):
    """The line is named, no traceback is shown."""
    assert "line 2" in next(iter(problems(read, "[service]\nbind = \n").values()))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path / "none.toml", environ={}, **KINDS)


@pytest.mark.parametrize("text", ["service = 3", "workspaces = 3", "[workspaces]\nacme = 3"])
def test_a_value_where_a_table_belongs_is_a_problem_not_a_crash(read, text):
    """Whatever stands in the file, the answer is a list of problems."""
    assert problems(read, text)


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (('kind = "desk"', 'kind = ["desk"]'), "installs.acme-desk.kind", "unknown ['desk']"),
        (('name = "Acme"', "name = 5"), "name", "write it in quotes"),
        (('["file:key.txt"]', '"file:key.txt"'), "installs.acme-desk.secrets", "in brackets"),
    ],
    ids=["kind", "text", "list"],
)
def test_a_value_of_the_wrong_type_says_how_to_write_it(read, change, key, says):
    """An admin who does not know TOML learns how the value is written."""
    assert says in problems(read, GOOD.replace(*change))[f"workspaces.acme.{key}"]


def test_an_install_id_is_unique_in_a_file(read):
    """Otherwise one address would lead to two workspaces."""
    second = GOOD + GOOD[GOOD.index("[workspaces.acme]") :].replace("acme]", "other]").replace(
        "workspaces.acme.", "workspaces.other."
    )

    assert "already" in problems(read, second)["workspaces.other.installs.acme-desk"]


SECTIONS = [
    settings_schema.ServiceSchema,
    settings_schema.StoreSchema,
    settings_schema.CacheSchema,
    settings_schema.WorkspaceSchema,
    settings_schema.ConnectionSchema,
    settings_schema.InstallSchema,
]


@pytest.mark.parametrize("schema", SECTIONS, ids=lambda schema: schema.__name__)
def test_the_example_file_shows_every_setting(schema):
    """An admin finds each key in sidelight.example.toml."""
    example = Path("sidelight.example.toml").read_text()

    assert [name for name in schema().fields if f"\n{name} = " not in example] == []


TWO_DESKS = (
    GOOD
    + """
[workspaces.acme.installs.other-desk]
kind = "desk"
secrets = ["file:key.txt"]
"""
)


def test_an_id_of_a_workspace_is_somebody_of_one_install(read):
    """Two helpdesks give one id to two people; an address is the same person everywhere."""
    given = '"Anna@acme.com", "Other-Desk/9", "acme-desk/anna@x.test"'
    found = read(TWO_DESKS.replace('"Anna@acme.com"', given)).installs

    assert found["acme-desk"].roles == {"anna@acme.com": "csm", "anna@x.test": "csm", "7": "ae"}
    assert found["other-desk"].roles == {"anna@acme.com": "csm", "9": "csm"}


@pytest.mark.parametrize("bare", ["4711", "vips", "nobody/4711"])
def test_an_id_that_may_be_anybodys_is_refused(read, bare):
    """With one install it is that one's."""
    key = "workspaces.acme.roles.csm"

    assert key in problems(read, TWO_DESKS.replace("Anna@acme.com", bare))
    assert read(GOOD.replace("Anna@acme.com", bare)).installs["acme-desk"].roles[bare] == "csm"


@pytest.mark.parametrize(
    ("line", "short", "key"),
    [
        ('"old-secret-of-the-service-0123456"', '"%s"' % ("x" * 31), "service.secrets[1]"),
        (
            'name = "Acme"',
            'name = "Acme"\napi_keys = [{ name = "a", key = "%s" }]' % ("x" * 31),
            "workspaces.acme.api_keys[0].key",
        ),
        (
            'ttl = "1h"',
            'ttl = "1h"\nwebhook_secrets = ["x"]',
            "workspaces.acme.upstreams.crm.webhook_secrets[0]",
        ),
        ('"file:key.txt"', '"x"', "workspaces.acme.installs.acme-desk.secrets[0]"),
    ],
)
def test_a_secret_that_can_be_guessed_is_refused(read, line, short, key):
    """Ours have 32 bytes or more; of a vendor's, fewer than five characters are no secret."""
    found = problems(read, GOOD.replace(line, short))

    assert list(found) == [key]
    assert "is shorter than" in found[key]
    assert "xx" not in found[key]


def test_an_api_key_opens_one_workspace(read):
    """The same key elsewhere, or as the service's own secret, is refused without being shown."""
    keys = 'api_keys = [{ name = "a", key = "%s" }, { name = "b", key = "%s" }]'
    key, mine = "k" * 32, "new-secret" * 4
    other = f'[workspaces.rival]\nname = "Rival"\n{keys % (key, mine)}\n'
    text = GOOD.replace('name = "Acme"', 'name = "Acme"\n' + keys % (key, "o" * 32))

    found = problems(read, text + other)

    assert list(found) == [f"workspaces.rival.api_keys[{place}].key" for place in (0, 1)]
    assert not any(key in said or mine in said for said in found.values())


def test_an_api_key_opens_what_its_scopes_say(read):
    """All doors where none is named; an unknown one is a mistake."""
    entry = '{ name = "a", key = "%s" }' % ("k" * 32)
    text = GOOD.replace('name = "Acme"', f'name = "Acme"\napi_keys = [{entry}]')
    narrow = text.replace('name = "a"', 'name = "a", scopes = ["outcomes"]')

    assert read(text).workspaces["acme"].api_keys[0].scopes == {"read", "outcomes", "packages"}
    assert read(narrow).workspaces["acme"].api_keys[0].scopes == {"outcomes"}
    assert problems(read, narrow.replace('"outcomes"', '"all"'))
