"""What an index keeps of an article: everything the four candidate channels compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detector.article import Article
from detector.encoders import Encoder
from detector.sketch import Sketcher
from detector.terms import TermExtractor, TermVector

# One vector for the whole and up to four for its parts: enough for two sources woven together,
# and 1.3 KB an article.
PASSAGES = 4
# Shorter parts have no subject of their own.
PASSAGE_CHARACTERS = 700
# The encoder's view of a long article: 20,000 characters are 3,500 words.
ENCODED_CHARACTERS = 20_000
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


class Fingerprinter:
    """Makes fingerprints, in batches."""

    def __init__(self, encoder: Encoder, sketcher: Sketcher, extractor: TermExtractor) -> None:
        self.encoder = encoder
        self.sketcher = sketcher
        self.extractor = extractor

    def fingerprint(self, articles: Sequence[Article]) -> list[Fingerprint]:
        """Return the fingerprints of some articles, in their order."""
        signatures = self.sketcher.sign_many(article.prose for article in articles)
        vectors = self._vectors(articles)
        return [
            Fingerprint(
                signature=signature,
                terms=self.extractor.terms(titled(article)),
                headline=self.extractor.terms(lead(article)),
                vectors=rows,
            )
            for article, signature, rows in zip(articles, signatures, vectors, strict=True)
        ]

    def _vectors(self, articles: Sequence[Article]) -> list[NDArray[np.float32]]:
        parts = [passages(article.prose) for article in articles]
        encoded = self.encoder.encode([text for texts in parts for text in texts])
        ends = np.cumsum([len(texts) for texts in parts])
        rows = np.split(encoded, ends[:-1]) if len(parts) else []
        return [_with_mean(part) for part in rows]


def titled(article: Article) -> str:
    """Return the title and the text as one."""
    return f"{article.title}\n{article.prose}" if article.title else article.prose


def lead(article: Article) -> str:
    """Return the title and the beginning of the text, cut at a word."""
    text = article.prose.lstrip() if article.boilerplate else article.text
    start = text[:LEAD_CHARACTERS].lstrip()
    if len(text) > LEAD_CHARACTERS:
        start = start.rpartition(" ")[0]
    return f"{article.title}\n{start}" if article.title else start


def passages(text: str) -> list[str]:
    """Cut a text into at most ``PASSAGES`` parts of about equal length, at white space."""
    text = text[:ENCODED_CHARACTERS]
    count = max(1, min(PASSAGES, len(text) // PASSAGE_CHARACTERS))
    cuts = [0]
    for part in range(1, count):
        wanted = len(text) * part // count
        space = text.find(" ", wanted, wanted + PASSAGE_CHARACTERS)
        cuts.append(space if space > 0 else wanted)
    return [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _with_mean(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    if len(rows) == 1:
        return rows
    mean = rows.mean(axis=0, keepdims=True)
    length = float(np.linalg.norm(mean))
    return np.vstack([mean / length if length else mean, rows])
