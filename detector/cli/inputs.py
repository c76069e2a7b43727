"""From what the user named to articles, encoders and detectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from detector.errors import BadInput

if TYPE_CHECKING:
    from detector.article import Article
    from detector.encoders import Encoder
    from detector.fetch import Fetcher
    from detector.pipeline import Detector
    from detector.readers import Failure


def detector_for(
    folder: str | None,
    sources: tuple[str, ...],
    encoder: str | None,
    fields: dict[str, str] | None = None,
    fetcher: Fetcher | None = None,
) -> Detector:
    """Make the detector that ``--index`` or ``--sources`` asks for; it only reads the index."""
    from detector.index import Index
    from detector.pipeline import Detector

    if folder and sources:
        raise click.UsageError("give --index or --sources, not both")
    if folder:
        return Detector(Index.open(folder, encoder_named(encoder), read_only=True))
    if not sources:
        raise click.UsageError("nothing to compare with: give --index DIR or --sources INPUT")
    failures: list[Failure] = []
    detector = detector_of(only_articles(articles_in(sources, fields, fetcher), failures), encoder)
    for failure in failures:
        click.echo(f"detector: source {failure.origin}: {failure.message}", err=True)
    if not len(detector.index):
        raise BadInput(f"no source could be read from {', '.join(sources)}")
    return detector


def detector_of(
    items: Iterable[Article | Failure], encoder: str | None, *, workers: int = 1
) -> Detector:
    """Make a detector over sources in memory; what could not be read is passed over."""
    from detector.pipeline import Detector

    articles = only_articles(items, [])
    return Detector.from_sources(articles, encoder_named(encoder), workers=workers)


def encoder_named(name: str | None) -> Encoder | None:
    """Load the encoder of ``--encoder``; None leaves the choice to the index."""
    from detector.encoders import load_encoder

    return load_encoder(name) if name else None


def fetcher_for(
    inputs: Iterable[str], *, allow_private: bool, ignore_robots: bool, lists: bool = False
) -> Fetcher | None:
    """Make what fetches, when an input is an address or lists of them are to be fetched."""
    from detector.readers import is_address

    if not lists and not any(map(is_address, inputs)):
        return None
    from detector.fetch import fetcher  # it imports the web client

    return fetcher(allow_private=allow_private, ignore_robots=ignore_robots)


def one_article(input: str, fetcher: Fetcher | None) -> Article:
    """Read the one article of an input; an address is fetched."""
    from detector.readers import Failure, is_address

    if fetcher and is_address(input):
        return fetcher.article(input)
    items = list(articles_in([input], None))
    if len(items) != 1:
        raise BadInput(f"{input} holds {len(items)} records, expected one: use 'detector scan'")
    if isinstance(items[0], Failure):
        raise BadInput(f"{items[0].origin}: {items[0].message}")
    return items[0]


def articles_in(
    inputs: Iterable[str], fields: dict[str, str] | None, fetcher: Fetcher | None = None
) -> Iterator[Article | Failure]:
    """Read everything the user named, streaming."""
    from detector.readers import read_articles

    return read_articles(inputs, fields=fields, fetcher=fetcher)


def only_articles(items: Iterable[Article | Failure], failures: list[Failure]) -> Iterator[Article]:
    """Pass articles on and collect what could not be read."""
    from detector.readers import Failure

    for item in items:
        if isinstance(item, Failure):
            failures.append(item)
        else:
            yield item


def field_names(mapping: str | None) -> dict[str, str] | None:
    """Read ``text=body,published=date``."""
    if not mapping:
        return None
    pairs = [part.partition("=") for part in mapping.split(",")]
    if not all(ours and theirs for ours, _, theirs in pairs):
        raise click.UsageError(f"--map {mapping!r} should look like text=body,published=date")
    return {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
