"""Where data goes: a file that the user named, or standard output."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from detector.errors import BadInput


def write_pieces(output: Path | None, pieces: Iterable[str]) -> None:
    """Write text in pieces, to standard output without a file.

    Raises:
        BadInput: the file cannot be written.
    """
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    try:
        with output.open("w", encoding="utf8", newline="\n") as file:
            file.writelines(pieces)
    except OSError as error:
        raise BadInput(
            f"{output} cannot be written ({error.strerror}): name another file with -o"
        ) from error


def refuse_overwriting(output: Path | None, source: Path) -> None:
    """End when the output is the input, which would be lost."""
    if output and output.resolve() == source.resolve():
        raise click.UsageError(
            f"-o {output} is also the input, and would be lost: name another file"
        )
