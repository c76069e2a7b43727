"""Words beside words: the likeliest counterpart of each word in runs of a source's words.

A run is a sentence of the source, or what stands before or behind one of its facts. Two words are
alike by their stem, else by their meaning: "physician" and "doctor".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Prepared
from detector.alignment.prepared import WordTable

# Words of the article compared at once with all words of a source, so that memory stays flat.
ROWS = 512


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of the words of one text; a word may be in several, or in none.

    Attributes:
        words: numbers of the words, group by group, shape ``(members,)``.
        owners: which group each is in, ascending, same shape.
        count: how many groups there are; some may be empty.
    """

    words: NDArray[np.intp]
    owners: NDArray[np.intp]
    count: int

    @classmethod
    def of(cls, side: Prepared, first: NDArray[np.intp], last: NDArray[np.intp]) -> Groups:
        """Group the words from each first to the last before each other place, without fillers.

        Args:
            side: whose words.
            first: number of the first word of each group, shape ``(groups,)``.
            last: number behind the last word of each group, same shape.
        """
        words, owners = spread(first, last)
        kept = side.stems[words] > 0
        return cls(words[kept], owners[kept], len(first))

    @classmethod
    def joined(cls, *parts: Groups) -> Groups:
        """Put the same groups of several kinds together: what stands before and what behind."""
        words = np.concatenate([part.words for part in parts])
        owners = np.concatenate([part.owners for part in parts])
        order = np.argsort(owners, kind="stable")
        return cls(words[order], owners[order], parts[0].count)

    def sums(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Add up a value of each word of the text by group, shape ``(groups,)``."""
        return np.bincount(self.owners, values[self.words], self.count).astype(np.float32)

    def most(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the largest value of each group, 0 for an empty one, shape ``(groups,)``."""
        best = np.zeros(self.count, np.float32)
        np.maximum.at(best, self.owners, values[self.words])
        return best

    def weights(self, table: WordTable, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the share of each different word in a group, shape ``(groups, words)``.

        Args:
            table: the different words of the text.
            values: what each member counts, shape ``(members,)``.
        """
        shares = np.zeros((self.count, len(table.stems)), np.float32)
        np.add.at(shares, (self.owners, table.rows[self.words]), values)
        whole: NDArray[np.float32] = shares / np.maximum(1.0, shares.sum(axis=1, keepdims=True))
        return whole


def spread(first: NDArray[np.intp], last: NDArray[np.intp]) -> tuple[NDArray[np.intp], ...]:
    """Return the numbers from each first to before each last, and which pair each is of."""
    sizes = np.maximum(last - first, 0)
    owners = np.repeat(np.arange(len(first)), sizes)
    starts = np.cumsum(sizes) - sizes
    return np.arange(len(owners)) - starts[owners] + first[owners], owners


@dataclass(frozen=True, slots=True)
class Runs:
    """Words of one text in a row, fillers left out.

    Attributes:
        first: number of the first of each run among the meaningful words, shape ``(runs,)``.
        last: number behind its last, same shape; the same as ``first`` for an empty run.
    """

    first: NDArray[np.intp]
    last: NDArray[np.intp]

    @classmethod
    def of(cls, side: Prepared, first: NDArray[np.intp], last: NDArray[np.intp]) -> Runs:
        """Take the words from each first to before each last, numbers among all words."""
        before = np.concatenate([[0], np.cumsum(side.stems > 0)])
        return cls(before[first], np.maximum(before[last], before[first]))


def best_in_runs(
    article: Prepared, source: Prepared, runs: Sequence[Runs]
) -> list[NDArray[np.float32]]:
    """Return how like each different word of an article the likeliest word of each run is.

    Args:
        article: the article.
        source: whose words the runs are made of.
        runs: of some kinds.

    Returns:
        For each kind a table, shape ``(different words of the article, runs)``, 0 to 1.
    """
    here, there = article.word_table, source.word_table
    every = Runs(*(np.concatenate([getattr(r, end) for r in runs]) for end in ("first", "last")))
    ends = np.cumsum([len(kind.first) for kind in runs])[:-1]
    words = there.rows[there.rows >= 0]
    parts = []
    for start in range(0, len(here.stems), ROWS):
        block = slice(start, start + ROWS)
        alike = here.vectors[block] @ there.vectors.T
        np.minimum(np.maximum(alike, 0, out=alike), 1, out=alike)
        alike[here.stems[block, None] == there.stems[None, :]] = 1.0
        alike = np.ascontiguousarray(alike.T)  # whole rows are copied and compared far faster
        parts.append(_most_in_runs(alike[words], every))
    whole = np.concatenate([np.zeros((len(every.first), 0), np.float32), *parts], axis=1)
    return [np.ascontiguousarray(table.T) for table in np.split(whole, ends)]


def _most_in_runs(values: NDArray[np.float32], runs: Runs) -> NDArray[np.float32]:
    """Return the largest values of each run of rows, 0 for an empty one, shape ``(runs, columns)``.

    Of rows in a row, first of two, then of four, and so on: two such stretches make up any run.
    """
    most = np.zeros((len(runs.first), values.shape[1]), np.float32)
    sizes = runs.last - runs.first
    size, longest = 1, sizes.max(initial=0)
    while size <= longest:
        own = np.flatnonzero((sizes >= size) & (sizes < 2 * size))
        most[own] = np.maximum(values[runs.first[own]], values[runs.last[own] - size])
        values = np.maximum(values[:-size], values[size:])
        size *= 2
    return most
