"""Signals of reuse: what an aligned pair says about whether one was made from the other.

Every signal is a number an editor can check; a verdict adds up their signed contributions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from difflib import SequenceMatcher
from math import exp, expm1, log, log1p, nan

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Aligner, Alignment, Brief, Match, Prepared, Run
from detector.article import WORD, Article
from detector.evidence.overlap import overlap, terms_overlap
from detector.facts import Fact
from detector.fingerprint import lead
from detector.outlook import NO_RIVALS, Apart
from detector.terms import different, held_by

# A term found in fewer than 1 of 400 news articles is rare: names, figures, technical words.
RARE = 6.0
# Figures found in fewer than 1 of 50 news articles; "10" and "2015" are in every tenth.
RARE_FIGURE = 4.0
# Signals of the closest sentences look at this many; more would dilute long articles.
CLOSEST = 10
# The first sentences carry the gist that a writer with only the headline can know.
LEAD_SENTENCES = 3
# Kinds of facts that are names.
NAMES = frozenset({"person", "place", "org", "name"})
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
        shared_trigrams: share of the article's different word trigrams, outside quotation marks,
            that the source has too.
        order: how far the matches keep the source's order, -1 to 1, damped for few matches.
        closest: mean similarity of the ten closest sentences.
        kept_words: share of words kept in order within matched sentences.
        kept_lengths: how alike matched sentences are in length.
        term_support: share of the article's weighted terms the source has too.
        source_term_support: the same seen from the source.
        shared_rare_terms: logarithm of 1 + rare names, figures and words in common.
        new_rare_terms: rare terms per 100 words that the source lacks.
        figure_support: share of the article's numbers and dates, weighted by how rare they are,
            that the source has too.
        shared_figures: logarithm of 1 + numbers and dates in common, rare ones only.
        new_figures: numbers and dates per 100 words that the source lacks.
        new_names: names per 100 words of which the source has no word.
        shared_quotes: logarithm of 1 + quotations in common.
        new_quotes: quotations per 100 words that the source lacks.
        headline: similarity of the title to the source's title, standfirst, or both together.
        title_in_lead: share of the title's weighted terms in the source's title and beginning.
        shared_title: summed rarity of the title's terms in the source's title and beginning: two
            desks share a subject by chance, but not eight content words.
        title_run: logarithm of 1 + most words in a row that the title shares with the source's
            title and beginning.
        lead: similarity of title and beginning.
        lead_sentences: how close the first three sentences are to the source.
        length_ratio: logarithm of the article's length over the source's.
        passage_share: share of the article's words in passages, the maximal reused stretches.
        source_passage_share: share of the source's words in passages.
        longest_passage: logarithm of 1 + words of the longest passage.
        nowhere_else: share of the common terms' weight that no rival source has.
        stands_out: how much more of the article's weighted terms the source has than the best
            rival, -1 to 1.
    """

    coverage: float
    source_coverage: float
    verbatim_share: float
    copied_prose: float
    longest_prose_run: float
    shared_trigrams: float
    order: float
    closest: float
    kept_words: float
    kept_lengths: float
    term_support: float
    source_term_support: float
    shared_rare_terms: float
    new_rare_terms: float
    figure_support: float
    shared_figures: float
    new_figures: float
    new_names: float
    shared_quotes: float
    new_quotes: float
    headline: float
    title_in_lead: float
    shared_title: float
    title_run: float
    lead: float
    lead_sentences: float
    length_ratio: float
    passage_share: float
    source_passage_share: float
    longest_passage: float
    nowhere_else: float
    stands_out: float

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
    "shared_trigrams": "{p} of its word triples outside quotations are the source's",
    "order": "matched sentences keep the source's order: {v} on a scale from -1 to 1",
    "closest": "its ten closest sentences are {p} alike",
    "kept_words": "matched sentences keep {p} of their words in order",
    "kept_lengths": "matched sentences are {p} alike in length",
    "term_support": "the source has {p} of its weighted terms",
    "source_term_support": "it has {p} of the source's weighted terms",
    "shared_rare_terms": "{e} rare names, figures and words in common",
    "new_rare_terms": "{v} rare terms per 100 words are not in the source",
    "figure_support": "the source has {p} of its numbers and dates, rare ones counting more",
    "shared_figures": "{e} rare numbers and dates in common",
    "new_figures": "{v} numbers and dates per 100 words are not in the source",
    "new_names": "{v} names per 100 words are not in the source",
    "shared_quotes": "{e} quotations in common",
    "new_quotes": "{v} quotations per 100 words are not in the source",
    "headline": "its headline is {p} like the source's headline or standfirst",
    "title_in_lead": "the source's title and beginning hold {p} of its title",
    "shared_title": "its title and the source's beginning share words of summed rarity {v}",
    "title_run": "{e} words in a row of its title stand in the source's title or beginning",
    "lead": "title and beginning are {p} alike",
    "lead_sentences": "its first three sentences are {p} alike to sentences of the source",
    "length_ratio": "it is {r} times as long as the source",
    "passage_share": "{p} of its words stand in passages made from the source",
    "source_passage_share": "{p} of the source's words stand in such passages",
    "longest_passage": "the longest such passage has {e} words",
    "nowhere_else": "of what both have, {p} is in no other source that was found",
    "stands_out": "the source has {p} more of its weighted terms than any other found",
}


