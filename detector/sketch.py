"""Sketches: an article's word shingles as a MinHash signature, and the bands that join them.

Signatures are datasketch's (scheme ``affine32``): a signature made here may be handed to
``datasketch.MinHash(hashvalues=…, scheme="affine32")`` and compared there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from detector.crc import crc_shifts, joined_crcs, word_crcs
from detector.errors import SketchMismatch
from detector.stretches import Ragged

if TYPE_CHECKING:
    from detector.bulk import BulkSketcher

_TOKEN = re.compile(r"\w+")
# Tokens are permuted in blocks, so that memory stays flat for an article of any length.
BLOCK = 8_192
# Loading and compiling the kernel takes as long as signing this many news articles without it.
KERNEL_PAYS = 8_192
_HIGHEST = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class SketchSpec:
    """The settings two signatures must share to be comparable.

    Attributes:
        shingle_words: words per shingle; 3 survive a synonym in every fourth word.
        bands: how many groups of rows are looked up; with 2 rows each, 64 bands find half of
            the pairs that share a tenth of their shingles (1 - (1 - .1**2)**64 = .47) and
            all but 2 % at a quarter.
        rows: minima per band.
        seed: of the permutations.
    """

    shingle_words: int = 3
    bands: int = 64
    rows: int = 2
    seed: int = 1

    @property
    def permutations(self) -> int:
        """Length of a signature."""
        return self.bands * self.rows

    def to_dict(self) -> dict[str, int]:
        """Return the settings as JSON-ready values."""
        return asdict(self)


class Sketcher:
    """Signs texts under one ``SketchSpec``."""

    def __init__(self, spec: SketchSpec = SketchSpec()) -> None:
        self.spec = spec
        self.permutations = _permutations(spec)
        self._a, self._b = self.permutations[:, :, None]
        self._shifts = crc_shifts()
        self._bulk: BulkSketcher | None = None
        self._signed = 0

    def sign(self, text: str) -> NDArray[np.uint32]:
        """Return the MinHash signature of a text.

        Args:
            text: any text; one shorter than a shingle counts as a single shingle.

        Returns:
            Signature, shape ``(permutations,)``.

        Source: Broder 1997, "On the resemblance and containment of documents".
        """
        return self._minima(shingle_hashes(text, self.spec.shingle_words))

    def _minima(self, shingles: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return the signature of a text with these hashes of shingles."""
        hashes = _mixed(shingles)
        smallest = np.full(self.spec.permutations, _HIGHEST, np.uint32)
        for start in range(0, len(hashes), BLOCK):
            permuted = hashes[None, start : start + BLOCK] * self._a
            permuted += self._b
            np.minimum(smallest, permuted.min(axis=1), out=smallest)
        return smallest

    def sign_many(self, texts: Iterable[str]) -> NDArray[np.uint32]:
        """Return the signatures of many texts, shape ``(texts, permutations)``.

        Once many have been signed, the compiled kernel goes on where it is installed; its
        signatures are the same.
        """
        texts = list(texts)
        self._signed += len(texts)
        if self._signed > KERNEL_PAYS and (bulk := self.kernel()) is not None:
            return bulk.sign(texts)
        rows = [self.sign(text) for text in texts]
        return np.array(rows, np.uint32).reshape(len(rows), self.spec.permutations)

    def stretch_words(self, stretches: Sequence[str]) -> Ragged:
        """Return what ``sign_words`` needs of stretches between white space, a row each."""
        found = [_TOKEN.findall(stretch.casefold()) for stretch in stretches]
        every = word_crcs([word for words in found for word in words], self._shifts)
        return Ragged.of(every, [len(words) for words in found])

    def sign_words(self, words: NDArray[np.uint32], spans: NDArray[np.intp]) -> NDArray[np.uint32]:
        """Return the signatures of texts, shape ``(texts, permutations)``, as ``sign_many`` does.

        Args:
            words: of all texts, by ``stretch_words``, shape ``(words, 3)``.
            spans: the first word of each text, and the one after its last, shape ``(texts, 2)``.
        """
        size = self.spec.shingle_words
        signatures = np.empty((len(spans), self.spec.permutations), np.uint32)
        every = joined_crcs(words, size, self._shifts)
        for signature, (start, stop) in zip(signatures, spans.tolist(), strict=True):
            if stop - start >= size:
                signature[:] = self._minima(every[start : stop - size + 1])
            else:
                signature[:] = self._minima(joined_crcs(words[start:stop], size, self._shifts))
        return signatures

    def kernel(self) -> BulkSketcher | None:
        """Return the compiled kernel, loaded when first asked for; None without numba."""
        from detector.bulk import BulkSketcher, has_kernel  # bulk sketching builds on this module

        if self._bulk is None and has_kernel():
            self._bulk = BulkSketcher(self.spec.shingle_words, self.permutations)
        return self._bulk

    def bands(self, signatures: NDArray[np.unsignedinteger]) -> NDArray[np.uint64]:
        """Return one 64-bit key per band; equal keys in one band make two texts candidates.

        Args:
            signatures: shape ``(texts, permutations)``.

        Returns:
            Keys, shape ``(texts, bands)``; the band's number is mixed in, so keys of different
            bands may share one table.
        """
        parts = signatures.reshape(len(signatures), self.spec.bands, self.spec.rows)
        keys = np.arange(self.spec.bands, dtype=np.uint64)[None, :].repeat(len(signatures), 0)
        for row in range(self.spec.rows):
            # Multiplier of Knuth's MMIX generator; odd, so no information is lost.
            keys = keys * np.uint64(6364136223846793005) + parts[:, :, row].astype(np.uint64)
        return keys


