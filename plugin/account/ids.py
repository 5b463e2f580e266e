"""When two spellings of an id are one id.

Salesforce writes each id with 15 characters, in which case counts, or with 18: three more say
which of the letters are capitals.
https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/field_types.htm
"""

from __future__ import annotations

import re

_SHORT = 15
_ACCOUNT = "001"  # how Salesforce's ids of accounts begin
_LONG = re.compile(r"[A-Za-z0-9]{15}[A-Za-z0-5]{3}", re.ASCII)
_BITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def _capitals(mark: str) -> list[bool]:
    """Return for each of the 15 characters whether the mark behind them calls it a capital."""
    found = [_BITS.index(char) for char in mark.upper()]
    return [bool(number >> bit & 1) for number in found for bit in range(5)]


def id_key(text: str) -> str:
    """Return an id as it is compared: the short form of a long Salesforce id, else as it is."""
    if not _LONG.fullmatch(text):
        return text
    said, capitals = text[:_SHORT], _capitals(text[_SHORT:])
    pairs = list(zip(said, capitals, strict=True))
    if any(capital and not char.isalpha() for char, capital in pairs):
        return text
    spelt = "".join(char.upper() if capital else char.lower() for char, capital in pairs)
    if spelt == said or text in (text.upper(), text.lower()):
        return spelt
    # Letters of both cases were changed by nobody, so they decide; what stands behind is a slip.
    is_account = said.startswith(_ACCOUNT) and said not in (said.upper(), said.lower())
    return said if is_account else text


def same_id(first: str, second: str) -> bool:
    """Say whether two ids are one; case counts only where it may tell two apart."""
    one, other = id_key(first.strip()), id_key(second.strip())
    if one == other or len(one) == _SHORT:
        return bool(one) and one == other
    return one.lower() == other.lower()
