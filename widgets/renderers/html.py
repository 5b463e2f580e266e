"""Render the widget as a part of a page, and the page that a helpdesk frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from widgets.renderer import Limits, Renderer
from widgets.shell import Shell
from widgets.widget import TONES, Component, Sparkline, Widget
from widgets.wording import direction, https_only, language, readable

DOCS = "https://html.spec.whatwg.org/"
SPARK_WIDTH, SPARK_HEIGHT, SPARK_POINTS = 72, 18, 60
# A lamp is told by its shape too: a triangle, a disc, a plus, a ring.
LAMPS = {
    "risk": Markup('<path d="M8 3.6 12.6 11.6H3.4z"/>'),
    "warning": Markup('<circle cx="8" cy="8" r="3.6"/>'),
    "growth": Markup('<path d="M7 4h2v3h3v2H9v3H7V9H4V7h3z"/>'),
    "muted": Markup(
        '<path d="M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm0 2a2 2 0 1 1 0 4 2 2 0 0 1 0-4z"/>'
    ),
}


def _shown(value: object) -> object:
    return readable(value) if type(value) is str else value


def _runs(components: Iterable[Component]) -> list[tuple[str, list[Component]]]:
    """Return neighbours of one kind together: they are one list of the page."""
    return [(kind.__name__, list(run)) for kind, run in groupby(components, key=type)]


def _tone(tone: str) -> str:
    return tone if tone in TONES else "normal"


def _percent(share: float) -> int:
    """Return 0 to 100; a share of a sliver still shows, one above the whole is the whole."""
    if not share > 0:  # also what is not a number
        return 0
    return max(2, round(min(share, 1.0) * 100))


def _points(spark: Sparkline) -> str:
    """Return the line's points, its lowest value at the bottom and its highest at the top."""
    values = spark.values[-SPARK_POINTS:]
    low, high = min(values), max(values)
    if not high - low < float("inf"):
        return ""
    step = (SPARK_WIDTH - 4) / max(len(values) - 1, 1)
    scale = (SPARK_HEIGHT - 4) / ((high - low) or 1)
    flat = SPARK_HEIGHT / 2 if high == low else SPARK_HEIGHT - 2
    spots = enumerate(values)
    return " ".join(
        f"{2 + at * step:.1f},{flat - (value - low) * scale:.1f}" for at, value in spots
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("widgets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )
    environment.globals |= {"lamps": LAMPS, "runs": _runs, "spark_points": _points}
    environment.filters |= {
        "tone": _tone,
        "https": https_only,
        "percent": _percent,
        "language": language,
        "direction": direction,
    }
    return environment


_ENVIRONMENT = _environment()
_PART = _ENVIRONMENT.get_template("part.html")
_PAGE = _ENVIRONMENT.get_template("page.html")


def render(widget: Widget, view: Mapping[str, str]) -> str:
    """Return the part: one <article>, with no script and no style of its own."""
    return _PART.render(widget=widget, words=widget.words, view=view)


def render_page(shell: Shell) -> str:
    """Return the page that the helpdesk frames, around the first part or a waiting place."""
    return _PAGE.render(shell=shell, words=shell.words)


html: Renderer = Renderer(
    name="html",
    title="Page in a frame",
    content_type="text/html",
    render=render,
    limits=Limits(docs_url=DOCS),
)
