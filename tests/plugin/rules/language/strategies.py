"""Well-typed conditions of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.plugin.rules.language.cast import SCHEMA

Draw = Callable[[SearchStrategy[Any]], Any]
NUMBERS = ("contract.arr", "health.score", "usage.seats_active", "survey.nps")
TEXTS = ("contract.plan", "account.tier", "account.name")
TIMES = ("contract.renewal_at", "usage.last_seen_at", "now", "today")
FLAGS = ("account.is_reference", "contract.in_dunning", "params.strict")
WORDS = ("account.domains", "ticket.topics")
PLANS = ("Starter", "Growth", "Scale")
DOMAINS = ("a.com", "b.com", "billing", "bug")
FIELDS = [path for path in (*NUMBERS, *TEXTS, *TIMES, *FLAGS, *WORDS) if path in SCHEMA]
RECORDS = {
    "tickets": ("id", "kind", "status", "topics", "created_at", "reopens", "escalated"),
    "usage.modules": ("name", "entitled", "events_90d"),
}


class _Writer:
    """Draws one expression; `names` are the variables in reach with their list."""

    def __init__(self, draw: Draw, *, is_plain: bool) -> None:
        self.draw = draw
        self.is_plain = is_plain  # only what Google's CEL does alike
        self.names: list[tuple[str, str]] = []
        self.taken = 0

    def pick(self, *choices: str) -> str:
        chosen: str = self.draw(st.sampled_from(choices))
        return chosen

    def of_items(self, suffixes: dict[str, tuple[str, ...]]) -> list[str]:
        return [f"{name}.{field}" for name, path in self.names for field in suffixes.get(path, ())]

    def number(self, depth: int) -> str:
        items = self.of_items({"tickets": ("reopens",), "usage.modules": ("events_90d",)})
        kinds = ["literal", "field", "field", *(["item"] * 3 if items else [])]
        if depth > 0:
            kinds += ["sum", "negative", "size"]
        match self.pick(*kinds):
            case "literal":
                return self.pick("0", "1", "2", "3.5", "58", "params.questions")
            case "field":
                return self.pick(*NUMBERS)
            case "item":
                return self.pick(*items)
            case "negative":
                return f"-({self.number(depth - 1)})"
            case "size":
                return self.size(depth - 1)
        return self.computed(depth)

    def computed(self, depth: int) -> str:
        signs = "+-*" if self.is_plain else "+-*/%"
        sign = self.pick(*signs)
        return f"({self.number(depth - 1)} {sign} {self.number(depth - 1)})"

    def size(self, depth: int) -> str:
        if len(self.names) < 2 and self.pick("list", "filter") == "filter":
            return f"{self.macro('filter', depth)}.size()"
        return f"{self.pick(*RECORDS, *WORDS)}.size()"

    def text(self) -> str:
        items = self.of_items({"tickets": ("id",), "usage.modules": ("name",)})
        quoted = [f"'{word}'" for word in (*DOMAINS, "2")]
        plain = self.pick("account.tier", "account.name", *quoted, *items)
        return plain if self.is_plain else self.pick(plain, f"{plain}.lowerAscii()")

    def time(self, depth: int) -> str:
        items = self.of_items({"tickets": ("created_at",)})
        base = self.pick(*TIMES, *items)
        if depth > 0 and self.pick("plain", "moved") == "moved":
            return f"({base} {self.pick('+', '-')} {self.span()})"
        return base

    def span(self) -> str:
        return self.pick("days(30)", "days(params.window)", "hours(12)", "days(1.5)")

    def comparison(self, depth: int) -> str:
        sign = self.pick("==", "!=", "<", "<=", ">", ">=")
        match self.pick("number", "number", "time", "span", "text"):
            case "number":
                return f"{self.number(depth)} {sign} {self.number(depth)}"
            case "time":
                return f"{self.time(depth)} {sign} {self.time(depth)}"
            case "span":
                return f"{self.time(0)} - {self.time(0)} {sign} {self.span()}"
        return self.text_test(depth)

    def text_test(self, depth: int) -> str:
        same = self.pick("==", "!=")
        match self.pick("plan", "in", "test", "same"):
            case "plan":
                return f"contract.plan {same} '{self.pick(*PLANS)}'"
            case "in":
                return self.membership(depth)
            case "test":
                test = self.pick("contains", "startsWith", "endsWith")
                return f"{self.text()}.{test}({self.text()})"
        return f"{self.text()} {same} {self.text()}"

    def membership(self, depth: int) -> str:
        topics = self.of_items({"tickets": ("topics",)})
        match self.pick("plan", "domain", "number", *(["topic"] if topics else [])):
            case "plan":
                return "contract.plan in ['Growth', 'Scale', account.tier]"
            case "number":
                return f"{self.number(depth)} in [{self.number(0)}, {self.number(0)}]"
            case "topic":
                return f"'{self.pick('bug', 'billing')}' in {self.pick(*topics)}"
        return f"{self.text()} in account.domains"

    def macro(self, kind: str, depth: int) -> str:
        path = self.pick(*RECORDS)
        self.taken += 1
        name = f"x{self.taken}"
        self.names.append((name, path))
        body = self.condition(depth - 1)
        self.names.pop()
        return f"{path}.{kind}({name}, {body})"

    def chained(self, depth: int) -> str:
        """Return a macro over what a filter lets through."""
        chosen = self.macro("filter", depth - 1)
        path = chosen.partition(".filter")[0]
        self.taken += 1
        self.names.append((f"x{self.taken}", path))
        body = self.condition(0)
        name, _ = self.names.pop()
        return f"{chosen}.{self.pick('exists', 'all', 'exists_one')}({name}, {body})"

    def flag(self) -> str:
        items = self.of_items({"tickets": ("escalated",), "usage.modules": ("entitled",)})
        return self.pick(*FLAGS, *items)

    def has(self) -> str:
        items = self.of_items({"tickets": ("duplicate_of", "reopens"), "usage.modules": ("name",)})
        return f"has({self.pick(*FIELDS, *RECORDS, *items)})"

    def condition(self, depth: int) -> str:
        if depth <= 0:
            kinds = ["comparison", "comparison", "flag", "has"]
        else:
            kinds = ["comparison", "and", "and", "or", "or", "not", "choice", "has", "flag"]
            if len(self.names) < 2:
                kinds += ["macro", "macro", "chained"]
        return self.written(self.pick(*kinds), depth)

    def written(self, kind: str, depth: int) -> str:
        if kind in ("flag", "has", "comparison"):
            plain = {"flag": self.flag, "has": self.has}
            return plain[kind]() if kind in plain else self.comparison(depth)
        if kind in ("macro", "chained"):
            macro = self.pick("exists", "all", "exists_one")
            return self.macro(macro, depth) if kind == "macro" else self.chained(depth)
        return self.joined(kind, depth)

    def joined(self, kind: str, depth: int) -> str:
        if kind == "not":
            return f"!({self.condition(depth - 1)})"
        if kind == "choice":
            parts = [self.condition(depth - 1) for _ in range(3)]
            return "({} ? {} : {})".format(*parts)
        sign = " && " if kind == "and" else " || "
        count = self.draw(st.integers(2, 3))
        return f"({sign.join(self.condition(depth - 1) for _ in range(count))})"


@st.composite
def conditions(draw: DrawFn, *, is_plain: bool = False) -> str:
    """Return a well-typed condition; a plain one holds nothing in which CEL differs."""
    return _Writer(draw, is_plain=is_plain).condition(draw(st.integers(1, 3)))
