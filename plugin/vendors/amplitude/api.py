"""Ask Amplitude for the profile of one user; it has none of an account.

https://amplitude.com/docs/apis/analytics/user-profile
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from plugin.errors import UpstreamBroken, UpstreamLimited, UpstreamNotFound
from plugin.upstream import Link

PATH = "/v1/userprofile"
MINUTE = timedelta(minutes=1)  # what its limit counts by; it never says how long to wait
UNSEEN = "not seen before"
TOO_MANY = "exceeds system limit"


def _said(answer: object) -> str:
    said = answer.get("error") if isinstance(answer, Mapping) else None
    return said if isinstance(said, str) else ""


def _check(answer: object, link: Link) -> None:
    """Raise what an error in the body means: Amplitude tells some of them in words alone."""
    said = _said(answer)
    if UNSEEN in said:
        raise UpstreamNotFound("it has not seen this user")
    if TOO_MANY in said:
        raise UpstreamLimited("wants no more calls for now", link.now + MINUTE)
    if said:
        raise UpstreamBroken("it answered with an error")


def _ask(link: Link, user: str) -> Any:
    params = [("user_id", user), ("get_amp_props", "true"), ("get_computations", "true")]
    try:
        answer = link.client.get(PATH, params)
    except UpstreamBroken as error:
        _check(error.answer, link)
        raise
    except UpstreamLimited as error:
        until = max(error.until or link.now, link.now + MINUTE)
        raise UpstreamLimited(str(error), until) from error
    _check(answer, link)
    return answer


def properties(link: Link, user: str) -> dict[str, Any]:
    """Return a user's properties, computed ones included.

    UpstreamNotFound where Amplitude has not seen the user; another user's profile is refused.
    """
    answer = _ask(link, user)
    data = answer.get("userData") if isinstance(answer, Mapping) else None
    if not isinstance(data, Mapping):
        raise UpstreamBroken("it answered with something that is no profile")
    if str(data.get("user_id")).lower() != user.lower():
        raise UpstreamBroken("it answered with the profile of another user")
    said = data.get("amp_props")
    if said is not None and not isinstance(said, Mapping):
        raise UpstreamBroken("it answered with properties that are none")
    return dict(said or {})
