"""Signals of reuse: what an aligned pair says about whether one was made from the other.

Every signal is a number an editor can check; a verdict adds up their signed contributions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from math import exp, expm1, log, log1p, nan

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Aligner, Alignment, Match, Prepared
from detector.article import Article
from detector.facts import Fact, quotes
from detector.fingerprint import lead, titled
from detector.terms import Rarity, TermVector

# A term found in fewer than 1 of 400 news articles is rare: names, figures, technical words.
RARE = 6.0
# Signals of the closest sentences look at this many; more would dilute long articles.
CLOSEST = 10
# The first sentences carry the gist that a writer with only the headline can know.
LEAD_SENTENCES = 3
# A quote counts as shared when its words occur in the source this exactly (0 to 100).
QUOTE_RATIO = 90.0


@dataclass(frozen=True, slots=True)
class ReuseSignals:
    """Everything the derivation model looks at; NaN where a signal cannot be had.

    Attributes:
        coverage: share of the article's words in sentences matched with the source.
        source_coverage: share of the source's words in matched sentences.
        verbatim_share: share of the article's words in copied runs of 8 words or more.
        copied_prose: the same for its words outside quotation marks: two newsrooms may quote one
            speech alike, but do not write the same sentences around it.
        longest_prose_run: logarithm of 1 + most words outside quotation marks of a copied run.
        order: how far the matches keep the source's order, -1 to 1, damped for few matches.
        closest: mean similarity of the ten closest sentences.
        kept_words: share of words kept in order within matched sentences.
        kept_lengths: how alike matched sentences are in length.
        term_support: share of the article's weighted terms the source has too.
        source_term_support: the same seen from the source.
        shared_rare_terms: logarithm of 1 + rare names, figures and words in common.
        new_rare_terms: rare terms per 100 words that the source lacks.
        shared_quotes: logarithm of 1 + quotations in common.
        new_quotes: quotations per 100 words that the source lacks.
        headline: similarity of the titles.
        title_in_lead: share of the title's weighted terms in the source's title and beginning.
        source_title_in_lead: the same for the source's title and the article's beginning.
        lead: similarity of title and beginning.
        lead_sentences: how close the first three sentences are to the source.
        length_ratio: logarithm of the article's length over the source's.
    """

    coverage: float
    source_coverage: float
    verbatim_share: float
    copied_prose: float
    longest_prose_run: float
    order: float
    closest: float
    kept_words: float
    kept_lengths: float
    term_support: float
    source_term_support: float
    shared_rare_terms: float
    new_rare_terms: float
    shared_quotes: float
    new_quotes: float
    headline: float
    title_in_lead: float
    source_title_in_lead: float
    lead: float
    lead_sentences: float
    length_ratio: float

    def values(self) -> NDArray[np.float64]:
        """Return the signals in the order of their names, shape ``(signals,)``."""
        return np.array([getattr(self, name) for name in SIGNALS], np.float64)

    def to_dict(self) -> dict[str, float]:
        """Return the signals by name."""
        return asdict(self)


SIGNALS: tuple[str, ...] = tuple(field.name for field in fields(ReuseSignals))

_SAYS: dict[str, str] = {
    "coverage": "{p} of its words stand in sentences that match the source",
    "source_coverage": "{p} of the source's words stand in matched sentences",
    "verbatim_share": "{p} of its words stand in runs of eight or more copied words",
    "copied_prose": "{p} of its words outside quotations stand in copied runs",
    "longest_prose_run": "the longest copied run has {e} words outside quotations",
    "order": "matched sentences keep the source's order: {v} on a scale from -1 to 1",
    "closest": "its ten closest sentences are {p} alike",
    "kept_words": "matched sentences keep {p} of their words in order",
    "kept_lengths": "matched sentences are {p} alike in length",
    "term_support": "the source has {p} of its weighted terms",
    "source_term_support": "it has {p} of the source's weighted terms",
    "shared_rare_terms": "{e} rare names, figures and words in common",
    "new_rare_terms": "{v} rare terms per 100 words that the source does not have",
    "shared_quotes": "{e} quotations in common",
    "new_quotes": "{v} quotations per 100 words that the source does not have",
    "headline": "the headlines are {p} alike",
    "title_in_lead": "the source's title and beginning hold {p} of its title",
    "source_title_in_lead": "its title and beginning hold {p} of the source's title",
    "lead": "title and beginning are {p} alike",
    "lead_sentences": "its first three sentences are {p} alike to sentences of the source",
    "length_ratio": "it is {r} times as long as the source",
}


def says(signal: str, value: float) -> str:
    """Put one measured signal into words."""
    return _SAYS[signal].format(
        p=f"{100 * value:.0f} %", e=f"{expm1(value):.0f}", v=f"{value:.1f}", r=f"{exp(value):.2f}"
    )


def reuse_signals(alignment: Alignment, aligner: Aligner) -> ReuseSignals:
    """Measure one aligned pair with the aligner's encoder and terms."""
    extractor, rarity = aligner.extractor, aligner.rarity
    a, b = aligner.prepare(alignment.article), aligner.prepare(alignment.source)
    terms_a, terms_b = (extractor.terms(titled(side.article)) for side in (a, b))
    shared = np.isin(terms_a.terms, terms_b.terms)
    rare = rarity.of(terms_a.terms) >= RARE
    quoted = tuple(quotes(a.article.text))
    prose = _prose(a, quoted)
    prose_in_runs = [int(prose[run.first : run.first + run.words].sum()) for run in alignment.runs]
    found = sum(_in_source(quote, b) for quote in quoted)
    hundreds = max(1.0, len(a.tokens) / 100)
    return ReuseSignals(
        coverage=alignment.coverage,
        source_coverage=alignment.source_coverage,
        verbatim_share=alignment.verbatim_share,
        copied_prose=sum(prose_in_runs) / max(1, int(prose.sum())),
        longest_prose_run=log1p(max(prose_in_runs, default=0)),
        order=(2 * alignment.order - 1) * min(1.0, len(alignment.matches) / CLOSEST),
        closest=_mean(np.sort(alignment.best)[::-1][:CLOSEST]),
        kept_words=_mean([match.kept_words for match in alignment.matches]),
        kept_lengths=_mean([_length_likeness(match) for match in alignment.matches]),
        term_support=_support(terms_a, shared, rarity),
        source_term_support=_support(terms_b, np.isin(terms_b.terms, terms_a.terms), rarity),
        shared_rare_terms=log1p(int((shared & rare).sum())),
        new_rare_terms=float((rare & ~shared).sum()) / hundreds,
        shared_quotes=log1p(found),
        new_quotes=(len(quoted) - found) / hundreds,
        headline=_likeness(a.article.title, b.article.title, aligner),
        title_in_lead=_title_share(a.article, b.article, aligner),
        source_title_in_lead=_title_share(b.article, a.article, aligner),
        lead=_likeness(lead(a.article), lead(b.article), aligner),
        lead_sentences=_mean(alignment.best[:LEAD_SENTENCES]),
        length_ratio=log(max(1, len(a.tokens)) / max(1, len(b.tokens))),
    )


