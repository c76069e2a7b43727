"""Claims about reading rows of a file: the bytes asked for, as long as somebody asks."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from detector.errors import IndexMismatch
from detector.rowfile import RowFile


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_rows_are_read_from_where_they_begin_even_once_the_file_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b"head" + bytes(range(100)))
    rows = RowFile(path, {"all": 0, "numbers": 4})
    path.unlink()
    assert rows.read("numbers", [0, 97, 50], 3) == bytes([0, 1, 2, 97, 98, 99, 50, 51, 52])
    assert rows.read("numbers", [], 3) == b""
    assert rows.read("all", [0], 4) == b"head"


def test_a_file_that_was_cut_off_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(bytes(100))
    rows = RowFile(path, {"all": 0})
    os.truncate(path, 50)
    with pytest.raises(IndexMismatch, match="detector index rebuild"):
        rows.read("all", [10, 48], 4)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are listed on Linux")
def test_a_file_that_nobody_reads_from_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b"rows")
    before = descriptors()
    rows = RowFile(path, {})
    assert descriptors() == before + 1
    del rows
    assert descriptors() == before
