"""Passages: the maximal stretches of an article that were made from stretches of a source.

Sentence pairs that are alike are the seeds. Seeds that lie near one another on both sides form
clusters; each cluster's stretches are fitted word by word, so that shared words are inside and
others outside; the best of those that overlap are kept. A stretch whose words are scattered over
the source instead is a condensed one: the passage of a summary.

Source: the seed-and-extend scheme of Sanchez-Perez, Sidorov and Gelbukh 2014, "A winning approach
to text alignment for text reuse detection at PAN 2014", with fitting by maximal scoring segments
(Ruzzo and Tompa 1999) in place of sentence borders.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from detector.alignment.prepared import Prepared
from detector.terms import different

# All figures in this module were chosen on the first half of the PAN 2013 training corpus and
# confirmed on the second; see models/README.md. Those that were moved by about a fifth, on samples
# of the first half, moved PlagDet by less than .01.
SEED = 0.30
# A sentence is tried with this many sentences of the source; a refrain would match hundreds.
SEEDS_PER_SENTENCE = 8
# Words between two seeds of one cluster, on either side.
GAP_WORDS = 30
# Only the weightiest clusters are fitted; articles have a few dozen, hostile texts thousands.
MOST_CLUSTERS = 300
# A word that the other side lacks counts against a stretch this much, compared with one it has.
MISS = 0.35
# Stretches are looked for this many words beyond the cluster.
REACH_WORDS = 50
ROUNDS = 3
# Rarer words than this (1 in 150 texts) count no more: a single name is not a passage.
MOST_RARITY = 5.0
# An end that falls into the first or last fifth of a sentence moves to the sentence's end.
SNAP = 0.2
# Shorter stretches, and those with less evidence (summed rarity), are left to the sentence matches.
PASSAGE_WORDS = 25
LEAST_SCORE = 40.0
LEAST_SIMILARITY = 0.5
# A passage that a better one covers by more than this part is left out; by less, it is cut.
OVERLAP = 0.3

# A condensed stretch: words that the source lacks count more, since a whole text has many words.
CONDENSED_MISS = 0.8
CONDENSED_SCORE = 70.0
CONDENSED_DENSITY = 0.67
CONDENSED_SIMILARITY = 0.45
# Its source is at least this many times as long …
CONDENSING = 2.0
# … and no single passage explains more of it than this.
EXPLAINED = 0.6
# A summary that draws on this much of a text stands for the whole text.
WHOLE = 0.4
MOST_CONDENSED = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in a row of the article, and the words of the source they were made from.

    Attributes:
        here: numbers of the article's words.
        there: numbers of the source's words.
        score: summed rarity of the shared words, less that of the others.
    """

    here: range
    there: range
    score: float


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two texts, its words weighed by how rare they are in news and in these two.

    Attributes:
        text: the text.
        stems: of its words, numbered alike on both sides; all function words have the last number.
        weights: of its words.
        different: how many numbers there are.
    """

    text: Prepared
    stems: NDArray[np.intp]
    weights: NDArray[np.float32]
    different: int

    @property
    def bounds(self) -> NDArray[np.intp]:
        return self.text.bounds

    def counts(self, words: range) -> NDArray[np.intp]:
        """Count each stem among some words in a row; function words count 0."""
        found = np.bincount(self.stems[words.start : words.stop], minlength=self.different)
        found[-1] = 0
        return found

    def shared(self, words: range, counts: NDArray[np.intp]) -> float:
        """Sum the weights of those words in a row that are among the counted ones."""
        weights = self.weights[words.start : words.stop]
        return float(weights[counts[self.stems[words.start : words.stop]] > 0].sum())

    def snapped(self, words: range) -> range:
        """Move both ends to the end of a sentence where one is near."""
        ends = np.append(self.bounds[:, 0], self.bounds[-1, 1])
        start, stop = (self._snapped(end, ends) for end in (words.start, words.stop))
        return range(start, stop) if start < stop else words

    def _snapped(self, word: int, ends: NDArray[np.intp]) -> int:
        after = int(np.searchsorted(ends, word))
        if after in {0, len(ends)} or ends[after] == word:
            return word
        before, behind = int(ends[after - 1]), int(ends[after])
        nearest = before if word - before <= behind - word else behind
        return nearest if abs(word - nearest) <= SNAP * (behind - before) else word


@dataclass(frozen=True, slots=True)
class _Seed:
    """Two sentences that are alike."""

    here: int
    there: int
    similarity: float


def find_passages(a: Prepared, b: Prepared, similarity: NDArray[np.float32]) -> tuple[Stretch, ...]:
    """Return the passages of an article in a source, in the order of the article.

    Args:
        a: the article, with ``n`` sentences.
        b: the source, with ``m`` sentences.
        similarity: of their sentences, 0 to 1, shape ``(n, m)``.
    """
    if not similarity.size:
        return ()
    here, there = _sides(a, b)
    clusters = sorted(_clusters(_seeds(similarity), here=here, there=there), key=_weight)
    fitted = [
        stretch
        for cluster in clusters[:MOST_CLUSTERS]
        if (stretch := _fitted(cluster, here=here, there=there)) is not None
    ]
    kept = _without_overlap([s for s in fitted if _is_passage(s)])
    for condensed in _condensed(fitted, similarity, here=here, there=there):
        kept = [s for s in kept if not _shared_words(s.here, condensed.here)]
        kept.append(condensed)
    return tuple(_apart(kept))


def _sides(a: Prepared, b: Prepared) -> tuple[_Side, _Side]:
    """Weigh the words of both by how rare they are in news and in these two texts."""
    stems = different(np.concatenate([a.stem_table.stems, b.stem_table.stems]))
    sentences = a.terms.count + b.terms.count
    holders = a.terms.holders(stems) + b.terms.holders(stems)
    seen = np.maximum(holders, 2)  # once on each side is as rare as can be
    local = np.log(1 + sentences / seen) / np.log(1 + sentences / 2)
    numbers = np.arange(len(stems))
    numbers[stems == 0] = len(stems)

    def side(text: Prepared) -> _Side:
        own = np.searchsorted(stems, text.stem_table.stems)[text.stem_table.places]
        weights = np.minimum(text.rarity, MOST_RARITY) * local[own]
        return _Side(text, numbers[own], weights.astype(np.float32), len(stems) + 1)

    return side(a), side(b)


def _seeds(similarity: NDArray[np.float32]) -> list[_Seed]:
    most = min(SEEDS_PER_SENTENCE, similarity.shape[1])
    best = np.argpartition(-similarity, most - 1, axis=1)[:, :most]
    rows = np.repeat(np.arange(len(best)), most)
    columns = best.ravel()
    values = similarity[rows, columns]
    alike = np.flatnonzero(values >= SEED)
    return sorted(
        (_Seed(int(rows[k]), int(columns[k]), float(values[k])) for k in alike),
        key=lambda seed: (seed.here, seed.there),
    )


def _clusters(seeds: Sequence[_Seed], *, here: _Side, there: _Side) -> Iterator[list[_Seed]]:
    """Join seeds that lie near one another on both sides; yield the groups."""
    leader = list(range(len(seeds)))
    begins, ends = here.bounds.T.tolist()
    source_begins, source_ends = there.bounds.T.tolist()

    def first(n: int) -> int:
        while leader[n] != n:
            leader[n] = leader[leader[n]]
            n = leader[n]
        return n

    for n, seed in enumerate(seeds):
        reach, own = ends[seed.here] + GAP_WORDS, seed.there
        for k in range(n + 1, len(seeds)):
            if begins[seeds[k].here] > reach:
                break
            other = seeds[k].there
            low, high = (own, other) if own < other else (other, own)
            if source_begins[high] - source_ends[low] <= GAP_WORDS:
                leader[first(k)] = first(n)
    groups: dict[int, list[_Seed]] = {}
    for n, seed in enumerate(seeds):
        groups.setdefault(first(n), []).append(seed)
    yield from groups.values()


def _weight(cluster: Sequence[_Seed]) -> float:
    """Sort key: the clusters with the most likeness first."""
    return -sum(seed.similarity for seed in cluster)


def _fitted(cluster: Sequence[_Seed], *, here: _Side, there: _Side) -> Stretch | None:
    """Fit the stretches of a cluster to the words that both sides have."""
    core = max(cluster, key=lambda seed: seed.similarity)
    if core.similarity < LEAST_SIMILARITY:
        return None
    words = _hull(here, [seed.here for seed in cluster])
    source_words = _hull(there, [seed.there for seed in cluster])
    middle, source_middle = here.bounds[core.here].mean(), there.bounds[core.there].mean()
    score = 0.0
    for _ in range(ROUNDS):
        before = words, source_words
        words, gained = _segment(here, words, middle, there.counts(source_words))
        source_words, source_gained = _segment(
            there, source_words, source_middle, here.counts(words)
        )
        score = gained + source_gained
        if (words, source_words) == before or not words or not source_words:
            break
    if not words or not source_words:
        return None
    words, source_words = here.snapped(words), there.snapped(source_words)
    left, right = _same_words_around(
        here.text.tokens, there.text.tokens, words=words, source_words=source_words
    )
    return Stretch(
        range(words.start - left, words.stop + right),
        range(source_words.start - left, source_words.stop + right),
        score,
    )


def _same_words_around(
    tokens: Sequence[str], source: Sequence[str], *, words: range, source_words: range
) -> tuple[int, int]:
    """Count the words just before and just after two stretches that are the same on both sides."""
    before = takewhile(
        lambda pair: pair[0] == pair[1],
        zip(reversed(tokens[: words.start]), reversed(source[: source_words.start]), strict=False),
    )
    after = takewhile(
        lambda pair: pair[0] == pair[1],
        zip(tokens[words.stop :], source[source_words.stop :], strict=False),
    )
    return len(list(before)), len(list(after))


def _hull(side: _Side, sentences: Sequence[int]) -> range:
    bounds = side.bounds[sentences]
    return range(int(bounds[:, 0].min()), int(bounds[:, 1].max()))


def _segment(
    side: _Side, words: range, middle: float, other: NDArray[np.intp]
) -> tuple[range, float]:
    """Return the best scoring segment around some words, and its score.

    A word that the other side holds twice is shared twice at most: the occurrences nearest to
    ``middle`` are.
    """
    low = max(0, words.start - REACH_WORDS)
    stems = side.stems[low : words.stop + REACH_WORDS]
    weights = side.weights[low : words.stop + REACH_WORDS]
    nearest = np.argsort(np.abs(np.arange(low, low + len(stems)) - middle), kind="stable")
    shared = np.empty(len(stems), bool)
    shared[nearest] = _occurrence(stems[nearest]) < other[stems[nearest]]
    best, score = _best_segment(np.where(shared, weights, -MISS * weights))
    return range(low + best.start, low + best.stop), score


def _occurrence(stems: NDArray[np.intp]) -> NDArray[np.intp]:
    """Number the occurrences of each stem from 0."""
    order = np.argsort(stems, kind="stable")
    ordered = stems[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.append(first, len(ordered)))
    number = np.empty(len(stems), np.intp)
    number[order] = np.arange(len(stems)) - np.repeat(first, lengths)
    return number


def _best_segment(values: NDArray[np.float32]) -> tuple[range, float]:
    """Return the stretch of values with the highest sum; empty where none is above 0."""
    reached = np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])
    rise = reached - np.minimum.accumulate(reached)
    stop = int(rise.argmax())
    start = stop - int(reached[: stop + 1][::-1].argmin())
    return range(start, stop), float(rise[stop])


def _is_passage(stretch: Stretch) -> bool:
    shorter = min(len(stretch.here), len(stretch.there))
    return shorter >= PASSAGE_WORDS and stretch.score >= LEAST_SCORE


def _without_overlap(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Keep the best of the stretches that overlap in the article."""
    kept: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda s: (-s.score, s.here.start, s.there.start)):
        most = OVERLAP * len(stretch.here)
        if all(_shared_words(stretch.here, other.here) <= most for other in kept):
            kept.append(stretch)
    return kept


