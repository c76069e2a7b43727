"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

Command = Callable[..., None]

# Exit statuses; 0 is done, 2 is wrong usage (click's own).
FLAGGED, INPUT_ERROR = 1, 3
# Progress is said at most this often.
PROGRESS_SECONDS = 2.0


def options(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Put several options on a command, in this order."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


ENCODER = click.option(
    "--encoder", metavar="NAME", help="static (default), minilm, or a sentence-transformers model."
)
INDEX = click.option("--index", "folder", metavar="DIR", help="Folder of a source index.")
MAP = click.option(
    "--map", "mapping", metavar="MAP", help="Names of fields, such as text=body,published=date."
)
WITH_TEXT = click.option("--with-text", is_flag=True, help="Put the article's text in the JSON.")
FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice(["derivative", "plug", "fabrication", "any"]),
    help="Exit with status 1 when something of this kind was found.",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
)
ACCESS = options(
    click.option(
        "--allow-private", is_flag=True, help="Fetch from private and loopback addresses too."
    ),
    click.option("--ignore-robots", is_flag=True, help="Fetch what a site's robots.txt forbids."),
)
FETCH = options(
    click.option(
        "--fetch", is_flag=True, help="Fetch what feeds and sitemaps list, one page at a time."
    ),
    ACCESS,
)
# The forms of a report on one article; HTML always carries the texts that it shows.
REPORT_FORM = options(
    click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json", "jsonl", "html", "sarif"]),
        help="Form of the report; by default what the ending of -o says, or text.",
    ),
    click.option(
        "-o",
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the report to this file.",
    ),
)
SOURCES = options(
    INDEX,
    click.option(
        "--sources",
        multiple=True,
        metavar="INPUT",
        help="File or folder of sources to hold in memory; may be given several times.",
    ),
    ENCODER,
)