def shingle_hashes(text: str, words: int) -> NDArray[np.uint32]:
    """Return the different hashes of a text's word n-grams, sorted, 32 bits each."""
    joined = " ".join(_TOKEN.findall(text.casefold()))
    tokens = joined.encode("utf8", "surrogatepass").split(b" ")
    words = min(words, len(tokens))
    shingles = set(map(b" ".join, zip(*(tokens[n:] for n in range(words)), strict=False)))
    return np.sort(np.fromiter(map(crc32, shingles), np.uint32, len(shingles)))


def jaccard(a: NDArray[np.uint32], b: NDArray[np.uint32]) -> float:
    """Estimate how much of two articles' shingle sets is shared.

    Args:
        a: signature, shape ``(permutations,)``.
        b: signature made with the same ``SketchSpec``, same shape.

    Returns:
        Estimated Jaccard similarity, 0 to 1; standard error at most ``0.5 / sqrt(permutations)``.

    Raises:
        SketchMismatch: the signatures differ in length.

    Source: Broder 1997, "On the resemblance and containment of documents".
    """
    if a.shape != b.shape:
        raise SketchMismatch(
            f"signatures of {a.size} and {b.size} permutations cannot be compared: "
            "make both with the same SketchSpec"
        )
    return float((a == b).mean())


def halved(signatures: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """Return the low 16 bits of each minimum.

    Two different minima are then taken for equal once in 65,536 times.

    Source: Li & König 2010, "b-bit minwise hashing".
    """
    return signatures.astype(np.uint16)


def _permutations(spec: SketchSpec) -> NDArray[np.uint32]:
    """Draw odd multipliers and addends, shape ``(2, permutations)``.

    They are the numbers that datasketch 2 draws for ``affine32``; importing it takes a second.
    """
    draw = np.random.RandomState(spec.seed)  # its stream of numbers is frozen for all time
    halves = draw.randint(0, 1 << 31, spec.permutations, np.uint32)
    addends = draw.randint(0, 1 << 32, spec.permutations, np.uint32)
    return np.stack([halves * np.uint32(2) + np.uint32(1), addends])


def _mixed(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spread 32-bit hashes evenly, as datasketch's ``affine32`` does before permuting.

    Source: Appleby's MurmurHash3 finalizer, public domain.
    """
    x = hashes.copy()
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return x
