"""``detector scan``: a whole crawl."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from detector.cli.examine import rendered
from detector.cli.inputs import (
    articles_in,
    detector_for,
    detector_of,
    fetcher_for,
    field_names,
)
from detector.cli.options import (
    FAIL_ON,
    FETCH,
    FLAGGED,
    INPUT_ERROR,
    MAP,
    PROGRESS_SECONDS,
    SOURCES,
    WITH_TEXT,
    options,
)
from detector.errors import BadInput

if TYPE_CHECKING:
    from detector.article import Article
    from detector.readers import Failure
    from detector.report import Report


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
@options(MAP, WITH_TEXT, FAIL_ON, FETCH)
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
    fetch: bool,
    allow_private: bool,
    ignore_robots: bool,
    quiet: bool,
) -> None:
    """Examine a crawl: files, folders, JSONL(.gz), CSV, Parquet, WARC(.gz), WACZ, or addresses.

    Writes one JSON line per article. What a feed or sitemap lists is fetched with --fetch.

    \b
    Examples:
      detector scan crawl.jsonl.gz --index sources.index -o found.jsonl
      detector scan CC-NEWS-20251114.warc.gz --index sources.index -o found.jsonl
      detector scan feed.xml --fetch --index sources.index -o found.jsonl
      detector scan crawl/ --self --workers 2 > found.jsonl
    """
    # Small products of matrices only wait for one another in threads; processes share the articles.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from detector.scan import scan as scan_articles

    _check_usage(inputs, output, resume=resume, form=form)
    if within and (folder or sources):
        raise click.UsageError(
            "--self takes the crawl itself as sources: leave --index and --sources out"
        )
    fields = field_names(mapping)
    fetcher = fetcher_for(
        [*inputs, *sources], lists=fetch, allow_private=allow_private, ignore_robots=ignore_robots
    )
    items: Iterable[Article | Failure] = articles_in(inputs, fields, fetcher)
    if within:  # what is piped in or fetched is read only once
        items = list(items) if fetcher or "-" in inputs else items
        again = items if isinstance(items, list) else articles_in(inputs, fields)
        detector = detector_of(again, encoder, workers=workers)
    else:
        detector = detector_for(folder, sources, encoder, fields, fetcher)
    done = _written(output) if resume and output else _Tally()
    results = scan_articles(items, detector, workers=workers, earlier_only=within, skip=done.total)
    with _opened(output, append=resume) as out:
        tally = _write_all(results, out, form=form, with_text=with_text, quiet=quiet)
    labels = tally.labels + done.labels
    if not labels:
        raise BadInput("no input held a record: expected articles as files, folders or JSONL")
    if labels["failed"] == labels.total():
        raise SystemExit(INPUT_ERROR)
    found = {
        "derivative": labels["derivative"],
        "plug": tally.with_plugs + done.with_plugs,
        "fabrication": tally.with_fabrications + done.with_fabrications,
    }
    if sum(found.values()) if fail_on == "any" else found.get(fail_on or "", 0):
        raise SystemExit(FLAGGED)


@dataclass
class _Tally:
    """How many articles got each label, or failed, and how many hold plugs or inventions."""

    labels: Counter[str] = field(default_factory=Counter)
    with_plugs: int = 0
    with_fabrications: int = 0

    @property
    def total(self) -> int:
        return self.labels.total()


def _check_usage(inputs: tuple[str, ...], output: Path | None, *, resume: bool, form: str) -> None:
    if resume and (output is None or form != "jsonl"):
        raise click.UsageError("--resume needs -o FILE and --format jsonl: it counts its lines")
    if output and any(Path(name).resolve() == output.resolve() for name in inputs):
        raise click.UsageError(
            f"-o {output} is also an input, and would be lost: name another file"
        )


def _written(output: Path) -> _Tally:
    """Count the whole lines of an output by label, and cut off a half-written last one."""
    tally = _Tally()
    if not output.exists():
        return tally
    end = 0
    try:
        with output.open("rb+") as file:
            for line in file:
                if line.endswith(b"\n"):
                    record = json.loads(line)
                    label = record["verdict"]["label"] if "verdict" in record else "failed"
                    tally.labels[label] += 1
                    tally.with_plugs += bool(record.get("plugs"))
                    tally.with_fabrications += bool(record.get("fabrications"))
                    end += len(line)
            file.truncate(end)
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(
            f"{output} cannot be resumed ({error}): expected the output of an earlier scan"
        ) from error
    return tally


@contextmanager
def _opened(output: Path | None, *, append: bool) -> Iterator[IO[str]]:
    if output is None:
        yield sys.stdout
        return
    try:
        file = output.open("a" if append else "w", encoding="utf8", newline="\n")
    except OSError as error:
        raise BadInput(
            f"{output} cannot be written ({error.strerror}): name another file with -o"
        ) from error
    with file:
        yield file


def _write_all(
    results: Iterable[Report | Failure],
    out: IO[str],
    *,
    form: str,
    with_text: bool,
    quiet: bool,
) -> _Tally:
    """Write one line (or text) per result; say on stderr how it goes; return what was counted."""
    from detector.report import Report

    tally = _Tally()
    start = said = time.monotonic()
    for result in results:
        if isinstance(result, Report):
            tally.labels[str(result.verdict.label)] += 1
            tally.with_plugs += bool(result.plugs)
            tally.with_fabrications += bool(result.fabrications)
            if form == "jsonl" or result.is_flagged or result.plugs:
                out.write(
                    rendered(result, form, with_text=with_text, to_stdout=out is sys.stdout) + "\n"
                )
        else:
            tally.labels["failed"] += 1
            out.write(_failed(result, form) + "\n")
        if not quiet and time.monotonic() - said > PROGRESS_SECONDS:
            said = time.monotonic()
            rate = tally.total / (said - start)
            click.echo(
                f"{tally.total:,} examined, {rate:,.1f} a second: {_counts(tally)}", err=True
            )
    if not quiet:
        click.echo(f"{tally.total:,} examined: {_counts(tally)}", err=True)
    return tally


def _failed(failure: Failure, form: str) -> str:
    if form == "jsonl":
        return json.dumps(failure.to_dict(), ensure_ascii=False)
    return f"FAILED {failure.told()}"


def _counts(tally: _Tally) -> str:
    counts = [f"{count:,} {label}" for label, count in sorted(tally.labels.items())]
    if tally.with_plugs:
        counts.append(f"{tally.with_plugs:,} with plugs")
    return ", ".join(counts) or "nothing"
