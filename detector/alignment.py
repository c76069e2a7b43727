"""Alignment: which sentence and which passage of an article comes from where in a source."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detector.article import WORD, Article, Sentence, Span
from detector.encoders import Encoder
from detector.encoders.static import unit
from detector.terms import Rarity, TermExtractor, TermVector

MatchKind = Literal["identical", "minor-change", "same-meaning"]

# Half of a rewrite's sentences reach .50 with their source and 17 % of those of an independent
# report of the same event; sentences of unrelated articles stay below .34 in 99 of 100 cases.
SAME_MEANING = 0.45
# Shares of words kept in order, by longest common subsequence.
MINOR_CHANGE = 0.60
IDENTICAL = 0.95
# A shared run of this many words is copied; the language's stock phrases are shorter.
RUN_WORDS = 8
# Runs are found by their word n-grams.
SEED_WORDS = 5
# A word 5-gram at more places in the source than this is refrain or boilerplate.
SEED_PLACES = 8
# Matches join into a passage over one unmatched sentence here and up to three there.
GAP = 1
SOURCE_GAP = 3
# Longer articles are aligned by their first 400 sentences; 400 hold 10,000 words.
MOST_SENTENCES = 400
PREPARED_ARTICLES = 512


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the article and the stretch of the source it corresponds to.

    Attributes:
        span: place in the article's text.
        source_span: place in the source's text.
        kind: identical words, minor changes, or the same meaning in other words.
        similarity: 0 to 1.
        kept_words: share of the words of both that stand in the same order, 0 to 1.
    """

    span: Span
    source_span: Span
    kind: MatchKind
    similarity: float
    kept_words: float


@dataclass(frozen=True, slots=True)
class Run:
    """Words shared in unbroken order.

    Attributes:
        first: number of the run's first word in the article.
        source_first: number of its first word in the source.
        words: length in words.
    """

    first: int
    source_first: int
    words: int


@dataclass(frozen=True)
class Prepared:
    """An article made ready for alignment.

    Attributes:
        article: the article.
        sentences: its sentences without headings.
        terms: the terms of each sentence.
        vectors: unit vectors of the sentences, shape ``(sentences, dimensions)``.
        tokens: its words, casefolded, in order.
        places: where each word stands.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    terms: tuple[TermVector, ...]
    vectors: NDArray[np.float32]
    tokens: tuple[str, ...]
    places: tuple[Span, ...]

    @cached_property
    def known(self) -> frozenset[str]:
        """The different words of the article, casefolded."""
        return frozenset(self.tokens)

    def token_range(self, span: Span) -> range:
        """Return the numbers of the words that begin within a span."""
        return range(
            bisect_left(self.places, Span(span.start, 0)),
            bisect_left(self.places, Span(span.end, 0)),
        )


@dataclass(frozen=True)
class Alignment:
    """What of an article has a counterpart in one source.

    Attributes:
        article: the article.
        source: the source.
        matches: sentence matches in the order of the article.
        passages: neighbouring matches joined, in the order of the article.
        runs: word runs both share.
        best: highest similarity of each of the article's ``body_sentences``.
        coverage: share of the article's words that stand in matched sentences.
        source_coverage: share of the source's words that stand in matched sentences.
        verbatim_share: share of the article's words that stand in copied runs.
    """

    article: Article
    source: Article
    matches: tuple[Match, ...]
    passages: tuple[Match, ...]
    runs: tuple[Run, ...]
    best: NDArray[np.float64]
    coverage: float
    source_coverage: float
    verbatim_share: float

    @property
    def longest_run(self) -> int:
        """Words in the longest copied run."""
        return max((run.words for run in self.runs), default=0)

    @property
    def order(self) -> float:
        """Share of neighbouring matches that keep the source's order; .5 for no order at all."""
        starts = [match.source_span.start for match in self.matches]
        steps = [b >= a for a, b in pairwise(starts)]
        return sum(steps) / len(steps) if steps else 0.5


def body_sentences(article: Article) -> tuple[Sentence, ...]:
    """Return the sentences that are aligned: no headings, and not more than a few hundred."""
    return tuple([s for s in article.sentences if not s.is_heading][:MOST_SENTENCES])


