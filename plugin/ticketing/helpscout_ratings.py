"""Read how satisfied customers are from Help Scout's report: one for the whole company.

Nothing narrows the report down to an account, so a connection reads it once for all of them and
keeps it for an hour.
https://developer.helpscout.com/mailbox-api/endpoints/reports/happiness/reports-happiness-ratings/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from plugin.errors import UpstreamError, UpstreamRefused
from plugin.mapping.reading import instant
from plugin.tabular.found import Found
from plugin.ticketing.answers import Record, records, text
from plugin.ticketing.csat import RECENT, WINDOW, Rating, satisfaction, unread
from plugin.ticketing.helpscout_api import TITLE
from plugin.ticketing.recall import recalled
from plugin.upstream import Link

PATH = "/v2/reports/happiness/ratings"
SCORES = {"1": 100.0, "2": 50.0, "3": 0.0}  # great, okay, not good
PAGES = 3  # of each of the two times that are read
LIFE = timedelta(hours=1)
NO_RIGHT = "the report of ratings needs the Plus or Pro plan, and a user who may see it"
Rated = tuple[str, Rating]  # a conversation's id, and a rating of it


@dataclass(frozen=True, slots=True)
class Report:
    """The ratings of a company: `since` when all of them were read, None where that is unknown."""

    ratings: tuple[Rated, ...] = ()
    since: datetime | None = None
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


def _between(link: Link, start: datetime, end: datetime) -> tuple[list[Rated], bool]:
    """Return the ratings of a time, and whether these are all."""
    found: list[Rated] = []
    for number in range(1, PAGES + 1):
        body = ask(link, start, end, number)
        found += _read(records(body, "results", TITLE))
        last = body.get("pages") if isinstance(body, dict) else None
        if isinstance(last, int) and number >= last:
            return found, True
    return found, False


def _report(link: Link) -> Report:
    """Read the last 90 days first, and the year before only where these were read whole."""
    recent, edge = link.now - RECENT, link.now - WINDOW
    ratings, is_whole = _between(link, recent, link.now)
    if not is_whole:
        return Report(tuple(ratings))
    before, is_whole = _between(link, edge, recent)
    return Report((*before, *ratings), edge if is_whole else recent)


def _asked(link: Link) -> Report:
    """Return the report; a plan without it is no failure, and is asked no more often."""
    try:
        return _report(link)
    except UpstreamRefused as error:
        if error.status != HTTPStatus.FORBIDDEN:
            raise
        return Report(is_refused=True)


def satisfied(
    rows: Sequence[Record], link: Link, *, is_whole: bool
) -> tuple[dict[str, Rating], Found]:
    """Return the latest rating of each conversation, and the means over all of these.

    `is_whole`: `rows` are all conversations of the account. A report that cannot be read leaves
    gaps, and no conversation out.
    """
    if not rows or not link.options["ratings"]:
        return {}, Found()
    try:
        report = recalled(link, PATH, lambda: _asked(link), lambda _: LIFE)
    except UpstreamError as error:
        if error.status == HTTPStatus.UNAUTHORIZED:
            raise
        return {}, Found(bad=unread(TITLE, f"the report of ratings {error}", error.reason))
    if report.is_refused:
        return {}, Found(bad=unread(TITLE, NO_RIGHT, "refused"))
    keys = {text(row["id"]) for row in rows}
    own = sorted((one for one in report.ratings if one[0] in keys), key=lambda rated: rated[1][1])
    means = satisfaction(
        [rating for _, rating in own], link.now, report.since if is_whole else None, TITLE
    )
    return dict(own), means
