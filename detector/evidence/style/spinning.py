"""Signals of spinning without a source: words that their neighbours do not expect.

A spinner puts a rare synonym into a common frame: "card settlements" for "card payments". Of each
word it is known how well its neighbours support it in honest news; a text is measured against what
honest news has for words that are as frequent, so that a rare subject is no mark of spinning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from detector.article import Span
from detector.evidence.style.collocations import (
    Collocations,
    gapped_keys,
    gapped_places,
    pair_places,
)
from detector.evidence.style.words import Words, pair_keys, single_keys, triple_keys

# Off a count, before it is compared: what was seen a few times was seen by chance as well.
DISCOUNT = 0.7
# A pair that was never seen is taken to be so much rarer than chance would have it.
UNSEEN = 0.3
# Frequencies are compared within bins of e-folds; the table's most frequent word is in the last.
BINS = 14
# "an hour", "a European": letters and sounds part ways.
_VOWEL_SOUND = re.compile(
    r"(?:[aio]|e(?!u)|u(?!n[ia]|s[aeiu]|t[eio]|k|r[aeiou])|hour|hon(?:o|es)|heir)"
)
_CONSONANT_SOUND = frozenset({"one", "once"})
# As they stand before the word that they belong to.
_ARTICLES = frozenset({"a ", "an "})


@dataclass(frozen=True, slots=True)
class SpinSignals:
    """What the wording of one text says; each against what honest news has.

    Attributes:
        best_support: how strongly the neighbour that expects each word most expects it, in
            standard deviations, mean of all content words.
        least_support: the same of the neighbour that expects it least.
        alone: share of content words that no neighbour expects, beyond the usual.
        unseen_pairs: share of pairs of neighbours that were never seen, beyond the usual.
        unseen_gaps: the same of pairs around any third word.
        broken_frames: how unlikely endings and grammar words follow one another, natural logarithm.
        unknown_words: share of words in small letters that news hardly ever has.
        frequency: mean logarithm of the frequency of its content words.
        wrong_articles: "a" before vowels and "an" before others, per 100 words.
    """

    best_support: float
    least_support: float
    alone: float
    unseen_pairs: float
    unseen_gaps: float
    broken_frames: float
    unknown_words: float
    frequency: float
    wrong_articles: float

    def values(self) -> NDArray[np.float64]:
        """Return the signals in the order of their names, shape ``(signals,)``."""
        return np.array([getattr(self, name) for name in SPIN_SIGNALS], np.float64)


SPIN_SIGNALS = tuple(field.name for field in fields(SpinSignals))


@dataclass(frozen=True)
class Expected:
    """What honest news has, by how frequent the words are.

    Attributes:
        best, least: mean and standard deviation of a word's support, shape ``(2, 3 * BINS)``.
        alone: share of words without support, shape ``(3 * BINS,)``.
        pairs, gaps: share of pairs never seen, shape ``(BINS * BINS,)``.
    """

    best: NDArray[np.float64]
    least: NDArray[np.float64]
    alone: NDArray[np.float64]
    pairs: NDArray[np.float64]
    gaps: NDArray[np.float64]


@dataclass(frozen=True)
class Supports:
    """How well the neighbours of a text's content words expect them.

    Attributes:
        places: numbers of the words, shape ``(n,)``.
        bins: what each is compared with: its frequency, and how many neighbours are grammar.
        best, least: logarithm of how much more often than by chance the word stands beside the
            neighbour that expects it most, or least.
    """

    places: NDArray[np.intp]
    bins: NDArray[np.int64]
    best: NDArray[np.float64]
    least: NDArray[np.float64]

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Which words no neighbour expects."""
        return self.best < 0


@dataclass(frozen=True)
class Seen:
    """Pairs of words of a text: what each is compared with, and whether news ever has it."""

    bins: NDArray[np.int64]
    is_new: NDArray[np.bool_]


