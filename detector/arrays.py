"""The index as arrays: what a search reads, made from the rows of the SQLite file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from detector.cells import floats, quantised
from detector.fingerprint import Fingerprint
from detector.postings import Postings
from detector.sketch import Sketcher
from detector.terms import Rarity, TermVector

Number = TypeVar("Number", np.uint8, np.uint32, np.int8)


@dataclass(frozen=True, slots=True)
class SearchArrays:
    """The whole index as arrays; article ``i`` of every array is row ``numbers[i]``.

    Attributes:
        numbers: row numbers in the SQLite file, shape ``(articles,)``.
        published: seconds since 1970, NaN where unknown, shape ``(articles,)``.
        signatures: MinHash signatures, shape ``(articles, permutations)``.
        bands, terms, headlines: postings of the three channels that look keys up.
        vectors: unit rows of all articles' wholes and passages, shape ``(rows, dimensions)``.
        vector_starts: where each article's rows begin, shape ``(articles + 1,)``.
    """

    numbers: NDArray[np.int64]
    published: NDArray[np.float64]
    signatures: NDArray[np.uint32]
    bands: Postings
    terms: Postings
    headlines: Postings
    vectors: NDArray[np.float32]
    vector_starts: NDArray[np.int64]


def fingerprint_row(fingerprint: Fingerprint) -> tuple[bytes, ...]:
    """Return a fingerprint as the blobs of one row, in the order ``search_arrays`` reads them."""
    return (
        fingerprint.signature.tobytes(),
        *_term_blobs(fingerprint.terms),
        *_term_blobs(fingerprint.headline),
        quantised(fingerprint.vectors).tobytes(),
    )


def _term_blobs(vector: TermVector) -> tuple[bytes, bytes]:
    return vector.terms.tobytes(), np.minimum(vector.counts, 255).astype(np.uint8).tobytes()


def stored_fingerprint(row: tuple[bytes, ...], dimensions: int) -> Fingerprint:
    """Return what ``fingerprint_row`` was made of; vectors to a hundredth, counts up to 255."""
    signature, terms, counts, headline, headline_counts, vectors = row
    return Fingerprint(
        signature=np.frombuffer(signature, np.uint32),
        terms=stored_terms(terms, counts),
        headline=stored_terms(headline, headline_counts),
        vectors=floats(np.frombuffer(vectors, np.int8).reshape(-1, dimensions)),
    )


def stored_terms(terms: bytes, counts: bytes) -> TermVector:
    """Return terms from the blobs of ``fingerprint_row``."""
    return TermVector(
        np.frombuffer(terms, np.uint32), np.frombuffer(counts, np.uint8).astype(np.float32)
    )


Row = tuple[int, str | None, bytes, bytes, bytes, bytes, bytes, bytes]


def search_arrays(
    rows: Sequence[Row], sketcher: Sketcher, rarity: Rarity, dimensions: int
) -> SearchArrays:
    """Build the arrays of a whole index.

    Args:
        rows: row number, publication date and the blobs of ``fingerprint_row``, per article.
        sketcher: makes band keys of the signatures.
        rarity: weighs the terms.
        dimensions: of the vectors.
    """
    count, spec = len(rows), sketcher.spec
    columns = _Columns(*zip(*rows, strict=True)) if rows else _Columns()
    signatures = joined_blobs(columns.signature, np.uint32).reshape(count, spec.permutations)
    bands = sketcher.bands(signatures)
    vectors = joined_blobs(columns.vectors, np.int8).reshape(-1, dimensions)
    per_article = [len(blob) // dimensions for blob in columns.vectors]
    return SearchArrays(
        numbers=np.array(columns.number, np.int64),
        published=np.array([seconds_of(date) for date in columns.published], np.float64),
        signatures=signatures,
        bands=Postings.build(
            bands.ravel(),
            np.repeat(np.arange(count, dtype=np.int32), spec.bands),
            np.ones(bands.size, np.float32),
            count,
        ),
        terms=_term_postings(columns.terms, columns.counts, rarity),
        headlines=_term_postings(columns.headline, columns.headline_counts, rarity),
        vectors=floats(vectors),
        vector_starts=np.cumsum([0, *per_article], dtype=np.int64),
    )


class _Columns(NamedTuple):
    """The rows of an index, column by column."""

    number: Sequence[int] = ()
    published: Sequence[str | None] = ()
    signature: Sequence[bytes] = ()
    terms: Sequence[bytes] = ()
    counts: Sequence[bytes] = ()
    headline: Sequence[bytes] = ()
    headline_counts: Sequence[bytes] = ()
    vectors: Sequence[bytes] = ()


def joined_blobs(blobs: Sequence[bytes], kind: type[Number]) -> NDArray[Number]:
    """Return the numbers of some blobs, one after the other."""
    return np.frombuffer(b"".join(blobs), kind)


def _term_postings(terms: Sequence[bytes], counts: Sequence[bytes], rarity: Rarity) -> Postings:
    keys = joined_blobs(terms, np.uint32)
    holders = np.repeat(np.arange(len(terms), dtype=np.int32), [len(blob) // 4 for blob in terms])
    tf = joined_blobs(counts, np.uint8).astype(np.float32)
    raw = (1 + np.log(tf)) * rarity.of(keys)
    squares = np.bincount(holders, raw * raw, minlength=len(terms))
    lengths = np.sqrt(np.where(squares > 0, squares, 1)).astype(np.float32)
    return Postings.build(keys, holders, raw / lengths[holders], len(terms))


def seconds_of(date: str | None) -> float:
    """Return a date of the SQLite file as seconds since 1970, NaN where there is none."""
    return datetime.fromisoformat(date).timestamp() if date else float("nan")
