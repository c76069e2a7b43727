"""Textual entailment: does a passage bear a sentence out, say otherwise, or lack it, and where.

A BERT cross-encoder of three layers, run in numpy: it reads a passage and a sentence together, and
so tells "the shares fell" from "the shares rose", which vectors of meaning do not. It answers for
the sentence and for each piece of its words, so that a wrong clause of a long sentence is found. It
is far slower than vectors, some 50 sentences a second, so what is plainly right is not read.

Sources: Devlin et al. 2019, "BERT"; Wang et al. 2020, "MiniLM"; Bowman et al. 2015, "A large
annotated corpus for learning natural language inference", for the three answers; Kovács and Recski
2025, "LettuceDetect", for answers by word.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detector.encoders.static import StaticEncoder
from detector.errors import ModelError
from detector.shipped import read_model

FILE = "entailment.safetensors"
# Word pieces of a passage and a sentence together, and of the sentence, at most.
MOST_PIECES = 144
MOST_SENTENCE_PIECES = 96
# Marks that stand around a passage: one before, one behind it.
MARKS = 2
# Pairs read at once: enough to keep a core busy, and 20 MB of numbers.
BATCH = 16
HEADS = 12
# Of BERT's layer norms.
EPSILON = 1e-12
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PieceAnswers:
    """What was read of the word pieces of one sentence, as log-odds like those of ``Answers``.

    Attributes:
        starts, ends: where each stands in the sentence, shape ``(pieces,)``.
        contradicted: that the passage says otherwise there, same shape.
        lacking: that the passage does not say it, same shape.
    """

    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    contradicted: Array
    lacking: Array


@dataclass(frozen=True, slots=True)
class Answers:
    """What was read of some pairs, as log-odds against "the passage bears it out".

    Attributes:
        contradicted: that the passage says otherwise, shape ``(pairs,)``.
        lacking: that the passage does not say it, shape ``(pairs,)``.
        pieces: the same for the pieces of each sentence, as far as it was read.
    """

    contradicted: Array
    lacking: Array
    pieces: tuple[PieceAnswers, ...]


class EntailmentReader:
    """Reads sentences beside the passages that should bear them out.

    Args:
        content: tensors in the safetensors format, as ``scripts/train_entailment.py`` makes them.
        encoder: splits words into the pieces that the tensors were made for.

    Raises:
        ModelError: the tensors are damaged, or belong to other word pieces.
    """

    def __init__(self, content: bytes, encoder: StaticEncoder) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load

        self._encoder = encoder
        try:
            tensors = load(content)
            self._words: NDArray[np.int8] = tensors["words"]
            self._word_scales: Array = tensors["words.scale"]
            self._positions, self._kinds = tensors["positions"], tensors["kinds"]
            self._embedded = _Norm(tensors["norm.weight"], tensors["norm.bias"])
            self._layers = [_Layer(tensors, f"{n}.") for n in range(int(tensors["layers"][0]))]
            self._head, self._piece_head = (_Linear(tensors, n) for n in ("head", "piece_head"))
            made_for = tensors["pieces"].tobytes()
        except (SafetensorError, KeyError, ValueError, IndexError) as error:
            raise ModelError(f"this is no entailment model ({error}): train one again") from error
        if made_for != encoder.pieces_hash:
            raise ModelError(
                "the entailment model was made for other word pieces than the encoder's: "
                "train it again, after the encoder"
            )

    @classmethod
    def shipped(cls, encoder: StaticEncoder, folder: Path | None = None) -> EntailmentReader:
        """Load the model that travels with the package."""
        return cls(read_model(FILE, folder), encoder)

    def read(self, passages: Sequence[str], sentences: Sequence[str]) -> Answers:
        """Say what passages have to say to sentences.

        Args:
            passages: one for each sentence; only its beginning is read where it is long.
            sentences: what should be borne out.
        """
        logits = np.zeros((len(sentences), 3), np.float32)
        by_piece: list[Array] = [np.zeros((0, 3), np.float32)] * len(sentences)
        placed = self._encoder.placed(sentences)
        pairs = list(
            zip(self._encoder.pieces(passages), (own.numbers for own in placed), strict=True)
        )
        for start in range(0, len(pairs), BATCH):
            own = slice(start, start + BATCH)
            logits[own], by_piece[own] = self._logits(pairs[own])
        read = (
            PieceAnswers(
                own.starts[: len(each)], own.ends[: len(each)],
                each[:, 1] - each[:, 0], each[:, 2] - each[:, 0],
            )
            for own, each in zip(placed, by_piece, strict=True)
        )  # fmt: skip
        return Answers(logits[:, 1] - logits[:, 0], logits[:, 2] - logits[:, 0], tuple(read))

    def _logits(
        self, pairs: Sequence[tuple[Sequence[int], Sequence[int]]]
    ) -> tuple[Array, list[Array]]:
        """Return logits of pairs, and of the pieces of each sentence."""
        ids, halves = zip(
            *(laid_out(*pair, len(self._words) - MARKS) for pair in pairs), strict=True
        )
        lengths = np.array([len(each) for each in ids], np.intp)
        flat = np.fromiter(chain.from_iterable(ids), np.intp, int(lengths.sum()))
        places = _counted(lengths)
        first_half = np.array(halves, np.intp)
        is_second = places >= np.repeat(first_half, lengths)
        hidden = self._words[flat].astype(np.float32) * self._word_scales[flat, None]
        hidden += self._positions[places] + self._kinds[is_second.astype(np.intp)]
        hidden = self._embedded(hidden)
        for layer in self._layers[:-1]:
            hidden = layer(hidden, hidden, lengths, lengths)
        # Of the last layer only the first piece and those of the sentence are asked for.
        asked = lengths - first_half + 1
        own = hidden[is_second | (places == 0)]
        own = self._layers[-1](own, hidden, asked, lengths)
        stops = np.cumsum(asked)
        starts = stops - asked
        sums = np.add.reduceat(own, starts, axis=0) - own[starts]
        whole = self._head(own[starts] + sums / (asked - 1)[:, None].astype(np.float32))
        pieces = self._piece_head(own)
        # Neither the first piece nor the mark at the end belongs to the sentence.
        return whole, [pieces[a + 1 : b - 1] for a, b in zip(starts, stops, strict=True)]


def laid_out(passage: Sequence[int], sentence: Sequence[int], pieces: int) -> tuple[list[int], int]:
    """Return a passage and a sentence in one row, cut to size, with the marks that BERT expects.

    Args:
        passage: numbers of its word pieces.
        sentence: the same.
        pieces: how many different pieces there are; behind them come ``[CLS]`` and ``[SEP]``.

    Returns:
        The numbers, and how many of them belong to the passage and its marks.
    """
    start, stop = pieces, pieces + 1
    second = [*sentence[:MOST_SENTENCE_PIECES], stop]
    first = [start, *passage[: MOST_PIECES - len(second) - MARKS], stop]
    return first + second, len(first)


class _Linear:
    """A matrix of 8-bit numbers, each of its columns scaled, and a bias."""

    def __init__(self, tensors: Mapping[str, NDArray[Any]], name: str) -> None:
        numbers, scales = tensors[f"{name}.weight"], tensors[f"{name}.scale"]
        self._weight: Array = numbers.astype(np.float32) * scales
        self._bias: Array = tensors[f"{name}.bias"]

    def __call__(self, rows: Array) -> Array:
        out: Array = rows @ self._weight
        out += self._bias
        return out


@dataclass(frozen=True, slots=True)
class _Norm:
    """Layer normalisation."""

    weight: Array
    bias: Array

    def __call__(self, rows: Array) -> Array:
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt(np.mean(centred * centred, axis=1, keepdims=True) + EPSILON)
        normal: Array = centred / spread * self.weight + self.bias
        return normal


def _counted(lengths: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return 0, 1, 2 and so on for each length."""
    return np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)


