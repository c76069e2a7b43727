"""A file of which some bytes are read now and then, without mapping it into memory."""

from __future__ import annotations

import os
import weakref
from collections.abc import Sequence
from pathlib import Path

from detector.errors import IndexMismatch

_LOST = "cannot be read: make it again with 'detector index rebuild'"


class RowFile:
    """Reads rows of a file that lie here and there.

    The system maps sixteen pages wherever one is touched, and counts them as the process's own: by
    the map, 200 searches of a million articles came to hold all of their vectors, 1 GB. Reading a
    row takes a microsecond.

    Args:
        path: stays open as long as this object, even when it is deleted.
        begins: number of the first byte of each array in it, by name.
    """

    def __init__(self, path: Path, begins: dict[str, int]) -> None:
        self._path, self._begins = path, begins
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def read(self, name: str, starts: Sequence[int], size: int) -> bytes:
        """Return the bytes of an array from each start on, ``size`` each, one after the other.

        Raises:
            IndexMismatch: the file is shorter than it was when it was opened, or not readable.
        """
        begin = self._begins[name]
        try:
            read = b"".join([os.pread(self._file, size, begin + start) for start in starts])
        except OSError as error:
            raise IndexMismatch(f"{self._path}: a part of the index {_LOST} ({error})") from error
        if len(read) != size * len(starts):
            raise IndexMismatch(f"{self._path}: a part of the index was cut off and {_LOST}")
        return read


def reads_rows() -> bool:
    """Tell whether this system can; Windows maps instead."""
    return hasattr(os, "pread")
