"""The static encoder: a text's vector is the mean of its word pieces' vectors, centred.

Without centring, unrelated articles reach a cosine of .86; with the mean sentence and the two
directions all sentences share taken out, .40 (see models/README.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detector.errors import ModelError
from detector.shipped import model_hash, read_model

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FOLDER = "static-encoder"
# A BERT tokeniser reads each stretch between white space by itself, so its pieces may be
# remembered; up to this many stretches (30 MB), no longer than this.
REMEMBERED_WORDS = 100_000
LONGEST_REMEMBERED = 40
# What BERT takes for white space; it drops other characters that ``str.split`` splits at.
_WHITE_SPACE = re.compile(r"[ \t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_DROPPED = re.compile(r"[\x0b\x0c\x1c-\x1f\x85]")


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text.

    Attributes:
        numbers: of each piece.
        starts, ends: where each stands in the text, shape ``(pieces,)``.
    """

    numbers: list[int]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]


class StaticEncoder:
    """Mean-of-pieces vectors from a table of 8-bit numbers."""

    def __init__(self, table: bytes, tokenizer: bytes) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        try:
            tensors = load(table)
            self._tokenizer: Tokenizer = Tokenizer.from_buffer(tokenizer)
            self._table = np.multiply(tensors["table"], tensors["scale"][:, None], dtype=np.float32)
            self._centre = tensors["centre"]
            self._directions = tensors["directions"]
        except (SafetensorError, KeyError, ValueError) as error:
            raise ModelError(f"this is no static encoder ({error}): make one again") from error
        self._splits_words = _reads_words_apart(self._tokenizer)
        self._known: dict[str, bytes] = {}
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.dimensions = int(self._table.shape[1])
        # Names which text is split into which numbers.
        self.pieces_hash = sha256(tokenizer).digest()
        self.name = f"static-{self.dimensions}-{sha256(table).hexdigest()[:8]}"

    @classmethod
    def shipped(cls) -> StaticEncoder:
        """Load the encoder that travels with the package."""
        return cls(
            read_model(f"{FOLDER}/table.safetensors"), read_model(f"{FOLDER}/tokenizer.json")
        )

    @classmethod
    def from_folder(cls, folder: Path) -> StaticEncoder:
        """Load an encoder made by ``scripts/make_static_encoder.py``."""
        try:
            table, tokenizer = (
                (folder / name).read_bytes() for name in ("table.safetensors", "tokenizer.json")
            )
        except OSError as error:
            raise ModelError(f"{folder} is no whole static encoder ({error})") from error
        return cls(table, tokenizer)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one centred unit vector per text, shape ``(texts, dimensions)``.

        A text without any known word piece gets the zero vector, whose cosine with all is 0.
        """
        pooled = np.zeros((len(texts), self.dimensions), np.float32)
        for row, packed in zip(pooled, self._packed(texts), strict=True):
            if packed:  # one text at a time stays in the cache
                vectors = self._table.take(np.frombuffer(packed, np.intp), axis=0)
                np.add.reduce(vectors, axis=0, out=row)
                row /= len(vectors)
        return self._centred(pooled)

    @property
    def splits_as_shipped(self) -> bool:
        """Whether it splits texts into the word pieces of the encoder that is shipped."""
        _, _, known = model_hash(f"{FOLDER}/tokenizer.json").partition(":")
        return self.pieces_hash.hex().startswith(known)

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """The word pieces and their numbers."""
        return self._tokenizer.get_vocab()

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's word pieces, without marks of beginning and end."""
        return [np.frombuffer(packed, np.intp).tolist() for packed in self._packed(texts)]

    def _packed(self, texts: Sequence[str]) -> list[bytes]:
        """Return the numbers of each text's word pieces as bytes, which are quickly joined."""
        if not self._splits_words:
            return self._tokenised(texts)
        split = [_stretches(text) for text in texts]
        try:  # most texts have no new word
            return [b"".join(map(self._known.__getitem__, words)) for words in split]
        except KeyError:
            known = self._with_pieces(split)
            return [b"".join(map(known.__getitem__, words)) for words in split]

    def _with_pieces(self, split: Sequence[Sequence[str]]) -> Mapping[str, bytes]:
        """Return the pieces of words that are not all known, and remember most of them."""
        every = set(chain.from_iterable(split))
        new = list(every.difference(self._known))
        read = dict(zip(new, self._tokenised(new), strict=True))
        if len(self._known) + len(read) <= REMEMBERED_WORDS:
            self._known.update((w, n) for w, n in read.items() if len(w) <= LONGEST_REMEMBERED)
        return {word: read[word] if word in read else self._known[word] for word in every}

    def placed(self, texts: Sequence[str]) -> list[Pieces]:
        """Return each text's word pieces with their places in it."""
        codes = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        offsets = (np.array(code.offsets, np.intp).reshape(-1, 2) for code in codes)
        return [
            Pieces(code.ids, own[:, 0], own[:, 1]) for code, own in zip(codes, offsets, strict=True)
        ]

    def _tokenised(self, texts: Sequence[str]) -> list[bytes]:
        codes = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(code.ids, np.intp).tobytes() for code in codes]

    def _centred(self, pooled: NDArray[np.float32]) -> NDArray[np.float32]:
        filled = np.abs(pooled).sum(axis=1, keepdims=True) > 0
        shifted: NDArray[np.float32] = unit(pooled) - self._centre
        centred = shifted - (shifted @ self._directions.T) @ self._directions
        return unit((centred * filled).astype(np.float32))


def _reads_words_apart(tokenizer: Tokenizer) -> bool:
    """Tell whether a tokeniser never looks beyond white space."""
    steps = (tokenizer.normalizer, tokenizer.pre_tokenizer)
    return [type(step).__name__ for step in steps] == ["BertNormalizer", "BertPreTokenizer"]


def _stretches(text: str) -> list[str]:
    """Split at what BERT takes for white space."""
    return _WHITE_SPACE.split(text) if _DROPPED.search(text) else text.split()


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each row to length 1; rows of zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32, copy=False)
