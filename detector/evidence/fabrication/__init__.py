"""What an article has and its sources do not: invented and altered details, each with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from detector.alignment import SAME_MEANING, Aligner
from detector.article import Article, Span
from detector.entailment import EntailmentReader
from detector.evidence.credit import credit_evidence
from detector.evidence.fabrication.case import Case
from detector.evidence.fabrication.claims import SIGNALS, claims
from detector.evidence.fabrication.counterparts import pair_up, sorted_out
from detector.evidence.fabrication.datelines import datelines
from detector.evidence.fabrication.details import details
from detector.evidence.fabrication.exchanges import exchanges
from detector.evidence.fabrication.finding import Doubt, Elsewhere, Finding
from detector.evidence.fabrication.quotations import SAME, WHOLE, quotations
from detector.evidence.fabrication.restated import Restated
from detector.evidence.fabrication.roles import roles
from detector.evidence.fabrication.weights import DETAILS, Weights, load_weights
from detector.evidence.furniture import furniture, is_mostly_in

__all__ = [
    "Doubt", "Elsewhere", "Finding", "Weights", "doubts", "find_fabrications", "load_weights",
]  # fmt: skip
_BEST = SIGNALS.index("best")


def find_fabrications(
    article: Article,
    sources: Sequence[Article],
    *,
    aligner: Aligner,
    weights: Weights,
    reader: EntailmentReader,
    apart: Sequence[Span] = (),
) -> tuple[Finding, ...]:
    """Return what an article has and none of its sources does, in the order of the text.

    What a page says around its story is left out: captions, credits, stamps of publication.

    Args:
        article: the article.
        sources: all that it was made from; without any, nothing is called invented.
        aligner: prepares them, and recalls what it has prepared.
        weights: weigh what is measured of each detail.
        reader: reads the claims that are in doubt beside the sources.
        apart: stretches that are reported as something else, such as plugs.
    """
    if not sources:
        return ()
    case = _case(article, sources, aligner)
    beside = furniture(article)
    passed_over = (*apart, *beside)
    every = [
        doubt
        for doubt in _doubts(case)
        if not any(s.start <= doubt.span.start < s.end for s in passed_over)
    ]
    told = [
        (doubt, probability)
        for doubt, probability in weights.weighed(every, reader)
        if probability >= weights.threshold(doubt.kind) and not is_mostly_in(doubt.span, beside)
    ]
    found = [
        Finding(
            d.span, d.told_kind, d.verdict, chance, d.why, d.elsewhere,
        )
        for d, chance in _apart(told, case)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda finding: (finding.span, finding.kind)))


def _apart(told: Sequence[tuple[Doubt, float]], case: Case) -> Iterator[tuple[Doubt, float]]:
    """Yield what is not told already: in a quotation as a whole, or by the very words of a claim.

    Where words are known to stand in the place of others, the claim around them says less, as it
    does around an invented quotation, or around a detail for which a source's sentence of the same
    meaning has another, or of which the source has all the rest; a detail that is in no source has
    no role there.
    """
    quotes = [doubt.span for doubt, _ in told if doubt.kind == "quote"]
    exchanged = [doubt.span for doubt, _ in told if doubt.kind in {"exchange", "role"}]
    named = {doubt.span for doubt, _ in told if doubt.kind in DETAILS}
    altered = [d.span for d, _ in told if d.kind in DETAILS and d.verdict == "contradicted"]
    reported = [doubt.span for doubt, _ in told if doubt.kind != "claim"]
    restated = Restated(case)
    for doubt, chance in told:
        is_told = doubt.kind != "quote" and _is_within(doubt.span, quotes)
        is_told = is_told or (doubt.kind == "role" and doubt.span in named)
        is_alike = doubt.kind == "claim" and doubt.signals[_BEST] >= SAME_MEANING
        others = exchanged + altered if is_alike else exchanged
        is_wider = doubt.kind == "claim" and (
            any(_is_within(s, [doubt.span]) for s in others)
            or _is_mostly_in(doubt.span, quotes)
            or restated.is_one(doubt, reported)
        )
        if not is_told and not is_wider:
            yield doubt, chance


def doubts(article: Article, sources: Sequence[Article], aligner: Aligner) -> Iterator[Doubt]:
    """Yield every detail of an article that can be checked, with what was measured of it.

    Args:
        article: the article.
        sources: all that it was made from, at least one.
        aligner: prepares them.
    """
    yield from _doubts(_case(article, sources, aligner))


def _case(article: Article, sources: Sequence[Article], aligner: Aligner) -> Case:
    prepared = [aligner.prepare(source) for source in sources]
    return Case(aligner.prepare(article), prepared, aligner)


def _doubts(case: Case) -> Iterator[Doubt]:
    body = case.best[case.article.body]
    coverage = float((body >= SAME_MEANING).mean()) if len(body) else 0.0
    quoted = list(quotations(case, coverage))
    shared = [doubt.span for doubt in quoted if doubt.signals[0] * WHOLE >= SAME]
    sorts = sorted_out(case)
    pairs = pair_up(case, sorts)
    yield from quoted
    yield from datelines(case, pairs, coverage)
    yield from claims(case, pairs, coverage)
    yield from exchanges(case)
    apart = [fact.span for fact in case.article.facts if fact.kind == "dateline"]
    apart += [span for s in case.sources for span in _credits(case.article.article, s.article)]
    yield from roles(case, sorts, pairs, apart)
    yield from details(case, pairs, shared_quotes=shared, apart=apart, coverage=coverage)


def _credits(article: Article, source: Article) -> Iterator[Span]:
    """Yield the places that name a source."""
    for evidence in credit_evidence(article, source):
        if evidence.start is not None and evidence.end is not None:
            yield Span(evidence.start, evidence.end)


def _is_mostly_in(span: Span, quotes: Sequence[Span]) -> bool:
    """Tell whether half of a claim or more is a quotation that is reported as a whole."""
    shared = (min(span.end, quote.end) - max(span.start, quote.start) for quote in quotes)
    return 2 * max(shared, default=0) >= span.end - span.start


def _is_within(span: Span, quotes: Sequence[Span]) -> bool:
    """Tell whether a detail lies within a quotation that is reported as a whole."""
    return any(quote.start <= span.start and span.end <= quote.end for quote in quotes)
