"""Write all that the demo runs on: data, keys made for this run, and a settings file to read."""

from __future__ import annotations

import json
import secrets
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from plugin.demo.guard import is_made_by_demo, name_installs
from plugin.demo.workspace import COMPETITORS, COMPONENTS, OWN_DOMAINS, PARTS, write_demo
from plugin.errors import ConfigurationError, Problem

_HEAD = """# The demo's settings, written anew at each start.
[service]
base_url = "http://{bind}"
bind = "{bind}"
demo = true
secrets = ["{secret}"]

[store]
url = "sqlite:///{folder}/sidelight.db"

[workspaces.demo]
name = "Lanternworks"
own_domains = {own_domains}
exchange_rates = {{ eur = "1.08", gbp = "1.27", jpy = "0.0067" }}
competitors = [{competitors}]
components = {{ {components} }}
"""

# An id is a person of one helpdesk, so each install gives out its own roles.
_ROLES = 'roles = { csm = ["2"], ae = ["3"] }'

_CONNECTION = """
[workspaces.demo.upstreams.{name}]
kind = "files"
folder = "{folder}/data"
parts = {parts}
as_of = "read"
"""

_INSTALLS = """
[workspaces.demo.installs.demo-zendesk]
kind = "zendesk"
{roles}
subdomain = "demo"
installation_id = "42"
hosts = ["http://{bind}"]
secrets = ["file:zendesk-public.pem"]
private_key = "file:zendesk-private.pem"

[workspaces.demo.installs.demo-intercom]
kind = "intercom"
{roles}
workspace_id = "demo"
secrets = ["{intercom}"]

[workspaces.demo.installs.demo-plain]
kind = "plain"
{roles}
workspace_id = "demo"
secrets = ["{plain}"]
"""

# One key pair stands for both helpdesks that sign with a private key.
_JIRA = """
[workspaces.demo.installs.demo-jira]
kind = "jira"
{roles}
app_id = "ari:cloud:ecosystem::app/00000000-0000-4000-8000-000000000000"
installation_id = "demo"
secrets = ['{keys}']
private_key = "file:zendesk-private.pem"
"""

# The other helpdesks of the playground, with the options that each needs.
_OTHERS: dict[str, dict[str, str]] = {
    "chatwoot": {"account_id": "3"},
    "crisp": {"website_id": "demo"},
    "freescout": {"mailbox_id": "1"},
    "freshdesk": {"account": "demo.freshdesk.com"},
    "front": {},
    "gladly": {},
    "helpscout": {},
    "helpscout_legacy": {},
    "hubspot": {"portal_id": "4711"},
    "kustomer": {},
    "missive": {},
    "pylon": {},
    "reamaze": {"brand": "demo"},
    "salesforce": {"organization_id": "00D000000000001EAA"},
    "static_key": {},
}

_OTHER = """
[workspaces.demo.installs.demo-{name}]
kind = "{kind}"
{roles}
hosts = ["http://{bind}"]
secrets = ["{secret}"]
{options}
"""


def _others(bind: str) -> Iterator[str]:
    for kind, given in _OTHERS.items():
        options = "\n".join(f"{key} = {json.dumps(value)}" for key, value in given.items())
        name = kind.replace("_", "-")
        secret = secrets.token_hex(20)  # Help Scout takes no more than 40 characters
        yield _OTHER.format(
            roles=_ROLES, name=name, kind=kind, bind=bind, secret=secret, options=options
        )


def _key_set(key: rsa.RSAPublicKey) -> str:
    published = jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True)
    return json.dumps({"keys": [{**published, "kid": "demo", "alg": "RS256", "use": "sig"}]})


def _write_keys(folder: Path) -> rsa.RSAPublicKey:
    """Write the pair of keys and return its public half."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for name, content in (("private", private), ("public", public)):
        path = folder / f"zendesk-{name}.pem"
        path.touch(mode=0o600)
        path.write_bytes(content)
    return key.public_key()


def _settings(folder: Path, bind: str, key: rsa.RSAPublicKey) -> Iterator[str]:
    words = {name: secrets.token_hex(24) for name in ("secret", "intercom", "plain")}
    yield _HEAD.format(
        bind=bind,
        folder=folder,
        own_domains=json.dumps(list(OWN_DOMAINS)),
        competitors=", ".join(f'{{ name = "{name}" }}' for name in COMPETITORS),
        components=", ".join(f'"{name}" = []' for name in COMPONENTS),
        **words,
    )
    for name, parts in PARTS.items():
        yield _CONNECTION.format(name=name, folder=folder, parts=json.dumps(list(parts)))
    yield _INSTALLS.format(roles=_ROLES, bind=bind, **words)
    yield _JIRA.format(roles=_ROLES, keys=_key_set(key))
    yield from _others(bind)


def _secret(folder: Path, word: str) -> str:
    name = word.removeprefix("file:")
    return word if name == word else (folder / name).read_text(encoding="utf-8").strip()


def _mark(folder: Path, settings: str) -> None:
    """Keep which installs are the demo's own."""
    installs = tomllib.loads(settings)["workspaces"]["demo"]["installs"]
    made = {
        name: (one["kind"], tuple(_secret(folder, word) for word in one["secrets"]))
        for name, one in installs.items()
    }
    name_installs(folder / "data", made)


def set_up_demo(folder: Path, bind: str, now: datetime) -> Path:
    """Write the demo below `folder` and return its settings file; `bind` is HOST:PORT.

    Raises ConfigurationError where the folder holds what the demo has not made.
    """
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "sidelight.toml").exists() and not is_made_by_demo(folder / "data"):
        hint = "move it away: the demo writes its own settings there"
        raise ConfigurationError([Problem(str(folder), "holds settings of somebody else", hint)])
    write_demo(folder / "data", now.date(), now)
    key = _write_keys(folder)
    path = folder / "sidelight.toml"
    path.touch(mode=0o600)
    settings = "".join(_settings(folder, bind, key))
    path.write_text(settings, encoding="utf-8")
    _mark(folder, settings)
    return path
