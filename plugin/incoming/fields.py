"""Read queries and form bodies in which each name may stand once."""

from __future__ import annotations

from urllib.parse import parse_qsl

from plugin.errors import BadSignature

MAX_FIELDS = 64  # the longest launch known has about fifteen


def read_pairs(raw: bytes) -> list[tuple[str, str]]:
    """Return the decoded pairs in their order, blank values kept.

    Raises BadSignature for bytes that are no UTF-8, and for more than 64 fields: no helpdesk
    sends either, so nothing was proven.
    """
    try:
        return parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise BadSignature("the fields are unreadable") from error


def read_fields(raw: bytes) -> dict[str, str]:
    """Return name → value; a name that comes twice raises BadSignature, whichever it is."""
    pairs = read_pairs(raw)
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadSignature("a field comes twice")
    return fields


def hint(raw: bytes, name: str) -> str | None:
    """Return an unproven field for the looks of a page, or None; never raises."""
    try:
        return dict(reversed(read_pairs(raw))).get(name) or None
    except BadSignature:
        return None
