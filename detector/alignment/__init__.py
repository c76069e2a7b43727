"""Alignment: which sentence and which passage of an article comes from where in a source."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from detector.alignment.passages import Stretch, find_passages
from detector.alignment.prepared import Prepared, body_sentences
from detector.alignment.runs import Run, shared_runs
from detector.alignment.similarity import Similarities, similarities
from detector.article import Article, Span
from detector.encoders import Encoder
from detector.fingerprint import titled
from detector.terms import Rarity, TermExtractor, TermVector

__all__ = ["Aligner", "Alignment", "Match", "Prepared", "Run", "body_sentences"]

MatchKind = Literal["identical", "minor-change", "same-meaning"]

# Half of a rewrite's sentences reach .50 with their source and 17 % of those of an independent
# report of the same event; sentences of unrelated articles stay below .34 in 99 of 100 cases.
SAME_MEANING = 0.45
# Shares of words kept in order, by longest common subsequence.
MINOR_CHANGE = 0.60
IDENTICAL = 0.95
PREPARED_ARTICLES = 512
# Titles, standfirsts and leads of as many articles; 2 KB each.
BRIEF_TEXTS = 4 * PREPARED_ARTICLES


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


@dataclass(frozen=True)
class Alignment:
    """What of an article has a counterpart in one source.

    Attributes:
        article: the article.
        source: the source.
        matches: sentence matches in the order of the article.
        passages: the maximal reused stretches, in the order of the article.
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


@dataclass(frozen=True, slots=True)
class Brief:
    """A short text as it is compared with another.

    Attributes:
        terms: sorted hashes of its terms, shape ``(n,)``.
        weights: of the terms, scaled to length 1, shape ``(n,)``.
        vector: its unit vector, shape ``(dimensions,)``.
    """

    terms: NDArray[np.uint32]
    weights: NDArray[np.float32]
    vector: NDArray[np.float32]


class Aligner:
    """Aligns pairs of articles; keeps the last few hundred prepared articles."""

    def __init__(self, encoder: Encoder, extractor: TermExtractor, rarity: Rarity) -> None:
        self.encoder = encoder
        self.extractor = extractor
        self.rarity = rarity
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._briefs: OrderedDict[str, Brief] = OrderedDict()
        self._terms: OrderedDict[str, tuple[str | None, TermVector]] = OrderedDict()
        self._lock = threading.Lock()

    def align(self, article: Article, source: Article) -> Alignment:
        """Align two articles, sentence by sentence and stretch by stretch."""
        a, b = self.prepare(article), self.prepare(source)
        scores = similarities(a, b, self.rarity)
        runs = tuple(shared_runs(a.codes, b.codes))
        body = _body_scores(a, b, scores)
        matches = tuple(sorted(_matches(a, b, body, runs), key=lambda match: match.span))
        passages = find_passages(a, b, scores.sentences)
        return Alignment(
            article=article,
            source=source,
            matches=matches,
            passages=tuple(_passage(a, b, stretch, scores.sentences) for stretch in passages),
            runs=runs,
            best=body.max(axis=1, initial=0.0),
            coverage=_covered(a, [match.span for match in matches]),
            source_coverage=_covered(b, [match.source_span for match in matches]),
            verbatim_share=sum(run.words for run in runs) / max(1, len(a.tokens)),
        )

    def prepare(self, article: Article) -> Prepared:
        """Make an article ready, or recall it: its sentences, terms, vectors and words."""
        with self._lock:
            known = self._prepared.get(article.text)
            if known is not None and known.article == article:
                self._prepared.move_to_end(article.text)
                return known
        terms = self.terms(article)
        prepared = Prepared(article, terms, self.encoder, self.extractor, self.rarity)
        with self._lock:
            self._prepared[article.text] = prepared
            while len(self._prepared) > PREPARED_ARTICLES:
                self._prepared.popitem(last=False)
        return prepared

    def briefs(self, texts: Sequence[str]) -> dict[str, Brief]:
        """Return titles and standfirsts as they are compared; those seen before are recalled."""
        with self._lock:
            found = {text: self._briefs[text] for text in texts if text in self._briefs}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        if new:
            every = [self.extractor.terms(text) for text in new]
            vectors = self.encoder.encode(new)
            for text, terms, vector in zip(new, every, vectors, strict=True):
                found[text] = Brief(terms.terms, self.rarity.weights(terms), vector)
            with self._lock:
                self._briefs.update({text: found[text] for text in new})
                while len(self._briefs) > BRIEF_TEXTS:
                    self._briefs.popitem(last=False)
        return found

    def terms(self, article: Article) -> TermVector:
        """Return the terms of title and text, without preparing the rest."""
        with self._lock:
            known = self._prepared.get(article.text)
            if known is not None and known.article == article:
                return known.all_terms
            remembered = self._terms.get(article.prose)
            if remembered is not None and remembered[0] == article.title:
                return remembered[1]
        terms = self.extractor.terms(titled(article))
        self.remember(article, terms)
        return terms

    def remember(self, article: Article, terms: TermVector) -> None:
        """Keep the terms of an article's title and text for ``terms``, as an index knows them."""
        with self._lock:
            self._terms[article.prose] = (article.title, terms)
            while len(self._terms) > PREPARED_ARTICLES:
                self._terms.popitem(last=False)