def _likeness(one: str | None, other: str | None, aligner: Aligner) -> float:
    """Compare two short texts: half terms, half meaning; NaN when one is missing."""
    if not one or not other:
        return nan
    first, second = aligner.encoder.encode([one, other])
    a, b = aligner.extractor.terms(one), aligner.extractor.terms(other)
    _, in_a, in_b = np.intersect1d(a.terms, b.terms, return_indices=True)
    cosine = float(aligner.rarity.weights(a)[in_a] @ aligner.rarity.weights(b)[in_b])
    return 0.5 * cosine + 0.5 * max(0.0, float(first @ second))


def _prose(side: Prepared, quoted: Sequence[Fact]) -> NDArray[np.bool_]:
    """Return which words of an article stand outside quotation marks, shape ``(words,)``."""
    prose = np.ones(len(side.tokens), bool)
    for quote in quoted:
        words = side.token_range(quote.span)
        prose[words.start : words.stop] = False
    return prose


def _title_share(article: Article, other: Article, aligner: Aligner) -> float:
    """Return the weighted share of a title that another article begins with; NaN untitled."""
    if not article.title:
        return nan
    title, beginning = (aligner.extractor.terms(text) for text in (article.title, lead(other)))
    return _support(title, np.isin(title.terms, beginning.terms), aligner.rarity)


def _support(terms: TermVector, shared: NDArray[np.bool_], rarity: Rarity) -> float:
    squares = rarity.of(terms.terms) ** 2
    total = float(squares.sum())
    return float(squares[shared].sum()) / total if total else 0.0


def _in_source(quote: Fact, source: Prepared) -> bool:
    from rapidfuzz import fuzz

    return fuzz.partial_ratio(quote.value, " ".join(source.tokens)) >= QUOTE_RATIO


def _length_likeness(match: Match) -> float:
    lengths = sorted((match.span.length, match.source_span.length))
    return lengths[0] / lengths[1]


def _mean(values: Sequence[float] | NDArray[np.float64]) -> float:
    return float(np.mean(values)) if len(values) else 0.0
