"""What comes into an index: what is new among articles, and its fingerprints, batch by batch.

Fingerprints take nearly all of the time; other processes may make them ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from detector.ahead import in_order
from detector.article import Article
from detector.encoders import Encoder
from detector.fingerprint import Fingerprint, Fingerprinter
from detector.sketch import Sketcher
from detector.storage import AddCount
from detector.terms import TermExtractor

# One transaction holds this many articles: large enough that commits cost nothing, small enough
# that a killed process loses seconds of work.
BATCH = 256
# Batches under way per worker: enough to keep it busy, few enough to keep memory flat.
AHEAD = 2

Prepared = tuple[list[Article], list[Fingerprint]]


class Intake:
    """Sorts out what is new.

    Args:
        held: returns what the index holds under an id.
    """

    def __init__(self, held: Callable[[str], Article | None]) -> None:
        self._held = held
        self._on_the_way: dict[str, Article] = {}
        self._added, self._there = 0, 0
        self._refused: list[str] = []

    @property
    def count(self) -> AddCount:
        """What became of the articles so far."""
        return AddCount(self._added, self._there, tuple(self._refused))

    def new(self, articles: Iterable[Article]) -> Iterator[list[Article]]:
        """Yield batches of those that the index does not hold."""
        stream = iter(articles)
        while batch := list(islice(stream, BATCH)):
            fresh: list[Article] = []
            for article in batch:
                known = self._on_the_way.get(article.id) or self._held(article.id)
                if known is None:
                    self._on_the_way[article.id] = article
                    fresh.append(article)
                elif known.text == article.text:
                    self._there += 1
                else:
                    self._refused.append(article.id)
            if fresh:
                yield fresh

    def arrived(self, batch: Iterable[Article]) -> None:
        """Note that the index holds a batch now."""
        for article in batch:
            del self._on_the_way[article.id]
            self._added += 1


def fingerprinted(
    batches: Iterable[list[Article]], fingerprinter: Fingerprinter, workers: int
) -> Iterator[Prepared]:
    """Yield batches with their fingerprints, in their order.

    Args:
        batches: of articles; some more are taken than were yielded, where others work ahead.
        fingerprinter: makes the fingerprints.
        workers: processes; 1 makes them in this one.
    """
    if workers <= 1:
        for batch in batches:
            yield batch, fingerprinter.fingerprint(batch)
        return
    with ProcessPoolExecutor(
        workers, get_context("spawn"), _start_worker, (fingerprinter.encoder,)
    ) as pool:
        yield from in_order(pool, _fingerprint_in_worker, batches, workers * AHEAD)


class _Worker:
    """What a worker process holds."""

    fingerprinter: Fingerprinter


def _start_worker(encoder: Encoder) -> None:
    _Worker.fingerprinter = Fingerprinter(encoder, Sketcher(), TermExtractor())


def _fingerprint_in_worker(batch: list[Article]) -> list[Fingerprint]:
    return _Worker.fingerprinter.fingerprint(batch)
