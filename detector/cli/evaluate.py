"""``detector evaluate``: how right the reports are on labelled articles."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from detector.cli.inputs import detector_for, field_names
from detector.cli.options import INPUT_ERROR, MAP, PROGRESS_SECONDS, SOURCES
from detector.errors import BadInput

if TYPE_CHECKING:
    from detector.evaluation import Answer, Labelled
    from detector.index import Index


@click.command()
@click.argument("file")
@SOURCES
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256))
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option(
    "--errors",
    "most",
    default=20,
    show_default=True,
    type=click.IntRange(0),
    help="Show at most so many mistakes in the text; the JSON has all.",
)
@MAP
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def evaluate(
    file: str,
    folder: str | None,
    sources: tuple[str, ...],
    encoder: str | None,
    workers: int,
    form: str,
    most: int,
    mapping: str | None,
    quiet: bool,
) -> None:
    """Measure how right the reports are on a FILE of labelled articles (.jsonl or .json).

    Each record has text, id, relation, and, as far as they are known: sources, related (ids),
    attributed (true or false), plugs and fabrications (objects with start and end).

    \b
    Example:
      detector evaluate fixtures/labelled.jsonl --sources fixtures/sources.jsonl
    """
    from detector.evaluation import answers, evaluation_dict, evaluation_text, measure

    labelled = _read(file, field_names(mapping))
    detector = detector_for(folder, sources, encoder, field_names(mapping))
    with detector.index as searched:
        _check_sources(labelled, searched)
        found = answers(labelled, detector, workers=workers)
        evaluation = measure(found if quiet else _told(found, len(labelled)))
        size = len(searched)
    if form == "text":
        click.echo(evaluation_text(evaluation, sources=size, most=most))
        return
    shown = evaluation_dict(evaluation, detector.provenance, sources=size)
    click.echo(json.dumps(shown, indent=1, ensure_ascii=False, allow_nan=False))


def _read(file: str, fields: dict[str, str] | None) -> list[Labelled]:
    """Read the labelled articles; end when any of them cannot be used: all or nothing."""
    from detector.evaluation import Labelled, read_labelled

    items = list(read_labelled(file, fields=fields))
    labelled = [item for item in items if isinstance(item, Labelled)]
    _end_with(item.told() for item in items if not isinstance(item, Labelled))
    if not labelled:
        raise BadInput(f"{file} holds no record: expected labelled articles, one per line")
    return labelled


def _check_sources(labelled: list[Labelled], index: Index) -> None:
    from detector.evaluation import without_source

    _end_with(without_source(labelled, lambda id: index.get(id) is not None))


def _end_with(faults: Iterable[str]) -> None:
    """Say each fault in a line and end; without any, go on."""
    told = list(faults)
    for fault in told:
        click.echo(f"detector: {fault}", err=True)
    if told:
        raise SystemExit(INPUT_ERROR)


def _told(answers: Iterable[Answer], expected: int) -> Iterator[Answer]:
    """Pass answers on and say on stderr how it goes, and how fast it went."""
    start = said = time.perf_counter()
    count = 0
    for count, answer in enumerate(answers, start=1):
        yield answer
        if time.perf_counter() - said > PROGRESS_SECONDS:
            said = time.perf_counter()
            click.echo(f"{count:,} of {expected:,} examined", err=True)
    seconds = time.perf_counter() - start
    click.echo(f"{count:,} examined, {count / seconds:,.1f} a second", err=True)