class Aligner:
    """Aligns pairs of articles; keeps the last few hundred prepared articles."""

    def __init__(self, encoder: Encoder, extractor: TermExtractor, rarity: Rarity) -> None:
        self.encoder = encoder
        self.extractor = extractor
        self.rarity = rarity
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._lock = threading.Lock()

    def align(self, article: Article, source: Article) -> Alignment:
        """Align two articles, sentence by sentence, in both directions."""
        a, b = self.prepare(article), self.prepare(source)
        scores = similarities(a, b, self.rarity)
        runs = tuple(shared_runs(a.tokens, b.tokens))
        matches = tuple(sorted(_matches(a, b, scores, runs), key=lambda match: match.span))
        return Alignment(
            article=article,
            source=source,
            matches=matches,
            passages=tuple(_passages(matches, a, b)),
            runs=runs,
            best=scores.max(axis=1, initial=0.0),
            coverage=_covered(a, [match.span for match in matches]),
            source_coverage=_covered(b, [match.source_span for match in matches]),
            verbatim_share=sum(run.words for run in runs) / max(1, len(a.tokens)),
        )

    def prepare(self, article: Article) -> Prepared:
        """Split an article into sentences, terms, vectors and words, or recall them."""
        with self._lock:
            known = self._prepared.get(article.text)
            if known is not None and known.article == article:
                self._prepared.move_to_end(article.text)
                return known
        prepared = self._prepare(article)
        with self._lock:
            self._prepared[article.text] = prepared
            while len(self._prepared) > PREPARED_ARTICLES:
                self._prepared.popitem(last=False)
        return prepared

    def _prepare(self, article: Article) -> Prepared:
        sentences = body_sentences(article)
        words = list(WORD.finditer(article.text))
        return Prepared(
            article=article,
            sentences=sentences,
            terms=tuple(self.extractor.terms(sentence.text) for sentence in sentences),
            vectors=self.encoder.encode([sentence.text for sentence in sentences]),
            tokens=tuple(word[0].casefold().replace("’", "'") for word in words),
            places=tuple(Span(*word.span()) for word in words),
        )


def similarities(a: Prepared, b: Prepared, rarity: Rarity) -> NDArray[np.float64]:
    """Compare every sentence of one article with every sentence of another.

    Half of a similarity is lexical (the geometric mean of the tf-isf cosine and of the share of
    the sentence's rare terms that the other holds), half is the cosine of the vectors: each
    alone collapses on some kinds of rewriting.

    Args:
        a: the article, with ``n`` sentences.
        b: the source, with ``m`` sentences.
        rarity: weighs the terms.

    Returns:
        Similarities 0 to 1, shape ``(n, 2m - 1)``: first the ``m`` sentences of the source, then
        its ``m - 1`` pairs of neighbours, since one sentence often condenses two.
    """
    n, m = len(a.sentences), len(b.sentences)
    if not n or not m:
        return np.zeros((n, max(0, 2 * m - 1)))
    vocabulary = np.unique(np.concatenate([vector.terms for vector in (*a.terms, *b.terms)]))
    weights = rarity.of(vocabulary)
    wa, wb = (_weighted(side.terms, vocabulary, weights) for side in (a, b))
    wb = np.vstack([wb, np.maximum(wb[:-1], wb[1:])])
    vb = np.vstack([b.vectors, unit(b.vectors[:-1] + b.vectors[1:])])
    shared = wa @ wb.T
    mass_a = (wa * wa).sum(axis=1)[:, None]
    mass_b = (wb * wb).sum(axis=1)[None, :]
    cosine = shared / np.sqrt(np.maximum(mass_a * mass_b, 1e-9))
    containment = shared / np.maximum(mass_a, 1e-9)
    lexical = np.sqrt(np.clip(cosine * containment, 0, 1))
    meaning = np.clip(a.vectors @ vb.T, 0, 1)
    both: NDArray[np.float64] = (0.5 * lexical + 0.5 * meaning).astype(np.float64)
    return both


