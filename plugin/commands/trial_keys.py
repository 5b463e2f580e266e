"""Keys made for one try: where only the helpdesk itself holds the private key."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from plugin.settings.records import Install, Settings

SIZE = 2048  # bits
KEY_ID = "trial"


def _private_pem(key: rsa.RSAPrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    return key.private_bytes(*form, serialization.NoEncryption()).decode()


def _public_pem(key: rsa.RSAPrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form).decode()


def _zendesk(install: Install, key: rsa.RSAPrivateKey) -> Install:
    options = {**install.options, "private_key": _private_pem(key)}
    return dataclasses.replace(install, secrets=(_public_pem(key),), options=options)


def _jira(install: Install, key: rsa.RSAPrivateKey) -> Install:
    public: Mapping[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    keys = {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}
    own = {name: value for name, value in install.options.items() if name != "jwks_url"}
    options = {**own, "private_key": _private_pem(key), "jwks": keys}
    return dataclasses.replace(install, options=options)


MAKERS = {"zendesk": _zendesk, "jira": _jira}


def _replaced(settings: Settings, install: Install) -> Settings:
    space = settings.workspaces[install.workspace]
    installs = {**space.installs, install.id: install}
    spaces = {**settings.workspaces, space.id: dataclasses.replace(space, installs=installs)}
    return dataclasses.replace(settings, workspaces=spaces)


def with_trial_key(settings: Settings, install_id: str) -> tuple[Settings, str]:
    """Return settings whose install can sign for itself, and what to tell about it.

    Nothing changes where the install already can; the note is empty then.
    """
    install = settings.installs[install_id]
    make = MAKERS.get(install.kind)
    if make is None or install.options.get("private_key"):
        return settings, ""
    key = rsa.generate_private_key(public_exponent=65537, key_size=SIZE)
    title = "Zendesk" if install.kind == "zendesk" else "Atlassian"
    note = f"only {title} can sign for real: this try uses a key of its own, made for it"
    return _replaced(settings, make(install, key)), note
