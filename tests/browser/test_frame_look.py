"""How the widget stands in a frame: every width, theme and contrast that a helpdesk may give it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.host import Host
from tests.widgets.cast import CAST
from widgets.renderers.html import render, render_page
from widgets.shell import Shell

Opener = Callable[..., Page]
WIDTHS = (258, 280, 320, 380, 420)
THEMES = ("light", "dark", "forced")
# The states as a viewer meets them; the rest of the cast differs in words alone.
SEEN = [who for who in CAST if not who.startswith("none_") or who == "none_free_mail"]
OPEN_ALL = "document.querySelectorAll('details').forEach(it => { it.open = true })"
# Chromium counts layout shifts while the page loads; a frame may not move at all.
SHIFTS = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => { for (const it of list.getEntries()) sum += it.value })
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""
FOCUS = """() => {
  const it = document.activeElement;
  return it === document.body ? '' : (it.dataset.key || it.parentNode.dataset.key || it.href);
}"""
TALLEST_FIRST_VIEW = 700  # px of a helpdesk's sidebar on a small laptop


def page_of(who: str, **shell: str) -> str:
    """Return the page of a member of the cast, its first part inside."""
    widget = CAST[who]
    made = Shell(
        title="Sidelight",
        endpoint="/frames/acme/widget",
        token="t0k3n",
        helpdesk=shell.pop("helpdesk", "zendesk"),
        part=render(widget, {}),
        locale=widget.locale,
        language=widget.language,
        **shell,  # type: ignore[arg-type]  # names of Shell's texts
    )
    return render_page(made)


def dress(theme: str) -> dict[str, Any]:
    """Return the browser's settings for a theme."""
    forced = theme == "forced"
    return {
        "forced_colors": "active" if forced else "none",
        "color_scheme": "light" if forced else theme,
    }


@pytest.mark.parametrize("who", SEEN)
def test_fits_every_width(host: Host, open_page: Opener, who: str) -> None:
    """From 258 to 420 px nothing scrolls sideways, folded or open, in every theme."""
    page = open_page(host.page("/page", page_of(who)))
    for state in ("0", OPEN_ALL):
        page.evaluate(state)
        for theme, width in product(THEMES, WIDTHS):
            page.emulate_media(**dress(theme))
            page.set_viewport_size({"width": width, "height": 700})

            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("who", ["northwind_csm", "partial", "long"])
def test_has_its_picture_taken(host: Host, open_page: Opener, tmp_path: Path, who: str) -> None:
    """Pictures of the main states are there for a person to look at."""
    page = open_page(host.page("/page", page_of(who)))
    for theme, width in product(THEMES, (280, 320, 380)):
        page.emulate_media(**dress(theme))
        page.set_viewport_size({"width": width, "height": 700})
        page.screenshot(path=tmp_path / f"{who}-{width}-{theme}.png", full_page=True)

    assert len(list(tmp_path.glob("*.png"))) == 9


# Elements with text of their own that reach beyond the frame's edges.
OUTSIDE = """() => [...document.querySelectorAll('#place *')].filter(it => {
  const box = it.getBoundingClientRect();
  return !it.closest('.sr') && box.width && (box.left < -1 || box.right > innerWidth + 1);
}).map(it => it.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("who", SEEN)
def test_axe_finds_nothing(host: Host, open_page: Opener, who: str) -> None:
    """Axe finds no violation, folded or open; in the dark the colours are read again."""
    page = open_page(host.page("/page", page_of(who)), bypass_csp=True, **dress("light"))
    axe = Axe()
    folded = axe.run(page)
    page.evaluate(OPEN_ALL)
    opened = axe.run(page)
    page.emulate_media(**dress("dark"))
    dark = axe.run(page, options={"runOnly": ["color-contrast"]})

    for found in (folded, opened, dark):
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("helpdesk", ["zendesk", "front", "helpscout", "chatwoot", "other"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_host_ground_keeps_the_contrast(
    host: Host, open_page: Opener, helpdesk: str, theme: str
) -> None:
    """The tokens keep their contrast on each host's own ground, and the host's theme wins."""
    other = {"light": "dark", "dark": "light"}[theme]
    markup = page_of("partial", helpdesk=helpdesk, theme=theme)
    page = open_page(host.page("/page", markup), bypass_csp=True, **dress(other))
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})

    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == theme


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_graphics_keep_three_to_one(host: Host, open_page: Opener, theme: str) -> None:
    """Bars, lamps and sparklines stand out from their ground by 3:1."""
    page = open_page(host.page("/page", page_of("all_kinds")), **dress(theme))
    page.evaluate(OPEN_ALL)
    ratios = page.evaluate(CONTRAST)

    assert len(ratios) >= 5
    assert min(ratios.values()) >= 3, ratios


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d');
  const light = colour => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map(it => {
      const part = it / 255;
      return part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
    });
    return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
  };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  const ratio = colour => {
    const [low, high] = [ground, light(colour)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  const seen = {};
  for (const it of document.querySelectorAll('.fill, .spark polyline, .lamp > :not(.glow)')) {
    const style = getComputedStyle(it);
    const colour = it.matches('polyline') ? style.stroke : style.fill;
    seen[it.getAttribute('class') + colour] = ratio(colour);
  }
  for (const tone of ['risk', 'warning', 'growth', 'link', 'bar']) {
    const it = document.body.appendChild(document.createElement('i'));
    it.style.color = `var(--${tone})`;
    seen[tone] = ratio(getComputedStyle(it).color);
  }
  return seen;
}"""


