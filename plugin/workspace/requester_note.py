"""Say in the widget what the helpdesk's own API says of the requester whom the page names."""

from __future__ import annotations

from dataclasses import replace

from plugin.frame import Confirmation, FrameRequest
from widgets.widget import Header, Section, Text, Widget

_LATE = frozenset({"timed_out", "rate_limited", "broken"})


def _unconfirmed(widget: Widget, told: Confirmation, title: str) -> Widget:
    header = widget.header
    if header.match:
        line = f"{header.match} · requester not confirmed by {title}"
        header = replace(header, match=line, sure=False)
    late = told.reason in _LATE
    return replace(widget, header=header, refreshing=widget.refreshing or late)


def _differs(widget: Widget, told: Confirmation, title: str, shown: str | None) -> Widget:
    who = shown or "somebody without an e-mail address"
    line = f"The page names {told.claimed}; {title} says that {who} wrote this ticket."
    texts = (Text(line, "warning"), Text("The account of that person is shown.", "muted"))
    first = Section("confirmation", "", texts)
    return replace(widget, sections=(first, *widget.sections))


def _confirmed(widget: Widget, title: str) -> Widget:
    header = widget.header
    if not header.match:
        return widget
    evidence = "; ".join(
        part for part in (header.match_title, f"requester as {title} says") if part
    )
    return replace(widget, header=replace(header, match_title=evidence))


def with_confirmation(widget: Widget, asked: FrameRequest, title: str) -> Widget:
    """Return the widget with what came of the confirmation; `title` names who was asked."""
    told = asked.confirmation
    if told is None:
        return widget
    if told.word == "differs":
        return _differs(widget, told, title, asked.requester.email if asked.requester else None)
    return (
        _confirmed(widget, title) if told.word == "confirmed" else _unconfirmed(widget, told, title)
    )


def withheld(told: Confirmation, title: str, locale: str) -> Widget:
    """Return the widget where only a confirmed requester may see an account, and nobody is."""
    line = f"{title} did not confirm who wrote this ticket, so no account is shown."
    part = Section("none", "", (Text(line),))
    header, late = Header("Requester not confirmed"), told.reason in _LATE
    return Widget("none", header, (part,), locale=locale, refreshing=late)
