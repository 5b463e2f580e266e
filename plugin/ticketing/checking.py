"""Say in `sidelight check` why a ticket system gave no answer."""

from __future__ import annotations

from plugin.errors import Problem, UpstreamError, UpstreamLimited, UpstreamUnset


def no_answer(key: str, title: str, error: UpstreamError, hint: str) -> Problem:
    """Return the problem of a call that failed; `hint` is where to look when the system is down."""
    if isinstance(error, UpstreamLimited):
        return Problem(key, f"{title} wants no more calls for now", "run it again in a minute")
    if isinstance(error, UpstreamUnset):
        return Problem(key, f"{title} was not asked: {error}", "mend the settings")
    return Problem(key, f"{title} did not answer: {error}", hint)
