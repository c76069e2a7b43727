"""What an index keeps of an article: everything the four candidate channels compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detector.article import Article
from detector.encoders import Encoder
from detector.encoders.static import StaticEncoder
from detector.sketch import Sketcher
from detector.stretches import Book, Ragged, Split, split
from detector.terms import TermExtractor, TermVector, count_terms, figure_terms

# One vector for the whole and up to four for its parts: enough for two sources woven together,
# and 1.3 KB an article.
PASSAGES = 4
# Shorter parts have no subject of their own.
PASSAGE_CHARACTERS = 700
# The encoder's view of a long article: 20,000 characters are 3,500 words.
ENCODED_CHARACTERS = 20_000
# From so many articles on they are read together: with fewer, arrays cost more than they save.
BATCH_PAYS = 8
# Loading and compiling the kernel takes as long as signing so many articles by their words.
COMPILED_PAYS = 24_000
# A title says less than a title with its standfirst; 45 words hold both in nearly all news.
LEAD_CHARACTERS = 280


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One article as the channels see it.

    Attributes:
        signature: MinHash of the shingles, ``uint32``, shape ``(permutations,)``.
        terms: weighted terms of title and text.
        headline: terms of the title and the first sentence.
        vectors: the whole first, then its passages; unit rows, shape ``(1 to 5, dimensions)``.
    """

    signature: NDArray[np.uint32]
    terms: TermVector
    headline: TermVector
    vectors: NDArray[np.float32]


class _Channels(NamedTuple):
    """What the fingerprints of a batch are made of; vectors are those of all passages."""

    signatures: NDArray[np.uint32]
    terms: list[TermVector]
    headlines: list[TermVector]
    vectors: NDArray[np.float32]


class Fingerprinter:
    """Makes fingerprints, in batches."""

    def __init__(self, encoder: Encoder, sketcher: Sketcher, extractor: TermExtractor) -> None:
        self.encoder = encoder
        self.sketcher = sketcher
        self.extractor = extractor
        pieces = [encoder.stretch_pieces] if isinstance(encoder, StaticEncoder) else []
        self._book = Book(extractor.stems, sketcher.stretch_words, *pieces)
        self._lock = Lock()  # of the book
        self._made = 0

    def fingerprint(self, articles: Sequence[Article]) -> list[Fingerprint]:
        """Return the fingerprints of some articles, in their order."""
        if len(articles) < BATCH_PAYS:
            made = self._one_by_one(articles)
        else:
            made = self._of_known(articles)
        ends = np.cumsum([len(passage_cuts(article.prose)) - 1 for article in articles])
        vectors = np.split(made.vectors, ends[:-1]) if len(articles) else []
        return [
            Fingerprint(signature, terms, headline, _with_mean(rows))
            for signature, terms, headline, rows in zip(
                made.signatures, made.terms, made.headlines, vectors, strict=True
            )
        ]

    def _one_by_one(self, articles: Sequence[Article]) -> _Channels:
        return _Channels(
            self.sketcher.sign_many(article.prose for article in articles),
            [self.extractor.terms(titled(article)) for article in articles],
            [self.extractor.terms(lead(article)) for article in articles],
            self._passages_encoded(articles),
        )

    def _passages_encoded(self, articles: Sequence[Article]) -> NDArray[np.float32]:
        return self.encoder.encode([part for a in articles for part in passages(a.prose)])

    def _of_known(self, articles: Sequence[Article]) -> _Channels:
        with self._lock:
            try:
                return self._in_batch(articles)
            except BaseException:
                self._book.forget()  # or the next batch would fail of the same stretches
                raise

    def _in_batch(self, articles: Sequence[Article]) -> _Channels:
        """Return the same, with the words of all articles looked up at once."""
        texts = [titled(article) for article in articles]
        batch = split(texts)
        numbers = self._book.numbers(batch.stretches)
        starts = batch.before(batch.offsets)
        stops = np.append(starts[1:], len(numbers))
        lengths = np.array([len(article.prose) for article in articles])
        proses = batch.offsets + [len(text) for text in texts] - lengths
        leads = batch.before(proses + [lead_end(article) for article in articles])
        stems = self._book.rows(0, numbers)
        return _Channels(
            self._signed(articles, numbers, np.stack([batch.before(proses), stops], axis=1)),
            _counted(stems, np.stack([starts, stops], axis=1), texts),
            _counted(stems, np.stack([starts, leads], axis=1), [lead(a) for a in articles]),
            self._encoded(articles, batch, numbers, proses),
        )

    def _signed(
        self, articles: Sequence[Article], numbers: NDArray[np.intp], spans: NDArray[np.intp]
    ) -> NDArray[np.uint32]:
        """Return the signatures of articles with these spans of stretches."""
        self._made += len(articles)
        if self._made > COMPILED_PAYS and (kernel := self.sketcher.kernel()) is not None:
            return kernel.sign([article.prose for article in articles])
        words = self._book.rows(1, numbers)
        return self.sketcher.sign_words(words.values, words.bounds[spans])

    def _encoded(
        self,
        articles: Sequence[Article],
        batch: Split,
        numbers: NDArray[np.intp],
        proses: NDArray[np.intp],
    ) -> NDArray[np.float32]:
        """Return the vectors of the passages of articles, whose prose begins there."""
        encoder = self.encoder
        if not isinstance(encoder, StaticEncoder):
            return self._passages_encoded(articles)
        pieces = self._book.rows(2, numbers)
        rows: list[NDArray[np.intp]] = []
        for article, start in zip(articles, proses.tolist(), strict=True):
            text = article.prose
            cuts = passage_cuts(text)
            if encoder.reads_stretches(text) and not _cut_words(text, cuts):
                bounds = pieces.bounds[batch.before(np.array(cuts) + start)].tolist()
                rows += [pieces.values[a:b] for a, b in pairwise(bounds)]
            else:
                rows += [np.array(own, np.intp) for own in encoder.pieces(passages(text))]
        return encoder.encode_pieces(rows)


