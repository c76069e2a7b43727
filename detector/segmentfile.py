"""The file of a segment: its arrays one after the other, which a search maps into memory."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detector.errors import IndexMismatch
from detector.rowfile import RowFile, reads_rows
from detector.segment import Segment, Table

# The last digit tells versions apart: 1 had signatures of 32 bits, and no signs.
MAGIC = b"detector segment 2\n"
REBUILD = "make it again with 'detector index rebuild'"
_ALIGNED = 64


class _Mapped(NamedTuple):
    """A segment's file: kind, shape and place of each array, and all of them as bytes.

    Attributes:
        listed: the places are counted from ``begin``.
        begin: number of the first byte of the arrays.
        data: of the arrays.
        crc: of what was written.
    """

    listed: dict[str, tuple[str, list[int], int]]
    begin: int
    data: NDArray[np.uint8]
    crc: int


def write_segment(segment: Segment, folder: Path) -> tuple[str, int]:
    """Write a segment whole, or nothing; return the file's name and the CRC-32 of its arrays."""
    listed: dict[str, tuple[str, tuple[int, ...], int]] = {}
    crc, at = 0, 0
    arrays = [(name, np.ascontiguousarray(array)) for name, array in _named(segment)]
    for name, array in arrays:
        listed[name] = (array.dtype.str, array.shape, at)
        crc = zlib.crc32(array.data.cast("B") if array.size else b"", crc)
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    name = f"segment-{segment.numbers[0]}-{segment.numbers[-1]}-{crc:08x}.arrays"
    header = json.dumps({"arrays": listed, "bytes": at, "crc": crc}).encode()
    partial = folder / f"{name}.partial"
    with partial.open("wb") as file:
        head = MAGIC + len(header).to_bytes(8, "little") + header
        file.write(head + bytes(-len(head) % _ALIGNED))
        for _, array in arrays:
            file.write(array.data if array.size else b"")
            file.write(bytes(-array.nbytes % _ALIGNED))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / name)
    return name, crc


def open_segment(file: Path) -> Segment:
    """Map a segment into memory, but for what is read here and there.

    Raises:
        IndexMismatch: it is missing, cut off, or no segment.
    """
    found = _mapped(file)
    arrays = {
        name: np.ndarray(tuple(shape), np.dtype(kind), found.data, at)
        for name, (kind, shape, at) in found.listed.items()
    }
    try:
        tables = {
            name: Table(**{f.name: arrays.pop(f"{name}.{f.name}") for f in fields(Table)})
            for name in ("terms", "headlines")
        }
        begins = {name: found.begin + at for name, (_, _, at) in found.listed.items()}
        rows = RowFile(file, begins) if reads_rows() else None
        return Segment(**arrays, **tables, file=rows)  # type: ignore[arg-type]
    except (KeyError, TypeError) as error:
        raise IndexMismatch(f"{file} lacks an array ({error}): {REBUILD}") from error
    except OSError as error:  # it was merged with others since it was mapped
        raise IndexMismatch(f"{file} cannot be read ({error}): {REBUILD}") from error


def is_whole(file: Path) -> bool:
    """Tell whether a segment's arrays are those that were written; reads all of it."""
    try:
        found = _mapped(file)
    except IndexMismatch:
        return False
    crc = 0
    for kind, shape, at in found.listed.values():
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        crc = zlib.crc32(found.data[at : at + size].data, crc)
    return crc == found.crc


def _mapped(file: Path) -> _Mapped:
    try:
        content = np.memmap(file, np.uint8, "r")
        size = int.from_bytes(content[len(MAGIC) : len(MAGIC) + 8].tobytes(), "little")
        first = len(MAGIC) + 8
        if content[: len(MAGIC)].tobytes() != MAGIC or first + size > len(content):
            raise ValueError("it is no segment of this version")
        header = json.loads(content[first : first + size].tobytes())
        begin = -(-(first + size) // _ALIGNED) * _ALIGNED
        data = content[begin:]
        if len(data) != header["bytes"]:
            raise ValueError(f"{len(data)} bytes of {header['bytes']} are there")
        return _Mapped(header["arrays"], begin, np.asarray(data), header["crc"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexMismatch(f"{file} cannot be read ({error}): {REBUILD}") from error


def _named(segment: Segment | Table, prefix: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    for field in fields(segment):
        value = getattr(segment, field.name)
        if is_dataclass(value):
            yield from _named(value, f"{field.name}.")  # type: ignore[arg-type]
        elif isinstance(value, np.ndarray):
            yield prefix + field.name, value
