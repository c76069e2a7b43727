"""The terms of a text: stemmed words, and numbers and dates by their normal form.

A term is kept as a 32-bit hash; how rare each is in news comes from a shipped table
(``models/term-rarity``), so a weight never depends on what an index happens to hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import repeat
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detector.facts import Fact, figures
from detector.stretches import Ragged

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
# A word's code: its stem's hash, then whether it is a number, then 31 bits of the word's own hash,
# which tell words of one stem apart.
_STEM, _NUMBER = 32, 1 << 31
# No code, or one that is made again each time: one word of 18 trillion million has it.
_UNKNOWN = (1 << 64) - 1


Hashes = NDArray[np.integer[Any]]


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


def figure_terms(text: str) -> NDArray[np.uint32]:
    """Hash the numbers and dates of a text, shape ``(figures,)``."""
    return np.array([figure_term(fact) for fact in figures(text)], np.uint32)


class TermExtractor:
    """Turns texts into term vectors; remembers the stems of words it has seen."""

    def __init__(self) -> None:
        from Stemmer import Stemmer

        self._stemmer = Stemmer("english", 0)
        self._codes: dict[str, int] = {}

    def words(self, text: str) -> NDArray[np.uint32]:
        """Return the hashed stem of every word in order; 0 for function words and numbers."""
        codes = self.codes(_TOKEN.findall(text.casefold()))
        return np.where(are_numbers(codes), np.uint32(0), stems_of(codes))

    def terms(self, text: str) -> TermVector:
        """Return the terms of a text with their counts."""
        every = np.concatenate([self.words(text), figure_terms(text)])
        terms, counts = np.unique(every[every > 0], return_counts=True)
        return TermVector(terms, counts.astype(np.float32))

    def stems(self, stretches: Sequence[str]) -> Ragged:
        """Return what ``words`` finds in stretches between white space, a row each, but no 0."""
        found = [_TOKEN.findall(stretch.casefold()) for stretch in stretches]
        codes = self.codes([word for words in found for word in words])
        every = Ragged.of(codes, [len(words) for words in found])
        kept = (stems_of(codes) > 0) & ~are_numbers(codes)
        bounds = np.concatenate([[0], np.cumsum(kept)])[every.bounds]
        return Ragged(stems_of(codes[kept]), bounds)

    def codes(self, words: Sequence[str]) -> NDArray[np.uint64]:
        """Return a number for each casefolded word, the same for the same word only.

        ``stems_of`` and ``are_numbers`` tell more of them.
        """
        get = self._codes.get
        codes = np.fromiter(map(get, words, repeat(_UNKNOWN)), np.uint64, len(words))
        unknown = np.flatnonzero(codes == _UNKNOWN)
        if len(unknown):
            unread = [words[place] for place in unknown.tolist()]
            new = {word: self._code(word) for word in set(unread)}
            if len(self._codes) + len(new) <= REMEMBERED_WORDS:
                self._codes.update(new)
            codes[unknown] = np.fromiter(map(new.__getitem__, unread), np.uint64, len(unread))
        return codes

    def _code(self, word: str) -> int:
        written = word.replace("’", "'")
        plain = written.removesuffix("'s")
        is_number = plain[0].isdigit()
        if is_number:
            stem = hash_term(written)
        else:
            skipped = plain in STOPWORDS or len(plain) == 1
            stem = 0 if skipped else hash_term(self._stemmer.stemWord(plain))
        digest = blake2b(written.encode("utf8", "surrogatepass"), digest_size=4).digest()
        own = int.from_bytes(digest) % _NUMBER
        return stem << _STEM | is_number * _NUMBER | own


def stems_of(codes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return the hashed stem of each word; numbers stand for themselves, function words are 0."""
    return (codes >> np.uint64(_STEM)).astype(np.uint32)


def are_numbers(codes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell which words begin with a digit."""
    numbers: NDArray[np.bool_] = codes & np.uint64(_NUMBER) > 0
    return numbers


def count_terms(terms: Hashes, owners: NDArray[np.intp], texts: int) -> list[TermVector]:
    """Count the terms of each text.

    Args:
        terms: of all texts, as often as they occur, ``uint32``, shape ``(n,)``; 0 is left out.
        owners: number of the text that each is of, shape ``(n,)``.
        texts: how many there are.
    """
    keys = np.sort(owners.astype(np.uint64) << np.uint64(_STEM) | terms)
    is_first = np.ones(len(keys), bool)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    firsts = np.flatnonzero(is_first)
    counts = np.diff(firsts, append=len(keys)).astype(np.float32)
    keys = keys[firsts]
    # A text begins with its first term above 0.
    starts = np.searchsorted(keys, np.arange(texts, dtype=np.uint64) << np.uint64(_STEM), "right")
    stops = np.searchsorted(keys, np.arange(1, texts + 1, dtype=np.uint64) << np.uint64(_STEM))
    hashes = keys.astype(np.uint32)
    return [  # copies, so that no text keeps those of the others in memory
        TermVector(hashes[a:b].copy(), counts[a:b].copy())
        for a, b in zip(starts.tolist(), stops.tolist(), strict=True)
    ]


def as_vector(counts: Counter[int]) -> TermVector:
    """Freeze counted term hashes into a sorted vector."""
    terms = np.fromiter(counts.keys(), np.uint32, len(counts))
    amounts = np.fromiter(counts.values(), np.float32, len(counts))
    order = np.argsort(terms)
    return TermVector(terms[order], amounts[order])


def different(values: Hashes) -> Hashes:
    """Return the different values, sorted; faster than ``np.unique``, which counts them too."""
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]


def held_by(terms: Hashes, others: Hashes) -> NDArray[np.bool_]:
    """Tell which terms are among others, which are sorted, shape ``(n,)``."""
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
