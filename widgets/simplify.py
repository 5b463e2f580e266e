"""Say every component by the few kinds that each helpdesk's own format has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from widgets.widget import (
    Action,
    Badge,
    Badges,
    Bar,
    Choice,
    Component,
    Divider,
    Field,
    Figure,
    Figures,
    Link,
    More,
    Notice,
    Person,
    Row,
    Search,
    SignalCard,
    Sparkline,
    Text,
)

Simple = Text | Link | Action | Search | Badges | Row | SignalCard | Choice | Divider


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _figure(figure: Figure) -> Row:
    """Return the figure as a row; where it is not simply known, the row says why."""
    why = "" if figure.state == "known" else figure.title
    tone = "warning" if figure.state == "stale" else "normal"
    return Row(figure.label, figure.value, _joined(figure.note, why), tone, figure.title)


def _notice(notice: Notice) -> Iterator[Simple]:
    yield Text(notice.text, notice.tone)
    yield from (part for part in (notice.link, notice.action) if part)


def _several(component: Figures | Notice | More | Sparkline) -> Iterator[Simple]:
    match component:
        case Figures(figures):
            yield from map(_figure, figures)
        case Notice():
            yield from _notice(component)
        case More(label, components):
            yield Text(label, "muted")
            yield from simplify(components)
        case Sparkline(_, label, tone):
            yield Text(label, tone)


def simplify(components: Iterable[Component]) -> Iterator[Simple]:
    """Yield the components, in order, each by one or more of the simple kinds."""
    for component in components:
        match component:
            case Badge():
                yield Badges((component,))
            case Figure():
                yield _figure(component)
            case Bar(label, value, _, text, note, tone):
                yield Row(label, value, note, tone, text)
            case Person(name, role, note, tone, title):
                yield Row(_joined(name, role), note, "", tone, title)
            case Field():
                continue
            case Figures() | Notice() | More() | Sparkline():
                yield from _several(component)
            case _:
                yield component
