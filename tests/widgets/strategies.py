"""Widgets that nobody would write: any text anywhere, any component inside any other."""

from __future__ import annotations

from hypothesis import strategies as st

from widgets.widget import (
    STATES,
    TONES,
    Action,
    Badge,
    Badges,
    Bar,
    Choice,
    Component,
    Divider,
    Figure,
    Figures,
    Header,
    Link,
    More,
    Notice,
    Person,
    Reason,
    Row,
    Search,
    Section,
    SignalCard,
    SourceChip,
    Sparkline,
    Text,
    Widget,
)

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' x='",
    "</article></template>",
    "<!-- -->",
    "&lt;b&gt; &amp; &#x3c;",
    "{{ 7*7 }}{% include 'x' %}",
    "[click](https://evil.test) ![x](https://evil.test/x.png)",
    "**bold** _it_ `code` ~~x~~ | a | b |",
    "# heading",
    "1. first",
    "---",
    "> quoted",
    "\x00\x07\x1b[31mred\x1b]8;;https://evil.test\x07link\x1b]8;;\x07",
    "\u202etxet desrever\u202c \u2066x\u2069 \u200f\u200e",
    "\ud800 half \udfff",
    "line\nline\r\nline\u2028line\u2029\x85",
    "name " * 2_000,
    "W" * 10_000,
    "Ωμέγα 北京 שלום 👩‍👩‍👧‍👦 Z̷͎̓a̵",
    "\ufeff\ufff9",
    "   ",
    "",
)
URLS = (
    "https://acme.zendesk.com/agent/tickets/9",
    "javascript:alert(1)",
    "https://evil.test/\"onmouseover='x'",
    "https://evil.test/)[x](y",
    "http://plain.test",
    "//evil.test",
    "https://a b",
    "https://evil.test/\n",
    "data:text/html,x",
    "https://" + "a" * 5_000,
    "",
)

# By place: the strategy is printed in a failure, and some of the texts are long.
texts = st.sampled_from(range(len(NASTY))).map(lambda at: NASTY[at]) | st.text(
    st.characters(exclude_categories=()), max_size=30
)
tones = st.sampled_from((*TONES, "shouting"))
urls = st.sampled_from(range(len(URLS))).map(lambda at: URLS[at]) | texts
numbers = st.floats(allow_nan=True, allow_infinity=True)
links = st.builds(Link, texts, urls)
actions = st.builds(Action, texts, texts, texts)
badges = st.builds(Badge, texts, tones, st.none() | st.integers(), texts)
rows = st.builds(Row, texts, texts, texts, tones, texts, urls)
sparklines = st.builds(Sparkline, st.lists(numbers, max_size=80).map(tuple), texts, tones)
figures = st.builds(
    Figure,
    texts,
    texts,
    texts,
    tones,
    texts,
    st.sampled_from(("known", "unknown", "withheld", "stale")),
    st.none() | sparklines,
)
notices = st.builds(Notice, texts, tones, st.none() | links, st.none() | actions)
reasons = st.builds(
    Reason,
    texts,
    st.lists(rows, max_size=2).map(tuple),
    st.lists(links | st.builds(Text, texts, tones), max_size=3).map(tuple),
)
cards = st.builds(
    SignalCard,
    rule=texts,
    tone=tones,
    word=texts,
    headline=texts,
    detail=texts,
    play=texts,
    owner=texts,
    since=texts,
    reasons=st.lists(reasons, max_size=2).map(tuple),
    actions=st.lists(actions, max_size=2).map(tuple),
)
leaves: st.SearchStrategy[Component] = st.one_of(
    st.builds(Text, texts, tones, st.booleans()),
    links,
    actions,
    st.builds(Search, texts, texts, texts),
    badges,
    st.builds(Badges, st.lists(badges, max_size=3).map(tuple)),
    rows,
    figures,
    st.builds(Figures, st.lists(figures, max_size=4).map(tuple)),
    sparklines,
    st.builds(Bar, texts, texts, numbers, texts, texts, tones),
    st.builds(Person, texts, texts, texts, tones, texts),
    cards,
    notices,
    st.builds(Choice, texts, texts, texts, texts, texts),
    st.just(Divider()),
)
components = st.recursive(
    leaves,
    lambda inner: st.builds(More, texts, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=4,
)
sections = st.builds(
    Section,
    texts,
    texts,
    st.lists(components, max_size=5).map(tuple),
    st.none() | notices,
    st.booleans(),
)
headers = st.builds(
    Header,
    texts,
    st.lists(badges, max_size=2).map(tuple),
    texts,
    texts,
    st.booleans(),
    st.lists(components, max_size=2).map(tuple),
)
widgets = st.builds(
    Widget,
    state=st.sampled_from(STATES),
    header=headers,
    sections=st.lists(sections, max_size=4).map(tuple),
    sources=st.lists(st.builds(SourceChip, texts, texts, tones, texts, texts), max_size=3).map(
        tuple
    ),
    judged=texts,
    link=st.none() | links,
    banner=texts,
    locale=st.sampled_from(("en", "de-DE", "ar", "he_IL")) | texts,
    refreshing=st.booleans(),
)
