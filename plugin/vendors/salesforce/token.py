"""Exchange the credentials of a Salesforce app for a token.

By client credentials, or by a signed JWT for a user:
https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm
https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import jwt

from plugin.errors import UpstreamUnset
from plugin.proofs.bearer import bearer
from plugin.upstream import Link

PATH = "/services/oauth2/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFE = timedelta(minutes=3)  # the most that Salesforce takes


def _signed(link: Link) -> str:
    options = link.options
    is_sandbox = options["domain"].endswith(".sandbox")
    claims = {
        "iss": options["client_id"],
        "sub": options["username"],
        "aud": f"https://{'test' if is_sandbox else 'login'}.salesforce.com",
        "exp": int((link.now + LIFE).timestamp()),
    }
    try:
        return jwt.encode(claims, options["private_key"], algorithm="RS256")
    except (ValueError, TypeError, jwt.PyJWTError):  # its text may quote the key
        raise UpstreamUnset("private_key is no RSA key in PEM") from None


def _form(link: Link) -> dict[str, str]:
    if link.options.get("client_secret"):
        return {
            "grant_type": "client_credentials",
            "client_id": link.options["client_id"],
            "client_secret": link.options["client_secret"],
        }
    return {"grant_type": GRANT, "assertion": _signed(link)}


def authorise(link: Link) -> Mapping[str, str]:
    """Return the header with a new token; UpstreamRefused where Salesforce gives none."""
    return bearer(link, PATH, _form(link), "Salesforce")
