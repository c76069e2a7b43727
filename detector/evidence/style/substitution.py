"""Word-by-word substitution: what of a source was exchanged in place, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from detector.alignment import Alignment, Prepared
from detector.article import Article, Span
from detector.terms import STOPWORDS

# A spinner exchanges a word or two where they stand; longer stretches are a writer's.
LONGEST_EXCHANGE = 2
# Spellings this alike (0 to 100) are one word with a slip, or another form of it.
SAME_SPELLING = 66.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """Words that stand in the place of as many other words of the source.

    Attributes:
        span: their place in the article.
        source_span: the place of the source's words.
        source: the source.
        words: how many they are.
        slips: how many of them are the source's words in another spelling or form.
        content: how many of the others stand for content words.
        is_held: whether the words on both sides are the source's, or there are none.
    """

    span: Span
    source_span: Span
    source: Article
    words: int
    slips: int
    content: int
    is_held: bool

    @property
    def is_spun(self) -> bool:
        """Whether a content word was exchanged while the words around it were kept."""
        return self.is_held and self.words <= LONGEST_EXCHANGE and self.content > 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One place of an article and its place in the source, word against word.

    Attributes:
        words: how many words the article has there.
        source_words: how many the source has.
        kept: words that are the source's, in place.
        added: words that have no counterpart.
        left_out: words of the source that have none.
        function_words: function words of the source there.
        kept_function_words: those that are kept in place.
        exchanges: the words that stand in the place of others.
    """

    words: int
    source_words: int
    kept: int
    added: int
    left_out: int
    function_words: int
    kept_function_words: int
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class SubstitutionSignals:
    """What a text did to its source's words, over all matched places.

    Attributes:
        held: share of the article's words that were exchanged between words that are kept.
        held_share: share of the exchanged content words of which this is true.
        run_length: mean words in a row that were exchanged.
        slips: share of words that are the source's in another spelling or form.
        kept: share of words that are the source's, in place.
        function_words: share of the source's function words that are kept, less that of the rest.
        added: share of words that have no counterpart.
        left_out: share of the source's words that have none.
        lengths: mean difference of a place's length from its source's, natural logarithm.
        order: share of neighbouring places that keep the source's order.
        coverage: share of the article's words in matched places.
    """

    held: float
    held_share: float
    run_length: float
    slips: float
    kept: float
    function_words: float
    added: float
    left_out: float
    lengths: float
    order: float
    coverage: float

    def values(self) -> NDArray[np.float64]:
        """Return the signals in the order of their names, shape ``(signals,)``."""
        return np.array([getattr(self, name) for name in SUBSTITUTION_SIGNALS], np.float64)


SUBSTITUTION_SIGNALS = tuple(field.name for field in fields(SubstitutionSignals))


def compare_words(alignment: Alignment, a: Prepared, b: Prepared) -> tuple[Comparison, ...]:
    """Compare every matched place of an article with its source, word against word."""
    return tuple(_comparisons(alignment, a, b))


def _comparisons(alignment: Alignment, a: Prepared, b: Prepared) -> Iterator[Comparison]:
    for match in alignment.matches:
        here, there = a.token_range(match.span), b.token_range(match.source_span)
        if here and there:
            yield _compared(a, b, here, there)


def _compared(a: Prepared, b: Prepared, here: range, there: range) -> Comparison:
    """Compare two places, word against word.

    Source: Levenshtein 1966, over words instead of letters.
    """
    from rapidfuzz.distance import Levenshtein

    words, source = (
        side.tokens[place.start : place.stop] for side, place in ((a, here), (b, there))
    )
    steps = list(Levenshtein.opcodes(source, words))
    kept = [n for s in steps if s.tag == "equal" for n in range(s.src_start, s.src_end)]
    exchanges = [
        _exchange(
            a,
            b,
            range(here.start + s.dest_start, here.start + s.dest_end),
            range(there.start + s.src_start, there.start + s.src_end),
            is_held=_is_held([step.tag for step in steps], number),
        )
        for number, s in enumerate(steps)
        if s.tag == "replace"
    ]
    return Comparison(
        words=len(words),
        source_words=len(source),
        kept=len(kept),
        added=sum(s.dest_end - s.dest_start for s in steps if s.tag == "insert"),
        left_out=sum(s.src_end - s.src_start for s in steps if s.tag == "delete"),
        function_words=sum(word in STOPWORDS for word in source),
        kept_function_words=sum(source[n] in STOPWORDS for n in kept),
        exchanges=tuple(exchanges),
    )


def _is_held(tags: Sequence[str], number: int) -> bool:
    beside = [*tags[max(0, number - 1) : number], *tags[number + 1 : number + 2]]
    return all(tag == "equal" for tag in beside)


def _exchange(a: Prepared, b: Prepared, here: range, there: range, *, is_held: bool) -> Exchange:
    from rapidfuzz import fuzz

    pairs = list(zip((a.tokens[n] for n in here), (b.tokens[n] for n in there), strict=True))
    is_slip = [fuzz.ratio(word, other) >= SAME_SPELLING for word, other in pairs]
    is_content = [other not in STOPWORDS for _, other in pairs]
    return Exchange(
        span=a.stretch(here[0], here[-1]),
        source_span=b.stretch(there[0], there[-1]),
        source=b.article,
        words=len(pairs),
        slips=sum(is_slip),
        content=sum(c and not s for c, s in zip(is_content, is_slip, strict=True)),
        is_held=is_held,
    )


def substitution_signals(
    compared: Sequence[Comparison], *, order: float, coverage: float
) -> SubstitutionSignals:
    """Sum up what a text did to its source's words.

    Args:
        compared: every matched place.
        order: share of neighbouring places that keep the source's order.
        coverage: share of the article's words in matched places.
    """
    words = max(1, sum(c.words for c in compared))
    source = max(1, sum(c.source_words for c in compared))
    function_words = sum(c.function_words for c in compared)
    kept, kept_function = (sum(getattr(c, n) for c in compared) for n in _KEPT)
    exchanges = [exchange for c in compared for exchange in c.exchanges]
    held = sum(exchange.content for exchange in exchanges if exchange.is_spun)
    return SubstitutionSignals(
        held=held / words,
        held_share=held / max(1, sum(exchange.content for exchange in exchanges)),
        run_length=sum(e.words for e in exchanges) / max(1, len(exchanges)),
        slips=sum(exchange.slips for exchange in exchanges) / words,
        kept=kept / words,
        function_words=kept_function / max(1, function_words)
        - (kept - kept_function) / max(1, source - function_words),
        added=sum(c.added for c in compared) / words,
        left_out=sum(c.left_out for c in compared) / source,
        lengths=float(np.mean([_difference(c) for c in compared])) if compared else 0.0,
        order=order,
        coverage=coverage,
    )


_KEPT = ("kept", "kept_function_words")


def _difference(compared: Comparison) -> float:
    return float(abs(np.log(compared.words / compared.source_words)))
