"""How often words, pairs and frames of words occur in news: a table of hashes and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detector.errors import ModelError
from detector.evidence.style.words import Words, pair_keys, single_keys, triple_keys
from detector.shipped import read_model

COLLOCATIONS_FILE = "collocations.safetensors"
# Steps of the logarithm to base 2 in which counts are kept: 19 doublings fill a byte.
LEVELS = 13
# Fewer occurrences are chance; chosen so that the whole table stays below 3 MB.
FEWEST = {"words": 3, "pairs": 3, "gapped": 4, "classes": 1, "class_pairs": 3, "class_triples": 5}


# What each level stands for.
_COUNTS = np.exp2(np.arange(256) / LEVELS)
# Keys whose other bits are the same lie in one drawer; a million of them for half as many keys.
_DRAWER_BITS = np.uint32(12)


@dataclass(frozen=True)
class Collocations:
    """How often each word, pair, gapped pair and frame occurs in honest news.

    Attributes:
        keys: sorted hashes, ``uint32``, shape ``(n,)``.
        levels: count of each, ``LEVELS`` steps a doubling, ``uint8``, shape ``(n,)``.
        total: words that were counted.
    """

    keys: NDArray[np.uint32]
    levels: NDArray[np.uint8]
    total: float

    def counts(self, keys: NDArray[np.uint32]) -> NDArray[np.float64]:
        """Return how often each occurs, to a twentieth; 0 for what was hardly ever seen."""
        ended, first = self._drawers
        places = first.take(keys >> _DRAWER_BITS)
        while (behind := ended.take(places) < keys).any():
            places += behind
        found = (ended.take(places) == keys) & (places < len(self.keys))
        return np.where(found, _COUNTS.take(self.levels.take(places, mode="clip")), 0.0)

    def counts_of(self, *keys: NDArray[np.uint32]) -> list[NDArray[np.float64]]:
        """Return the counts of several arrays of keys, looked up together."""
        ends = accumulate(map(len, keys))
        counts = self.counts(np.concatenate(keys))
        return [counts[end - len(each) : end] for each, end in zip(keys, ends, strict=True)]

    @cached_property
    def _drawers(self) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """The keys with a last one behind them, and the first key of each drawer of equal bits.

        Hashes fill their drawers evenly, with less than one key each, so that a few steps find a
        key; to halve the table again and again takes four times as long.
        """
        filled = np.bincount(self.keys >> _DRAWER_BITS, minlength=1 << (32 - _DRAWER_BITS))
        return np.append(self.keys, np.uint32(0xFFFFFFFF)), np.cumsum(filled) - filled


def load_collocations(folder: Path | None = None) -> Collocations:
    """Load the shipped table.

    Raises:
        ModelError: it is missing, changed, or no such table.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        tensors = load(read_model(COLLOCATIONS_FILE, folder))
        return Collocations(tensors["keys"], tensors["levels"], float(tensors["total"][0]))
    except (SafetensorError, KeyError) as error:
        raise ModelError(
            f"{COLLOCATIONS_FILE} is no table of collocations ({error}): "
            "make it again with scripts/train_style.py"
        ) from error


def keys_of(words: Words) -> dict[str, NDArray[np.uint32]]:
    """Return the keys of all that is counted in a text, by kind; those of ``FEWEST``."""
    hashes, classes = words.hashes, words.classes
    pairs = pair_places(words)
    gapped = gapped_places(words)
    beside = np.flatnonzero(words.touches[:-1])
    three = np.flatnonzero(words.touches[:-2] & words.touches[1:-1])
    return {
        "words": single_keys(hashes[words.is_plain]),
        "pairs": np.unique(pair_keys(hashes[pairs], hashes[pairs + 1])),
        "gapped": np.unique(gapped_keys(words, gapped)),
        "classes": single_keys(classes),
        "class_pairs": pair_keys(classes[beside], classes[beside + 1]),
        "class_triples": triple_keys(classes[three], classes[three + 1], classes[three + 2]),
    }


def pair_places(words: Words) -> NDArray[np.intp]:
    """Return the numbers of the words that stand beside a next one, both written small."""
    return np.flatnonzero(words.touches[:-1] & words.is_plain[:-1] & words.is_plain[1:])


def gapped_places(words: Words) -> NDArray[np.intp]:
    """Return the numbers of the words that begin three in a row, all written small."""
    linked = words.touches[:-1] & words.is_plain[:-1] & words.is_plain[1:]
    return np.flatnonzero(linked[:-1] & linked[1:])


def gapped_keys(words: Words, places: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Return the keys of two words around any third."""
    first = words.hashes[places]
    return triple_keys(first, np.zeros_like(first), words.hashes[places + 2])


def counted(texts: Iterable[Words]) -> Collocations:
    """Count what occurs in honest texts; a pair counts once a text.

    Source: Church and Hanks 1990, "Word association norms, mutual information, and lexicography".
    """
    gathered: dict[str, list[NDArray[np.uint32]]] = {kind: [] for kind in FEWEST}
    for words in texts:
        for kind, keys in keys_of(words).items():
            gathered[kind].append(keys)
    total = sum(len(keys) for keys in gathered["words"])
    return _merged({kind: np.concatenate(keys) for kind, keys in gathered.items()}, float(total))


def _merged(gathered: Mapping[str, NDArray[np.uint32]], total: float) -> Collocations:
    keys, counts = [], []
    for kind, every in gathered.items():
        found, seen = np.unique(every, return_counts=True)
        keys.append(found[seen >= FEWEST[kind]])
        counts.append(seen[seen >= FEWEST[kind]])
    # Where two kinds share a hash, once in ten thousand, the count of the more frequent stays.
    every, amounts = np.concatenate(keys), np.concatenate(counts)
    order = np.lexsort((-amounts, every))
    kept, first = np.unique(every[order], return_index=True)
    levels = np.minimum(np.round(LEVELS * np.log2(amounts[order][first])), 255)
    return Collocations(kept, levels.astype(np.uint8), total)
