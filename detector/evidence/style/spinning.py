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


def supports(words: Words, table: Collocations) -> Supports:
    """Measure how well neighbours expect each content word outside quotations."""
    count = table.counts(single_keys(words.hashes))
    pairs, gaps = pair_places(words), gapped_places(words)
    beside, around = np.full((2, len(count)), np.nan), np.full((2, len(count)), -np.inf)
    hashes = words.hashes
    lift = _lift(table, pair_keys(hashes[pairs], hashes[pairs + 1]), count[pairs], count[pairs + 1])
    beside[0, pairs + 1], beside[1, pairs] = lift, lift
    lift = _lift(table, gapped_keys(words, gaps), count[gaps], count[gaps + 2])
    around[0, gaps + 2], around[1, gaps] = lift, lift
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


def _lift(
    table: Collocations,
    keys: NDArray[np.uint32],
    first: NDArray[np.float64],
    second: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how much more often than by chance two words stand together, natural logarithm."""
    by_chance = np.maximum(first, 1) * np.maximum(second, 1) / table.total
    return np.log(np.maximum(table.counts(keys) - DISCOUNT, 0) / by_chance + UNSEEN)


def _bins(counts: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.minimum(np.log1p(counts), BINS - 1).astype(np.int64)


def new_pairs(words: Words, table: Collocations, *, gap: int) -> Seen:
    """Tell which pairs of words outside quotations news never has.

    Args:
        words: the words of a text.
        table: what news has.
        gap: words in between, 0 or 1.
    """
    places = gapped_places(words) if gap else pair_places(words)
    places = places[~words.is_quoted[places]]
    first, second = words.hashes[places], words.hashes[places + 1 + gap]
    keys = gapped_keys(words, places) if gap else pair_keys(first, second)
    _, once = np.unique(keys, return_index=True)
    counts = (_bins(table.counts(single_keys(each[once]))) for each in (first, second))
    one, other = counts
    return Seen(BINS * one + other, table.counts(keys[once]) == 0)


def spin_signals(words: Words, table: Collocations, expected: Expected) -> SpinSignals:
    """Measure the wording of a text against honest news."""
    found = supports(words, table)
    plain = words.is_plain & ~words.is_quoted
    frequency = np.log1p(table.counts(single_keys(words.hashes[found.places])))
    known = table.counts(single_keys(words.hashes[plain])) > 0
    return SpinSignals(
        best_support=_deviation(found.best, expected.best[:, found.bins]),
        least_support=_deviation(found.least, expected.least[:, found.bins]),
        alone=_mean(found.alone - expected.alone[found.bins]),
        unseen_pairs=_beyond(new_pairs(words, table, gap=0), expected.pairs),
        unseen_gaps=_beyond(new_pairs(words, table, gap=1), expected.gaps),
        broken_frames=_broken_frames(words, table),
        unknown_words=_mean(~known),
        frequency=_mean(frequency),
        wrong_articles=100 * _wrong_articles(words) / max(1, int(plain.sum())),
    )


def _deviation(values: NDArray[np.float64], usual: NDArray[np.float64]) -> float:
    mean, deviation = usual
    return _mean((values - mean) / deviation)


def _beyond(seen: Seen, usual: NDArray[np.float64]) -> float:
    return _mean(seen.is_new - usual[seen.bins])


def _mean(values: NDArray[np.floating | np.bool_]) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def _broken_frames(words: Words, table: Collocations) -> float:
    """Return the mean surprise of a class after the two before it, outside quotations."""
    places = np.flatnonzero(words.touches[:-2] & words.touches[1:-1])
    places = places[~(words.is_quoted[places] | words.is_quoted[places + 2])]
    first, second, third = (words.classes[places + n] for n in range(3))
    whole = table.counts(triple_keys(first, second, third))
    begun = table.counts(pair_keys(first, second))
    return _mean(np.log(np.maximum(begun, 1)) - np.log(np.maximum(whole, 1)))


def _wrong_articles(words: Words) -> int:
    articles = [n for n, word in enumerate(words.texts) if word in {"a", "an"}]
    return sum(
        bool(words.touches[n] and words.is_plain[n + 1] and not words.is_quoted[n])
        and len(words.texts[n + 1]) > 1
        and _sounds_like_vowel(words.texts[n + 1]) != (words.texts[n] == "an")
        for n in articles
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
