"""Word runs that two texts share in unbroken order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def shared_runs(tokens: Sequence[str], source: Sequence[str]) -> Iterator[Run]:
    """Yield the runs of ``RUN_WORDS`` or more words that both hold, longest first at each place.

    Every word of the article belongs to at most one run.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for j in range(len(source) - SEED_WORDS + 1):
        places.setdefault(tuple(source[j : j + SEED_WORDS]), []).append(j)
    i = 0
    while i <= len(tokens) - SEED_WORDS:
        seeds = places.get(tuple(tokens[i : i + SEED_WORDS]), [])[:SEED_PLACES]
        runs = [Run(i, j, _run_length(tokens, source, i, j)) for j in seeds]
        best = max(runs, key=lambda run: (run.words, -run.source_first), default=None)
        if best is not None and best.words >= RUN_WORDS:
            yield best
            i += best.words
        else:
            i += 1


def _run_length(tokens: Sequence[str], source: Sequence[str], i: int, j: int) -> int:
    length = 0
    while (
        i + length < len(tokens)
        and j + length < len(source)
        and tokens[i + length] == source[j + length]
    ):
        length += 1
    return length
