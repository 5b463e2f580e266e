"""A widget that says the same text in every place that a text may have."""

from __future__ import annotations

from widgets.widget import (
    Action,
    Badge,
    Badges,
    Bar,
    Choice,
    Figure,
    Figures,
    Header,
    Link,
    More,
    Notice,
    Person,
    Reason,
    Row,
    Section,
    SignalCard,
    SourceChip,
    Sparkline,
    Text,
    Widget,
)


def every_text(text: str) -> Widget:
    """Return the widget, every component in it."""
    row = Row(text, text, text, "normal", text, "https://example.com/")
    card = SignalCard(
        rule="rule",
        tone="risk",
        word=text,
        headline=text,
        detail=text,
        play=text,
        owner=text,
        since=text,
        reasons=(Reason(text, (row,), (Link(text, "https://example.com/"), Text(text))),),
        actions=(Action("feedback", text, text),),
    )
    components = (
        Text(text),
        Badges((Badge(text, "normal", 2, text),)),
        Figures((Figure(text, text, text, "risk", text, spark=Sparkline((1, 2), text)),)),
        row,
        Bar(text, text, 0.5, text, text),
        Person(text, text, text, "normal", text),
        Notice(text, "warning", Link(text, text), Action("refresh", text)),
        Choice(text, text, text, text, "pin"),
        More(text, (Text(text),)),
    )
    return Widget(
        state="resolved",
        header=Header(text, (Badge(text),), text, text, correction=(Text(text),)),
        sections=(Section("signals", "", (card,)), Section("all", text, components, Notice(text))),
        sources=(SourceChip(text, text, "warning", text, text),),
        judged=text,
        link=Link(text, text),
        banner=text,
    )
