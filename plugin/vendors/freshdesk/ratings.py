"""Ask Freshdesk how satisfied the people of an account are: one call for each of them.

https://developers.freshdesk.com/api/#satisfaction-ratings
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from http import HTTPStatus

from plugin.errors import UpstreamRefused
from plugin.sources.mapping.reading import instant
from plugin.sources.tabular.found import RowFindings
from plugin.sources.ticketing.answers import Record, text, under
from plugin.sources.ticketing.csat import WINDOW, Rating, satisfaction, unread
from plugin.upstream import Link
from plugin.vendors.freshdesk.api import TITLE, ratings

# The answers to the default question, from extremely happy to extremely unhappy.
SCORES = {
    "103": 100.0,
    "102": 83.3,
    "101": 66.7,
    "100": 50.0,
    "-101": 33.3,
    "-102": 16.7,
    "-103": 0.0,
}
RATERS_MOST = 5
Scored = tuple[Rating, str]  # a rating, and the id of its ticket


def _read(rows: Sequence[Record]) -> Iterator[Scored]:
    for row in rows:
        score = SCORES.get(text(under(row, "ratings").get("default_question")))
        at = instant(row.get("created_at"))
        if score is not None and at is not None:
            yield (score, at), text(row.get("ticket_id"))


def _ratings_of(people: Sequence[str], link: Link) -> tuple[list[Scored], bool]:
    """Return what people answered, the latest last, and whether some of it is left unread."""
    found: list[Scored] = []
    is_cut = len(people) > RATERS_MOST
    for user in people[:RATERS_MOST]:
        rows, has_more = ratings(link, user, link.now - WINDOW)
        found += _read(rows)
        is_cut = is_cut or has_more
    return sorted(found, key=lambda one: one[0][1]), is_cut


def satisfied(
    rows: Sequence[Record], link: Link, since: datetime | None
) -> tuple[dict[str, float], RowFindings]:
    """Return the latest score of each ticket, and the means over all who wrote the tickets.

    `since`: everybody who wrote a ticket later is among them; None where that cannot be said.
    """
    if not link.options["ratings"]:
        return {}, RowFindings()
    people = dict.fromkeys(text(row.get("requester_id")) for row in rows)
    try:
        found, is_cut = _ratings_of([each for each in people if each], link)
    except UpstreamRefused as error:
        if error.status != HTTPStatus.FORBIDDEN:
            raise
        return {}, RowFindings(bad=unread(TITLE, "the API key may not read ratings", "refused"))
    scores = {ticket: score for (score, _), ticket in found}
    means = satisfaction([one for one, _ in found], link.now, None if is_cut else since, TITLE)
    return scores, means
