"""Word runs that two texts share in unbroken order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.alignment.prepared import ngrams
from detector.terms import held_by

# A shared run of this many words is copied; the language's stock phrases are shorter.
RUN_WORDS = 8
# Runs are found by their word n-grams.
SEED_WORDS = 5
# A word 5-gram at more places in the source than this is refrain or boilerplate.
SEED_PLACES = 8


@dataclass(frozen=True, slots=True)
class Run:
    """Words shared in unbroken order.

    Attributes:
        first: number of the run's first word in the article.
        source_first: number of its first word in the source.
        words: length in words.
    """

    first: int
    source_first: int
    words: int


def shared_runs(words: NDArray[np.uint64], source: NDArray[np.uint64]) -> Iterator[Run]:
    """Yield the runs of ``RUN_WORDS`` or more words that both hold, longest first at each place.

    Every word of the article belongs to at most one run.

    Args:
        words: a number for each word of the article, the same for the same word only.
        source: the same of the source.
    """
    reached = 0
    seeded = _seeds(words, source)
    tokens, others = (words.tolist(), source.tolist()) if seeded else ([], [])
    for i, seeds in seeded:
        if i < reached:
            continue
        runs = [Run(i, j, _run_length(tokens, others, i, j)) for j in seeds]
        best = max(runs, key=lambda run: (run.words, -run.source_first))
        if best.words >= RUN_WORDS:
            yield best
            reached = i + best.words


def _seeds(words: NDArray[np.uint64], source: NDArray[np.uint64]) -> list[tuple[int, list[int]]]:
    """Return where a word n-gram of the source begins, and its first places in the source."""
    own, theirs = ngrams(words, SEED_WORDS), ngrams(source, SEED_WORDS)
    order = np.argsort(theirs, kind="stable")
    ordered = theirs[order]
    shared = np.flatnonzero(held_by(own, ordered))
    first, last = (np.searchsorted(ordered, own[shared], side) for side in ("left", "right"))
    ends = np.minimum(last, first + SEED_PLACES).tolist()
    return [
        (i, order[start:end].tolist())
        for i, start, end in zip(shared.tolist(), first.tolist(), ends, strict=True)
    ]


def _run_length(tokens: Sequence[int], source: Sequence[int], i: int, j: int) -> int:
    length = 0
    while (
        i + length < len(tokens)
        and j + length < len(source)
        and tokens[i + length] == source[j + length]
    ):
        length += 1
    return length