@pytest.mark.parametrize("who", ["northwind_csm", "partial", "ambiguous", "all_kinds"])
def test_keyboard_reaches_everything(host: Host, open_page: Opener, who: str) -> None:
    """Tab visits every button, link and fold, in the order of the page, and leaves again."""
    page = open_page(host.page("/page", page_of(who)))
    expected = page.evaluate(
        "[...document.querySelectorAll('a, button, summary, input')]"
        ".filter(it => it.checkVisibility())"
        ".map(it => it.dataset.key || it.parentNode.dataset.key || it.href)"
    )
    visited = []
    for _ in expected:
        page.keyboard.press("Tab")
        visited.append(page.evaluate(FOCUS))
    page.keyboard.press("Tab")

    assert visited == expected
    assert page.evaluate(FOCUS) in ("", expected[0])


@pytest.mark.parametrize("who", SEEN)
def test_can_be_hit(host: Host, open_page: Opener, who: str) -> None:
    """Whatever can be pressed is 24 px high, or stands alone by as much (WCAG 2.5.8)."""
    page = open_page(host.page("/page", page_of(who)), width=280)
    page.evaluate(OPEN_ALL)

    assert page.evaluate(TOO_CLOSE) == []


# Targets under 24 px whose circle of 24 px meets another target; links in a sentence are exempt.
TOO_CLOSE = """() => {
  const targets = [...document.querySelectorAll('a, button, summary, input')]
    .map(it => ({it, box: it.getBoundingClientRect()}));
  const small = targets.filter(({it, box}) => Math.min(box.height, box.width) < 24
    && !it.closest('.notice') && !it.matches('label *'));
  return small.filter(({it, box}) => targets.some(other => {
    if (other.it === it || other.it.contains(it) || it.contains(other.it)) return false;
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    const dx = Math.max(other.box.left - x, 0, x - other.box.right);
    const dy = Math.max(other.box.top - y, 0, y - other.box.bottom);
    return Math.hypot(dx, dy) < 12;
  })).map(({it}) => it.outerHTML.slice(0, 90));
}"""


def test_text_spacing_breaks_nothing(host: Host, open_page: Opener) -> None:
    """With the spacing of WCAG 1.4.12 nothing is cut off or pushed out of the frame."""
    page = open_page(host.page("/page", page_of("partial")), width=280, bypass_csp=True)
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: .12em !important;"
        " word-spacing: .16em !important } p { margin-bottom: 2em !important }"
    )

    assert page.evaluate("document.documentElement.scrollWidth") <= 280
    assert page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("who", ["northwind_csm", "northwind_agent", "northwind_ae"])
def test_first_view_holds_the_five_facts(host: Host, open_page: Opener, who: str) -> None:
    """ARR, renewal, health, people and tickets are all seen without scrolling."""
    page = open_page(host.page("/page", page_of(who)))
    for fact in ("ARR", "Renews", "Health", "People", "Writes about"):
        box = page.get_by_text(fact, exact=True).first.bounding_box()

        assert box is not None
        assert box["y"] + box["height"] < TALLEST_FIRST_VIEW, fact


def test_layout_does_not_shift(host: Host, open_page: Opener) -> None:
    """A page that comes with its part never moves."""
    page = open_page(host.page("/page", page_of("northwind_csm")))

    assert page.evaluate(SHIFTS) == 0


def test_works_without_script(host: Host, open_page: Opener) -> None:
    """Without script the part is there, and the evidence still opens."""
    page = open_page(host.page("/page", page_of("northwind_csm")), java_script_enabled=False)
    page.get_by_text("Why", exact=False).first.click()

    assert page.get_by_text("The renewal is at most 90 days away").is_visible()
