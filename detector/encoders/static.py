"""The static encoder: a text's vector is the mean of its word pieces' vectors, centred.

Without centring, unrelated articles reach a cosine of .86; with the mean sentence and the two
directions all sentences share taken out, .40 (see models/README.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detector.article import encodable
from detector.errors import ModelError
from detector.shipped import model_hash, read_model
from detector.stretches import Ragged

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FOLDER = "static-encoder"
_NUMBER_BYTES = np.dtype(np.intp).itemsize
# A BERT tokeniser reads each stretch between white space by itself, so its pieces may be
# remembered; up to this many stretches (30 MB), no longer than this.
REMEMBERED_WORDS = 100_000
LONGEST_REMEMBERED = 40
# What BERT takes for white space; it drops other characters that ``str.split`` splits at.
_WHITE_SPACE = re.compile(r"[ \t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_DROPPED = re.compile(r"[\x0b\x0c\x1c-\x1f\x85]")
# A BERT tokeniser reads each run of letters and each mark by itself; of these it is sure which is
# which. Square brackets stand around words of its own: "[UNK]".
_MARKS = r"!-/:-@\\^-`{-~“”‘’–—…"
_WORD_OR_MARK = re.compile(rf"[A-Za-z0-9]+|[{_MARKS}]")
_PLAIN = re.compile(rf"[A-Za-z0-9{_MARKS}]+")


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
        self._goes_on = _pieces_within(self._tokenizer) if self._splits_words else None
        self._known: dict[str, bytes] = {}
        self._words: dict[str, bytes] = {}
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
        return self.encode_pieces(np.frombuffer(own, np.intp) for own in self._packed(texts))

    def encode_pieces(self, texts: Iterable[NDArray[np.intp]]) -> NDArray[np.float32]:
        """Return the centred unit vectors of texts, given the numbers of the word pieces of each.

        So ``encode_pieces(pieces(texts))`` is ``encode(texts)``.
        """
        rows = []
        for pieces in texts:  # one text at a time stays in the cache
            row = np.zeros(self.dimensions, np.float32)
            if len(pieces):
                np.add.reduce(self._table.take(pieces, axis=0), axis=0, out=row)
                row /= len(pieces)
            rows.append(row)
        return self._centred(np.array(rows, np.float32).reshape(len(rows), self.dimensions))

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

    def stretch_pieces(self, stretches: Sequence[str]) -> Ragged:
        """Return the numbers of the word pieces of stretches between white space, a row each.

        Those of a text are those of its stretches where ``reads_stretches`` says so.
        """
        packed = self._read(stretches)
        lengths = np.array([len(row) for row in packed], np.intp) // _NUMBER_BYTES
        return Ragged.of(np.frombuffer(b"".join(packed), np.intp), lengths)

    def reads_stretches(self, text: str) -> bool:
        """Tell whether a text is read stretch by stretch, as ``str.split`` splits it."""
        return self._splits_words and not _DROPPED.search(text)

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
        read = dict(zip(new, self._read(new), strict=True))
        if len(self._known) + len(read) <= REMEMBERED_WORDS:
            self._known.update((w, n) for w, n in read.items() if len(w) <= LONGEST_REMEMBERED)
        return {word: read[word] if word in read else self._known[word] for word in every}

    def _read(self, stretches: Sequence[str]) -> list[bytes]:
        """Return the pieces of each stretch: those of its words and marks, where that is sure."""
        goes_on = self._goes_on
        if goes_on is None:
            return self._tokenised([encodable(stretch) for stretch in stretches])
        split = [
            _WORD_OR_MARK.findall(stretch) if _PLAIN.fullmatch(stretch) else (stretch,)
            for stretch in stretches
        ]
        every = set(chain.from_iterable(split))
        new = every.difference(self._words)
        plain = [word for word in new if _PLAIN.fullmatch(word)]
        others = list(new.difference(plain))
        read = dict(zip(plain, self._at_once(plain, goes_on), strict=True))
        if len(self._words) + len(plain) <= REMEMBERED_WORDS:
            self._words.update((w, n) for w, n in read.items() if len(w) <= LONGEST_REMEMBERED)
        written = [encodable(word) for word in others]
        read.update(zip(others, self._tokenised(written), strict=True))
        known = {word: read[word] if word in read else self._words[word] for word in every}
        return [b"".join(map(known.__getitem__, words)) for words in split]

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

    def _at_once(self, words: Sequence[str], goes_on: NDArray[np.bool_]) -> list[bytes]:
        """Return the pieces of words and marks, read as one text."""
        (packed,) = self._tokenised([" ".join(words)])
        begins = ~goes_on[np.frombuffer(packed, np.intp)]
        bounds = [*(np.flatnonzero(begins) * _NUMBER_BYTES).tolist(), len(packed)]
        return [packed[a:b] for a, b in pairwise(bounds)]

    def _centred(self, pooled: NDArray[np.float32]) -> NDArray[np.float32]:
        filled = np.abs(pooled).sum(axis=1, keepdims=True) > 0
        shifted: NDArray[np.float32] = unit(pooled) - self._centre
        centred = shifted - (shifted @ self._directions.T) @ self._directions
        return unit((centred * filled).astype(np.float32))


def _reads_words_apart(tokenizer: Tokenizer) -> bool:
    """Tell whether a tokeniser never looks beyond white space."""
    steps = (tokenizer.normalizer, tokenizer.pre_tokenizer)
    return [type(step).__name__ for step in steps] == ["BertNormalizer", "BertPreTokenizer"]


def _pieces_within(tokenizer: Tokenizer) -> NDArray[np.bool_] | None:
    """Tell which pieces go on with a word, shape ``(pieces,)``; None where that is not known."""
    prefix = getattr(tokenizer.model, "continuing_subword_prefix", None)
    added = tokenizer.get_added_tokens_decoder().values()
    if not prefix or any(_PLAIN.fullmatch(token.content) for token in added):
        return None
    vocabulary = tokenizer.get_vocab()
    goes_on = np.zeros(max(vocabulary.values()) + 1, bool)
    goes_on[[n for piece, n in vocabulary.items() if piece.startswith(prefix)]] = True
    return goes_on


def _stretches(text: str) -> list[str]:
    """Split at what BERT takes for white space."""
    return _WHITE_SPACE.split(text) if _DROPPED.search(text) else text.split()


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each row to length 1; rows of zeros stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32, copy=False)
