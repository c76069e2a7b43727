"""Exchanges: words that stand where a source's sentence, otherwise alike, has others.

Whoever copies a report and alters what happened ("a car bomb" for "artillery fire") leaves the rest
of the sentence as it was; so does whoever only spins it ("a physician" for "a doctor"). What is
measured tells the two apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from detector.alignment import Prepared
from detector.article import Span
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.finding import Doubt, Elsewhere

# - kept: share of the sentence's words that the source's has in the same order;
# - kept_all, exchanged_all: mean of this over the article, and exchanges a sentence of it;
# - alike, least_alike: of its words to the likeliest of those they stand for, mean and least;
# - alike_back: of the words it stands for to the likeliest of its own;
# - new, lost: share of its words that no source has, and of those it stands for that the article
#   has nowhere else;
# - before, behind: words of the five to each side that are the same;
# - words, words_there: how many carry meaning, here and there;
# - rarest, rarest_there: the rarest of them;
# - again: how often the article has the same exchange elsewhere;
# - spelt_alike: letters in common of the two words, one of either side, that have most.
SIGNALS = (
    "kept", "kept_all", "exchanged_all", "alike", "least_alike", "alike_back", "new", "lost",
    "before", "behind", "words", "words_there", "rarest", "rarest_there", "again", "spelt_alike",
)  # fmt: skip
# Sentences that share less are not copied: another word in them is another sentence's.
KEPT = 0.5
# Longer phrases are other statements, not other words.
MOST_WORDS = 6
# Longer sentences are lists; comparing takes quadratic time.
LONGEST = 100
BESIDE = 5


@dataclass(frozen=True, slots=True)
class _Exchange:
    """Words of the article, and those of a source in their place.

    Attributes:
        here: numbers of its meaningful words in the article.
        there: the same in the source.
        side: number of the source.
        sentence: number of the article's sentence.
        kept: share of the sentence that the source's has too.
        beside: how many words before and behind it are the same.
    """

    here: tuple[int, ...]
    there: tuple[int, ...]
    side: int
    sentence: int
    kept: float
    beside: tuple[int, int]


def exchanges(case: Case) -> Iterator[Doubt]:
    """Yield the words of an article that stand in the place of others of a source.

    Args:
        case: the article beside its sources.
    """
    pairs = _Pairs(case)
    for exchange, signals in zip(pairs.found, pairs.signals(), strict=True):
        source = case.sources[exchange.side]
        span = case.article.stretch(exchange.here[0], exchange.here[-1])
        there = source.stretch(exchange.there[0], exchange.there[-1])
        words, others = (
            " ".join(place.of(text).split())
            for place, text in ((span, case.article.article.text), (there, source.article.text))
        )
        yield Doubt(
            span, "exchange", tuple(signals), "contradicted",
            f"the source has “{others}” where the article has “{words}”",
            Elsewhere(source.article, there), sentence=exchange.sentence, reported_as="claim",
        )  # fmt: skip


class _Words:
    """The words of one text, as lists, since they are looked at one by one.

    Args:
        side: the text.
        named: its names, numbers and dates.
    """

    def __init__(self, side: Prepared, named: Sequence[Span]) -> None:
        self.tokens = side.tokens
        self.stems: list[int] = side.stems.tolist()
        self.rarity: list[float] = side.rarity.tolist()
        self.bounds: list[tuple[int, int]] = side.bounds.tolist()
        self._named: list[bool] = side.covered(named).tolist()
        # What each word is compared by: its stem, or itself if it is a function word.
        self.keys = [stem or token for stem, token in zip(self.stems, self.tokens, strict=True)]
        self._different: dict[int, frozenset[str | int]] = {}

    def different(self, sentence: int) -> frozenset[str | int]:
        """Return what the words of a sentence are compared by."""
        if sentence not in self._different:
            first, last = self.bounds[sentence]
            self._different[sentence] = frozenset(self.keys[first:last])
        return self._different[sentence]

    def meaningful(self, words: range) -> tuple[int, ...]:
        """Return those of some words that carry meaning and are no name, number or date."""
        return tuple([
            n
            for n in words
            if self.stems[n] and not self._named[n] and not self.tokens[n][0].isdigit()
        ])  # fmt: skip


class _Pairs:
    """The exchanges of an article, measured together."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.here = _Words(case.article, [told.fact.span for told in case.told])
        self.there = [
            _Words(source, [k.fact.span for k in case.known if k.side == n and k.sentence >= 0])
            for n, source in enumerate(case.sources)
        ]
        self.kept: list[float] = []
        self.found: list[_Exchange] = []
        for n in case.article.body:
            self._compare(int(n))

    def _compare(self, n: int) -> None:
        """Note how much of a sentence is kept, and the exchanges in it."""
        first, last = self.here.bounds[n]
        here = self.here.keys[first:last]
        shared, side, begins, stops = self._counterpart(n, here)
        self.kept.append(shared)
        there = self.there[side].keys[begins:stops]
        if shared < KEPT or here == there or max(len(here), len(there)) > LONGEST:
            return
        if LCSseq.similarity(here, there) / len(here) < KEPT:  # as many at most are kept
            return
        steps = SequenceMatcher(None, here, there, autojunk=False).get_opcodes()
        same = np.zeros(len(here), np.bool_)
        for step, a, b, _, _ in steps:
            same[a:b] = step == "equal"
        kept = float(same.mean())
        for step, a, b, c, d in steps:
            if step != "replace" or kept < KEPT:
                continue
            beside = int(same[max(0, a - BESIDE) : a].sum()), int(same[b : b + BESIDE].sum())
            ours = self.here.meaningful(range(first + a, first + b))
            theirs = self.there[side].meaningful(range(begins + c, begins + d))
            if 0 < len(ours) <= MOST_WORDS and 0 < len(theirs) <= MOST_WORDS:
                self.found.append(_Exchange(ours, theirs, side, n, kept, beside))

    def _counterpart(self, n: int, here: Sequence[str | int]) -> tuple[float, int, int, int]:
        """Return which share of its words a sentence has in common with a source's, and where."""
        best = (0.0, 0, 0, 0)
        for side, m in self.case.nearest(n):
            others = self.there[side].different(m)
            shared = sum(map(others.__contains__, here)) / max(1, len(here))
            if shared > best[0]:
                best = (shared, side, *self.there[side].bounds[m])
        return best

    def signals(self) -> NDArray[np.float64]:
        """Return what is listed in ``SIGNALS``, shape ``(exchanges, signals)``."""
        kept_all = float(np.mean(self.kept)) if self.kept else 0.0
        often = len(self.found) / max(1, len(self.kept))
        alike = [self._alike(exchange) for exchange in self.found]
        lost = {side: self._lost(side) for side in {exchange.side for exchange in self.found}}
        new = self.case.new.tolist()
        stands_for = [self._stands_for(exchange) for exchange in self.found]
        rows = [
            (
                each.kept, kept_all, often, *near, _share(new, each.here),
                _share(lost[each.side], each.there), *each.beside,
                len(each.here), len(each.there),
                max(self.here.rarity[n] for n in each.here),
                max(self.there[each.side].rarity[n] for n in each.there),
                sum(not own.isdisjoint(other) for other in stands_for) - 1,
                self._spelt_alike(each),
            )
            for each, near, own in zip(self.found, alike, stands_for, strict=True)
        ]  # fmt: skip
        return np.array(rows, float).reshape(-1, len(SIGNALS))

    def _lost(self, side: int) -> list[bool]:
        """Tell which words of a source the article has nowhere."""
        stems = self.case.sources[side].stems
        lost: list[bool] = np.isin(stems, self.case.article.stems, invert=True).tolist()
        return lost

    def _alike(self, exchange: _Exchange) -> tuple[float, float, float]:
        """Return how like those that they stand for the words are: mean, least, and back."""
        here, there = self.case.article, self.case.sources[exchange.side]
        ours = here.word_table.rows[list(exchange.here)]
        theirs = there.word_table.rows[list(exchange.there)]
        alike = here.word_table.vectors[ours] @ there.word_table.vectors[theirs].T
        alike[here.word_table.stems[ours][:, None] == there.word_table.stems[theirs][None, :]] = 1
        best = alike.max(axis=1)
        return float(best.mean()), float(best.min()), float(alike.max(axis=0).mean())

    def _spelt_alike(self, exchange: _Exchange) -> float:
        """Return the share of letters that the likeliest two words have in the same order."""
        ours = [self.case.article.tokens[n] for n in exchange.here]
        theirs = [self.case.sources[exchange.side].tokens[n] for n in exchange.there]
        # No blocks of letters in common are longer than the longest row of them in any places.
        pairs = [
            (2.0 * LCSseq.similarity(a, b) / (len(a) + len(b)), a, b) for a in ours for b in theirs
        ]
        best = 0.0
        for most, a, b in sorted(pairs, reverse=True):
            if most <= best:
                break
            best = max(best, SequenceMatcher(None, a, b).ratio())
        return best

    def _stands_for(self, exchange: _Exchange) -> set[tuple[int, int]]:
        """Return the stems of an exchange, each with each that it stands for."""
        ours = [self.here.stems[n] for n in exchange.here]
        theirs = [self.there[exchange.side].stems[n] for n in exchange.there]
        return {(a, b) for a in ours for b in theirs}


def _share(which: Sequence[bool], words: Sequence[int]) -> float:
    """Return the share of some words that are marked."""
    return sum(which[n] for n in words) / len(words)
