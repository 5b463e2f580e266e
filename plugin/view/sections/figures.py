"""Money, time and health: the numbers that must be protected."""

from __future__ import annotations

from datetime import date

from plugin.revenue.policy import P0, policy_from
from plugin.view.section import Scene, ViewSection
from widgets.widget import Component, Figure, Figures, Section, Sparkline, Text

_SOON = 30


def _unknown(scene: Scene, label: str, path: str) -> Figure:
    return Figure(label, "unknown", title=scene.why_unknown(path), state="unknown")


def _state(scene: Scene, path: str) -> tuple[str, str]:
    """Return the state of a known figure and what it says on focus: its source and age."""
    source = scene.context.sources.get(path)
    if source is None:
        return "known", ""
    origin = f"{source.upstream} · {scene.wording.age(source.as_of)} old"
    if scene.gap(path) is not None:  # another source was to say it
        origin = f"{origin}; {scene.why_unknown(path)}"
    return ("stale", f"Old value: {origin}") if source.freshness == "stale" else ("known", origin)


def _arr(scene: Scene) -> Figure:
    contract, words = scene.context.contract, scene.wording
    seen_by = scene.who_may_see("contract.arr")
    if seen_by is not None:
        title = f"Exact amount: {seen_by}"
        return Figure(
            "ARR", scene.band("contract.arr") or "withheld", title=title, state="withheld"
        )
    if contract.arr is None:
        return _unknown(scene, "ARR", "contract.arr")
    state, origin = _state(scene, "contract.arr")
    policy = policy_from(scene.workspace.arr_policy)
    how = f" {policy.label}." if policy != P0 else ""
    title = f"{words.exact_money(contract.arr)} a year, {origin}".rstrip(", ") + how
    return Figure("ARR", words.money(contract.arr), title=title, state=state)


def _dated(scene: Scene, label: str, path: str, day: date) -> Figure:
    left = scene.wording.days_until(day)
    state, origin = _state(scene, path)
    tone = "risk" if left < 0 else "warning" if left <= _SOON else "muted"
    note = scene.wording.days(left) if left >= 0 else scene.wording.in_days(day)
    text = scene.wording.day(day) if label != "Notice due" else scene.wording.near_day(day)
    title = f"{scene.wording.in_days(day).capitalize()}. {origin}".strip()
    return Figure(label, text, note, tone, title, state)


def _renewal(scene: Scene) -> Figure:
    contract = scene.context.contract
    if contract.renewal_at is not None:
        return _dated(scene, "Renews", "contract.renewal_at", contract.renewal_at)
    if contract.ends_at is not None:
        return _dated(scene, "Ends", "contract.ends_at", contract.ends_at)
    if contract.trial_ends_at is not None:
        return _dated(scene, "Trial ends", "contract.trial_ends_at", contract.trial_ends_at)
    return _unknown(scene, "Renews", "contract.renewal_at")


def _notice(scene: Scene) -> Figure | None:
    contract = scene.context.contract
    if contract.notice_deadline is not None:
        return _dated(scene, "Notice due", "contract.notice_deadline", contract.notice_deadline)
    if contract.renewal_at is None:
        return None
    why = scene.why_unknown("contract.notice_days")
    return Figure("Notice due", "unknown", "", "muted", f"Notice period unknown: {why}", "unknown")


def _slope(scene: Scene) -> tuple[str, str]:
    health = scene.context.health
    if health.score is None or health.score_30d_ago is None:
        return "", "muted"
    change = round(health.score - health.score_30d_ago)
    if change == 0:
        return "steady for 30 d", "muted"
    arrow = "▲" if change > 0 else "▼"
    return f"{arrow} {abs(change)} in 30 d", "growth" if change > 0 else "risk"


def _health(scene: Scene) -> Figure:
    health = scene.context.health
    if health.score is None:
        return _unknown(scene, "Health", "health.score")
    note, tone = _slope(scene)
    state, origin = _state(scene, "health.score")
    spark = None
    if health.weekly and len(health.weekly) > 1:
        first, last = round(health.weekly[0]), round(health.weekly[-1])
        label = f"Health from {first} to {last} in {len(health.weekly)} weeks"
        spark = Sparkline(tuple(float(value) for value in health.weekly), label, tone)
    title = f"{(health.band or '').capitalize()}. {origin}".strip(". ")
    return Figure(
        "Health", scene.wording.number(round(health.score)), note, tone, title, state, spark
    )


def _build(scene: Scene) -> Section:
    figures = [_arr(scene), _renewal(scene), _health(scene)]
    deadline = _notice(scene)
    figures += [deadline] if deadline else []
    components: list[Component] = [Figures(tuple(figures))]
    drag = scene.context.health.drag
    if drag:
        components.append(Text(f"Biggest drag on health: {drag}", "muted"))
    return Section("figures", "", tuple(components))


figures = ViewSection("figures", "Contract and health", ("contract.", "health."), _build)
