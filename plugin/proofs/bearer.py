"""Exchange the credentials of an app for a bearer token."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

from plugin.errors import UpstreamBroken, UpstreamRefused
from plugin.upstream import Link

_TOKEN = re.compile(r"[!-~]{1,4096}", re.ASCII)  # what may stand in a header


def bearer(link: Link, path: str, form: Mapping[str, str], title: str) -> Mapping[str, str]:
    """Return the header with a new token; UpstreamRefused where the vendor gives none.

    OAuth answers wrong credentials with 400 or 401: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    """
    try:
        answer = link.client.post(path, form, form=True)
    except UpstreamBroken as error:
        if error.status == HTTPStatus.BAD_REQUEST:
            raise UpstreamRefused(f"{title} gives this app no token") from error
        raise
    token = answer.get("access_token") if isinstance(answer, Mapping) else None
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise UpstreamBroken(f"{title} answered without a token")
    return {"Authorization": f"Bearer {token}"}
