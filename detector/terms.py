"""The terms of a text: stemmed words, and numbers and dates by their normal form.

A term is kept as a 32-bit hash; how rare each is in news comes from a shipped table
(``models/term-rarity``), so a weight never depends on what an index happens to hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detector.facts import Fact, figures

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Function words carry no subject; from the usual English stop lists, pronouns included.
STOPWORDS = frozenset(
    "a about above after again against all also although am among an and any are as "
    "at be because been before being below between both but by can could did do does "
    "doing down during each even ever every few for from further get had has have "
    "having he her here hers herself him himself his how however i if in into is it "
    "its itself just like made make many may me might more most much must my myself "
    "no nor not now of off on once one only or other our ours out over own said same "
    "say says she should since so some such than that the their theirs them "
    "themselves then there these they this those through to too two under until up "
    "upon us very was we were what when where which while who whom why will with "
    "would yet you your yours according told including mr mrs ms dr".split()
)
# Words are remembered up to this many; news vocabulary grows without end.
REMEMBERED_WORDS = 200_000
# A term missing from the rarity table is at least this rare: the table keeps terms of 3 or more
# of the articles it was counted on.
TABLE_MINIMUM = 3


@dataclass(frozen=True, slots=True)
class TermVector:
    """Weighted terms of one text.

    Attributes:
        terms: sorted hashes, ``uint32``, shape ``(n,)``.
        counts: how often each occurs, ``float32``, shape ``(n,)``.
    """

    terms: NDArray[np.uint32]
    counts: NDArray[np.float32]

    def __len__(self) -> int:
        """Number of different terms."""
        return len(self.terms)


def hash_term(term: str) -> int:
    """Hash one normal form to 32 bits; the same everywhere."""
    return crc32(term.encode("utf8", "surrogatepass"))


def figure_term(fact: Fact) -> int:
    """Hash a number or date by its normal form, apart from all words."""
    return hash_term("#" + fact.value)


class TermExtractor:
    """Turns texts into term vectors; remembers the stems of words it has seen."""

    def __init__(self) -> None:
        from Stemmer import Stemmer

        self._stemmer = Stemmer("english", 0)
        self._stems: dict[str, int] = {}

    def words(self, text: str) -> list[int]:
        """Return the hashed stem of every word in order; 0 for function words and numbers."""
        words = _TOKEN.findall(text.casefold())
        known = self._stems.get
        return [
            self.stem(word) if value is None else value
            for word, value in zip(words, map(known, words), strict=True)
        ]

    def terms(self, text: str) -> TermVector:
        """Return the terms of a text with their counts."""
        counts = Counter(self.words(text))
        counts.update(figure_term(fact) for fact in figures(text))
        counts.pop(0, None)
        return as_vector(counts)

    def stem(self, word: str) -> int:
        """Return the hashed stem of one casefolded word; 0 for function words and numbers."""
        known = self._stems.get(word)
        if known is not None:
            return known
        plain = word.replace("’", "'").removesuffix("'s")
        skipped = plain in STOPWORDS or plain[0].isdigit() or len(plain) == 1
        value = 0 if skipped else hash_term(self._stemmer.stemWord(plain))
        if len(self._stems) < REMEMBERED_WORDS:
            self._stems[word] = value
        return value


def as_vector(counts: Counter[int]) -> TermVector:
    """Freeze counted term hashes into a sorted vector."""
    terms = np.fromiter(counts.keys(), np.uint32, len(counts))
    amounts = np.fromiter(counts.values(), np.float32, len(counts))
    order = np.argsort(terms)
    return TermVector(terms[order], amounts[order])


def held_by(terms: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell which terms are among others; both sorted and different, shape ``(n,)``."""
    if not len(others):
        return np.zeros(len(terms), bool)
    places = np.searchsorted(others, terms)
    places[places == len(others)] = 0
    held: NDArray[np.bool_] = others[places] == terms
    return held


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare terms are in news: smoothed inverse document frequency.

    Attributes:
        known: sorted hashes, ``uint32``, shape ``(n,)``.
        values: idf of each, ``float32``, shape ``(n,)``.
        unknown: idf of a term that is not in the table.
    """

    known: NDArray[np.uint32]
    values: NDArray[np.float32]
    unknown: float

    def of(self, terms: NDArray[np.uint32]) -> NDArray[np.float32]:
        """Return the idf of each term, shape ``(n,)``, natural logarithm."""
        if not len(terms):
            return np.zeros(0, np.float32)
        places = np.searchsorted(self.known, terms)
        places[places == len(self.known)] = 0
        found = self.known[places] == terms
        return np.where(found, self.values[places], np.float32(self.unknown)).astype(np.float32)

    def weights(self, vector: TermVector) -> NDArray[np.float32]:
        """Return tf-idf weights scaled to length 1; tf counts by its logarithm."""
        raw = (1 + np.log(vector.counts)) * self.of(vector.terms)
        length = float(np.sqrt((raw * raw).sum()))
        return (raw / length if length else raw).astype(np.float32)


def count_rarity(vectors: Iterable[TermVector]) -> Rarity:
    """Count in how many texts each term occurs, and keep those seen often enough.

    Source: Spärck Jones 1972, "A statistical interpretation of term specificity".
    """
    parts = [vector.terms for vector in vectors]
    terms, seen = np.unique(np.concatenate(parts), return_counts=True)
    keep = seen >= TABLE_MINIMUM
    total = len(parts) + 1
    values = np.log(total / (seen[keep] + 1.0)).astype(np.float32)
    return Rarity(terms[keep], values, float(np.log(total / TABLE_MINIMUM)))
