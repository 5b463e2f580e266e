"""Judge the times inside a proof against the time of arrival."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from plugin.errors import BadSignature, ExpiredSignature

LEEWAY = timedelta(seconds=60)  # clocks differ; no vendor asks for more


def read_epoch(value: object) -> datetime:
    """Return seconds since 1970 as an instant (UTC); raise BadSignature for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadSignature("a time in the proof is no number")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise BadSignature("a time in the proof is out of range") from error


def read_epoch_text(value: str | None, *, a_second: int = 1) -> datetime:
    """Return digits as an instant (UTC); `a_second` is 1000 where they count milliseconds."""
    if not value or not value.isascii() or not value.isdecimal() or len(value) > len("9" * 16):
        raise BadSignature("the time of the proof is missing or unreadable")
    return read_epoch(int(value) / a_second)


def read_iso_text(value: str | None) -> datetime:
    """Return an ISO 8601 time with its zone as an instant; BadSignature for anything else."""
    try:
        found = datetime.fromisoformat(value or "")
    except ValueError as error:
        raise BadSignature("the time of the proof is missing or unreadable") from error
    if found.tzinfo is None:
        raise BadSignature("the time of the proof has no zone")
    return found


def check_age(signed_at: datetime, now: datetime, max_age: timedelta) -> None:
    """Raise ExpiredSignature past `max_age`; BadSignature when signed that far in the future."""
    if signed_at - now > max_age:
        raise BadSignature("the proof comes from the future")
    if now - signed_at > max_age:
        raise ExpiredSignature("the proof is too old")


def check_lifetime(claims: Mapping[str, object], now: datetime) -> datetime:
    """Check `exp` and, where present, `iat` and `nbf` of a token's claims; return when it ends."""
    ends = read_epoch(claims.get("exp"))
    starts = [read_epoch(claims[name]) for name in ("iat", "nbf") if name in claims]
    if any(start > now + LEEWAY for start in starts):
        raise BadSignature("the token is not valid yet")
    if ends + LEEWAY < now:
        raise ExpiredSignature("the token has expired")
    return ends
