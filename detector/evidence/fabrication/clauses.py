"""Clauses: sentences in parts, and how far the words of a source account for each part.

An invented claim is often half a sentence: "… , who has pressed for such returns for two decades".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Prepared
from detector.article import Span
from detector.evidence.fabrication.case import Case

# Where a sentence may be cut: at its marks, and before a word that opens another clause.
_CUT = re.compile(
    r"[;:—–]\s+|,\s+|\s[-–—]\s|\s*[()]\s*"
    r"|\s+(?=(?:and|but|or|while|whereas|although|though|because|which|who|whose|where|after|"
    r"before|until|unless|since|with|as)\s)"
)
# A part with fewer words that carry meaning says too little by itself.
FEWEST_WORDS = 3
# Words of the article compared at once with all words of a source, so that memory stays flat.
ROWS = 256
# A counterpart this near or nearer is another word for the same: "physician" and "doctor".
LACKING = 0.5
# Summed rarity of three rare words, so that the signals stay about 1.
USUAL_WEIGHT = 20.0
# So that a share of nothing is 0.
LEAST_WEIGHT = 1e-6


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence.

    Attributes:
        span: its place in the text.
        sentence: number of its sentence.
        words: numbers of its words.
    """

    span: Span
    sentence: int
    words: range


def clauses_of(side: Prepared, sentence: int) -> list[Clause]:
    """Cut a sentence into parts that each say something; a short one stays whole."""
    whole = side.sentences[sentence]
    starts = [whole.start]
    for cut in _CUT.finditer(whole.text):
        at = whole.start + cut.end()
        if _says_something(side, starts[-1], at) and _says_something(side, at, whole.end):
            starts.append(at)
    return [
        Clause(_trimmed(side, start, end), sentence, side.token_range(Span(start, end)))
        for start, end in zip(starts, [*starts[1:], whole.end], strict=True)
    ]


def _says_something(side: Prepared, start: int, end: int) -> bool:
    words = side.token_range(Span(start, end))
    return int((side.stems[words.start : words.stop] > 0).sum()) >= FEWEST_WORDS


def _trimmed(side: Prepared, start: int, end: int) -> Span:
    text = side.article.text[start:end]
    kept = text.rstrip(" \t\n,;:(—–-")
    return Span(start, start + len(kept))


@dataclass(frozen=True, slots=True)
class WordSupport:
    """How far the sources account for some words of an article.

    Attributes:
        new_words: share, by rarity, of the words whose stem no source has.
        new_weight: summed rarity of these, in units of three rare words.
        newest: rarity of the rarest of these.
        anywhere: mean likeness to the likeliest word of any source, by rarity.
        near: the same within three neighbouring sentences, wherever they suit best.
        beside: the same where the whole sentence suits best.
        lacking: how many words have no counterpart.
        lacking_weight: summed rarity that has no counterpart, in units of three rare words.
        most_lacking: the most of it in one word.
    """

    new_words: float
    new_weight: float
    newest: float
    anywhere: float
    near: float
    beside: float
    lacking: float
    lacking_weight: float
    most_lacking: float


@dataclass(frozen=True)
class Support:
    """How far each word of an article has a counterpart in its sources, 0 to 1.

    Attributes:
        article: the article.
        new: whether no source has the stem, shape ``(words,)``; function words are never new.
        anywhere: the likeliest word of any source, shape ``(words,)``; 0 for function words.
        near: for each source, the likeliest word in each sentence of it or in the two beside,
            shape ``(words, sentences of the source)``.
    """

    article: Prepared
    new: NDArray[np.bool_]
    anywhere: NDArray[np.float32]
    near: tuple[NDArray[np.float32], ...]

    @classmethod
    def of(cls, case: Case) -> Support:
        """Compare each word with those of all sources: by its stem, else by its meaning."""
        article = case.article
        near = tuple(_near(article, source) for source in case.sources)
        anywhere = np.zeros(len(article.tokens), np.float32)
        for table in near:
            np.maximum(anywhere, table.max(axis=1, initial=0), out=anywhere)
        known = np.concatenate([source.stems for source in case.sources])
        new = (article.stems > 0) & ~np.isin(article.stems, known)
        return cls(article, new, anywhere, near)

    def of_words(self, words: range, sentence: range) -> WordSupport:
        """Measure how far the sources account for some words.

        Args:
            words: numbers of the words.
            sentence: numbers of all words of their sentence.
        """
        own = slice(words.start, words.stop)
        rarity, anywhere = self.article.rarity[own], self.anywhere[own]
        lacking, new = rarity * (1 - anywhere), rarity[self.new[own]]
        whole = max(LEAST_WEIGHT, float(rarity.sum()))
        near, beside = self._places(own, slice(sentence.start, sentence.stop))
        return WordSupport(
            new_words=float(new.sum()) / whole,
            new_weight=float(new.sum()) / USUAL_WEIGHT,
            newest=float(new.max(initial=0)),
            anywhere=float(rarity @ anywhere) / whole,
            near=near / whole,
            beside=beside / whole,
            lacking=float(((anywhere < LACKING) & (self.article.stems[own] > 0)).sum()),
            lacking_weight=float(lacking.sum()) / USUAL_WEIGHT,
            most_lacking=float(lacking.max(initial=0)),
        )

    def _places(self, own: slice, sentence: slice) -> tuple[float, float]:
        """Return the most any place of a source has of some words, and what the best place has."""
        near, beside, most = 0.0, 0.0, -1.0
        for table in self.near:
            if table.shape[1]:
                here = self.article.rarity[own] @ table[own]
                there = self.article.rarity[sentence] @ table[sentence]
                best = int(there.argmax())
                near = max(near, float(here.max()))
                if there[best] > most:
                    most, beside = float(there[best]), float(here[best])
        return near, beside


def _near(article: Prepared, source: Prepared) -> NDArray[np.float32]:
    """Return the likeliest counterpart of each word in each three neighbouring sentences."""
    best = np.zeros((len(article.tokens), len(source.sentences)), np.float32)
    meaningful = np.flatnonzero(source.stems)
    meaningful = meaningful[meaningful < source.bounds[:, 1].max(initial=0)]
    filled = np.flatnonzero(_counts(meaningful, source.bounds))
    if not len(filled):
        return best
    starts = np.searchsorted(meaningful, source.bounds[filled, 0])
    here, there = article.word_table, source.word_table
    columns = there.rows[meaningful]
    kinds = np.zeros((len(here.stems), len(source.sentences)), np.float32)
    for start in range(0, len(here.stems), ROWS):
        block = slice(start, start + ROWS)
        alike = np.clip(here.vectors[block] @ there.vectors.T, 0, 1)
        alike[here.stems[block, None] == there.stems[None, :]] = 1.0
        kinds[block, filled] = np.maximum.reduceat(alike[:, columns], starts, axis=1)
    spread = kinds.copy()
    np.maximum(spread[:, 1:], kinds[:, :-1], out=spread[:, 1:])
    np.maximum(spread[:, :-1], kinds[:, 1:], out=spread[:, :-1])
    own = np.flatnonzero(article.stems)
    best[own] = spread[here.rows[own]]
    return best


def _counts(meaningful: NDArray[np.intp], bounds: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.searchsorted(meaningful, bounds[:, 1]) - np.searchsorted(meaningful, bounds[:, 0])
