"""The texts of a batch as stretches between white space, each different one known by a number.

Stems, word pieces, words of shingles: all of them are read off a stretch by itself. So a batch of
texts is split once, what is new is read once, and the rest is looking up numbers in arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
# Stretches are remembered up to this many, and up to this many characters of them: the first 8,000
# articles of a crawl have so many; with what is read off them they take some 35 MB.
REMEMBERED = 200_000
REMEMBERED_CHARACTERS = 4_000_000
# The highest white space is U+3000.
_HIGHEST_SPACE = 0x3000
_IS_SPACE = np.array([chr(point).isspace() for point in range(_HIGHEST_SPACE + 2)])


def spans(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers ``start … start + length - 1`` of every stretch, one after the other."""
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    numbers: NDArray[np.int64] = np.repeat(starts, lengths) + offsets
    return numbers


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of different lengths, one behind the other.

    Attributes:
        values: of all rows, shape ``(values,)``.
        bounds: row ``n`` is ``values[bounds[n] : bounds[n + 1]]``, shape ``(rows + 1,)``.
    """

    values: NDArray[Any]
    bounds: NDArray[np.intp]

    @classmethod
    def of(cls, values: NDArray[Any], lengths: Ints | Sequence[int]) -> Ragged:
        """Cut values into rows of these lengths."""
        bounds = np.zeros(len(lengths) + 1, np.intp)
        np.cumsum(lengths, out=bounds[1:])
        return cls(values, bounds)

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.bounds) - 1

    @property
    def lengths(self) -> NDArray[np.intp]:
        """Length of each row, shape ``(rows,)``."""
        return np.diff(self.bounds)

    def take(self, rows: NDArray[np.intp]) -> Ragged:
        """Return some of the rows, each as often as it is asked for."""
        starts = self.bounds[rows]
        lengths = self.bounds[rows + 1] - starts
        return Ragged.of(self.values[spans(starts, lengths)], lengths)

    def __add__(self, other: Ragged) -> Ragged:
        """Put the rows of another behind these."""
        bounds = np.concatenate([self.bounds, other.bounds[1:] + self.bounds[-1]])
        return Ragged(np.concatenate([self.values, other.values]), bounds)


@dataclass(frozen=True, slots=True)
class Split:
    """Texts, split at white space.

    Attributes:
        stretches: of all texts.
        starts: where each begins in all texts, one behind the other with a line end between,
            shape ``(stretches,)``.
        offsets: where each text begins there, shape ``(texts,)``.
    """

    stretches: list[str]
    starts: NDArray[np.intp]
    offsets: NDArray[np.intp]

    def before(self, places: Ints) -> NDArray[np.intp]:
        """Return how many stretches begin before each place."""
        return np.searchsorted(self.starts, places)


def split(texts: Sequence[str]) -> Split:
    """Split texts at white space, as ``str.split`` does."""
    text = "\n".join(texts)
    offsets = np.fromiter(accumulate((len(t) + 1 for t in texts), initial=0), np.intp)
    return Split(text.split(), _starts(text), offsets[:-1])


def _starts(text: str) -> NDArray[np.intp]:
    """Return where the stretches of a text begin."""
    if text.isascii():
        points: Ints = np.frombuffer(text.encode("ascii"), np.uint8)
    else:
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
        points = np.minimum(points, _HIGHEST_SPACE + 1)
    is_space = np.ones(len(text) + 1, bool)  # as if one stood before the text
    np.take(_IS_SPACE, points, out=is_space[1:])
    return np.flatnonzero(is_space[:-1] > is_space[1:])


class Book:
    """Numbers the different stretches of texts, and keeps what is read off each.

    Numbers hold until the next call of ``numbers``.

    Args:
        readers: each returns one row for each of some stretches; called when first asked for.
    """

    def __init__(self, *readers: Callable[[Sequence[str]], Ragged]) -> None:
        self._readers = readers
        self.forget()

    def forget(self) -> None:
        """Forget all stretches, also those that no reader could read."""
        self._numbers: dict[str, int] = {}
        self._stretches: list[str] = []
        self._characters = 0
        self._uses = np.zeros(0, np.intp)
        self._columns = [reader([]) for reader in self._readers]

    def numbers(self, stretches: Sequence[str]) -> NDArray[np.intp]:
        """Return the number of each stretch, shape ``(stretches,)``."""
        if len(self._numbers) > REMEMBERED or self._characters > REMEMBERED_CHARACTERS:
            self._keep_frequent()
        numbers = np.fromiter(
            map(self._numbers.get, stretches, repeat(-1)), np.intp, len(stretches)
        )
        unknown = np.flatnonzero(numbers < 0)
        unread = [stretches[place] for place in unknown.tolist()]
        self._enter(list(dict.fromkeys(unread)))
        numbers[unknown] = [self._numbers[stretch] for stretch in unread]
        self._uses += np.bincount(numbers, minlength=len(self._uses))
        return numbers

    def rows(self, reader: int, numbers: NDArray[np.intp]) -> Ragged:
        """Return what one of the readers, named by its place, reads off stretches."""
        column = self._columns[reader]
        unread = self._stretches[len(column) :]
        if unread:
            column = self._columns[reader] = column + self._readers[reader](unread)
        return column.take(numbers)

    def _enter(self, new: list[str]) -> None:
        known = len(self._numbers)
        self._numbers.update(zip(new, range(known, known + len(new)), strict=True))
        self._stretches += new
        self._characters += sum(map(len, new))
        self._uses = np.concatenate([self._uses, np.zeros(len(new), np.intp)])

    def _keep_frequent(self) -> None:
        """Forget what was met once; if that is little, everything."""
        kept = np.flatnonzero(self._uses > 1)
        stretches = [self._stretches[place] for place in kept.tolist()]
        columns = [column.take(kept[kept < len(column)]) for column in self._columns]
        self.forget()
        if len(kept) <= REMEMBERED // 2 and sum(map(len, stretches)) <= REMEMBERED_CHARACTERS // 2:
            self._enter(stretches)
            self._columns = columns
