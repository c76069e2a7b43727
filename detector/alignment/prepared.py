"""An article made ready for alignment: its sentences, their terms and vectors, and its words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detector.article import WORD, Article, Sentence, Span
from detector.encoders import Encoder
from detector.facts import Fact, facts, figures
from detector.terms import (
    Hashes,
    Rarity,
    TermExtractor,
    TermVector,
    are_numbers,
    as_vector,
    different,
    figure_term,
    stems_of,
)

# Longer articles are aligned by their first 1,000 sentences; these hold 20,000 words.
MOST_SENTENCES = 1_000
# Splits a text into its words and what stands around them.
_WORDS = re.compile(f"({WORD.pattern})")
# Knuth's 64-bit multiplier: keys of different n-grams fall together once in 10^13 pairs.
_FACTOR = np.uint64(6364136223846793005)


@dataclass(frozen=True, slots=True)
class TermTable:
    """Which row holds which term: no row holds a term twice.

    Attributes:
        vocabulary: the different terms, in order.
        rows: in order, shape ``(n,)``.
        places: of the terms in ``vocabulary``, in order within each row, shape ``(n,)``.
        count: how many rows there are, those without terms included.
    """

    vocabulary: NDArray[np.uint32]
    rows: NDArray[np.intp]
    places: NDArray[np.intp]
    count: int

    @classmethod
    def of(cls, rows: NDArray[np.intp], terms: NDArray[np.uint32], count: int) -> TermTable:
        """Put terms into their rows, each once."""
        vocabulary, places = np.unique(terms, return_inverse=True)
        return cls.placed(vocabulary, rows, places, count)

    @classmethod
    def placed(
        cls,
        vocabulary: NDArray[np.uint32],
        rows: NDArray[np.intp],
        places: NDArray[np.intp],
        count: int,
    ) -> TermTable:
        """Put terms, by their places in a vocabulary, into their rows, each once."""
        size = max(1, len(vocabulary))
        return cls(vocabulary, *np.divmod(different(rows * size + places), size), count)

    @property
    def terms(self) -> NDArray[np.uint32]:
        """The terms, in order within each row, shape ``(n,)``."""
        return self.vocabulary[self.places]

    def holders(self, terms: Hashes) -> NDArray[np.intp]:
        """Count the rows that hold each of some terms, shape ``(terms,)``."""
        if not len(self.vocabulary):
            return np.zeros(len(terms), np.intp)
        places = np.searchsorted(self.vocabulary, terms).clip(max=len(self.vocabulary) - 1)
        held: NDArray[np.intp] = np.bincount(self.places)[places]
        held[self.vocabulary[places] != terms] = 0
        return held


@dataclass(frozen=True, slots=True)
class StemTable:
    """The different stems of a text, in order, and for each word its place among them."""

    stems: NDArray[np.uint32]
    places: NDArray[np.intp]


@dataclass(frozen=True)
class WordTable:
    """The different meaningful words of an article, and where each stands.

    Attributes:
        stems: hashed stem of each different word, shape ``(different words,)``.
        vectors: unit vectors of the words, shape ``(different words, dimensions)``.
        rows: for each word of the text its row in both, -1 for function words.
    """

    stems: NDArray[np.uint32]
    vectors: NDArray[np.float32]
    rows: NDArray[np.intp]


@dataclass(frozen=True)
class Prepared:
    """An article made ready for alignment; what nobody asks for is never made.

    Attributes:
        article: the article.
        all_terms: the terms of title and text.
        encoder: makes the vectors.
        extractor: makes the terms.
        rarities: how rare terms are in news.
    """

    article: Article
    all_terms: TermVector
    encoder: Encoder
    extractor: TermExtractor
    rarities: Rarity

    @cached_property
    def term_rarity(self) -> NDArray[np.float32]:
        """How rare each of ``all_terms`` is in news, shape ``(terms,)``."""
        return self.rarities.of(self.all_terms.terms)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The first sentences and headings of the article."""
        return self.article.sentences[:MOST_SENTENCES]

    @cached_property
    def terms(self) -> TermTable:
        """The terms of each sentence; its figures are read within the whole text."""
        starts = np.array([sentence.start for sentence in self.sentences], np.intp)
        ends = np.array([sentence.end for sentence in self.sentences], np.intp)
        kept = ~are_numbers(self.codes) & (self.stems > 0)
        places = np.array([fact.start for fact in self._figures], np.intp)
        places = np.concatenate([self.word_starts[kept], places])
        figures = np.array([figure_term(fact) for fact in self._figures], np.uint32)
        terms = np.concatenate([self.stems[kept], figures])
        rows = np.searchsorted(starts, places, "right") - 1
        inside = (rows >= 0) & (terms > 0)
        inside[inside] = places[inside] < ends[rows[inside]]
        return TermTable.of(rows[inside], terms[inside], len(starts))

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Unit vectors of the sentences, shape ``(sentences, dimensions)``."""
        return self.encoder.encode([sentence.text for sentence in self.sentences])

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The words of the article, casefolded, in order."""
        words = self._parts[1::2]
        return tuple("\n".join(words).casefold().replace("’", "'").split("\n")) if words else ()

    @cached_property
    def _parts(self) -> list[str]:
        """The words as written, and what stands before, between and behind them."""
        return _WORDS.split(self.article.prose)

    @cached_property
    def running(self) -> str:
        """The words with a space between each two."""
        return " ".join(self.tokens)

    @cached_property
    def codes(self) -> NDArray[np.uint64]:
        """A number for each word, the same for the same word only, shape ``(words,)``."""
        return self.extractor.codes(self.tokens)

    @cached_property
    def stems(self) -> NDArray[np.uint32]:
        """Hashed stem of each word, 0 for function words, shape ``(words,)``."""
        return stems_of(self.codes)

    @cached_property
    def stem_table(self) -> StemTable:
        """The different stems, and which of them each word has."""
        stems, places = np.unique(self.stems, return_inverse=True)
        return StemTable(stems, places)

    @cached_property
    def rarity(self) -> NDArray[np.float32]:
        """How rare each stem is in news, 0 for function words, shape ``(words,)``."""
        table = self.stem_table
        rarity: NDArray[np.float32] = np.where(
            table.stems > 0, self.rarities.of(table.stems), np.float32(0)
        )[table.places]
        return rarity

    @cached_property
    def word_table(self) -> WordTable:
        """The different meaningful words with a vector each; costs as much as all sentences."""
        meaningful = [n for n, stem in enumerate(self.stems) if stem]
        words = sorted({self.tokens[n] for n in meaningful})
        place = {word: n for n, word in enumerate(words)}
        rows, stems = np.full(len(self.tokens), -1), np.zeros(len(words), np.uint32)
        rows[meaningful] = [place[self.tokens[n]] for n in meaningful]
        stems[rows[meaningful]] = self.stems[meaningful]
        return WordTable(stems, self.encoder.encode(words), rows)

    @cached_property
    def known(self) -> frozenset[str]:
        """The different words of the article, casefolded."""
        return frozenset(self.tokens)

    @cached_property
    def figures(self) -> TermVector:
        """The numbers and dates of the text by their normal forms; cheaper than all facts."""
        return as_vector(Counter(figure_term(fact) for fact in self._figures))

    @cached_property
    def _figures(self) -> tuple[Fact, ...]:
        return figures(self.article.prose, self.article.published)

    @property
    def known_facts(self) -> tuple[Fact, ...] | None:
        """The facts of the text, where they have been read."""
        known: tuple[Fact, ...] | None = self.__dict__.get("facts")
        return known

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the text, in order."""
        return facts(self.article.story, self._figures)

    @cached_property
    def title_facts(self) -> tuple[Fact, ...]:
        """The facts of the title."""
        title = self.article.title
        if not title or not title.strip():
            return ()
        return facts(Article(title, "title", published=self.article.published))

    @cached_property
    def body(self) -> NDArray[np.intp]:
        """Numbers of the sentences that are no headings, shape ``(body sentences,)``."""
        return np.array([n for n, s in enumerate(self.sentences) if not s.is_heading], np.intp)

    @cached_property
    def in_body(self) -> NDArray[np.bool_]:
        """Which words stand in sentences that are no headings, shape ``(words,)``."""
        inside = np.zeros(len(self.tokens), bool)
        for start, stop in self.bounds[self.body].tolist():
            inside[start:stop] = True
        return inside

    @cached_property
    def trigrams(self) -> NDArray[np.uint64]:
        """A number for each word triple of the text, in order, shape ``(words - 2,)``."""
        return ngrams(self.codes, 3)

    @cached_property
    def bounds(self) -> NDArray[np.intp]:
        """First and last word of each sentence, the last exclusive, shape ``(sentences, 2)``."""
        ends = [(sentence.start, sentence.end) for sentence in self.sentences]
        return np.searchsorted(self.word_starts, np.array(ends, np.intp).reshape(-1, 2))

    @cached_property
    def _ends(self) -> NDArray[np.intp]:
        """Where each of ``_parts`` ends."""
        return np.cumsum(np.fromiter(map(len, self._parts), np.intp, len(self._parts)))

    @cached_property
    def _starts(self) -> list[int]:
        starts: list[int] = self.word_starts.tolist()
        return starts

    @cached_property
    def word_starts(self) -> NDArray[np.intp]:
        """Where each word begins, shape ``(words,)``."""
        return self._ends[:-1:2].copy()

    def stretch(self, first: int, last: int) -> Span:
        """Return the place from one word to another, both included."""
        return Span(self._starts[first], int(self._ends[2 * last + 1]))

    def token_range(self, span: Span) -> range:
        """Return the numbers of the words that begin within a span."""
        starts = self._starts
        return range(bisect_left(starts, span.start), bisect_left(starts, span.end))

    def covered(self, spans: Iterable[Span]) -> NDArray[np.bool_]:
        """Tell which words begin within some spans, shape ``(words,)``."""
        covered = np.zeros(len(self.tokens), bool)
        for span in spans:
            words = self.token_range(span)
            covered[words.start : words.stop] = True
        return covered

    def overlapping(self, words: range) -> NDArray[np.intp]:
        """Return the numbers of the sentences that hold some of the words in a row."""
        first, last = self.bounds[:, 0], self.bounds[:, 1]
        return np.flatnonzero((last > words.start) & (first < words.stop))

    def span(self, words: range) -> Span:
        """Return the place of some words in a row; whole sentences keep their punctuation."""
        whole = self.stretch(words.start, words.stop - 1)
        start, end = whole.start, whole.end
        inside = self.overlapping(words)
        if len(inside):
            first, last = int(inside[0]), int(inside[-1])
            if self.bounds[first, 0] == words.start:
                start = self.sentences[first].start
            if self.bounds[last, 1] == words.stop:
                end = self.sentences[last].end
        return Span(start, end)


def ngrams(words: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Return one key for each n-gram of numbered words; the same key is nearly always the same."""
    count = max(0, len(words) - size + 1)
    keys = np.zeros(count, np.uint64)
    for n in range(size):
        keys = keys * _FACTOR + words[n : n + count]
    return keys


def body_sentences(article: Article) -> tuple[Sentence, ...]:
    """Return the sentences whose matches are looked for: no headings, and not too many."""
    return tuple([s for s in article.sentences[:MOST_SENTENCES] if not s.is_heading])
