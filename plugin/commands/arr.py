"""`sidelight arr`: subscriptions as a billing API lists them → ARR, MRR, renewal, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from plugin.commands.settings import choose_workspace, read_settings
from plugin.revenue.listing import is_page, is_subscription
from plugin.revenue.policy import P0, Policy, policy_from
from plugin.revenue.report import report
from plugin.revenue.totals import revenue

MOST = 64 * 1024 * 1024  # bytes; thousands of subscriptions are a few of them


class UnusableInput(click.ClickException):
    """The file cannot be read as subscriptions: one sentence with the place, exit code 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the sentence alone."""
        click.echo(self.message, err=True, file=file)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number that JSON knows")


def _refuse_repeats(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {repeated!r} occurs twice in one object")
    return found


def _decode(text: str) -> Any:
    return json.loads(
        text,
        parse_float=Decimal,
        parse_constant=_refuse_constant,
        object_pairs_hook=_refuse_repeats,
    )


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (column {error.colno})"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if "integer string conversion" in str(error):
        return "a number has thousands of digits"
    return str(error)


def _lines(text: str, where: str) -> list[Any]:
    """Return one value a line; the sentence of a bad one names its line."""
    values = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values.append(_decode(line))
        except (ValueError, RecursionError) as error:
            raise UnusableInput(f"{where}, line {number}: not JSON: {_reason(error)}") from error
    return values


def _is_json_lines(text: str) -> bool:
    """Whether the first line is a whole JSON value and more lines follow."""
    first, _, rest = text.lstrip().partition("\n")
    if not rest.strip():
        return False
    try:
        _decode(first)
    except (ValueError, RecursionError):
        return False
    return True


def _parse(text: str, where: str) -> list[Any]:
    if not text.strip():
        raise UnusableInput(
            f"{where}: the file is empty; write the JSON that the billing API lists"
        )
    if _is_json_lines(text):
        return _lines(text, where)
    try:
        value = _decode(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnusableInput(f"{where}, {place}: not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise UnusableInput(f"{where}: not usable: {_reason(error)}") from error
    return value if isinstance(value, list) else [value]


def _read(path: Path) -> str:
    where = path.name
    try:
        with click.open_file(str(path), "rb") as file:
            body = file.read(MOST + 1)
    except OSError as error:
        raise UnusableInput(f"{where}: cannot be read: {error.strerror}") from error
    if len(body) > MOST:
        raise UnusableInput(
            f"{where}: larger than {MOST // 1024 // 1024} MB; list fewer subscriptions"
        )
    try:
        text: str = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnusableInput(f"{where}: not UTF-8 at byte {error.start}") from error
    return text


def _known(value: Any) -> bool:
    wrapped = isinstance(value, Mapping) and isinstance(value.get("subscription"), Mapping)
    return wrapped or is_page(value) or is_subscription(value)


def _subscriptions(path: Path) -> list[Any]:
    """Return what the file holds; single entries that are no subscription are told later."""
    values = _parse(_read(path), path.name)
    if values and not any(_known(value) for value in values):
        hint = "write a subscription, a list of them, or a page as the billing API answers"
        raise UnusableInput(f"{path.name}: there is no subscription in it; {hint}")
    return values


class Day(click.ParamType[datetime]):
    """A day, at its start in UTC, or an instant; without a zone it is UTC."""

    name = "date"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Return the instant; a usage error names what to write."""
        if isinstance(value, datetime):
            return value
        try:
            if len(value) == len("2026-11-21"):
                return datetime.combine(date.fromisoformat(value), time(), UTC)
            moment = datetime.fromisoformat(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no date; write one such as 2026-11-21", param, ctx)


def _policy(workspace: str, config: Path | None) -> Policy:
    """Return the policy by which a workspace counts."""
    space = choose_workspace(read_settings(config)[1], workspace)
    return policy_from(space.arr_policy)


@click.command(
    epilog="Example: sidelight arr subscriptions.json --now 2026-11-21",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--now", type=Day(), help="Count as of this day (UTC); today if left out.")
@click.option("--workspace", help="Count by this workspace's arr_policy; P0 if left out.")
@click.option("--config", type=click.Path(path_type=Path), help="Default: SIDELIGHT_CONFIG.")
def arr(file: str, now: datetime | None, workspace: str | None, config: Path | None) -> None:
    """Compute ARR, MRR and renewal from subscriptions as a billing API lists them.

    FILE holds JSON of Stripe or Chargebee: a list, a page of one, one object, or one a line;
    - is standard input. What is unknown is null and makes the status incomplete.
    """
    # A command is the rim: here the clock is read, and handed down as an argument.
    moment = now or datetime.now(UTC)  # noqa: TID251 -- see the line above
    policy = _policy(workspace, config) if workspace else P0
    found = revenue(_subscriptions(Path(file)), policy, moment)
    click.echo(json.dumps(report(found), indent=2, ensure_ascii=False))