def says(signal: str, value: float) -> str:
    """Put one measured signal into words."""
    return _SAYS[signal].format(
        p=f"{100 * value:.0f} %", e=f"{expm1(value):.0f}", v=f"{value:.1f}", r=f"{exp(value):.2f}"
    )


def reuse_signals(
    alignment: Alignment, aligner: Aligner, beside: Apart = NO_RIVALS
) -> ReuseSignals:
    """Measure one aligned pair with the aligner's encoder and terms.

    Args:
        alignment: the pair.
        aligner: what aligned it.
        beside: what sets the source apart from others that were found; where nothing is known
            of that, two signals are missing.
    """
    a, b = aligner.prepare(alignment.article), aligner.prepare(alignment.source)
    terms = terms_overlap(a, b)
    quoted = tuple(fact for fact in a.facts if fact.kind == "quote")
    figures = overlap(a.figures.terms, b.figures.terms, aligner)
    found = sum(_in_source(quote, b) for quote in quoted)
    hundreds = max(1.0, len(a.tokens) / 100)
    return ReuseSignals(
        coverage=alignment.coverage,
        source_coverage=alignment.source_coverage,
        verbatim_share=alignment.verbatim_share,
        **asdict(_prose(a, b, quoted=quoted, runs=alignment.runs)),
        order=(2 * alignment.order - 1) * min(1.0, len(alignment.matches) / CLOSEST),
        closest=_mean(np.sort(alignment.best)[::-1][:CLOSEST]),
        kept_words=_mean([match.kept_words for match in alignment.matches]),
        kept_lengths=_mean([_length_likeness(match) for match in alignment.matches]),
        term_support=terms.support,
        source_term_support=terms_overlap(b, a).support,
        shared_rare_terms=log1p(terms.shared_above(RARE)),
        new_rare_terms=terms.new_above(RARE) / hundreds,
        figure_support=figures.support,
        shared_figures=log1p(figures.shared_above(RARE_FIGURE)),
        new_figures=figures.new_above(0) / hundreds,
        new_names=sum(_is_new(name, b) for name in _names(a).values()) / hundreds,
        shared_quotes=log1p(found),
        new_quotes=(len(quoted) - found) / hundreds,
        **asdict(_opening(a.article, b.article, aligner)),
        lead_sentences=_mean(alignment.best[:LEAD_SENTENCES]),
        length_ratio=log(max(1, len(a.tokens)) / max(1, len(b.tokens))),
        passage_share=_mean(a.covered(passage.span for passage in alignment.passages)),
        source_passage_share=_mean(b.covered(p.source_span for p in alignment.passages)),
        longest_passage=_longest_passage(a, alignment),
        **asdict(beside),
    )


