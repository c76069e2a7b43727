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
        begin: number of the byte that ``read`` counts from.
    """

    def __init__(self, path: Path, begin: int) -> None:
        self._begin = begin
        self._file = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def read(self, starts: Iterable[int], size: int) -> bytes:
        """Return the bytes from each start on, ``size`` each, one after the other."""
        return b"".join([os.pread(self._file, size, self._begin + start) for start in starts])


def reads_rows() -> bool:
    """Tell whether this system can; Windows maps instead."""
    return hasattr(os, "pread")
