"""An article made ready for alignment: its sentences, their terms and vectors, and its words."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detector.article import WORD, Article, Sentence, Span
from detector.encoders import Encoder
from detector.facts import Fact, facts, figures
from detector.terms import (
    Rarity,
    TermExtractor,
    TermVector,
    as_vector,
    figure_term,
    hash_term,
)

# Longer articles are aligned by their first 1,000 sentences; these hold 20,000 words.
MOST_SENTENCES = 1_000
# The kinds of facts that ``figures`` returns.
FIGURES = frozenset({"number", "date"})


@dataclass(frozen=True, slots=True)
class TermTable:
    """Which row holds which term: no row holds a term twice.

    Attributes:
        rows: in order, shape ``(n,)``.
        terms: in order within each row, shape ``(n,)``.
        count: how many rows there are, those without terms included.
    """

    rows: NDArray[np.intp]
    terms: NDArray[np.uint32]
    count: int

    @classmethod
    def of(cls, rows: NDArray[np.intp], terms: NDArray[np.uint32], count: int) -> TermTable:
        """Put terms into their rows, each once."""
        keys = np.unique(rows.astype(np.uint64) << np.uint64(32) | terms)
        low = (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        return cls((keys >> np.uint64(32)).astype(np.intp), low, count)


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
    def sentences(self) -> tuple[Sentence, ...]:
        """The first sentences and headings of the article."""
        return self.article.sentences[:MOST_SENTENCES]

    @cached_property
    def terms(self) -> TermTable:
        """The terms of each sentence; its figures are read within the whole text."""
        starts = np.array([sentence.start for sentence in self.sentences], np.intp)
        ends = np.array([sentence.end for sentence in self.sentences], np.intp)
        is_number = np.array([token[0].isdigit() for token in self.tokens], bool)
        places = np.array([fact.start for fact in self._figures], np.intp)
        places = np.concatenate([self.word_starts[~is_number], places])
        figures = np.array([figure_term(fact) for fact in self._figures], np.uint32)
        terms = np.concatenate([self.stems[~is_number], figures])
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
        words = WORD.findall(self.article.prose)
        return tuple([word.casefold().replace("’", "'") for word in words])

    @cached_property
    def running(self) -> str:
        """The words with a space between each two."""
        return " ".join(self.tokens)

    @cached_property
    def stems(self) -> NDArray[np.uint32]:
        """Hashed stem of each word, 0 for function words, shape ``(words,)``."""
        return word_stems(self.tokens, self.extractor)

    @cached_property
    def rarity(self) -> NDArray[np.float32]:
        """How rare each stem is in news, 0 for function words, shape ``(words,)``."""
        return np.where(self.stems > 0, self.rarities.of(self.stems), np.float32(0))

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
    def _figures(self) -> list[Fact]:
        known = self.known_facts  # whose figures have the same values
        found = figures(self.article.prose) if known is None else known
        return sorted((f for f in found if f.kind in FIGURES), key=lambda fact: fact.start)

    @property
    def known_facts(self) -> tuple[Fact, ...] | None:
        """The facts of the text, where they have been read."""
        known: tuple[Fact, ...] | None = self.__dict__.get("facts")
        return known

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The facts of the text, in order."""
        return facts(self.article.story)

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
    def trigrams(self) -> frozenset[tuple[str, ...]]:
        """The different word triples of the text."""
        return frozenset(zip(self.tokens, self.tokens[1:], self.tokens[2:], strict=False))

    @cached_property
    def bounds(self) -> NDArray[np.intp]:
        """First and last word of each sentence, the last exclusive, shape ``(sentences, 2)``."""
        ends = [(sentence.start, sentence.end) for sentence in self.sentences]
        return np.searchsorted(self.word_starts, np.array(ends, np.intp).reshape(-1, 2))

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        return [word.span() for word in WORD.finditer(self.article.prose)]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self._places]

    @cached_property
    def word_starts(self) -> NDArray[np.intp]:
        """Where each word begins, shape ``(words,)``."""
        return np.array(self._starts, np.intp)

    def stretch(self, first: int, last: int) -> Span:
        """Return the place from one word to another, both included."""
        return Span(self._places[first][0], self._places[last][1])

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


def body_sentences(article: Article) -> tuple[Sentence, ...]:
    """Return the sentences whose matches are looked for: no headings, and not too many."""
    return tuple([s for s in article.sentences[:MOST_SENTENCES] if not s.is_heading])


def word_stems(tokens: Sequence[str], extractor: TermExtractor) -> NDArray[np.uint32]:
    """Return the hashed stem of each word; numbers stand for themselves, function words are 0."""
    known = {token: extractor.stem(token) or _number(token) for token in set(tokens)}
    return np.array([known[token] for token in tokens], np.uint32)


def _number(token: str) -> int:
    return hash_term(token) if token[0].isdigit() else 0
