"""``detector scan``: a whole crawl."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from detector.cli.examine import rendered
from detector.cli.inputs import articles_in, detector_for, field_names
from detector.cli.options import FAIL_ON, FLAGGED, INPUT_ERROR, MAP, SOURCES, WITH_TEXT, options
from detector.errors import BadInput

if TYPE_CHECKING:
    from detector.article import Article
    from detector.readers import Failure
    from detector.report import Report

# Progress is said at most this often.
PROGRESS_SECONDS = 2.0


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@SOURCES
@click.option("--self", "within", is_flag=True, help="Earlier articles are sources of later ones.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--resume", is_flag=True, help="Go on where the output file ends (needs -o).")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256))
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "text"]), default="jsonl", show_default=True
)
@options(MAP, WITH_TEXT, FAIL_ON)
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def scan(
    inputs: tuple[str, ...],
    folder: str | None,
    sources: tuple[str, ...],
    encoder: str | None,
    within: bool,
    output: Path | None,
    resume: bool,
    workers: int,
    form: str,
    mapping: str | None,
    with_text: bool,
    fail_on: str | None,
    quiet: bool,
) -> None:
    r"""Examine a crawl: files, folders, JSONL(.gz), CSV, Parquet; one JSON line per article.

    \b
    Examples:
      detector scan crawl.jsonl.gz --index sources.index -o found.jsonl
      detector scan crawl/ --self --workers 2 > found.jsonl
    """
    from detector.scan import scan as scan_articles

    if resume and output is None:
        raise click.UsageError("--resume needs -o FILE: it goes on where that file ends")
    if within and (folder or sources):
        raise click.UsageError(
            "--self takes the crawl itself as sources: leave --index and --sources out"
        )
    fields = field_names(mapping)
    detector = (
        detector_for(None, inputs, encoder, fields)
        if within
        else detector_for(folder, sources, encoder)
    )
    done = _complete_lines(output) if resume and output else 0
    items = _skip(articles_in(inputs, fields), done)
    results = scan_articles(items, detector, workers=workers, earlier_only=within)
    with _opened(output, append=resume) as out:
        tally = _write_all(results, out, form=form, with_text=with_text, quiet=quiet)
    if not tally.total() and not done:
        raise BadInput("no input held a record: expected articles as files, folders or JSONL")
    if tally["failed"] == tally.total() and not done:
        raise SystemExit(INPUT_ERROR)
    if fail_on in {"derivative", "any"} and tally["derivative"]:
        raise SystemExit(FLAGGED)


def _skip(items: Iterator[Article | Failure], count: int) -> Iterator[Article | Failure]:
    for number, item in enumerate(items):
        if number >= count:
            yield item


def _complete_lines(output: Path) -> int:
    """Count the whole lines of an output file and cut off a half-written last one."""
    if not output.exists():
        return 0
    with output.open("rb+") as file:
        whole, end = 0, 0
        for line in file:
            if line.endswith(b"\n"):
                whole, end = whole + 1, end + len(line)
        file.truncate(end)
    return whole


@contextmanager
def _opened(output: Path | None, *, append: bool) -> Iterator[IO[str]]:
    if output is None:
        yield sys.stdout
        return
    try:
        with output.open("a" if append else "w", encoding="utf8", newline="\n") as file:
            yield file
    except OSError as error:
        raise BadInput(
            f"{output} cannot be written ({error}): name another file with -o"
        ) from error


def _write_all(
    results: Iterable[Report | Failure],
    out: IO[str],
    *,
    form: str,
    with_text: bool,
    quiet: bool,
) -> Counter[str]:
    """Write one line (or text) per result; say on stderr how it goes; return what was counted."""
    from detector.report import Report

    tally: Counter[str] = Counter()
    start = said = time.monotonic()
    for result in results:
        if isinstance(result, Report):
            tally[str(result.verdict.label)] += 1
            if form == "jsonl" or result.is_flagged:
                out.write(rendered(result, form, with_text=with_text) + "\n")
        else:
            tally["failed"] += 1
            line = f"FAILED {result.origin}: {result.message}\n" if form == "text" else None
            out.write(line or json.dumps(result.to_dict(), ensure_ascii=False) + "\n")
        if not quiet and time.monotonic() - said > PROGRESS_SECONDS:
            said = time.monotonic()
            rate = tally.total() / (said - start)
            click.echo(
                f"{tally.total():,} examined, {rate:,.1f} a second: {_counts(tally)}", err=True
            )
    if not quiet:
        click.echo(f"{tally.total():,} examined: {_counts(tally)}", err=True)
    return tally


def _counts(tally: Counter[str]) -> str:
    return ", ".join(f"{count:,} {label}" for label, count in sorted(tally.items())) or "nothing"
