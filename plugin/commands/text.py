"""`sidelight text`: what single messages say, one JSON object a line, to try the lexicons."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import click

from plugin.errors import ConfigurationError
from plugin.text.competitors import NamedCompetitor
from plugin.text.mine import mining

WORKSPACE_COMPETITORS = "competitors"  # key of the context's object: workspace → its rivals
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


def _of_workspace(context: click.Context, workspace: str | None) -> Sequence[NamedCompetitor]:
    known = context.obj.get(WORKSPACE_COMPETITORS) if isinstance(context.obj, Mapping) else None
    if known is None:
        if workspace is not None:
            raise click.UsageError("--workspace needs settings; give --competitor NAME instead")
        return ()
    try:
        found: Sequence[NamedCompetitor] = known(workspace)
    except (ConfigurationError, KeyError) as error:
        raise click.UsageError(f"--workspace {workspace}: {error}") from error
    return found


def _print(line: str) -> None:
    # A terminal of another encoding, or a lone surrogate, must not end the run.
    click.echo(line.encode("utf-8", errors="replace"))


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--workspace", metavar="W", help="Take the competitors of this workspace.")
@click.option("--competitor", "names", metavar="NAME", multiple=True, help="Look for this name.")
@click.pass_context
def text(
    context: click.Context, file: BinaryIO, workspace: str | None, names: tuple[str, ...]
) -> None:
    r"""Read messages, one a line, and print what each says as one JSON object a line.

    A line holds one message; \n in it stands for a line break. Without FILE, or with "-", the
    messages come from standard input. Nothing is stored.

    Example: echo "We will not renew" | sidelight text --competitor Rivaldesk
    """
    given = tuple(NamedCompetitor(name.strip()) for name in names if name.strip())
    mine = mining(given or _of_workspace(context, workspace))
    for line in answers(messages(file), mine):
        _print(line)
