"""A file of which some bytes are read now and then, without mapping it into memory."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable
from pathlib import Path


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
        self._begins = begins
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def read(self, name: str, starts: Iterable[int], size: int) -> bytes:
        """Return the bytes of an array from each start on, ``size`` each, one after the other."""
        begin = self._begins[name]
        return b"".join([os.pread(self._file, size, begin + start) for start in starts])


def reads_rows() -> bool:
    """Tell whether this system can; Windows maps instead."""
    return hasattr(os, "pread")
