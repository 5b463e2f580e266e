"""Know how long each stage of an answer took, without telling the stages who asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_laps: ContextVar[dict[str, float] | None] = ContextVar("laps", default=None)


def start_laps() -> dict[str, float]:
    """Return a new record of stage → seconds; the stages of this request are added to it."""
    laps: dict[str, float] = {}
    _laps.set(laps)
    return laps


@contextmanager
def lap(stage: str) -> Iterator[None]:
    """Add the seconds of a with block to its stage, where anybody wants to know."""
    laps = _laps.get()
    if laps is None:
        yield
        return
    began = time.monotonic()
    try:
        yield
    finally:
        laps[stage] = laps.get(stage, 0.0) + time.monotonic() - began


def timed(stage: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator: each call of the function is a part of its stage."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **options: P.kwargs) -> R:
            with lap(stage):
                return function(*args, **options)

        return call

    return decorate
