"""`sidelight text`: what single messages say, one JSON object a line, to try the lexicons."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import click

from plugin.errors import ConfigurationError
from plugin.text.competitors import Dictionary, NamedCompetitor
from plugin.text.examples import failures
from plugin.text.explaining import explain as explained
from plugin.text.mine import mine_text
from plugin.text.own import NOTHING, Own, own

WORKSPACE_COMPETITORS = "competitors"  # key of the context's object: workspace → its rivals
WORKSPACE_OWN = "own_words"  # workspace → what it adds to the reading
_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def _decode(line: bytes) -> str:
    """Return the line as UTF-8, else as Windows-1252, which older mail systems export."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _raw_lines(stream: BinaryIO) -> Iterator[str]:
    first = stream.readline()
    if encoding := _WIDE.get(first[:2]):
        text = (first + stream.read())[2:].decode(encoding, errors="replace")
        yield from text.removesuffix("\n").split("\n")
        return
    if first:
        yield _decode(first.removeprefix(codecs.BOM_UTF8).removesuffix(b"\n"))
    for line in stream:
        yield _decode(line.removesuffix(b"\n"))


def messages(stream: BinaryIO) -> Iterator[str]:
    r"""Yield one message a line; `\n` written out stands for a line break inside it."""
    for line in _raw_lines(stream):
        yield line.removesuffix("\r")


def answers(lines: Iterable[str], mine: Callable[[str], dict[str, Any]]) -> Iterator[str]:
    """Yield the JSON of each message, with the message as it was given."""
    for line in lines:
        yield json.dumps({**mine(line.replace("\\n", "\n")), "text": line}, ensure_ascii=False)


def _of_workspace(
    context: click.Context, workspace: str | None
) -> tuple[Sequence[NamedCompetitor], Own]:
    wiring = context.obj if isinstance(context.obj, Mapping) else {}
    rivals, additions = wiring.get(WORKSPACE_COMPETITORS), wiring.get(WORKSPACE_OWN)
    if rivals is None and workspace is not None:
        raise click.UsageError("--workspace needs settings; give --competitor NAME instead")
    try:
        found = () if rivals is None else rivals(workspace)
        return found, NOTHING if additions is None else additions(workspace)
    except (ConfigurationError, KeyError) as error:
        raise click.UsageError(f"--workspace {workspace}: {error}") from error


def _print(line: str) -> None:
    # A terminal of another encoding, or a lone surrogate, must not end the run.
    click.echo(line.encode("utf-8", errors="replace"))


def _reader(
    context: click.Context, workspace: str | None, names: Sequence[str], own_names: Sequence[str]
) -> tuple[Dictionary, Own]:
    rivals, additions = _of_workspace(context, workspace)
    given = tuple(NamedCompetitor(name.strip()) for name in names if name.strip())
    wanted = [name.strip() for name in own_names if name.strip()]
    return Dictionary(given or rivals), own(wanted) if wanted else additions


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--workspace", metavar="W", help="Take competitors, own names, phrases of this one.")
@click.option("--competitor", "names", metavar="NAME", multiple=True, help="Look for this name.")
@click.option("--own-name", "own_names", metavar="NAME", multiple=True, help="A name of yours.")
@click.option("--explain", is_flag=True, help="Tell which words decided and what held back.")
@click.option("--test", "is_test", is_flag=True, help="FILE holds examples: check each, exit 1.")
@click.pass_context
def text(  # noqa: PLR0913 - one argument for each option
    context: click.Context,
    file: BinaryIO,
    workspace: str | None,
    names: tuple[str, ...],
    own_names: tuple[str, ...],
    *,
    explain: bool,
    is_test: bool,
) -> None:
    r"""Read messages, one a line, and print what each says as one JSON object a line.

    A line holds one message; \n in it stands for a line break. Without FILE, or with "-", the
    messages come from standard input. Nothing is stored.

    Example: echo "We will not renew" | sidelight text --competitor Rivaldesk
    """
    rivals, additions = _reader(context, workspace, names, own_names)

    def mine(line: str) -> dict[str, Any]:
        why = {"why": explained(line, rivals, additions)} if explain else {}
        return {**mine_text(line, rivals, additions), **why}

    if is_test:
        wrong = list(failures(file.read().decode("utf-8", errors="replace"), mine))
        _print("\n".join(wrong) if wrong else "every example is read as it should be")
        context.exit(1 if wrong else 0)
    for line in answers(messages(file), mine):
        _print(line)