def _longest_passage(side: Prepared, alignment: Alignment) -> float:
    lengths = [len(side.token_range(passage.span)) for passage in alignment.passages]
    return log1p(max(lengths, default=0))


@dataclass(frozen=True, slots=True)
class _Opening:
    """The signals of titles and beginnings."""

    headline: float
    title_in_lead: float
    shared_title: float
    title_run: float
    lead: float


def _opening(article: Article, source: Article, aligner: Aligner) -> _Opening:
    """Compare titles and beginnings; a title also with the source's standfirst, and with both."""
    own, theirs, title = lead(article), lead(source), article.title or ""
    others = []
    if title and source.title:
        standfirst = source.sentences[0].text  # a short one counts as a heading
        others = [source.title, standfirst, f"{source.title} {standfirst}"]
    known = aligner.briefs([title, own, theirs, *others])
    shared = overlap(known[title].terms, known[theirs].terms, aligner)
    return _Opening(
        headline=max((_likeness(known[title], known[o]) for o in others if o), default=nan),
        title_in_lead=shared.support,
        shared_title=shared.weight if title else nan,
        title_run=_title_run(title, theirs) if title else nan,
        lead=_likeness(known[own], known[theirs]),
    )


def _title_run(title_text: str, beginning_text: str) -> float:
    title, beginning = (
        [word.casefold() for word in WORD.findall(text)] for text in (title_text, beginning_text)
    )
    matcher = SequenceMatcher(None, title, beginning, autojunk=False)
    return log1p(matcher.find_longest_match().size)


def _likeness(a: Brief, b: Brief) -> float:
    """Compare two short texts: half terms, half meaning."""
    in_a, in_b = held_by(a.terms, b.terms), held_by(b.terms, a.terms)
    cosine = float(a.weights[in_a] @ b.weights[in_b])
    return 0.5 * cosine + 0.5 * max(0.0, float(a.vector @ b.vector))


def _names(side: Prepared) -> dict[str, Fact]:
    """Return one fact for each name, by its full form."""
    return {fact.value: fact for fact in side.facts if fact.kind in NAMES}


def _is_new(name: Fact, source: Prepared) -> bool:
    """Tell whether the source has no word of a name, as written or in its full form."""
    words = WORD.findall(f"{name.value} {name.text.casefold()}")
    return not any(word in source.known for word in words)


@dataclass(frozen=True, slots=True)
class _Prose:
    """The signals of the words outside quotation marks."""

    copied_prose: float
    longest_prose_run: float
    shared_trigrams: float


def _prose(a: Prepared, b: Prepared, *, quoted: Sequence[Fact], runs: Sequence[Run]) -> _Prose:
    prose = ~a.covered(quote.span for quote in quoted)
    copied = [int(prose[r.first : r.first + r.words].sum()) for r in runs]
    whole = np.flatnonzero(prose[:-2] & prose[1:-1] & prose[2:])
    own = different(a.trigrams[whole])
    return _Prose(
        copied_prose=sum(copied) / max(1, int(prose.sum())),
        longest_prose_run=log1p(max(copied, default=0)),
        shared_trigrams=int(held_by(own, np.sort(b.trigrams)).sum()) / max(1, len(own)),
    )


def _in_source(quote: Fact, source: Prepared) -> bool:
    from rapidfuzz import fuzz

    said = source.running
    return (
        quote.value in said or fuzz.partial_ratio(quote.value, said, score_cutoff=QUOTE_RATIO) > 0
    )


def _length_likeness(match: Match) -> float:
    lengths = sorted((match.span.length, match.source_span.length))
    return lengths[0] / lengths[1]


def _mean(values: Sequence[float] | NDArray[np.floating | np.bool_]) -> float:
    return float(np.mean(values)) if len(values) else 0.0