@dataclass(frozen=True)
class _Linked:
    """Two words each of a text that stand together.

    Attributes:
        first, second: their numbers, shape ``(n,)``.
        keys: of both together, shape ``(n,)``.
        counts: how often news has them so, shape ``(n,)``.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    keys: NDArray[np.uint32]
    counts: NDArray[np.float64]


@dataclass(frozen=True)
class _InNews:
    """How often news has what stands in a text.

    Attributes:
        words: of each word, shape ``(words,)``.
        linked: of neighbours, and of words around any third.
        total: words of news that were counted.
    """

    words: NDArray[np.float64]
    linked: tuple[_Linked, _Linked]
    total: float

    @classmethod
    def of(cls, words: Words, table: Collocations) -> _InNews:
        """Look up the words of a text."""
        pairs, gaps, hashes = pair_places(words), gapped_places(words), words.hashes
        beside, around = pair_keys(hashes[pairs], hashes[pairs + 1]), gapped_keys(words, gaps)
        of_words, of_pairs, of_gaps = table.counts_of(single_keys(hashes), beside, around)
        linked = (
            _Linked(pairs, pairs + 1, beside, of_pairs),
            _Linked(gaps, gaps + 2, around, of_gaps),
        )
        return cls(of_words, linked, table.total)


def supports(words: Words, table: Collocations) -> Supports:
    """Measure how well neighbours expect each content word outside quotations."""
    return _supports(words, _InNews.of(words, table))


def _supports(words: Words, news: _InNews) -> Supports:
    count = news.words
    beside, around = np.full((2, len(count)), np.nan), np.full((2, len(count)), -np.inf)
    for lifts, linked in zip((beside, around), news.linked, strict=True):
        lifts[0, linked.second] = lifts[1, linked.first] = _lift(news, linked)
    places = np.flatnonzero(
        words.is_plain & ~words.is_grammar & ~words.is_quoted & ~np.isnan(beside).any(axis=0)
    )
    grammar = words.is_grammar[places - 1].astype(int) + words.is_grammar[places + 1]
    both = np.vstack([beside, around])[:, places]
    return Supports(
        places=places,
        bins=3 * _bins(count[places]) + grammar,
        best=both.max(axis=0, initial=-np.inf),
        least=beside[:, places].min(axis=0, initial=np.inf),
    )


def _lift(news: _InNews, linked: _Linked) -> NDArray[np.float64]:
    """Return how much more often than by chance two words stand together, natural logarithm."""
    first, second = (np.maximum(news.words[n], 1) for n in (linked.first, linked.second))
    by_chance = first * second / news.total
    return np.log(np.maximum(linked.counts - DISCOUNT, 0) / by_chance + UNSEEN)


def _bins(counts: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.minimum(np.log1p(counts), BINS - 1).astype(np.int64)


def new_pairs(words: Words, table: Collocations, *, gap: int) -> Seen:
    """Tell which pairs of words outside quotations news never has.

    Args:
        words: the words of a text.
        table: what news has.
        gap: words in between, 0 or 1.
    """
    return _new_pairs(words, _InNews.of(words, table), gap=gap)


def _new_pairs(words: Words, news: _InNews, *, gap: int) -> Seen:
    linked = news.linked[gap]
    said = np.flatnonzero(~words.is_quoted[linked.first])
    _, once = np.unique(linked.keys[said], return_index=True)
    told = said[once]
    one, other = (_bins(news.words[n[told]]) for n in (linked.first, linked.second))
    return Seen(BINS * one + other, linked.counts[told] == 0)


def spin_signals(words: Words, table: Collocations, expected: Expected) -> SpinSignals:
    """Measure the wording of a text against honest news."""
    news = _InNews.of(words, table)
    found = _supports(words, news)
    plain = words.is_plain & ~words.is_quoted
    return SpinSignals(
        best_support=_deviation(found.best, expected.best[:, found.bins]),
        least_support=_deviation(found.least, expected.least[:, found.bins]),
        alone=_mean(found.alone - expected.alone[found.bins]),
        unseen_pairs=_beyond(_new_pairs(words, news, gap=0), expected.pairs),
        unseen_gaps=_beyond(_new_pairs(words, news, gap=1), expected.gaps),
        broken_frames=_broken_frames(words, table),
        unknown_words=_mean(news.words[plain] == 0),
        frequency=_mean(np.log1p(news.words[found.places])),
        wrong_articles=100 * _wrong_articles(words) / max(1, int(plain.sum())),
    )


def _deviation(values: NDArray[np.float64], usual: NDArray[np.float64]) -> float:
    mean, deviation = usual
    return _mean((values - mean) / deviation)


def _beyond(seen: Seen, usual: NDArray[np.float64]) -> float:
    return _mean(seen.is_new - usual[seen.bins])


def _mean(values: NDArray[np.floating | np.bool_]) -> float:
    return float(values.sum(dtype=np.float64)) / len(values) if len(values) else 0.0


def _broken_frames(words: Words, table: Collocations) -> float:
    """Return the mean surprise of a class after the two before it, outside quotations."""
    places = np.flatnonzero(words.touches[:-2] & words.touches[1:-1])
    places = places[~(words.is_quoted[places] | words.is_quoted[places + 2])]
    first, second, third = (words.classes[places + n] for n in range(3))
    whole, begun = table.counts_of(triple_keys(first, second, third), pair_keys(first, second))
    return _mean(np.log(np.maximum(begun, 1)) - np.log(np.maximum(whole, 1)))


def _wrong_articles(words: Words) -> int:
    places = np.flatnonzero(words.touches[:-1] & words.is_plain[1:] & ~words.is_quoted[:-1])
    pairs = ((words.spaced[n], words.spaced[n + 1].rstrip()) for n in places.tolist())
    return sum(
        len(after) > 1 and _sounds_like_vowel(after) != (article == "an ")
        for article, after in pairs
        if article in _ARTICLES
    )


def _sounds_like_vowel(word: str) -> bool:
    return bool(_VOWEL_SOUND.match(word)) and word not in _CONSONANT_SOUND


def odd_words(words: Words, table: Collocations, *, most: int) -> tuple[Span, ...]:
    """Return frequent words that no neighbour expects, the most frequent ones, in order."""
    found = supports(words, table)
    alone = found.places[found.alone]
    counts = table.counts(single_keys(words.hashes[alone]))
    chosen = sorted(alone[np.argsort(-counts, kind="stable")][:most].tolist())
    return tuple(Span(*words.places[n].tolist()) for n in chosen)
