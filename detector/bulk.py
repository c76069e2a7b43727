"""Bulk sketching: many signatures at once, by the compiled kernel (extra ``speed``).

Bit by bit the signatures of ``Sketcher.sign``, twenty times as fast, on every core.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detector.crc import crc_shifts
from detector.errors import BadInput, MissingPackage
from detector.folding import folding

if TYPE_CHECKING:
    import pyarrow as pa

    from detector.kernels import Texts

# One call of the kernel takes this many texts: its copy of them, 3 MB, stays in the cache.
CHUNK = 1_024


def has_kernel() -> bool:
    """Tell whether numba is installed, without importing it."""
    return find_spec("numba") is not None


class BulkSketcher:
    """Signs texts in bulk.

    Args:
        size: words per shingle.
        permutations: multipliers and addends of the permutations, shape ``(2, permutations)``.
        workers: threads; the kernel releases the interpreter's lock.

    Raises:
        MissingPackage: numba is not installed.
    """

    def __init__(self, size: int, permutations: NDArray[np.uint32], *, workers: int = 1) -> None:
        if not has_kernel():
            raise MissingPackage(
                "bulk sketching needs numba: pip install 'derivative-detector[speed]'"
            )
        self.size = size
        self.workers = workers
        self._permutations = np.ascontiguousarray(permutations, np.uint32)
        self._folding = folding()
        self._shifts = crc_shifts()

    def sign(self, texts: Sequence[str]) -> NDArray[np.uint32]:
        """Return the signatures of texts, shape ``(texts, permutations)``."""
        return self._signed(len(texts), lambda start, stop: encoded(texts[start:stop]))

    def sign_arrow(self, column: pa.StringArray) -> NDArray[np.uint32]:
        """Return the signatures of an Arrow column of strings, read where they lie.

        Args:
            column: of type ``string`` or ``large_string``; null counts as the empty text.

        Raises:
            BadInput: the column holds something else, or no valid UTF-8.
        """
        texts = arrow_texts(column)
        return self._signed(len(column), lambda start, stop: _part(texts, start, stop))

    def hash_sets(self, texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return the different shingle hashes of each text, sorted, and where each one's begin."""
        from detector.kernels import hash_sets

        sets: tuple[NDArray[np.uint32], NDArray[np.int64]] = hash_sets(
            encoded(texts), self.size, self._folding, self._shifts
        )
        return sets

    def _signed(self, count: int, texts: Callable[[int, int], Texts]) -> NDArray[np.uint32]:
        from detector.kernels import sign

        signatures = np.empty((count, self._permutations.shape[1]), np.uint32)

        def work(start: int) -> None:
            chunk, rows = texts(start, start + CHUNK), signatures[start : start + CHUNK]
            sign(chunk, self.size, self._permutations, self._folding, self._shifts, rows)

        starts = range(0, count, CHUNK)
        if self.workers == 1 or len(starts) == 1:
            for start in starts:
                work(start)
        else:
            with ThreadPoolExecutor(self.workers) as pool:
                list(pool.map(work, starts))
        return signatures


def encoded(texts: Sequence[str]) -> Texts:
    """Put texts one behind the other as UTF-8."""
    from detector.kernels import Texts

    parts = [text.encode("utf8", "surrogatepass") for text in texts]
    starts = np.zeros(len(parts) + 1, np.int64)
    np.cumsum([len(part) for part in parts], out=starts[1:])
    return Texts(np.frombuffer(b"".join(parts) or b"\0", np.uint8), starts)


def arrow_texts(column: pa.StringArray) -> Texts:
    """Return an Arrow column of strings as texts, without a copy of them."""
    import pyarrow as pa

    from detector.kernels import Texts

    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        raise BadInput(f"a column of type {column.type} cannot be sketched: expected strings")
    try:
        column.validate(full=True)
    except pa.ArrowInvalid as error:
        raise BadInput(f"the column is no valid UTF-8 ({error}): encode it again") from error
    if column.null_count:
        column = column.fill_null("")
    _, offsets, data = column.buffers()
    kind = np.int64 if pa.types.is_large_string(column.type) else np.int32
    starts = np.frombuffer(offsets, kind)[column.offset : column.offset + len(column) + 1]
    return Texts(np.frombuffer(data or b"\0", np.uint8), starts.astype(np.int64))


def _part(texts: Texts, start: int, stop: int) -> Texts:
    return texts._replace(starts=texts.starts[start : stop + 1])