def _body_scores(a: Prepared, b: Prepared, scores: Similarities) -> NDArray[np.float32]:
    """Return what each sentence has with each of the source's, then with two of them together."""
    body = np.concatenate([scores.sentences[:, b.body], scores.neighbours], axis=1)
    return body[a.body]


def _matches(
    a: Prepared, b: Prepared, body: NDArray[np.float32], runs: tuple[Run, ...]
) -> Iterator[Match]:
    """Yield the best match of each sentence, and copied runs in sentences that have none."""
    matched = np.zeros(len(a.tokens), bool)
    best = body.max(axis=1, initial=0.0)
    for n in np.flatnonzero(best >= SAME_MEANING):
        j = int(body[n].argmax())
        first, last = (j, j) if j < len(b.body) else (j - len(b.body), j - len(b.body) + 1)
        span = a.sentences[a.body[n]].span
        source_span = Span(b.sentences[b.body[first]].start, b.sentences[b.body[last]].end)
        words = a.token_range(span)
        matched[words.start : words.stop] = True
        yield _match(a, b, span, source_span, float(best[n]))
    for run in runs:
        if not matched[run.first : run.first + run.words].any():
            span, source_span = (
                side.span(range(first, first + run.words))
                for side, first in ((a, run.first), (b, run.source_first))
            )
            yield Match(span, source_span, "identical", 1.0, 1.0)


def _match(a: Prepared, b: Prepared, span: Span, source_span: Span, similarity: float) -> Match:
    """Make a match of two places, named by how many of their words are the same."""
    from rapidfuzz.distance import Indel

    here, there = (
        side.tokens[words.start : words.stop]
        for side, words in ((a, a.token_range(span)), (b, b.token_range(source_span)))
    )
    kept = Indel.normalized_similarity(here, there)
    kind: MatchKind = "same-meaning"
    if kept >= IDENTICAL:
        kind = "identical"
    elif kept >= MINOR_CHANGE:
        kind = "minor-change"
    return Match(span, source_span, kind, round(max(similarity, kept), 4), kept)


def _passage(a: Prepared, b: Prepared, stretch: Stretch, similarity: NDArray[np.float32]) -> Match:
    """Make a match of a stretch, as similar as its sentences are to those of its source."""
    here, there = a.overlapping(stretch.here), b.overlapping(stretch.there)
    inside = similarity[np.ix_(here, there)]
    likeness = float(inside.max(axis=1).mean()) if inside.size else 0.0
    return _match(a, b, a.span(stretch.here), b.span(stretch.there), likeness)


def _covered(side: Prepared, spans: Sequence[Span]) -> float:
    """Return the share of the words of the body that stand in some spans."""
    counted = side.in_body
    whole = int(counted.sum())
    return int((side.covered(spans) & counted).sum()) / whole if whole else 0.0
