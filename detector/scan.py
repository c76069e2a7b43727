"""Scan a stream of articles: workers, order, and going on after a failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from detector.ahead import in_order
from detector.article import Article
from detector.boilerplate import StreamBoilerplate
from detector.encoders import Encoder
from detector.errors import DetectorError
from detector.pipeline import Detector
from detector.readers import Failure
from detector.report import Report

# One task holds this many articles: sending costs little, and progress stays fine.
BATCH = 16
# Batches under way per worker: enough to keep it busy, few enough to keep memory flat.
AHEAD = 3

Item = Article | Failure
Result = Report | Failure


def scan(
    items: Iterable[Item],
    detector: Detector,
    *,
    workers: int = 1,
    earlier_only: bool = False,
    skip: int = 0,
) -> Iterator[Result]:
    """Examine a stream of articles.

    Args:
        items: articles and what could not be read; failures are passed on in their place.
        detector: examines them.
        workers: processes; 1 examines in this one.
        earlier_only: the articles are themselves the index; only earlier ones are sources.
        skip: pass over this many items at the start, which an earlier run has done.

    Yields:
        One report or failure per item, in input order, the same whatever ``workers`` is.
    """
    unique = islice(_marked(_without_repeated_ids(items)), skip, None)
    if workers <= 1:
        for item in unique:
            yield _examine(item, detector, earlier_only)
        return
    with ProcessPoolExecutor(
        workers,
        get_context("spawn"),
        _start_worker,
        (detector.index.portable(), detector.index.encoder, earlier_only),
    ) as pool:
        batches = iter(lambda: list(islice(unique, BATCH)), [])
        for _, results in in_order(pool, _examine_in_worker, batches, workers * AHEAD):
            yield from results


def _without_repeated_ids(items: Iterable[Item]) -> Iterator[Item]:
    """Turn an article whose id was used before into a failure that says so."""
    seen: set[str] = set()
    for item in items:
        if isinstance(item, Article):
            if item.id in seen:
                yield Failure(
                    origin=item.url or item.id,
                    message=f"the id {item.id!r} was used before in this scan: "
                    "give each record an id of its own",
                    id=item.id,
                )
                continue
            seen.add(item.id)
        yield item


def _marked(items: Iterable[Item]) -> Iterator[Item]:
    """Mark what the earlier pages of each article's site have too; skipped ones teach as well."""
    seen = StreamBoilerplate()
    for item in items:
        yield seen.read(item) if isinstance(item, Article) else item


def _examine(item: Item, detector: Detector, earlier_only: bool) -> Result:
    if isinstance(item, Failure):
        return item
    try:
        return detector.examine(item, earlier_only=earlier_only)
    except DetectorError as error:
        return Failure(origin=item.url or item.id, message=str(error), id=item.id)
    except Exception as error:  # noqa: BLE001 - a fault of ours costs this text, not the crawl
        message = f"examining it failed ({type(error).__name__}: {error}): please report this text"
        return Failure(origin=item.url or item.id, message=message, id=item.id)


class _Worker:
    """What a worker process holds: its own detector over the same index."""

    detector: Detector
    earlier_only: bool


def _start_worker(index: bytes | Path, encoder: Encoder, earlier_only: bool) -> None:
    from detector.index import Index

    _Worker.detector = Detector(Index.from_portable(index, encoder))
    _Worker.earlier_only = earlier_only


def _examine_in_worker(batch: list[Item]) -> list[Result]:
    return [_examine(item, _Worker.detector, _Worker.earlier_only) for item in batch]
