"""Say in `sidelight check` why a ticket system gave no answer."""

from __future__ import annotations

from collections.abc import Iterable

from plugin.errors import (
    Problem,
    UpstreamError,
    UpstreamLimited,
    UpstreamNotFound,
    UpstreamRefused,
    UpstreamUnset,
)
from plugin.upstream import Link


def no_answer(key: str, title: str, error: UpstreamError, hint: str) -> Problem:
    """Return the problem of a call that failed; `hint` is where to look when the system is down."""
    if isinstance(error, UpstreamLimited):
        return Problem(key, f"{title} wants no more calls for now", "run it again in a minute")
    if isinstance(error, UpstreamUnset):
        return Problem(key, f"{title} was not asked: {error}", "mend the settings")
    return Problem(key, f"{title} did not answer: {error}", hint)


def checked(
    link: Link,
    title: str,
    looked: Iterable[Problem],
    *,
    refused: Problem,
    absent: Problem | None = None,
    hint: str,
) -> tuple[Problem, ...]:
    """Return what a look at a connection finds, or the one problem for which it ended.

    `refused`: what to say where the system does not take our proof at all; `absent`: where there
    is no such system, for those whose address is a setting; `hint` as in `no_answer`.
    """
    try:
        return tuple(looked)
    except UpstreamRefused:
        return (refused,)
    except UpstreamError as error:
        if absent is not None and isinstance(error, UpstreamNotFound):
            return (absent,)
        return (no_answer(f"upstreams.{link.name}", title, error, hint),)