def shared_runs(tokens: Sequence[str], source: Sequence[str]) -> Iterator[Run]:
    """Yield the runs of ``RUN_WORDS`` or more words that both hold, longest first at each place.

    Every word of the article belongs to at most one run.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for j in range(len(source) - SEED_WORDS + 1):
        places.setdefault(tuple(source[j : j + SEED_WORDS]), []).append(j)
    i = 0
    while i <= len(tokens) - SEED_WORDS:
        seeds = places.get(tuple(tokens[i : i + SEED_WORDS]), [])[:SEED_PLACES]
        runs = [Run(i, j, _run_length(tokens, source, i, j)) for j in seeds]
        best = max(runs, key=lambda run: (run.words, -run.source_first), default=None)
        if best is not None and best.words >= RUN_WORDS:
            yield best
            i += best.words
        else:
            i += 1


def _run_length(tokens: Sequence[str], source: Sequence[str], i: int, j: int) -> int:
    length = 0
    while (
        i + length < len(tokens)
        and j + length < len(source)
        and tokens[i + length] == source[j + length]
    ):
        length += 1
    return length


def _weighted(
    vectors: Sequence[TermVector], vocabulary: NDArray[np.uint32], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    rows = np.zeros((len(vectors), len(vocabulary)), np.float32)
    for row, vector in zip(rows, vectors, strict=True):
        row[np.searchsorted(vocabulary, vector.terms)] = 1
    return rows * weights


def _matches(
    a: Prepared, b: Prepared, scores: NDArray[np.float64], runs: tuple[Run, ...]
) -> Iterator[Match]:
    """Yield the best match of each sentence, and copied runs in sentences that have none."""
    matched: list[Span] = []
    if scores.size:
        for i, j in enumerate(scores.argmax(axis=1)):
            if scores[i, j] >= SAME_MEANING:
                match = _sentence_match(a, b, i, int(j), float(scores[i, j]))
                matched.append(match.span)
                yield match
    for run in runs:
        span = _run_span(a, run.first, run.words)
        if not any(span.start < other.end and other.start < span.end for other in matched):
            yield Match(span, _run_span(b, run.source_first, run.words), "identical", 1.0, 1.0)


def _sentence_match(a: Prepared, b: Prepared, i: int, j: int, similarity: float) -> Match:
    from rapidfuzz.distance import Indel

    m = len(b.sentences)
    first, last = (j, j) if j < m else (j - m, j - m + 1)
    span = a.sentences[i].span
    source_span = Span(b.sentences[first].start, b.sentences[last].end)
    here, there = (
        [side.tokens[k] for k in side.token_range(place)]
        for side, place in ((a, span), (b, source_span))
    )
    kept = Indel.normalized_similarity(here, there)
    kind: MatchKind = "same-meaning"
    if kept >= IDENTICAL:
        kind = "identical"
    elif kept >= MINOR_CHANGE:
        kind = "minor-change"
    return Match(span, source_span, kind, round(max(similarity, kept), 4), kept)


def _run_span(side: Prepared, first: int, words: int) -> Span:
    return Span(side.places[first].start, side.places[first + words - 1].end)


def _passages(matches: Sequence[Match], a: Prepared, b: Prepared) -> Iterator[Match]:
    """Join matches that are neighbours on both sides."""
    group: list[Match] = []
    for match in matches:
        if group and not _neighbours(group[-1], match, a, b):
            yield _joined(group)
            group = []
        group.append(match)
    if group:
        yield _joined(group)


def _neighbours(before: Match, after: Match, a: Prepared, b: Prepared) -> bool:
    here = _sentences_between(a, before.span, after.span)
    there = min(
        _sentences_between(b, before.source_span, after.source_span),
        _sentences_between(b, after.source_span, before.source_span),
    )
    return here <= GAP and there <= SOURCE_GAP


def _sentences_between(side: Prepared, first: Span, second: Span) -> int:
    if second.start < first.end:
        return len(side.sentences) if second.end < first.start else 0
    return sum(first.end <= s.start and s.end <= second.start for s in side.sentences)


def _joined(group: Sequence[Match]) -> Match:
    lengths = np.array([match.span.length for match in group], np.float64)
    share = {match.kind: 0.0 for match in group}
    for match, length in zip(group, lengths, strict=True):
        share[match.kind] += length
    return Match(
        span=Span(group[0].span.start, max(match.span.end for match in group)),
        source_span=Span(
            min(match.source_span.start for match in group),
            max(match.source_span.end for match in group),
        ),
        kind=max(sorted(share), key=lambda kind: share[kind]),
        similarity=round(float(np.average([m.similarity for m in group], weights=lengths)), 4),
        kept_words=float(np.average([m.kept_words for m in group], weights=lengths)),
    )


def _covered(side: Prepared, spans: Sequence[Span]) -> float:
    """Return the share of the words of the aligned sentences that stand in some spans."""
    covered, counted = (np.zeros(len(side.tokens), bool) for _ in range(2))
    for span in spans:
        words = side.token_range(span)
        covered[words.start : words.stop] = True
    for sentence in side.sentences:
        words = side.token_range(sentence.span)
        counted[words.start : words.stop] = True
    return float(covered[counted].mean()) if counted.any() else 0.0
