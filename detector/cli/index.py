"""``detector index``: the folder of sources."""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from detector.cli.inputs import (
    articles_in,
    encoder_named,
    fetcher_for,
    field_names,
    only_articles,
)
from detector.cli.options import ENCODER, FETCH, INPUT_ERROR, MAP, options
from detector.errors import BadInput

if TYPE_CHECKING:
    from detector.readers import Failure


@click.group()
def index() -> None:
    """Keep the index of sources: add, remove, info, verify, rebuild."""


@index.command("add")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--index", "folder", required=True, metavar="DIR", help="Made when it is not there.")
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 256),
    help="Processes that prepare the sources.",
)
@options(ENCODER, MAP, FETCH)
def index_add(
    inputs: tuple[str, ...],
    folder: str,
    workers: int,
    encoder: str | None,
    mapping: str | None,
    fetch: bool,
    allow_private: bool,
    ignore_robots: bool,
) -> None:
    """Add sources to an index.

    \b
    Example:
      detector index add originals.jsonl.gz --index sources.index
      detector index add crawl/ --index sources.index --workers 2
    """
    from detector.index import FILE, Index

    failures: list[Failure] = []
    fetcher = fetcher_for(
        inputs, lists=fetch, allow_private=allow_private, ignore_robots=ignore_robots
    )
    articles = only_articles(articles_in(inputs, field_names(mapping), fetcher), failures)
    first = next(articles, None)
    if first is None:  # nothing was read: make no empty index
        for failure in failures:
            click.echo(f"detector: {failure.origin}: {failure.message}", err=True)
        raise BadInput(f"no source could be read from {', '.join(inputs)}")
    opened = Index.open if (Path(folder) / FILE).exists() else Index.create
    with opened(folder, encoder_named(encoder)) as sources:
        count = sources.add(chain([first], articles), workers=workers)
        size = len(sources)
    for failure in failures:
        click.echo(f"detector: {failure.origin}: {failure.message}", err=True)
    for id in count.refused:
        click.echo(f"detector: {id!r} is in the index with another text: remove it first", err=True)
    click.echo(
        f"{count.added} added, {count.already_there} there already, "
        f"{len(count.refused) + len(failures)} refused; {folder} holds {size} sources",
        err=True,
    )


@index.command("remove")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--index", "folder", required=True, metavar="DIR")
def index_remove(ids: tuple[str, ...], folder: str) -> None:
    """Take sources out by id.

    \b
    Example:
      detector index remove 3f2a77 9b01cc --index sources.index
    """
    from detector.index import Index

    with Index.open(folder) as sources:
        gone = sources.remove(ids)
    click.echo(f"{gone} of {len(ids)} removed from {folder}", err=True)


@index.command("info")
@click.option("--index", "folder", required=True, metavar="DIR")
def index_info(folder: str) -> None:
    """Say what an index holds and what it was made with.

    \b
    Example:
      detector index info --index sources.index
    """
    from detector.index import Index

    with Index.open(folder) as sources:
        info = sources.info()
    shown = {
        "articles": info.articles,
        "encoder": info.encoder,
        "sketch": info.sketch.to_dict(),
        "bytes": info.bytes_on_disk,
    }
    click.echo(json.dumps(shown, indent=1))


@index.command("verify")
@click.option("--index", "folder", required=True, metavar="DIR")
def index_verify(folder: str) -> None:
    """Check an index for damage; exit status 3 when there is any.

    \b
    Example:
      detector index verify --index sources.index
    """
    from detector.index import Index

    with Index.open(folder) as sources:
        faults = sources.verify()
    for fault in faults:
        click.echo(fault, err=True)
    click.echo(f"{folder}: {'sound' if not faults else f'{len(faults)} faults'}", err=True)
    if faults:
        raise SystemExit(INPUT_ERROR)


@index.command("rebuild")
@click.option("--index", "folder", required=True, metavar="DIR")
def index_rebuild(folder: str) -> None:
    """Make the damaged files beside index.sqlite again from the texts in it.

    \b
    Example:
      detector index rebuild --index sources.index
    """
    from detector.index import Index

    with Index.open(folder) as sources:
        mended = sources.rebuild()
    click.echo(f"{mended} articles prepared again in {folder}", err=True)
