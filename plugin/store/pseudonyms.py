"""Names that tell nobody who is meant, yet are the same for the same person: for the audit."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from sqlalchemy import Connection, select

from plugin.store.tables import META
from plugin.store.upserts import insert_once

_SALT = "salt"


def _salt(connection: Connection) -> bytes:
    query = select(META.c.value).where(META.c.name == _SALT)
    known = connection.execute(query).scalar()
    if known is None:
        insert_once(connection, META, {"name": _SALT, "value": secrets.token_hex(32)})
        known = connection.execute(query).scalar_one()
    return bytes.fromhex(known)


def pseudonym(connection: Connection, workspace: str, kind: str, value: str) -> str:
    """Return the pseudonym of a person or an account; the store's own salt keeps it from guesses.

    The connection is inside a writing transaction: the first name makes the salt.
    """
    content = f"{workspace}\0{kind}\0{value.casefold()}".encode()
    return hmac.new(_salt(connection), content, hashlib.sha256).hexdigest()[:16]
