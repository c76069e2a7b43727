r"""What Python counts as a word character, and what it folds each character to, as arrays.

The compiled kernel reads UTF-8 bytes; these tables let it see in them exactly what ``\w+`` sees in
``text.casefold()``. They are read off the running Python, so both always know the same Unicode.
"""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"\w+")
# Blocks of characters that folding leaves alone are passed over whole; Unicode assigns by 256.
_BLOCK = 256
# What a code point is to the kernel. From 2 on, and for 0, it numbers what the point folds to.
NO_WORD, ITSELF = 0, 1
# Stands for a character that ends a word; no word holds the byte 0. "İ" folds to "i" and a dot
# that is no word character.
BREAK = b"\0"


class Folding(NamedTuple):
    """How the kernel reads characters; numba takes named tuples of arrays as they are.

    Attributes:
        ascii: the folded byte of each ASCII word character, 0 for all others, shape ``(128,)``.
        kinds: ``ITSELF``, or else which of ``forms`` it folds to, ``uint16``, one per code point.
        starts: where each form begins in ``forms``, shape ``(different forms + 1,)``.
        forms: folded forms as UTF-8 bytes, one behind the other.
    """

    ascii: NDArray[np.uint8]
    kinds: NDArray[np.uint16]
    starts: NDArray[np.int64]
    forms: NDArray[np.uint8]


def folding() -> Folding:
    """Read the tables off the running Python; takes 35 ms."""
    points = np.arange(sys.maxunicode + 1, dtype="<u4")
    everything = points.tobytes().decode("utf-32-le", "surrogatepass")
    kinds = np.full(sys.maxunicode + 1, NO_WORD, np.uint16)
    for found in _WORD.finditer(everything):
        kinds[found.start() : found.end()] = ITSELF
    ascii_ = [ord(chr(point).casefold()) if kinds[point] else 0 for point in range(128)]
    folded = _folded(everything)
    forms = [BREAK, b"", *(_form(character.casefold()) for character in folded)]
    kinds[[ord(character) for character in folded]] = np.arange(2, len(forms))
    return Folding(
        ascii=np.array(ascii_, np.uint8),
        kinds=kinds,
        starts=np.cumsum([0, *map(len, forms)], dtype=np.int64),
        forms=np.frombuffer(b"".join(forms), np.uint8),
    )


def _folded(everything: str) -> list[str]:
    """Return the characters that folding changes."""
    blocks = (everything[n : n + _BLOCK] for n in range(0, len(everything), _BLOCK))
    return [c for block in blocks if block.casefold() != block for c in block if c.casefold() != c]


def _form(folded: str) -> bytes:
    return b"".join(
        character.encode("utf8") if _WORD.match(character) else BREAK for character in folded
    )
