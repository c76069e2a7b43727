"""Exchanges: words that stand where a source's sentence, otherwise alike, has others.

Whoever copies a report and alters what happened ("a car bomb" for "artillery fire") leaves the rest
of the sentence as it was; so does whoever only spins it ("a physician" for "a doctor"). What is
measured tells the two apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from detector.alignment import Prepared
from detector.article import Span
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.claims import NOWHERE
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
# What one side has more is shown too where so few fillers stand between: "an anonymous letter" for
# "a new clerk could not find an invoice"; but no more words than this at once.
FILLERS, MOST_SHOWN = 2, 20
# What divides a sentence: behind "ward; " stands something else than behind "ward, where".
_DIVIDES = frozenset(";:()–—")


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
        shown: all words that differ there, and those of the source; numbers of words.
    """

    here: tuple[int, ...]
    there: tuple[int, ...]
    side: int
    sentence: int
    kept: float
    beside: tuple[int, int]
    shown: tuple[range, range]


def exchanges(case: Case) -> Iterator[Doubt]:
    """Yield the words of an article that stand in the place of others of a source.

    Args:
        case: the article beside its sources.
    """
    pairs = _Pairs(case)
    for exchange, signals in zip(pairs.found, pairs.signals(), strict=True):
        source = case.sources[exchange.side]
        ours, theirs = exchange.shown
        span = case.article.stretch(ours[0], ours[-1])
        there = Elsewhere(source.article, source.stretch(theirs[0], theirs[-1]))
        words = " ".join(span.of(case.article.article.text).split())
        told = Doubt(
            span, "exchange", tuple(signals), "contradicted",
            f"the source has “{' '.join(there.text.split())}” where the article has “{words}”",
            there, sentence=exchange.sentence, reported_as="claim",
        )  # fmt: skip
        is_in_place = _divided(case.article, ours) == _divided(source, theirs)
        yield (
            told
            if is_in_place
            else replace(told, verdict="unsupported", why=NOWHERE, elsewhere=None)
        )


def _divided(side: Prepared, words: range) -> frozenset[str]:
    """Return the marks between some words and the one before them that divide a sentence."""
    first = words[0]
    begin = int(side.word_starts[first - 1]) if first else 0
    return _DIVIDES.intersection(side.article.text[begin : int(side.word_starts[first])])


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a sentence that a source has too, or has otherwise; numbers of words.

    Attributes:
        step: "equal", "replace", "insert" or "delete".
        here: its words.
        there: those of the source.
    """

    step: str
    here: range
    there: range


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
        same = [step == "equal" for step, a, b, _, _ in steps for _ in range(a, b)]
        kept = sum(same) / len(same)
        if kept < KEPT:
            return
        parts = [
            _Part(step, range(first + a, first + b), range(begins + c, begins + d))
            for step, a, b, c, d in steps
        ]
        words = [self._meaningful(part, side) for part in parts]
        for m, (part, (ours, theirs)) in enumerate(zip(parts, words, strict=True)):
            if part.step == "replace" and _is_exchange(ours, theirs):
                a, b = part.here.start - first, part.here.stop - first
                beside = sum(same[max(0, a - BESIDE) : a]), sum(same[b : b + BESIDE])
                shown = self._shown(parts, m, [_is_exchange(*pair) for pair in words])
                self.found.append(_Exchange(ours, theirs, side, n, kept, beside, shown))

    def _meaningful(self, part: _Part, side: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the meaningful words of a part, and those that the source has there."""
        return self.here.meaningful(part.here), self.there[side].meaningful(part.there)

    def _shown(self, parts: Sequence[_Part], n: int, apart: Sequence[bool]) -> tuple[range, range]:
        """Return all that differs at a part, with what one side has more a few fillers away.

        Args:
            parts: the parts of the sentence.
            n: number of the one.
            apart: which are told by themselves.
        """
        shown = parts[n].here, parts[n].there
        for way in (-1, 1):
            last = n
            while 0 <= last + 2 * way < len(parts):
                between, last = parts[last + way].here, last + 2 * way
                wider = _both(shown[0], parts[last].here), _both(shown[1], parts[last].there)
                is_near = len(between) <= FILLERS and not any(self.here.stems[m] for m in between)
                is_before_another = way > 0 and any(apart[last + 2 : last + 3])
                is_others = parts[last].step == "replace" or is_before_another
                if is_others or not is_near or max(map(len, wider)) > MOST_SHOWN:
                    break
                shown = wider
        return shown

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
        new, known = self.case.new.tolist(), frozenset(self.here.stems)
        stands_for = [self._stands_for(exchange) for exchange in self.found]
        rows = [
            (
                each.kept, kept_all, often, *near,
                sum(new[n] for n in each.here) / len(each.here),
                sum(self.there[each.side].stems[n] not in known for n in each.there)
                / len(each.there),
                *each.beside, len(each.here), len(each.there),
                max(self.here.rarity[n] for n in each.here),
                max(self.there[each.side].rarity[n] for n in each.there),
                sum(not own.isdisjoint(other) for other in stands_for) - 1,
                self._spelt_alike(each),
            )
            for each, near, own in zip(self.found, alike, stands_for, strict=True)
        ]  # fmt: skip
        return np.array(rows, float).reshape(-1, len(SIGNALS))

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


def _both(one: range, other: range) -> range:
    """Return two stretches of words with what stands between them."""
    return range(min(one.start, other.start), max(one.stop, other.stop))


def _is_exchange(ours: Sequence[int], theirs: Sequence[int]) -> bool:
    """Tell whether some words may stand for others: there are some, and few, on either side."""
    return 0 < len(ours) <= MOST_WORDS and 0 < len(theirs) <= MOST_WORDS
