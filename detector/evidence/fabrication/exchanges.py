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

from detector.alignment import Prepared
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


class _Pairs:
    """The exchanges of an article, measured together."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.keys = _keys(case.article)
        self.keys_there = [_keys(source) for source in case.sources]
        self.named = case.article.covered([told.fact.span for told in case.told])
        self.named_there = [
            source.covered([k.fact.span for k in case.known if k.side == n and k.sentence >= 0])
            for n, source in enumerate(case.sources)
        ]
        self.kept: list[float] = []
        self.found: list[_Exchange] = []
        for n in case.article.body:
            self._compare(int(n))

    def _compare(self, n: int) -> None:
        """Note how much of a sentence is kept, and the exchanges in it."""
        first, last = self.case.article.bounds[n].tolist()
        here = self.keys[first:last]
        shared, side, begins, stops = self._counterpart(n, here)
        self.kept.append(shared)
        there = self.keys_there[side][begins:stops]
        if shared < KEPT or here == there or max(len(here), len(there)) > LONGEST:
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
            ours = _meaningful(self.case.article, self.named, range(first + a, first + b))
            theirs = _meaningful(
                self.case.sources[side], self.named_there[side], range(begins + c, begins + d)
            )
            if 0 < len(ours) <= MOST_WORDS and 0 < len(theirs) <= MOST_WORDS:
                self.found.append(_Exchange(ours, theirs, side, n, kept, beside))

    def _counterpart(self, n: int, here: Sequence[str]) -> tuple[float, int, int, int]:
        """Return which share of its words a sentence has in common with a source's, and where."""
        best = (0.0, 0, 0, 0)
        for side, m in self.case.nearest(n):
            begins, stops = self.case.sources[side].bounds[m].tolist()
            others = frozenset(self.keys_there[side][begins:stops])
            shared = sum(word in others for word in here) / max(1, len(here))
            if shared > best[0]:
                best = shared, side, begins, stops
        return best

    def signals(self) -> NDArray[np.float64]:
        """Return what is listed in ``SIGNALS``, shape ``(exchanges, signals)``."""
        kept_all = float(np.mean(self.kept)) if self.kept else 0.0
        often = len(self.found) / max(1, len(self.kept))
        alike = [self._alike(exchange) for exchange in self.found]
        lost = {side: self._lost(side) for side in {exchange.side for exchange in self.found}}
        stands_for = [self._stands_for(exchange) for exchange in self.found]
        rows = [
            (
                each.kept, kept_all, often, *near, self.case.new[list(each.here)].mean(),
                lost[each.side][list(each.there)].mean(), *each.beside,
                len(each.here), len(each.there),
                self.case.article.rarity[list(each.here)].max(),
                self.case.sources[each.side].rarity[list(each.there)].max(),
                sum(bool(own & other) for other in stands_for) - 1, self._spelt_alike(each),
            )
            for each, near, own in zip(self.found, alike, stands_for, strict=True)
        ]  # fmt: skip
        return np.array(rows, float).reshape(-1, len(SIGNALS))

    def _lost(self, side: int) -> NDArray[np.bool_]:
        """Tell which words of a source the article has nowhere."""
        return np.isin(self.case.sources[side].stems, self.case.article.stems, invert=True)

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
        from rapidfuzz.distance import LCSseq

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
        ours = self.case.article.stems[list(exchange.here)].tolist()
        theirs = self.case.sources[exchange.side].stems[list(exchange.there)].tolist()
        return {(a, b) for a in ours for b in theirs}


def _meaningful(side: Prepared, named: NDArray[np.bool_], words: range) -> tuple[int, ...]:
    """Return those of some words that carry meaning and are no name, number or date."""
    return tuple(
        word
        for word in words
        if side.stems[word] and not named[word] and not side.tokens[word][0].isdigit()
    )


def _keys(side: Prepared) -> list[str]:
    """Return what each word is compared by: its stem, or itself if it is a function word."""
    pairs = zip(side.tokens, side.stems.tolist(), strict=True)
    return [str(stem) if stem else token for token, stem in pairs]
