"""The shape of a section: what it reads of the account, and the components it becomes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from plugin.account.context import AccountContext, AccountMatch, Gap, UpstreamState
from plugin.frame import Viewer
from plugin.rules.rules import RuleSet
from plugin.settings.records import Workspace
from plugin.view.signal_view import SeenSignals
from plugin.view.wording import Wording
from widgets.widget import Notice, Section, Text

_ABBREVIATIONS = frozenset({"crm", "sql", "erp", "cs"})
ROLE_NAMES = {"agent": "agents", "csm": "CSMs", "ae": "account executives"}

_NOT_ANSWERED = {
    "timed_out": "did not answer in time",
    "refused": "refuses our credentials",
    "rate_limited": "asks us to wait",
    "broken": "did not answer",
    "not_found": "does not know this account",
    "not_configured": "is not set up",
}
_WHY_MISSING = {
    "empty": "not filled in {source}",
    "bad_data": "{source} has a value that cannot be read",
    "incomplete": "{source} answered in part",
    "not_configured": "no source is connected for it",
    "no_exchange_rate": "no exchange rate is set",
    "stale": "the value from {source} is too old",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a section may look at: the account as this viewer may see it, and its signals.

    `opened` are the sections that the viewer keeps open.
    """

    match: AccountMatch
    context: AccountContext
    signals: SeenSignals
    viewer: Viewer
    workspace: Workspace
    wording: Wording
    opened: frozenset[str] = frozenset()
    rules: RuleSet | None = None

    def gap(self, path: str) -> Gap | None:
        """Return why `path` is missing, from its own gap or its record's."""
        root = path.partition(".")[0]
        own = [gap for gap in self.context.gaps if gap.field == path]
        return next(iter(own or [gap for gap in self.context.gaps if gap.field == root]), None)

    def why_unknown(self, path: str) -> str:
        """Return in words why `path` is unknown."""
        gap = self.gap(path)
        if gap is None:
            return "unknown"
        source = source_name(gap.upstream)
        if gap.reason == "not_configured" and (told := self._connected(gap.upstream)):
            return told
        template = _WHY_MISSING.get(gap.reason)
        if template is not None:
            return template.format(source=source)
        return f"{source} {_NOT_ANSWERED.get(gap.reason, 'did not answer')}"

    def _connected(self, upstream: str) -> str:
        """Return why a connection that there is does not give a fact; "" where there is none."""
        for state in self.context.upstreams:
            if state.name == upstream:
                return trouble(state) if state.reason else f"{source_name(upstream)} does not say"
        return ""

    def partly(self, path: str) -> Text | None:
        """Return the line that a list may be longer than what could be read of it."""
        if path not in self.context.partial:
            return None
        source = self.context.sources.get(path)
        who = source_name(source.upstream) if source else "a source"
        return Text(f"There may be more: {who} answered in part.", "muted")

    def unread(self, path: str) -> str:
        """Return why a list could not be read; "" where nobody gives it or it is empty."""
        gap = self.gap(path)
        if gap is None or gap.reason in ("not_configured", "empty", "not_found"):
            return ""
        return self.why_unknown(path)

    def band(self, path: str) -> str | None:
        """Return the band of an amount that is withheld from this viewer."""
        return next((one.band for one in self.context.withheld if one.field == path), None)

    def who_may_see(self, path: str) -> str | None:
        """Return who may see `path` if it is withheld from this viewer."""
        for withheld in self.context.withheld:
            if withheld.field == path:
                return " and ".join(ROLE_NAMES[role] for role in withheld.roles) or "nobody"
        return None


@dataclass(frozen=True, slots=True)
class ViewSection:
    """One section of the widget; `reads` are the roots and paths whose trouble it tells of."""

    name: str
    title: str
    reads: tuple[str, ...]
    build: Callable[[Scene], Section | None]


def source_name(upstream: str) -> str:
    """Return a connection's name as people read it: "CRM", "Billing"."""
    return (
        upstream.upper() if upstream in _ABBREVIATIONS else upstream.replace("_", " ").capitalize()
    )


def trouble(state: UpstreamState) -> str:
    """Return in words that a connection did not answer, and why."""
    return f"{source_name(state.name)} {_NOT_ANSWERED.get(state.reason or '', 'did not answer')}"


def lacks_part(context: AccountContext, state: UpstreamState) -> bool:
    """Tell whether a connection answered without a part that it should have given."""
    return state.reason is None and any(
        gap.upstream == state.name and gap.reason == "broken" for gap in context.gaps
    )


def in_part(state: UpstreamState) -> str:
    """Return in words that a part of a connection's answer was not there."""
    return f"{source_name(state.name)} answered in part"


def _lacks(scene: Scene, part: ViewSection, name: str) -> bool:
    return any(
        gap.upstream == name
        and gap.reason == "broken"
        and (gap.field.startswith(part.reads) or gap.field in _roots(part))
        for gap in scene.context.gaps
    )


def _concerns(scene: Scene, part: ViewSection, name: str) -> bool:
    """Tell whether the connection `name` supplies, or should supply, what the part reads."""
    sourced = any(
        source.upstream == name and path.startswith(part.reads)
        for path, source in scene.context.sources.items()
    )
    return sourced or any(
        gap.upstream == name and (gap.field.startswith(part.reads) or gap.field in _roots(part))
        for gap in scene.context.gaps
    )


def _roots(part: ViewSection) -> set[str]:
    return {path.partition(".")[0] for path in part.reads}


def notice(scene: Scene, part: ViewSection) -> Notice | None:
    """Return the line that says which source failed, and from when the values shown are."""
    for state in scene.context.upstreams:
        if lacks_part(scene.context, state) and _lacks(scene, part, state.name):
            return Notice(f"{in_part(state)} — some values are missing.", "warning")
        if state.reason is None or not _concerns(scene, part, state.name):
            continue
        if state.served_stale and state.as_of is not None:
            shown = f"showing values from {scene.wording.clock(state.as_of)}"
            return Notice(f"{trouble(state)} — {shown}.", "warning")
        if state.reason != "not_found":
            return Notice(f"{trouble(state)} — its values are missing.", "warning")
    return None