def _apart(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Cut off what two stretches share, and yield them in the order of the article."""
    reached = 0
    for stretch in sorted(stretches, key=lambda s: (s.here.start, s.there.start)):
        yield replace(stretch, here=range(max(reached, stretch.here.start), stretch.here.stop))
        reached = stretch.here.stop


def _shared_words(one: range, other: range) -> int:
    return max(0, min(one.stop, other.stop) - max(one.start, other.start))


def _condensed(
    fitted: Sequence[Stretch], similarity: NDArray[np.float32], *, here: _Side, there: _Side
) -> Iterator[Stretch]:
    """Yield stretches of the article that condense words scattered over the source."""
    everything = there.counts(range(len(there.stems)))
    shared = everything[here.stems] > 0
    values = np.where(shared, here.weights, -CONDENSED_MISS * here.weights)
    for words, score in _segments(values):
        best = similarity[here.text.overlapping(words)]
        source_words = _source_of(best, there)
        if (
            len(source_words) >= CONDENSING * len(words)
            and best.max(axis=1).mean() >= CONDENSED_SIMILARITY
            and _density(here, words, everything) >= CONDENSED_DENSITY
            and _explained(
                words, fitted, whole=here.shared(words, everything), here=here, there=there
            )
            <= EXPLAINED
        ):
            yield Stretch(here.snapped(words), source_words, score)


def _segments(values: NDArray[np.float32]) -> Iterator[tuple[range, float]]:
    """Yield up to ``MOST_CONDENSED`` disjoint segments that score high enough, best first."""
    left = values.copy()
    wall = -1 - np.abs(values).sum()
    for _ in range(MOST_CONDENSED):
        words, score = _best_segment(left)
        if score < CONDENSED_SCORE:
            return
        yield words, score
        left[words.start : words.stop] = wall


def _source_of(similarity: NDArray[np.float32], there: _Side) -> range:
    """Return the words of the source between the first and the last counterpart of sentences."""
    alike = similarity.max(axis=1) >= SEED
    if not alike.any():
        return range(0)
    words = _hull(there, similarity[alike].argmax(axis=1).tolist())
    whole = len(there.stems)
    return range(whole) if len(words) >= WHOLE * whole else words


def _density(here: _Side, words: range, everything: NDArray[np.intp]) -> float:
    """Return the weighted share of some words that the source has, each as often as it has it."""
    stems = here.stems[words.start : words.stop]
    weights = here.weights[words.start : words.stop]
    shared = _occurrence(stems) < everything[stems]
    return float(weights[shared].sum() / max(1e-9, weights.sum()))


def _explained(
    words: range, fitted: Sequence[Stretch], *, whole: float, here: _Side, there: _Side
) -> float:
    """Return the largest share of ``whole``, the shared words' weight, explained at once."""
    shares = [0.0]
    for stretch in fitted:
        common = range(max(words.start, stretch.here.start), min(words.stop, stretch.here.stop))
        if common:
            shares.append(here.shared(common, there.counts(stretch.there)) / max(1e-9, whole))
    return max(shares)