def _counted(stems: Ragged, spans: NDArray[np.intp], texts: Sequence[str]) -> list[TermVector]:
    """Count the stems and the figures of texts with these spans of stretches."""
    rows = [stems.values[a:b] for a, b in stems.bounds[spans].tolist()]
    rows += [figure_terms(text) for text in texts]
    owners = np.repeat(np.tile(np.arange(len(texts)), 2), [len(row) for row in rows])
    return count_terms(np.concatenate(rows), owners, len(texts))


def titled(article: Article) -> str:
    """Return the title and the text as one."""
    return f"{article.title}\n{article.prose}" if article.title else article.prose


def lead(article: Article) -> str:
    """Return the title and the beginning of the text, cut at a word."""
    start = article.prose[: lead_end(article)].lstrip()
    return f"{article.title}\n{start}" if article.title else start


def lead_end(article: Article) -> int:
    """Return where the beginning of an article's prose ends: at a space, or with it."""
    text = article.prose
    first = len(text) - len(text.lstrip())
    window = (first if article.boilerplate else 0) + LEAD_CHARACTERS
    if len(text) <= window:
        return len(text)
    return max(0, text.rfind(" ", first, window))


def passages(text: str) -> list[str]:
    """Cut a text into at most ``PASSAGES`` parts of about equal length, at white space."""
    return [text[a:b] for a, b in pairwise(passage_cuts(text))]


def passage_cuts(text: str) -> list[int]:
    """Return where the passages of a text begin, and where the last one ends."""
    length = min(len(text), ENCODED_CHARACTERS)
    count = max(1, min(PASSAGES, length // PASSAGE_CHARACTERS))
    cuts = [0]
    for part in range(1, count):
        wanted = length * part // count
        space = text.find(" ", wanted, min(wanted + PASSAGE_CHARACTERS, length))
        cuts.append(space if space > 0 else wanted)
    return [*cuts, length]


def _cut_words(text: str, cuts: Sequence[int]) -> bool:
    """Tell whether one of the cuts is not at white space."""
    inner = (text[cut - 1 : cut + 1] for cut in cuts if 0 < cut < len(text))
    return any(len(pair.split()[0]) > 1 for pair in inner if pair.strip())


def _with_mean(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    if len(rows) == 1:
        return rows
    mean = rows.mean(axis=0, keepdims=True)
    length = float(np.linalg.norm(mean))
    return np.vstack([mean / length if length else mean, rows])
