"""Sign in with a user and a password, as HTTP itself has it."""

from __future__ import annotations

from collections.abc import Mapping

from plugin.proofs.base64_text import encode


def basic(user: str, password: str) -> Mapping[str, str]:
    """Return the header of basic authentication: https://www.rfc-editor.org/rfc/rfc7617#section-2.

    A key that stands alone is the user of many vendors, with a password that means nothing.
    """
    return {"Authorization": f"Basic {encode(f'{user}:{password}'.encode())}"}
