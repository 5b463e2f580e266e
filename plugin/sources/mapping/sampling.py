"""Say for `sidelight check` what a mapping is worth: what is missing, unreadable, how full."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from plugin.errors import Problem, did_you_mean
from plugin.sources.mapping.mapped import Mapped, sources_of
from plugin.sources.mapping.reading import Properties, PropertyPlace, value_of
from plugin.sources.tabular.problems import BadCell

SAMPLE = 100  # records that are looked at


def missing(key: str, mapped: Sequence[Mapped], known: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each mapped property that the upstream does not have."""
    for one in mapped:
        for name in (one.source, one.currency_from):
            if name and name not in known:
                hint = did_you_mean(name, known, "create it, or map another one")
                yield Problem(f"{key}.{one.path}", f"there is no property {name}", hint)


def _tally(one: Mapped, rows: Sequence[Properties], place: PropertyPlace) -> tuple[int, list[str]]:
    filled, errors = 0, []
    for said in rows:
        try:
            filled += value_of(one, said, place) is not None
        except BadCell as error:
            filled += 1
            errors.append(f"{error} ({error.hint})" if error.hint else str(error))
    return filled, errors


def fill_rates(
    key: str, mapped: Sequence[Mapped], rows: Sequence[Properties], place: PropertyPlace
) -> Iterator[Problem]:
    """Yield how often each property is filled in a sample, and what cannot be read of it."""
    for one in mapped if rows else ():
        filled, errors = _tally(one, rows, place)
        where = f"{key}.{one.path}"
        if errors:
            said = f"{one.source} cannot be read in {len(errors)} of {filled}: {errors[0]}"
            yield Problem(where, said, "translate it with values, or map another property")
        hint = "" if filled else "is it the right property?"
        rate = f"{one.source} is filled in {filled} of {len(rows)} sampled records"
        yield Problem(where, rate, hint, is_note=True)


def sampled(
    key: str, mapped: Sequence[Mapped], records: Sequence[Mapping[str, Any]], place: PropertyPlace
) -> Iterator[Problem]:
    """Yield mapped properties that no record of a sample has, and how full the others are."""
    known = {name for each in records for name in each}
    yield from missing(key, mapped, known)
    there = [one for one in mapped if set(sources_of([one])) <= known]
    yield from fill_rates(key, there, [each.get for each in records], place)
