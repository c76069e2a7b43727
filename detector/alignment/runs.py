"""Word runs that two texts share in unbroken order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# A shared run of this many words is copied; the language's stock phrases are shorter.
RUN_WORDS = 8
# Runs are found by their word n-grams.
SEED_WORDS = 5
# A word 5-gram at more places in the source than this is refrain or boilerplate.
SEED_PLACES = 8
# Knuth's 64-bit multiplier: keys of different n-grams fall together once in 10^13 pairs.
_FACTOR = np.uint64(6364136223846793005)


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


def shared_runs(tokens: Sequence[str], source: Sequence[str]) -> Iterator[Run]:
    """Yield the runs of ``RUN_WORDS`` or more words that both hold, longest first at each place.

    Every word of the article belongs to at most one run.
    """
    reached = 0
    for i, seeds in _seeds(tokens, source):
        if i < reached:
            continue
        runs = [Run(i, j, _run_length(tokens, source, i, j)) for j in seeds]
        best = max(runs, key=lambda run: (run.words, -run.source_first))
        if best.words >= RUN_WORDS:
            yield best
            reached = i + best.words


def _seeds(tokens: Sequence[str], source: Sequence[str]) -> Iterator[tuple[int, list[int]]]:
    """Yield where a word n-gram of the source begins, and its first places in the source."""
    number = {word: n for n, word in enumerate(dict.fromkeys(source), start=1)}
    theirs = _grams(np.array([number[word] for word in source], np.uint64))
    own = _grams(np.array([number.get(word, 0) for word in tokens], np.uint64))
    order = np.argsort(theirs, kind="stable")
    ordered = theirs[order]
    first, last = (np.searchsorted(ordered, own, side) for side in ("left", "right"))
    for i in np.flatnonzero(first < last).tolist():
        yield i, order[first[i] : min(last[i], first[i] + SEED_PLACES)].tolist()


def _grams(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return one key for each n-gram of numbered words; the same key is nearly always the same."""
    count = max(0, len(words) - SEED_WORDS + 1)
    keys = np.zeros(count, np.uint64)
    for n in range(SEED_WORDS):
        keys = keys * _FACTOR + words[n : n + count]
    return keys


def _run_length(tokens: Sequence[str], source: Sequence[str], i: int, j: int) -> int:
    length = 0
    while (
        i + length < len(tokens)
        and j + length < len(source)
        and tokens[i + length] == source[j + length]
    ):
        length += 1
    return length