class _Layer:
    """One layer: each piece attends to all of its pair, then is transformed by itself."""

    def __init__(self, tensors: Mapping[str, NDArray[Any]], name: str) -> None:
        self._query = _Linear(tensors, f"{name}query")
        self._told = _Linear(tensors, f"{name}told")
        self._joined = _Linear(tensors, f"{name}joined")
        self._wide = _Linear(tensors, f"{name}wide")
        self._narrow = _Linear(tensors, f"{name}narrow")
        self._norms = [
            _Norm(tensors[f"{name}norm{n}.weight"], tensors[f"{name}norm{n}.bias"]) for n in (1, 2)
        ]

    def __call__(
        self, own: Array, every: Array, asking: NDArray[np.intp], telling: NDArray[np.intp]
    ) -> Array:
        """Return new rows.

        Args:
            own: the rows that are wanted, pair by pair, shape ``(asking pieces, width)``.
            every: the rows that they attend to, shape ``(telling pieces, width)``.
            asking: how many of the first each pair has.
            telling: how many of the others.
        """
        query, told = self._query(own), self._told(every)
        attended = np.empty_like(query)
        stops = zip(np.cumsum(asking).tolist(), np.cumsum(telling).tolist(), strict=True)
        start = first = 0
        for stop, last in stops:
            _attend(query[start:stop], told[first:last], out=attended[start:stop])
            start, first = stop, last
        hidden = self._norms[0](own + self._joined(attended))
        return self._norms[1](hidden + self._narrow(_gelu(self._wide(hidden))))


def _attend(query: Array, told: Array, *, out: Array) -> None:
    """Let some pieces attend to those of their pair, by one head after the other.

    Args:
        query: what each piece asks for, shape ``(asking pieces, width)``.
        told: what each one has to tell: keys, then values, ``(telling pieces, 2 * width)``.
        out: where to put what is found, shape as ``query``.
    """
    asked = query.reshape(len(query), HEADS, -1).transpose(1, 0, 2)
    keys, values = told.reshape(len(told), 2, HEADS, -1).transpose(1, 2, 0, 3)
    scores = (asked * np.float32(1 / np.sqrt(asked.shape[-1]))) @ keys.transpose(0, 2, 1)
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    found = scores @ values
    found /= scores.sum(axis=-1, keepdims=True)
    out[:] = found.transpose(1, 0, 2).reshape(out.shape)


def _gelu(rows: Array) -> Array:
    """Return ``x`` times the share of normal numbers below it (Hendrycks and Gimpel 2016)."""
    bent = rows * rows
    bent *= np.float32(0.044715 * np.sqrt(2 / np.pi))
    bent += np.float32(np.sqrt(2 / np.pi))
    bent *= rows
    np.tanh(bent, out=bent)
    bent += 1
    bent *= rows
    bent *= np.float32(0.5)
    return bent
