"""Read how satisfied customers are from Help Scout's report: one for the whole company.

Nothing narrows the report down to an account, so a connection reads it once for all of them and
keeps it for an hour.
https://developer.helpscout.com/mailbox-api/endpoints/reports/happiness/reports-happiness-ratings/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from plugin.errors import UpstreamError, UpstreamRefused
from plugin.sources.mapping.reading import instant
from plugin.sources.tabular.found import RowFindings
from plugin.sources.ticketing.answers import Record, records, text
from plugin.sources.ticketing.csat import RECENT, WINDOW, Rating, satisfaction, unread
from plugin.sources.ticketing.recall import recalled
from plugin.upstream import Link
from plugin.vendors.helpscout.api import TITLE

PATH = "/v2/reports/happiness/ratings"
SCORES = {"1": 100.0, "2": 50.0, "3": 0.0}  # great, okay, not good
PAGES = 3  # of each of the two times that are read
LIFE = timedelta(hours=1)
NO_RIGHT = "the report of ratings needs the Plus or Pro plan, and a user who may see it"
Rated = tuple[str, Rating]  # a conversation's id, and a rating of it


@dataclass(frozen=True, slots=True)
class RatingPart:
    """The ratings of a company in some time; whether these are all, and whether it may see any."""

    ratings: tuple[Rated, ...] = ()
    is_whole: bool = False
    is_refused: bool = False


def ask(link: Link, start: datetime, end: datetime, page: int) -> Any:
    """Return one page of the report, the newest first."""
    asked = [
        ("start", start.strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("end", end.strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("rating", "all"),
        ("sortField", "modifiedAt"),
        ("sortOrder", "DESC"),
        ("page", str(page)),
    ]
    return link.client.get(PATH, asked)


def _read(rows: Sequence[Record]) -> Iterator[Rated]:
    for row in rows:
        score = SCORES.get(text(row.get("ratingId")))
        at = instant(row.get("ratingCreatedAt"))
        if score is not None and at is not None:
            yield text(row["id"]), (score, at)


def _between(link: Link, start: datetime, end: datetime) -> RatingPart:
    """Return the ratings of a time; a plan without the report is no failure."""
    found: list[Rated] = []
    try:
        for number in range(1, PAGES + 1):
            body = ask(link, start, end, number)
            found += _read(records(body, "results", TITLE))
            last = body.get("pages") if isinstance(body, dict) else None
            if isinstance(last, int) and number >= last:
                return RatingPart(tuple(found), is_whole=True)
    except UpstreamRefused as error:
        if error.status != HTTPStatus.FORBIDDEN:
            raise
        return RatingPart(is_refused=True)
    return RatingPart(tuple(found))


def _kept(link: Link, start: datetime, end: datetime) -> RatingPart:
    """Return the ratings since a day as they were read within the hour."""
    return recalled(link, (PATH, start), lambda: _between(link, start, end), lambda _: LIFE)


def _report(link: Link) -> tuple[list[Rated], datetime | None, bool]:
    """Return the ratings, since when these are all, and whether the report is refused.

    The last 90 days come first: they stay where the time runs out in the year before, which is
    asked for only where these were read whole. Both end on a day, so that nothing counts twice.
    """
    today = datetime.combine(link.now.date(), time(), UTC)
    edge, oldest = today - RECENT, today - WINDOW
    late = _kept(link, edge, link.now)
    if not late.is_whole:
        return list(late.ratings), None, late.is_refused
    early = _kept(link, oldest, edge)
    return [*early.ratings, *late.ratings], oldest if early.is_whole else edge, False


def satisfied(
    rows: Sequence[Record], link: Link, *, is_whole: bool
) -> tuple[dict[str, Rating], RowFindings]:
    """Return the latest rating of each conversation, and the means over all of these.

    `is_whole`: `rows` are all conversations of the account. A report that cannot be read leaves
    gaps, and no conversation out.
    """
    if not rows or not link.options["ratings"]:
        return {}, RowFindings()
    try:
        rated, since, is_refused = _report(link)
    except UpstreamError as error:
        if error.status == HTTPStatus.UNAUTHORIZED:
            raise
        return {}, RowFindings(bad=unread(TITLE, f"the report of ratings {error}", error.reason))
    if is_refused:
        return {}, RowFindings(bad=unread(TITLE, NO_RIGHT, "refused"))
    keys = {text(row["id"]) for row in rows}
    own = sorted((one for one in rated if one[0] in keys), key=lambda one: one[1][1])
    scores = [rating for _, rating in own]
    return dict(own), satisfaction(scores, link.now, since if is_whole else None, TITLE)
